/// How it looks.
@NullMarked
package dev.decant.ui;

import org.jspecify.annotations.NullMarked;
