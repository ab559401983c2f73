package dev.decant.exec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A machine on which programs run: this one, or another one that this one can reach.
public interface Machine {

    /// This one.
    Machine HERE = new Here();

    /// What an error calls it, such as `build1.example.com`; empty for this one.
    Optional<String> name();

    /// The `PATH` that programs have there.
    String path();

    /// The folder of the user there.
    Path home();

    /// A program of this machine that has a program of that one run, with its outputs and status.
    ///
    /// @param words the program and its arguments; the program is looked up on the `PATH` of that
    ///   machine, or of the environment if that has one
    /// @param folder on that machine
    /// @param environment added to the one there; an empty value removes a variable
    Program program(List<String> words, Path folder, Map<String, String> environment);
}
