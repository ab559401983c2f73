package dev.decant.lint;

import java.util.Locale;

/// How much a finding matters.
public enum Severity {
    /// It will not work.
    ERROR,
    /// It works until some night.
    WARNING,
    /// It is worth a look.
    HINT;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
