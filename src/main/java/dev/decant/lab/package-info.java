/// Throw-away hosts on this machine: real systemd and sshd.
@NullMarked
package dev.decant.lab;

import org.jspecify.annotations.NullMarked;
