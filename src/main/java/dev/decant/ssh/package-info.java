/// The system's OpenSSH, for both halves: what it is told, and words that become a line.
@org.jspecify.annotations.NullMarked
package dev.decant.ssh;
