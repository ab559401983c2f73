/// How a problem is put, and how a command ends because of it.
@NullMarked
package dev.decant.problem;

import org.jspecify.annotations.NullMarked;
