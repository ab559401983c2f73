/// From the name of a secret to its value, hidden when printed.
@NullMarked
package dev.decant.secrets;

import org.jspecify.annotations.NullMarked;
