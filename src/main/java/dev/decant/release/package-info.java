/// The waist: what a release is, how it is packed, named, kept and laid out on a host.
@NullMarked
package dev.decant.release;

import org.jspecify.annotations.NullMarked;
