/// What was typed, which implementations are used, and how the process ends.
@NullMarked
package dev.decant.cli;

import org.jspecify.annotations.NullMarked;
