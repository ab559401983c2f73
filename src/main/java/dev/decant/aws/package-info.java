/// Asking AWS, and what speaks as it does: who asks, errors in words, and buckets.
@NullMarked
package dev.decant.aws;

import org.jspecify.annotations.NullMarked;
