package dev.decant.systemd;

import java.util.Locale;

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
    /// @param unit what hosts call the app
    public String config(String unit) {
        return Template.text(file, "@NAME@", unit);
    }

    /// As a person types it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
