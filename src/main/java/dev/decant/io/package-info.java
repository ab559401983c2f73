/// Bytes and whom they are taken from: digests, files that appear whole or not at all,
/// certificates.
@NullMarked
package dev.decant.io;

import org.jspecify.annotations.NullMarked;
