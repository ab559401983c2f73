package dev.decant.systemd;

import dev.decant.config.Config;
import dev.decant.config.ProcessConfig;
import dev.decant.io.Template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Programs that take what an app logs from the journal of a host to elsewhere.
public enum LogForwarder {
    VECTOR("vector.toml"),
    CLOUDWATCH("cloudwatch.json"),
    FILEBEAT("filebeat.yml");

    private final String file;

    LogForwarder(String file) {
        this.file = file;
    }

    /// Its configuration.
    ///
    /// It names all units in which something of the app may run, on whichever host, and however the
    /// app is replaced.
    public String config(Config config) {
        String app = config.names().unit();
        List<String> units = new ArrayList<>();
        running(app).forEach(units::add);
        for (ProcessConfig process : config.processes()) {
            String name = app + "." + process.name();
            if (process.schedule().isPresent()) {
                units.add(name + ".service");
            } else {
                running(name).forEach(units::add);
            }
        }
        String list =
                units.stream().map(unit -> "\"" + unit + "\"").collect(Collectors.joining(", "));
        return Template.text(LogForwarder.class, file, Map.of("@NAME@", app, "@UNITS@", list));
    }

    /// Alone, or in either slot.
    private static Stream<String> running(String name) {
        return Stream.of("", "@1", "@2").map(instance -> name + instance + ".service");
    }

    /// As a person types it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
