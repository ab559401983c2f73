/// What is known to be wrong with what an app is built with.
@NullMarked
package dev.decant.advisory;

import org.jspecify.annotations.NullMarked;
