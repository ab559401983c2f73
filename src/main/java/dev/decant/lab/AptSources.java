package dev.decant.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The package sources of this machine: where it gets Debian from, there lab hosts get it too.
///
/// Shape: `sources.list` and `sources.list.d/*.list` with a source a line,
/// `sources.list.d/*.sources` with a paragraph a source; see sources.list(5).
final class AptSources {

    private static final Set<String> DEBIAN =
            Set.of(
                    "bullseye",
                    "bookworm",
                    "trixie",
                    "forky",
                    "sid",
                    "oldoldstable",
                    "oldstable",
                    "stable",
                    "testing",
                    "unstable");

    /// @param uri of the archive, as written
    record Source(String uri, List<String> suites, List<String> components) {
        Source {
            suites = List.copyOf(suites);
            components = List.copyOf(components);
        }

        boolean debian() {
            return components.contains("main") && suites.stream().anyMatch(DEBIAN::contains);
        }
    }

    private AptSources() {}

    /// The first archive of Debian itself, not of its security updates, as debootstrap can use it.
    ///
    /// @param etcApt `/etc/apt`, but for tests
    static Optional<String> mirror(Path etcApt) throws IOException {
        for (Source source : read(etcApt)) {
            if (source.debian()) {
                Optional<String> uri = reachable(source.uri(), etcApt);
                if (uri.isPresent()) {
                    return uri;
                }
            }
        }
        return Optional.empty();
    }

    private static List<Source> read(Path etcApt) throws IOException {
        List<Source> sources = new ArrayList<>();
        Path single = etcApt.resolve("sources.list");
        if (Files.isRegularFile(single)) {
            sources.addAll(lines(Files.readString(single)));
        }
        Path parts = etcApt.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            List<Path> files;
            try (Stream<Path> found = Files.list(parts)) {
                files = found.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(".list")) {
                    sources.addAll(lines(Files.readString(file)));
                } else if (name.endsWith(".sources")) {
                    sources.addAll(paragraphs(Files.readString(file)));
                }
            }
        }
        return sources;
    }

    /// Cloud images name a file with mirrors in it, which apt understands and debootstrap does not.
    private static Optional<String> reachable(String uri, Path etcApt) throws IOException {
        if (uri.startsWith("mirror+file:")) {
            Path list =
                    etcApt.resolve(uri.substring("mirror+file:".length()).replaceFirst("^//", ""));
            if (!Files.isRegularFile(list)) {
                return Optional.empty();
            }
            return Files.readAllLines(list).stream()
                    .map(line -> line.strip().split("\\s+", 2)[0])
                    .filter(AptSources::plain)
                    .findFirst();
        }
        return Optional.of(uri).filter(AptSources::plain);
    }

    private static boolean plain(String uri) {
        return uri.startsWith("http://") || uri.startsWith("https://") || uri.startsWith("file:");
    }

    /// `deb [options] URI SUITE COMPONENT…`
    static List<Source> lines(String text) {
        List<Source> sources = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String plain = line.replaceFirst("#.*", "").replaceFirst("\\[[^]]*]", " ").strip();
            List<String> words = words(plain);
            if (words.size() >= 4 && words.getFirst().equals("deb")) {
                sources.add(
                        new Source(
                                words.get(1),
                                List.of(words.get(2)),
                                words.subList(3, words.size())));
            }
        }
        return sources;
    }

    /// `Types: deb`, `URIs: …`, `Suites: …`, `Components: …`; values may go on in lines that begin
    /// with a blank.
    static List<Source> paragraphs(String text) {
        List<Source> sources = new ArrayList<>();
        for (Map<String, String> fields : fields(text)) {
            boolean enabled =
                    !Set.of("no", "false", "off", "0", "without", "disable")
                            .contains(
                                    fields.getOrDefault("enabled", "yes").toLowerCase(Locale.ROOT));
            if (enabled && words(fields.getOrDefault("types", "")).contains("deb")) {
                for (String uri : words(fields.getOrDefault("uris", ""))) {
                    sources.add(
                            new Source(
                                    uri,
                                    words(fields.getOrDefault("suites", "")),
                                    words(fields.getOrDefault("components", ""))));
                }
            }
        }
        return sources;
    }

    private static List<Map<String, String>> fields(String text) {
        List<Map<String, String>> paragraphs = new ArrayList<>();
        Map<String, String> fields = new TreeMap<>();
        String last = "";
        for (String line : Stream.concat(text.lines(), Stream.of("")).toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                if (!fields.isEmpty()) {
                    paragraphs.add(fields);
                    fields = new TreeMap<>();
                }
            } else if (Character.isWhitespace(line.charAt(0))) {
                fields.merge(last, line.strip(), (before, more) -> before + " " + more);
            } else if (line.contains(":")) {
                last = line.substring(0, line.indexOf(':')).strip().toLowerCase(Locale.ROOT);
                fields.put(last, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return paragraphs;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
    }
}
