/// Decides, carries out, goes back. Never imports a room that makes a release.
@NullMarked
package dev.decant.deploy;

import org.jspecify.annotations.NullMarked;
