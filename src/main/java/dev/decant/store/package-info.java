/// A bucket as the place from which hosts fetch releases: what lies in it, what is current, and
/// what may go.
@NullMarked
package dev.decant.store;

import org.jspecify.annotations.NullMarked;
