/// What is in a Mix project: read, never run.
@NullMarked
package dev.decant.project;

import org.jspecify.annotations.NullMarked;
