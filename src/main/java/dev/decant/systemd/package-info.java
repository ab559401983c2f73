/// Unit files and environment files, as pure text.
@NullMarked
package dev.decant.systemd;

import org.jspecify.annotations.NullMarked;
