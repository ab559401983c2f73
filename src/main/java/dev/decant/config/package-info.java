/// What `decant.toml` says.
@NullMarked
package dev.decant.config;

import org.jspecify.annotations.NullMarked;
