package dev.decant.project;

import dev.decant.config.BuildConfig;
import dev.decant.config.Kind;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a project's files say of how it could be deployed. They are read and never run, so all of
/// it is a good guess.
///
/// @param release its name, where that is not the app's
/// @param migrate an expression
/// @param offered the same, once [#edits()] are made
/// @param secrets variables that it does not start without
/// @param env variables that it should have, as lines of TOML
/// @param healthPath empty where none was found
/// @param headers that a question for its health has to have
/// @param program what a generic app's settings begin with
/// @param found what was seen
/// @param assumed what was not seen
/// @param edits what it lacks, file by file
public record FoundProject(
        Kind kind,
        String app,
        Optional<String> release,
        Optional<String> migrate,
        Optional<String> offered,
        List<String> secrets,
        List<String> env,
        Optional<String> healthPath,
        List<String> headers,
        Optional<Program> program,
        List<String> found,
        List<String> assumed,
        List<Edit> edits) {

    static final String NAME = "[a-z][a-zA-Z0-9_]*";

    /// A change of one file.
    ///
    /// @param file relative to the project
    /// @param before empty where there is none
    /// @param reason what it is for
    public record Edit(String file, String before, String after, String reason) {}

    /// A starting point for a generic app, as lines of decant.toml with comments.
    ///
    /// @param build below `[build]`
    /// @param start below `[service]`
    /// @param hardening a section; empty for none
    public record Program(String build, String start, String hardening) {}

    public FoundProject {
        secrets = List.copyOf(secrets);
        env = List.copyOf(env);
        headers = List.copyOf(headers);
        found = List.copyOf(found);
        assumed = List.copyOf(assumed);
        edits = List.copyOf(edits);
    }

    /// @param release which is meant; empty for the only one
    /// @throws Failure with a [ProjectProblem]
    public static FoundProject in(Path folder, Optional<String> release) throws IOException {
        if (!Files.isRegularFile(folder.resolve("mix.exs"))
                && !Files.isRegularFile(folder.resolve(RebarProject.FILE_NAME))) {
            Optional<FoundProject> generic = FoundGeneric.in(folder);
            if (generic.isPresent()) {
                return generic.get();
            }
        }
        return switch (Kind.of(folder)) {
            case MIX -> FoundMix.in(folder, release);
            case REBAR3 -> rebar(folder, release);
            case GENERIC -> throw new IllegalStateException();
        };
    }

    private static FoundProject rebar(Path folder, Optional<String> wanted) throws IOException {
        RebarProject rebar = RebarProject.read(folder, BuildConfig.MIX_ENV);
        Path file = folder.resolve(RebarProject.FILE_NAME);
        String release =
                named(
                        chosen(RebarProject.FILE_NAME, rebar.releases(), wanted),
                        file,
                        "{release, {a_name, …}, …}");
        String app = rebar.apps().size() == 1 ? rebar.apps().getFirst() : release;
        List<String> found =
                new ArrayList<>(
                        List.of(
                                "a project of rebar3 with the release "
                                        + release
                                        + (rebar.apps().size() > 1
                                                ? ", of the apps " + String.join(", ", rebar.apps())
                                                : "")));
        List<Edit> edits = new ArrayList<>();
        String text = Files.readString(file);
        if (!text.matches("(?s).*\\{\\s*mode\\s*,\\s*prod\\s*}.*")
                && !text.matches("(?s).*\\{\\s*include_erts\\s*,\\s*true\\s*}.*")) {
            if (text.matches("(?s).*\\{\\s*profiles\\b.*")) {
                found.add(
                        "no {mode, prod} in rebar.config: its profile prod has to have "
                                + " {relx, [{mode, prod}]}  for an Erlang to be in the release");
            } else {
                edits.add(
                        new Edit(
                                RebarProject.FILE_NAME,
                                text,
                                text.stripTrailing()
                                        + "\n\n"
                                        + "{profiles, [\n"
                                        + "    {prod, [{relx, [{mode, prod}]}]}\n"
                                        + "]}.\n",
                                "so that the release has its Erlang in it"));
            }
        }
        return new FoundProject(
                Kind.REBAR3,
                app,
                Optional.of(release),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                rebar.healthPath(),
                List.of(),
                Optional.empty(),
                found,
                assumedHealth(rebar.healthPath()),
                edits);
    }

    static List<String> assumedHealth(Optional<String> path) {
        return path.isPresent()
                ? List.of()
                : List.of(
                        "GET / answers with a status from 200 to 299 once it is healthy: no module"
                                + " names a path with health in it");
    }

    /// @param known names of releases
    /// @throws Failure where there are several and none is named, or another
    static Optional<String> chosen(String file, List<String> known, Optional<String> wanted) {
        if (wanted.isPresent() ? !known.contains(wanted.get()) : known.size() > 1) {
            throw new Failure(new ProjectProblem.WhichRelease(file, wanted.orElse(""), known));
        }
        return wanted.or(() -> known.stream().findFirst());
    }

    static String named(Optional<String> name, Path file, String looked) {
        return name.filter(it -> it.matches(NAME))
                .orElseThrow(
                        () ->
                                new Failure(
                                        new ProjectProblem.NoName(
                                                file,
                                                "Looked for  "
                                                        + looked
                                                        + "  and did not find it.")));
    }
}
