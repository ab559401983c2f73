package dev.decant.lint;

import dev.decant.project.Piece;
import dev.decant.project.Source;
import dev.decant.project.Umbrella;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Those files of a Mix project that say how its release will behave, without what is for other
/// environments.
///
/// @param mix `mix.exs`, and those of an umbrella's apps
/// @param build `config/config.exs` and what it imports
/// @param runtime `config/runtime.exs`, and what came before it
/// @param lib of all apps
/// @param vmArgs `rel/vm.args.eex`, of which only the text is known
/// @param exported variables that `rel/env.sh.eex` sets
/// @param distillery `rel/config.exs`, if it is Distillery's
record Sources(
        Path folder,
        List<Source> mix,
        List<Source> build,
        List<Source> runtime,
        List<Source> lib,
        Optional<Source> vmArgs,
        Set<String> exported,
        Optional<Source> distillery) {

    /// In bytes; what is larger was hardly written by hand.
    private static final long MAX_SIZE = 1 << 20;

    private static final Pattern EXPORTED =
            Pattern.compile("(?m)^\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=");

    /// Reads a folder.
    private record Reader(Path folder, String mixEnv) {

        Sources sources() throws IOException {
            List<Source> mix = new ArrayList<>(optional("mix.exs").stream().toList());
            List<Path> apps = new ArrayList<>(List.of(folder));
            for (Source top : List.copyOf(mix)) {
                apps.addAll(Umbrella.apps(folder, top));
            }
            List<Source> lib = new ArrayList<>();
            for (Path app : apps) {
                if (!app.equals(folder)) {
                    mix.addAll(file(app.resolve("mix.exs")).stream().toList());
                }
                lib.addAll(lib(app.resolve("lib")));
            }
            List<Source> build = new ArrayList<>();
            imported(folder.resolve("config/config.exs"), build, new HashSet<>());
            return new Sources(
                    folder,
                    mix,
                    build,
                    Stream.of("config/releases.exs", "config/runtime.exs")
                            .flatMap(name -> optional(name).stream())
                            .toList(),
                    lib,
                    plain("rel/vm.args.eex"),
                    exported(),
                    optional("rel/config.exs").filter(Sources::isDistillery));
        }

        private Optional<Source> optional(String name) {
            return file(folder.resolve(name));
        }

        private Optional<Source> file(Path file) {
            return plain(folder.relativize(file).toString())
                    .map(
                            plain -> {
                                if (plain.unread().isPresent()) {
                                    return plain;
                                }
                                Source source = Source.of(plain.file(), plain.text());
                                return source.with(Branches.taken(source.pieces(), mixEnv));
                            });
        }

        private Optional<Source> plain(String name) {
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            String shown = name.replace('\\', '/');
            try {
                if (Files.size(file) > MAX_SIZE) {
                    return Optional.of(unread(shown, "It is larger than 1 MiB."));
                }
                return Optional.of(
                        new Source(
                                shown,
                                new String(Files.readAllBytes(file), StandardCharsets.UTF_8),
                                List.of(),
                                Optional.empty()));
            } catch (IOException e) {
                return Optional.of(unread(shown, String.valueOf(e.getMessage())));
            }
        }

        private static Source unread(String name, String reason) {
            return new Source(name, "", List.of(), Optional.of(new Source.Unread(0, reason)));
        }

        private List<Source> lib(Path lib) throws IOException {
            if (!Files.isDirectory(lib)) {
                return List.of();
            }
            try (Stream<Path> files = Files.walk(lib)) {
                return files.filter(file -> file.toString().endsWith(".ex"))
                        .sorted()
                        .flatMap(file -> file(file).stream())
                        .toList();
            }
        }

        /// A file of settings, and then those that it imports.
        private void imported(Path file, List<Source> into, Set<Path> seen) {
            Path normal = file.normalize();
            Optional<Source> source =
                    normal.startsWith(folder) && seen.add(normal) ? file(normal) : Optional.empty();
            if (source.isEmpty()) {
                return;
            }
            into.add(source.get());
            Code.lists(
                    source.get().pieces(),
                    list -> {
                        for (int i = 0; i + 1 < list.size(); i++) {
                            if (Code.isWord(list, i, "import_config")) {
                                Piece next = list.get(i + 1);
                                List<Piece> named =
                                        next instanceof Piece.Group
                                                ? Code.inside(next)
                                                : List.of(next);
                                named.stream()
                                        .findFirst()
                                        .flatMap(this::name)
                                        .ifPresent(
                                                name ->
                                                        imported(
                                                                normal.resolveSibling(name),
                                                                into,
                                                                seen));
                            }
                        }
                    });
        }

        /// `"#{config_env()}.exs"` is the only one that is not plain.
        private Optional<String> name(Piece piece) {
            if (piece instanceof Piece.Text(_, String value, List<Piece> code)) {
                if (code.isEmpty()) {
                    return Optional.of(value).filter(name -> name.indexOf('\0') < 0);
                }
                if (Branches.environment(code) == code.size()) {
                    return Optional.of(value.replaceFirst("(^|/)[.]", "$1" + mixEnv + "."));
                }
            }
            return Optional.empty();
        }

        private Set<String> exported() {
            return plain("rel/env.sh.eex").stream()
                    .flatMap(shell -> EXPORTED.matcher(shell.text()).results())
                    .map(result -> result.group(1))
                    .collect(Collectors.toSet());
        }
    }

    static Sources read(Path folder, String mixEnv) throws IOException {
        return new Reader(folder.toAbsolutePath().normalize(), mixEnv).sources();
    }

    private static boolean isDistillery(Source source) {
        List<Piece> pieces = source.pieces();
        for (int i = 0; i + 1 < pieces.size(); i++) {
            if (Code.isWord(pieces, i, "use")
                    && pieces.get(i + 1) instanceof Piece.Alias(_, String name)
                    && (name.equals("Distillery.Releases.Config")
                            || name.equals("Mix.Releases.Config"))) {
                return true;
            }
        }
        return false;
    }

    static Optional<String> text(Piece piece) {
        return piece instanceof Piece.Text(_, String value, List<Piece> code) && code.isEmpty()
                ? Optional.of(value)
                : Optional.empty();
    }

    /// Those of settings, in the order in which they are read.
    List<Source> config() {
        return Stream.concat(build.stream(), runtime.stream()).toList();
    }

    List<Source> all() {
        return Stream.of(mix, build, runtime, lib, distillery.stream().toList())
                .flatMap(List::stream)
                .toList();
    }

    /// Where something is.
    record Found<T>(Source source, T what) {}

    // ---- what mix.exs says

    /// A dependency that the release has.
    boolean dependsOn(String app, String mixEnv) {
        return mix.stream()
                .flatMap(source -> Code.all(source.pieces()).stream())
                .anyMatch(
                        piece ->
                                piece instanceof Piece.Group group
                                        && group.bracket() == Piece.Bracket.CURLY
                                        && !group.pieces().isEmpty()
                                        && isAtom(group.pieces().getFirst(), app)
                                        && Code.pairs(group.pieces()).stream()
                                                .filter(pair -> pair.is("only"))
                                                .allMatch(only -> names(only.value(), mixEnv)));
    }

    /// Where an app of Erlang's is named to be started.
    Optional<Found<Code.Pair>> starts(String app) {
        return pairs(
                        mix,
                        pair ->
                                (pair.is("extra_applications") || pair.is("applications"))
                                        && names(pair.value(), app))
                .stream()
                .findFirst();
    }

    /// What mix.exs says of a release, if it does so plainly.
    Optional<Found<Code.Pair>> release(String name) {
        Set<String> options =
                Set.of(
                        "steps",
                        "include_erts",
                        "include_executables_for",
                        "applications",
                        "version",
                        "overlays",
                        "strip_beams",
                        "cookie",
                        "path",
                        "quiet",
                        "rel_templates_path",
                        "config_providers",
                        "validate_compile_env");
        return pairs(
                        mix.stream().limit(1).toList(),
                        pair ->
                                pair.is(name)
                                        && pair.pairs().stream()
                                                .anyMatch(
                                                        option ->
                                                                options.contains(
                                                                        option.key().name())))
                .stream()
                .findFirst();
    }

    static boolean isAtom(Piece piece, String name) {
        return piece instanceof Piece.Atom(_, String found) && found.equals(name);
    }

    /// Whether an atom or a key of that name is in there.
    static boolean names(List<Piece> pieces, String name) {
        return Code.all(pieces).stream()
                .anyMatch(
                        piece ->
                                isAtom(piece, name)
                                        || (piece instanceof Piece.Key(_, String key)
                                                && key.equals(name)));
    }

    static List<Found<Code.Pair>> pairs(List<Source> sources, Predicate<Code.Pair> wanted) {
        return sources.stream()
                .flatMap(
                        source ->
                                Code.allPairs(source.pieces()).stream()
                                        .filter(wanted)
                                        .map(pair -> new Found<>(source, pair)))
                .toList();
    }
}
