/// Runs programs on this machine; the only room that may start a process.
@NullMarked
package dev.decant.exec;

import org.jspecify.annotations.NullMarked;
