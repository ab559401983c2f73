/// Reaches a host, asks it and tells it.
@NullMarked
package dev.decant.host;

import org.jspecify.annotations.NullMarked;
