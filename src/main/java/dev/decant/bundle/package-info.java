/// A release as a folder that puts itself on whatever host it is brought to, for engines other than
/// Decant.
@NullMarked
package dev.decant.bundle;

import org.jspecify.annotations.NullMarked;
