package dev.decant.bundle;

import dev.decant.config.Config;
import dev.decant.store.ReleaseStore;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A program for a new machine, by which it finds what is current in the store, now and at each
/// boot. It has no secrets.
public final class UserData {

    private static final String PROGRAM = "decant-pull";

    private UserData() {}

    /// @param plain where the store is asked without a signature; empty to ask the bucket with one
    /// @param migrate machines run migrations themselves
    /// @param signers whose word on what is current counts, as lines of allowed_signers; empty for
    ///   anybody's who can write to the store
    public record About(Optional<URI> plain, boolean migrate, String signers) {}

    public static String of(ReleaseStore store, Config config, About about) throws IOException {
        StringBuilder settings = new StringBuilder();
        line(settings, "app", config.names().unit());
        line(settings, "environment", Publication.environment(config));
        if (about.plain().isPresent()) {
            String url = about.plain().get().toString();
            line(settings, "url", url.endsWith("/") ? url : url + "/");
        } else {
            line(settings, "url", store.url().toString());
            line(settings, "sign", "aws:amz:" + store.region() + ":s3");
        }
        if (about.migrate()) {
            line(settings, "migrate", "yes");
        }
        about.signers().lines().forEach(signer -> line(settings, "signer", signer));
        String program = new String(Bundle.resource(PROGRAM), StandardCharsets.UTF_8);
        int second = program.indexOf('\n') + 1;
        return program.substring(0, second) + settings + program.substring(second);
    }

    private static void line(StringBuilder settings, String key, String value) {
        settings.append("#= ").append(key).append('=').append(value).append('\n');
    }
}
