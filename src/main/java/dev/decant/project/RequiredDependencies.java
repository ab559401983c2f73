package dev.decant.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The dependencies that mix.exs asks for, and those that the apps of an umbrella, dependencies by
/// path and fetched git repositories ask for in turn. Read as text and never run: what is computed
/// there is not known, and said to be so.
///
/// @param own of the project and the apps of its umbrella, in the order of their files
/// @param needs by app, what dependencies that are no packages of Hex need
/// @param unread places in files, such as `mix.exs:34`, where code says what is required
/// @param unknown apps of which nothing here says what they need
record RequiredDependencies(
        List<Required> own,
        Map<String, Set<String>> needs,
        List<String> unread,
        List<String> unknown) {

    /// One of a list `deps`.
    ///
    /// @param place file and line where it stands, such as `mix.exs:34`
    /// @param version what it may be, such as `~> 1.4`; empty where that is not said
    /// @param from a URL or a path; empty for a package of Hex
    record Required(String app, String place, Optional<String> version, Kind kind, String from) {

        /// Where a path leads.
        Path target(Path project) {
            return project.resolve(place.replaceFirst(":[0-9]+$", ""))
                    .resolveSibling(from)
                    .toAbsolutePath()
                    .normalize();
        }
    }

    enum Kind {
        HEX,
        GIT,
        /// Likewise, of which only the files are wanted (`app: false`): it needs nothing.
        FILES,
        PATH,
        UMBRELLA,
        /// Only code says what it is.
        UNKNOWN
    }

    private static final Pattern LIST =
            Pattern.compile(
                    "(?:\\bdeps:\\s*|\\bdefp?\\s+deps\\b\\s*(?:\\([^)]*\\))?\\s*(?:do\\b|,\\s*do:)\\s*)\\[");
    private static final Pattern NAMED = Pattern.compile("\\bdeps:|\\bdefp?\\s+deps\\b");
    private static final Pattern ADDED = Pattern.compile("\\G\\s*(\\+\\+|--|\\|>)");
    private static final Pattern TUPLE =
            Pattern.compile(
                    "\\{\\s*:\"?([A-Za-z_][\\w@]*)\"?\\s*(?:,\\s*(?<rest>.*?))?\\s*,?\\s*\\}",
                    Pattern.DOTALL);
    private static final Pattern KEYWORD =
            Pattern.compile("([A-Za-z_][\\w@]*):\\s+(?<rest>\".*)", Pattern.DOTALL);
    private static final Pattern VERSION = Pattern.compile("^\"([^\"#\\\\]*)\"\\s*(?:,|$)");
    private static final Pattern OPTION = Pattern.compile("^\\[?\\s*[a-z_]+:\\s", Pattern.DOTALL);
    private static final Pattern APPS = Pattern.compile("\\bapps_path:\\s*\"([^\"#\\\\]+)\"");

    /// @param project the folder of mix.exs
    static RequiredDependencies read(Path project) throws IOException {
        Reader reader = new Reader(project);
        reader.own(project);
        return new RequiredDependencies(
                List.copyOf(reader.own),
                reader.needs,
                List.copyOf(reader.unread),
                List.copyOf(reader.unknown));
    }

    private static final class Reader {

        private final Path project;
        private final List<Required> own = new ArrayList<>();
        private final Map<String, Set<String>> needs = new TreeMap<>();
        private final List<String> unread = new ArrayList<>();
        private final Set<String> unknown = new TreeSet<>();
        private final Set<Path> seen = new HashSet<>();

        private Reader(Path project) {
            this.project = project;
        }

        private void own(Path folder) throws IOException {
            own.addAll(of(folder));
            Matcher apps = APPS.matcher(code(folder));
            if (apps.find() && Files.isDirectory(folder.resolve(apps.group(1)))) {
                try (Stream<Path> list = Files.list(folder.resolve(apps.group(1)))) {
                    for (Path app : list.sorted().toList()) {
                        if (Files.isRegularFile(app.resolve("mix.exs"))) {
                            own.addAll(of(app));
                        }
                    }
                }
            }
            for (Required required : own) {
                follow(required);
            }
        }

        /// Reads what a dependency needs that no lock says it of.
        private void follow(Required required) throws IOException {
            if (required.kind() != Kind.PATH && required.kind() != Kind.GIT) {
                return;
            }
            Path folder =
                    required.kind() == Kind.PATH
                            ? required.target(project)
                            : project.resolve("deps").resolve(required.app());
            if (!Files.isRegularFile(folder.resolve("mix.exs"))) {
                if (!Files.isDirectory(folder) || Files.exists(folder.resolve("rebar.config"))) {
                    unknown.add(required.app());
                }
            } else if (seen.add(folder)) {
                List<Required> all = of(folder);
                all.forEach(
                        need ->
                                needs.computeIfAbsent(required.app(), _ -> new TreeSet<>())
                                        .add(need.app()));
                for (Required need : all) {
                    follow(need);
                }
            }
        }

        private static String code(Path folder) throws IOException {
            return ElixirCode.withoutComments(Files.readString(folder.resolve("mix.exs")));
        }

        private List<Required> of(Path folder) throws IOException {
            String code = code(folder);
            String file =
                    project.toAbsolutePath()
                            .relativize(folder.resolve("mix.exs").toAbsolutePath())
                            .toString();
            List<Required> found = new ArrayList<>();
            Matcher list = LIST.matcher(code);
            boolean any = false;
            while (list.find()) {
                any = true;
                int end = ElixirCode.closing(code, list.end());
                for (int[] item : ElixirCode.items(code, list.end(), end - 1)) {
                    String place = file + ":" + ElixirCode.line(code, item[0]);
                    Optional<Required> required = required(code.substring(item[0], item[1]), place);
                    required.ifPresent(found::add);
                    if (required.filter(it -> it.kind() != Kind.UNKNOWN).isEmpty()) {
                        unread.add(place);
                    }
                }
                if (ADDED.matcher(code).find(end)) {
                    unread.add(file + ":" + ElixirCode.line(code, end));
                }
            }
            Matcher named = NAMED.matcher(code);
            if (!any && named.find()) {
                unread.add(file + ":" + ElixirCode.line(code, named.start()));
            }
            return found;
        }

        private static Optional<Required> required(String item, String place) {
            Matcher matcher = TUPLE.matcher(item);
            if (!matcher.matches()) {
                matcher = KEYWORD.matcher(item);
            }
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String rest = Optional.ofNullable(matcher.group("rest")).orElse("");
            Matcher version = VERSION.matcher(rest);
            boolean versioned = version.find();
            String app = matcher.group(1);
            if (!versioned && !rest.isEmpty() && !OPTION.matcher(rest).find()) {
                return Optional.of(new Required(app, place, Optional.empty(), Kind.UNKNOWN, ""));
            }
            Optional<String> requirement =
                    versioned ? Optional.of(version.group(1)) : Optional.empty();
            Optional<String> path = option(rest, "path");
            Optional<String> url =
                    option(rest, "git")
                            .or(
                                    () ->
                                            option(rest, "github")
                                                    .map(
                                                            it ->
                                                                    "https://github.com/"
                                                                            + it
                                                                            + ".git"));
            if (rest.matches("(?s).*\\bin_umbrella:\\s*true\\b.*")) {
                return Optional.of(new Required(app, place, requirement, Kind.UMBRELLA, ""));
            }
            if (path.isPresent()) {
                return Optional.of(new Required(app, place, requirement, Kind.PATH, path.get()));
            }
            if (url.isPresent()) {
                Kind kind = rest.matches("(?s).*\\bapp:\\s*false\\b.*") ? Kind.FILES : Kind.GIT;
                return Optional.of(new Required(app, place, requirement, kind, url.get()));
            }
            Kind kind = rest.matches("(?s).*\\b(?:path|git|github):.*") ? Kind.UNKNOWN : Kind.HEX;
            return Optional.of(new Required(app, place, requirement, kind, ""));
        }

        private static Optional<String> option(String rest, String name) {
            Matcher matcher =
                    Pattern.compile("\\b" + name + ":\\s*\"([^\"#\\\\]+)\"").matcher(rest);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
    }
}
