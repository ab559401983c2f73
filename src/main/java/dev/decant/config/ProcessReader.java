package dev.decant.config;

import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads `[processes]` and `[timers]`.
final class ProcessReader {

    private static final String NAME = "[A-Za-z][A-Za-z0-9-]{0,30}";

    private final ConfigReader values;
    private final Kind kind;

    ProcessReader(ConfigReader values, Kind kind) {
        this.values = values;
        this.kind = kind;
    }

    List<ProcessConfig> processes() {
        List<ProcessConfig> all = new ArrayList<>(section("processes"));
        for (ProcessConfig timer : section("timers")) {
            if (all.stream().anyMatch(process -> process.name().equals(timer.name()))) {
                TomlTable timers = (TomlTable) values.find("timers").orElseThrow().value();
                values.wrong(
                        ConfigReader.position(timers, timer.name()),
                        "'" + timer.name() + "' is a process as well as a timer",
                        "Give one of them another name: each has a unit of that name.");
            }
            all.add(timer);
        }
        return all;
    }

    private List<ProcessConfig> section(String section) {
        List<ProcessConfig> processes = new ArrayList<>();
        values.find(section)
                .map(found -> (TomlTable) found.value())
                .ifPresent(
                        table ->
                                table.keySet().stream()
                                        .sorted()
                                        .map(name -> process(section, table, name))
                                        .forEach(processes::add));
        return processes;
    }

    private ProcessConfig process(String section, TomlTable all, String name) {
        if (!name.matches(NAME)) {
            values.wrong(
                    ConfigReader.position(all, name),
                    "'" + name + "' is no name for a unit",
                    "1 to 31 letters, digits and -, a letter first.");
        }
        TomlTable table = Objects.requireNonNull(all.getTable(List.of(name)));
        boolean timed = section.equals("timers");
        Optional<ProcessConfig.Schedule> schedule = Optional.empty();
        if (timed) {
            schedule = Optional.of(schedule(all, name, table));
        }
        boolean generic = kind == Kind.GENERIC;
        List<String> command =
                generic
                        ? words(
                                table,
                                "command",
                                GenericConfig.WORD,
                                "words in which $NAME is a variable and $$ a dollar")
                        : words(table, "command", "[^\\p{Cntrl}]*", "words on one line");
        if (generic && (command.isEmpty() || !command.getFirst().matches(GenericConfig.PROGRAM))) {
            values.wrong(
                    table.contains("command")
                            ? ConfigReader.position(table, "command")
                            : ConfigReader.position(all, name),
                    "'" + name + "' does not begin with a program",
                    "First comes its path in the release, for example:  command ="
                            + " [\"bin/worker\"]");
            command = List.of("bin/worker");
        }
        if (command.isEmpty()) {
            if (timed) {
                values.wrong(
                        ConfigReader.position(all, name),
                        "the timer '" + name + "' has nothing to run",
                        "For example:  command = [\"eval\", \"Shop.Nightly.run()\"]");
            }
            command = List.of(kind.start());
        }
        return new ProcessConfig(
                name,
                schedule,
                command,
                env(table),
                ConfigReader.strings(table.getArray(List.of("roles"))),
                words(table, "extra", UnitReader.LINE, "a line of a unit, such as \"Nice=5\""));
    }

    private ProcessConfig.Schedule schedule(TomlTable all, String name, TomlTable table) {
        String calendar = table.getString(List.of("schedule"), () -> "");
        if (!calendar.matches("[A-Za-z0-9*,.:/~ _+-]+")) {
            values.wrong(
                    ConfigReader.position(
                            table.contains(List.of("schedule")) ? table : all,
                            table.contains(List.of("schedule")) ? "schedule" : name),
                    "the timer '" + name + "' does not say when it runs",
                    "For example:  schedule = \"*-*-* 03:30:00\"  (systemd.time(7); systemd-analyze"
                            + " calendar explains one)");
        }
        String delay = table.getString(List.of("delay"), () -> "0s");
        Optional<Duration> most = ConfigReader.duration(delay);
        if (most.isEmpty()) {
            values.wrong(
                    ConfigReader.position(table, "delay"),
                    "'delay' is \"" + delay + "\"",
                    "It should be a time such as \"30s\" or \"5m\".");
        }
        return new ProcessConfig.Schedule(
                calendar,
                table.getBoolean(List.of("persistent"), () -> true),
                most.orElse(Duration.ZERO));
    }

    private List<String> words(TomlTable table, String key, String pattern, String expected) {
        TomlArray array = table.getArray(List.of(key));
        List<String> words = ConfigReader.strings(array);
        for (String word : words) {
            if (!word.matches(pattern)) {
                values.wrong(
                        ConfigReader.position(table, key),
                        "'" + key + "' has \"" + word + "\"",
                        "It should be " + expected + ".");
            }
        }
        return words;
    }

    private SortedMap<String, String> env(TomlTable table) {
        SortedMap<String, String> env = new TreeMap<>();
        TomlTable own = table.getTable(List.of("env"));
        if (own != null) {
            for (String name : own.keySet()) {
                String value = Objects.requireNonNull(own.getString(List.of(name)));
                if (!name.matches(ConfigReader.VARIABLE) || value.matches("(?s).*\\p{Cntrl}.*")) {
                    values.wrong(
                            ConfigReader.position(own, name),
                            "'" + name + "' is no variable with a value on one line",
                            "Use letters, digits and _, a letter first.");
                }
                env.put(name, value);
            }
        }
        return env;
    }
}
