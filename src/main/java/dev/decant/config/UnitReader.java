package dev.decant.config;

import dev.decant.config.UnitConfig.Directory;
import dev.decant.problem.Nearest;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Reads `[unit]`, `[hardening]` and `[limits]`.
final class UnitReader {

    /// As systemd takes sizes: bytes, or with K, M, G or T, which are powers of 1024.
    private static final String SIZE = "[0-9]{1,15}[KMGT]?";

    private static final String SHARE = SIZE + "|[0-9]{1,2}%|100%|infinity";
    private static final String PATH = "[-+]{0,2}/[!-~&&[^%\"'\\\\]]*";
    static final String LINE = "[A-Z][A-Za-z0-9]*=[^\\p{Cntrl}]*(?<!\\\\)";

    private final ConfigReader values;

    UnitReader(ConfigReader values) {
        this.values = values;
    }

    UnitConfig unit() {
        Hardening hardening = values.oneOf("hardening.level", Hardening.STRICT);
        return new UnitConfig(
                hardening,
                except(hardening),
                limits(),
                values.words(
                        "unit.after",
                        "[A-Za-z0-9:_.@-]+[.](service|target|socket|mount|path|timer|device)",
                        "the name of a unit, such as \"cloud-init.target\""),
                values.words(
                        "unit.start_pre",
                        "[-+!@:]*/[^\\p{Cntrl}]+",
                        "a program by its full path, and its arguments"),
                values.oneOf("unit.restart", "on-failure", List.of("on-failure", "always")),
                values.duration(
                        "unit.restart_delay", Duration.ofSeconds(1), Duration.ofMillis(100)),
                values.text(
                        "unit.umask", "0077", "0[0-7]{3}", "four octal digits, such as \"0027\""),
                directories(),
                values.words("unit.read_write_paths", PATH, "a full path"),
                values.words("unit.read_only_paths", PATH, "a full path"),
                values.words("unit.inaccessible_paths", PATH, "a full path"),
                extra(),
                values.words("unit.drop_ins", "[^\\p{Cntrl}]+", "a file").stream()
                        .map(values::path)
                        .toList());
    }

    private SortedMap<String, String> except(Hardening level) {
        SortedMap<String, String> except = new TreeMap<>();
        List<String> known =
                level.directives().stream().map(Hardening.Directive::name).distinct().toList();
        for (String written :
                values.words(
                        "hardening.except",
                        "[A-Za-z]+: *[^\\p{Cntrl} ][^\\p{Cntrl}]*",
                        "a directive and why it is left out, such as \"ProcSubset: os_mon reads"
                                + " /proc/meminfo\"")) {
            String[] parts = written.split(": *", 2);
            if (parts.length == 2 && !known.contains(parts[0])) {
                values.wrong(
                        values.find("hardening.except").orElseThrow().at(),
                        "'%s' is not among what hardening.level = \"%s\" sets"
                                .formatted(parts[0], level.word()),
                        Nearest.hint(parts[0], known));
            }
            except.put(parts[0], parts[parts.length - 1]);
        }
        return except;
    }

    private LimitsConfig limits() {
        String share =
                "a size such as \"512M\", a part of the machine's such as \"50%\", or infinity";
        return new LimitsConfig(
                given("limits.memory", SHARE, share),
                given("limits.memory_high", SHARE, share),
                percent("limits.cpu"),
                optional("limits.cpu_weight", 1, 10_000),
                optional("limits.tasks", 16, 4_194_304),
                values.number("limits.files", 65_536, 1024, 1_073_741_816),
                values.text(
                        "limits.core", "0", SIZE + "|infinity", "a size such as \"0\" or \"1G\""),
                optional("limits.oom_score", -1000, 1000),
                values.oneOf("limits.oom_policy", "continue", List.of("continue", "stop", "kill")),
                bytes(
                        values.text(
                                "limits.crash_dump",
                                "50M",
                                SIZE,
                                "a size such as \"50M\" or \"0\"")));
    }

    private Optional<String> given(String key, String pattern, String expected) {
        return Optional.of(values.text(key, "", pattern, expected)).filter(text -> !text.isEmpty());
    }

    private OptionalInt optional(String key, int least, int most) {
        return values.find(key).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(values.number(key, least, least, most));
    }

    private OptionalInt percent(String key) {
        return given(key, "[1-9][0-9]{0,4}%", "percent of one processor, such as \"150%\"")
                .map(text -> OptionalInt.of(Integer.parseInt(text.replace("%", ""))))
                .orElse(OptionalInt.empty());
    }

    private static long bytes(String size) {
        String digits = size.replaceAll("[KMGT]", "");
        int power = 10 * ("KMGT".indexOf(size.charAt(size.length() - 1)) + 1);
        return Long.parseLong(digits) << power;
    }

    private SortedSet<Directory> directories() {
        List<String> words =
                Arrays.stream(Directory.values())
                        .map(directory -> directory.name().toLowerCase(Locale.ROOT))
                        .toList();
        SortedSet<Directory> directories = new TreeSet<>();
        values
                .words(
                        "unit.directories",
                        String.join("|", words),
                        "one of " + String.join(", ", words))
                .stream()
                .filter(words::contains)
                .forEach(word -> directories.add(Directory.valueOf(word.toUpperCase(Locale.ROOT))));
        return directories;
    }

    private SortedMap<String, List<String>> extra() {
        SortedMap<String, List<String>> extra = new TreeMap<>();
        for (String section : List.of("Unit", "Service", "Install")) {
            List<String> lines =
                    values.words(
                            "unit.extra." + section, LINE, "a line of a unit, such as \"Nice=5\"");
            if (!lines.isEmpty()) {
                extra.put(section, lines);
            }
        }
        return extra;
    }
}
