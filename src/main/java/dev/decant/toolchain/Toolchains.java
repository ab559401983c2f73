package dev.decant.toolchain;

import dev.decant.config.ToolchainConfig;
import dev.decant.exec.Machine;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;
import dev.decant.project.ToolVersions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// Chooses what a build runs with, and installs it if need be: what Decant has installed, or else
/// what a version manager has, or else what `PATH` has. What is written down as exact is exact,
/// wherever it is from.
public final class Toolchains {

    private static final String ASK =
            "otp = List.to_string(:erlang.system_info(:otp_release)); file ="
                + " Path.join([:code.root_dir(), \"releases\", otp, \"OTP_VERSION\"]); exact = case"
                + " File.read(file) do {:ok, text} -> String.trim(text); _ -> otp end;"
                + " IO.puts(System.version() <> \" \" <> exact)";

    private static final String ASK_ERLANG =
            "Otp = erlang:system_info(otp_release), io:put_chars(case"
                + " file:read_file(filename:join([code:root_dir(), \"releases\", Otp,"
                + " \"OTP_VERSION\"])) of {ok, Text} -> string:trim(Text); _ -> Otp end), halt().";

    private final Machine machine;
    private final Places places;
    private final ToolchainShelf shelf;
    private final ToolchainConfig config;

    private Toolchains(
            Machine machine, Places places, ToolchainShelf shelf, ToolchainConfig config) {
        this.machine = machine;
        this.places = places;
        this.shelf = shelf;
        this.config = config;
    }

    /// Those of this machine.
    ///
    /// @param environment of this process
    public Toolchains(
            ToolchainShelf shelf, ToolchainConfig config, Map<String, String> environment) {
        this(Machine.HERE, new PlacesHere(shelf, new Elsewhere(environment)), shelf, config);
    }

    /// Those of another machine, on which nothing is installed.
    public Toolchains on(Machine other) {
        return new Toolchains(other, new PlacesThere(other), shelf, config);
    }

    /// What Elixir says of itself and its Erlang.
    private record Said(Map<Tool, String> versions, List<String> otherwise) {
        Optional<String> get(Tool tool) {
            return Optional.ofNullable(versions.get(tool));
        }
    }

    /// What was asked before it was known whether it would be the question.
    ///
    /// @param chosen what was found of what seemed to be wanted
    public record Guess(
            ToolVersions wanted, Map<Tool, Installation> chosen, Path checkout, Future<Said> said) {

        private boolean isFor(ToolVersions really, Map<Tool, Installation> found, Path where) {
            return wanted.equals(really) && chosen.equals(found) && checkout.equals(where);
        }
    }

    /// Begins to ask as [#choose] does, since an answer takes the start of an Erlang: as long as a
    /// checkout takes.
    ///
    /// @param all what is in the checkout until then
    public Guess guess(ToolVersions all, Set<Tool> needed, Path checkout)
            throws IOException, InterruptedException {
        ToolVersions wanted = all.only(needed);
        Map<Tool, Installation> chosen = found(wanted);
        FutureTask<Said> said = new FutureTask<>(() -> ask(needed, chosen, checkout));
        Thread.ofPlatform().daemon().start(said);
        return new Guess(wanted, chosen, checkout, said);
    }

    private Map<Tool, Installation> found(ToolVersions wanted)
            throws IOException, InterruptedException {
        Map<Tool, Installation> found = new EnumMap<>(Tool.class);
        for (ToolVersion version : wanted.tools().values()) {
            places.find(version).ifPresent(there -> found.put(version.tool(), there));
        }
        return found;
    }

    /// Empty where it came to nothing: the folder may have been made anew meanwhile.
    private static Optional<Said> answer(Guess guess) throws IOException, InterruptedException {
        try {
            return Optional.of(guess.said().get())
                    .filter(said -> said.get(Tool.ERLANG).isPresent());
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    /// @param needed Erlang, and Elixir maybe; others of `wanted` do not count
    /// @param checkout where a version manager would look for what is wanted
    /// @param guess counts where it was the same question
    /// @throws Failure with one or more [ToolchainProblem]s
    public Toolchain choose(
            ToolVersions all,
            Set<Tool> needed,
            Path checkout,
            Optional<Guess> guess,
            ToolchainLog log)
            throws IOException, InterruptedException {
        ToolVersions wanted = all.only(needed);
        checkPair(wanted);
        Map<Tool, Installation> chosen = found(wanted);
        Optional<Said> guessed =
                guess.isPresent() && guess.get().isFor(wanted, chosen, checkout)
                        ? answer(guess.get())
                        : Optional.empty();
        Said said = guessed.isPresent() ? guessed.get() : ask(needed, chosen, checkout);
        List<ToolVersion> missing =
                wanted.tools().values().stream()
                        .filter(version -> !version.isSystem())
                        .filter(version -> !chosen.containsKey(version.tool()))
                        .filter(version -> !isSaid(said, version))
                        .toList();
        if (!missing.isEmpty()) {
            if (!config.install()
                    || machine.name().isPresent()
                    || missing.stream()
                            .anyMatch(version -> version.kind() != ToolVersion.Kind.EXACT)) {
                throw missing(missing, said);
            }
            for (ToolVersion version : missing) {
                chosen.put(version.tool(), install(version, log));
            }
        }
        Said now = missing.isEmpty() ? said : ask(needed, chosen, checkout);
        for (Tool tool : needed) {
            check(tool, wanted, chosen, now, log);
        }
        tell(wanted, needed, chosen, now, log);
        for (Installation each : chosen.values()) {
            if (machine.name().isEmpty() && each.whose().equals(Installation.DECANT)) {
                ToolchainShelf.used(each);
            }
        }
        return new Toolchain(
                machine,
                now.get(Tool.ELIXIR).orElse(""),
                now.get(Tool.ERLANG).orElseThrow(),
                bins(chosen),
                mixHome(chosen));
    }

    /// Hex and rebar3 that one Elixir has compiled are not for all others.
    private static Optional<Path> mixHome(Map<Tool, Installation> chosen) {
        return Optional.ofNullable(chosen.get(Tool.ELIXIR))
                .filter(elixir -> elixir.whose().equals(Installation.DECANT))
                .map(elixir -> elixir.folder().resolve(".mix"));
    }

    /// Elixir first: its own `elixir` goes before one that stands beside an Erlang.
    private static List<Path> bins(Map<Tool, Installation> chosen) {
        List<Path> bins = new ArrayList<>();
        for (Tool tool : List.of(Tool.ELIXIR, Tool.ERLANG)) {
            if (chosen.containsKey(tool)) {
                bins.add(chosen.get(tool).bin());
            }
        }
        return bins;
    }

    private static boolean isSaid(Said said, ToolVersion version) {
        return version.kind() == ToolVersion.Kind.EXACT
                && said.get(version.tool()).filter(version.version()::equals).isPresent();
    }

    private String its() {
        return machine.name().orElse("this machine");
    }

    private Failure missing(List<ToolVersion> missing, Said said) {
        return new Failure(
                missing.stream()
                        .map(
                                version ->
                                        new ToolchainProblem.Missing(
                                                version,
                                                machine.name(),
                                                said.get(version.tool()),
                                                places.looked()))
                        .toList());
    }

    /// Before anything is looked for: what cannot be together need not be installed.
    private static void checkPair(ToolVersions wanted) {
        Optional<ToolVersion> elixir = exact(wanted, Tool.ELIXIR);
        Optional<ToolVersion> erlang = exact(wanted, Tool.ERLANG);
        if (elixir.isPresent() && erlang.isPresent()) {
            checkPair(elixir, elixir.get().version(), erlang.get().version());
        }
    }

    private static Optional<ToolVersion> exact(ToolVersions wanted, Tool tool) {
        return wanted.get(tool).filter(version -> version.kind() == ToolVersion.Kind.EXACT);
    }

    private static void checkPair(Optional<ToolVersion> wanted, String elixir, String otp) {
        int major = Compatibility.major(otp);
        Optional<Compatibility.Row> row = Compatibility.of(elixir);
        if (row.isEmpty() || !row.get().takes(major)) {
            throw new Failure(
                    new ToolchainProblem.OutsideTable(
                            elixir,
                            otp,
                            row.map(Compatibility.Row::toString),
                            Compatibility.elixirsOn(major)));
        }
        wanted.filter(version -> version.builtFor().orElse(0) > major)
                .ifPresent(
                        version -> {
                            throw new Failure(new ToolchainProblem.BuiltForNewerOtp(version, otp));
                        });
    }

    /// Installs one version, unless Decant has it.
    ///
    /// @param wanted exact
    /// @return where it is
    public Path installed(ToolVersion wanted, ToolchainLog log)
            throws IOException, InterruptedException {
        return install(wanted, log).folder();
    }

    private Installation install(ToolVersion wanted, ToolchainLog log)
            throws IOException, InterruptedException {
        Optional<Installation> there = shelf.find(wanted);
        return there.isPresent()
                ? there.get()
                : shelf.install(wanted, mirror(), platform(wanted.tool()), log);
    }

    /// Installs all that is exact, after a look at whether it goes together.
    public List<Path> installed(ToolVersions wanted, ToolchainLog log)
            throws IOException, InterruptedException {
        checkPair(wanted);
        List<Path> places = new ArrayList<>();
        for (Tool tool : Tool.values()) {
            Optional<ToolVersion> exact = exact(wanted, tool);
            if (exact.isPresent()) {
                places.add(installed(exact.get(), log));
            }
        }
        return places;
    }

    /// Versions that could be installed, newest first.
    ///
    /// @param beginning with what they begin
    public List<String> available(Tool tool, String beginning)
            throws IOException, InterruptedException {
        return mirror().builds(tool, platform(tool)).stream()
                .filter(build -> build.sha256().isPresent())
                .map(Mirror.Build::version)
                .filter(version -> version.startsWith(beginning))
                .toList();
    }

    private Mirror mirror() {
        return new Mirror(config.mirror());
    }

    private Optional<Platform> platform(Tool tool) throws IOException {
        return tool == Tool.ERLANG
                ? Optional.of(Platform.here(config.platform()))
                : Optional.empty();
    }

    private Said ask(Set<Tool> needed, Map<Tool, Installation> chosen, Path checkout)
            throws IOException, InterruptedException {
        boolean elixir = needed.contains(Tool.ELIXIR);
        Result said;
        try {
            said =
                    machine.program(
                                    elixir
                                            ? List.of("elixir", "-e", ASK)
                                            : List.of("erl", "-noshell", "-eval", ASK_ERLANG),
                                    checkout,
                                    Map.of("PATH", Toolchain.path(bins(chosen), machine)))
                            .run();
        } catch (IOException notThere) {
            return new Said(Map.of(), List.of());
        }
        String[] words = said.text().split(" ");
        if (said.ok() && !elixir && words.length == 1) {
            return new Said(Map.of(Tool.ERLANG, words[0]), List.of());
        }
        return said.ok() && words.length == 2
                ? new Said(Map.of(Tool.ELIXIR, words[0], Tool.ERLANG, words[1]), List.of())
                : new Said(Map.of(), said.lastWords(3));
    }

    private void check(
            Tool tool,
            ToolVersions wanted,
            Map<Tool, Installation> chosen,
            Said said,
            ToolchainLog log) {
        Optional<ToolVersion> version = wanted.get(tool);
        String found =
                said.get(tool)
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                new ToolchainProblem.NoTool(
                                                        tool, machine.name(), said.otherwise())));
        if (version.filter(exact -> exact.kind() == ToolVersion.Kind.EXACT).isPresent()
                && !version.get().version().equals(found)) {
            throw new Failure(
                    new ToolchainProblem.OtherVersion(
                            version.get(),
                            found,
                            Optional.ofNullable(chosen.get(tool))
                                    .map(Installation::folder)
                                    .orElse(Path.of("PATH"))));
        }
        if (tool == Tool.ELIXIR) {
            checkPair(version, found, said.get(Tool.ERLANG).orElse(found));
            if (Compatibility.of(found).filter(row -> !row.isKnown()).isPresent()) {
                log.note(
                        "Elixir "
                                + found
                                + " is newer than the table that this Decant has: whether it is"
                                + " made for that Erlang was not looked at.");
            }
        }
    }

    /// What is not by the book is said.
    private void tell(
            ToolVersions wanted,
            Set<Tool> needed,
            Map<Tool, Installation> chosen,
            Said said,
            ToolchainLog log) {
        if (wanted.files().isEmpty()) {
            log.note(
                    "No .tool-versions: built with what "
                            + its()
                            + " has, "
                            + said.get(Tool.ELIXIR)
                                    .map(elixir -> "Elixir " + elixir + " on ")
                                    .orElse("")
                            + "Erlang/OTP "
                            + said.get(Tool.ERLANG).orElseThrow()
                            + ".");
            return;
        }
        for (Tool tool : needed) {
            String named = tool.word() + " " + said.get(tool).orElseThrow();
            Optional<ToolVersion> version = wanted.get(tool);
            Optional<Installation> there = Optional.ofNullable(chosen.get(tool));
            if (version.isEmpty() || version.get().isSystem()) {
                log.note(
                        machine.name().orElse("This machine")
                                + "'s own "
                                + named
                                + " is used: "
                                + version.map(system -> system.at() + " says system.")
                                        .orElse(
                                                String.join(" and ", wanted.files())
                                                        + " does not name one."));
            } else if (version.get().kind() != ToolVersion.Kind.EXACT) {
                log.note(
                        named
                                + " is what "
                                + its()
                                + " has in "
                                + there.map(Installation::folder).orElseThrow()
                                + ": "
                                + version.get().at()
                                + " says "
                                + version.get().text()
                                + ".");
            } else if (there.isPresent() && !there.get().whose().equals(Installation.DECANT)) {
                log.note(named + " is " + there.get().whose() + "'s: " + there.get().folder());
            }
        }
    }
}
