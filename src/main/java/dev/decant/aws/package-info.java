/// Asking AWS, and what speaks as it does: who asks, errors in words, buckets, CodeDeploy, and
/// policies.
@NullMarked
package dev.decant.aws;

import org.jspecify.annotations.NullMarked;
