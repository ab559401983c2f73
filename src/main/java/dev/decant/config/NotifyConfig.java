package dev.decant.config;

import java.util.Optional;

/// `[notify]`: who is told of deploys. The URL may be as good as a password.
///
/// @param webhook a URL
/// @param webhookSecret the variable here that has it, and goes before it
public record NotifyConfig(Optional<String> webhook, Optional<String> webhookSecret) {

    static final String URL = "https?://[^\\s\\p{Cntrl}]+";

    @Override
    public String toString() {
        return "webhook=" + webhook.map(_ -> "<hidden>") + ", webhookSecret=" + webhookSecret;
    }
}
