/// Which Erlang and Elixir a build runs with: what there is on this machine, what is chosen, and
/// how what is missing is installed.
@NullMarked
package dev.decant.toolchain;

import org.jspecify.annotations.NullMarked;
