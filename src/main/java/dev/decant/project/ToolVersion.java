package dev.decant.project;

import dev.decant.problem.Failure;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which version of a tool somebody wants.
///
/// @param text as it was written, such as `27.1.2`, `1.17.3-otp-27` or `path:/opt/elixir`
/// @param at where, such as `.tool-versions:1:8`
public record ToolVersion(Tool tool, Kind kind, String text, String at) {

    /// All but [#EXACT] depend on the machine: exceptions, which have to be written down.
    public enum Kind {
        EXACT,
        /// `ref:X`: a commit, tag or branch that a version manager has built.
        REF,
        /// `path:DIR`: a folder that has it in `bin`.
        PATH,
        /// `system`: whatever the machine has.
        SYSTEM
    }

    private static final Pattern REF = Pattern.compile("ref:([A-Za-z0-9._-]+)");
    private static final Pattern OTP = Pattern.compile("-otp-([0-9]+)$");

    /// @throws Failure with a [ToolVersionProblem] unless it is one of the four kinds
    public static ToolVersion parse(Tool tool, String text, String at) {
        if (text.equals("system")) {
            return new ToolVersion(tool, Kind.SYSTEM, text, at);
        }
        if (REF.matcher(text).matches()) {
            return new ToolVersion(tool, Kind.REF, text, at);
        }
        if (text.startsWith("path:/")) {
            return new ToolVersion(tool, Kind.PATH, text, at);
        }
        if (tool.isExact(text)) {
            return new ToolVersion(tool, Kind.EXACT, text, at);
        }
        throw new Failure(new ToolVersionProblem.NotExact(tool, text, at));
    }

    public boolean isSystem() {
        return kind == Kind.SYSTEM;
    }

    /// What the tool itself says that it is: for Elixir without the `-otp-NN` that names the build
    /// of it.
    public String version() {
        return tool == Tool.ELIXIR ? OTP.matcher(text).replaceFirst("") : text;
    }

    /// For which major version of OTP a build of Elixir is; empty where the version does not say.
    public OptionalInt builtFor() {
        Matcher otp = OTP.matcher(text);
        return tool == Tool.ELIXIR && otp.find()
                ? OptionalInt.of(Integer.parseInt(otp.group(1)))
                : OptionalInt.empty();
    }

    /// The folder of a `path:`.
    public Optional<Path> folder() {
        return kind == Kind.PATH
                ? Optional.of(Path.of(text.substring("path:".length())))
                : Optional.empty();
    }

    /// By which name version managers keep it.
    public String folderName() {
        return kind == Kind.REF ? text.replaceFirst(":", "-") : text;
    }
}
