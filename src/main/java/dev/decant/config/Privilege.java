package dev.decant.config;

import java.util.Locale;

/// How the deploy user gets the few things done that only root may do. `docs/concepts/security.md`
/// says what each stops and what it does not.
public enum Privilege {
    /// Exact sudo rules for the host program's verbs.
    SUDO,
    /// No sudo: requests are files that systemd watches for.
    NONE,
    /// Sudo rules; root receives and owns releases, and takes only what is signed, settings
    /// included.
    STRICT;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
