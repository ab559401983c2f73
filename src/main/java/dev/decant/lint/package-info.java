/// What of a Mix project would go wrong on a host: found by reading it, never by running it.
@NullMarked
package dev.decant.lint;

import org.jspecify.annotations.NullMarked;
