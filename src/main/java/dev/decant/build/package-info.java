/// Makes a release from a commit. Never imports a room that puts one on a host.
@NullMarked
package dev.decant.build;

import org.jspecify.annotations.NullMarked;
