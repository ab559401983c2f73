/// Bytes: digests, files that appear whole or not at all.
@NullMarked
package dev.decant.io;

import org.jspecify.annotations.NullMarked;
