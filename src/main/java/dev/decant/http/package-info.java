/// Clients of HTTP that reach what `curl` reaches on this machine: whom they trust, and through
/// whom they go.
@NullMarked
package dev.decant.http;

import org.jspecify.annotations.NullMarked;
