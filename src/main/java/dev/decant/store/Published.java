package dev.decant.store;

import dev.decant.io.Digest;
import dev.decant.release.ReleaseId;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// What is current in an environment, as a machine reads it first: `key=value` lines that name
/// everything else by its digest, and a signature behind them, maybe.
///
/// @param app its name on hosts
/// @param environment as a part of a key
/// @param files digest of the release's list
/// @param by such as `alice@laptop`
/// @param bundle archives that are unpacked one over the other, and make what installs it
public record Published(
        String app,
        String environment,
        ReleaseId release,
        Digest files,
        String by,
        Instant at,
        List<Piece> bundle,
        Chain chain) {

    /// A host that does not know it does nothing.
    private static final String FORMAT = "1";

    private static final String SIGNATURE = "-----BEGIN SSH SIGNATURE-----\n";

    public Published {
        bundle = List.copyOf(bundle);
    }

    /// @param bytes of the archive
    public record Piece(Digest digest, long bytes) {}

    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, "decant", FORMAT);
        line(text, "app", app);
        line(text, "environment", environment);
        line(text, "release", release);
        line(text, "files", files.hex());
        line(text, "by", by);
        line(text, "at", at);
        bundle.forEach(piece -> line(text, "bundle", piece.digest().hex() + " " + piece.bytes()));
        chain.links().forEach(link -> line(text, "parcel", link.text()));
        return text.toString();
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append(key).append('=').append(value).append('\n');
    }

    /// @throws IllegalArgumentException if it is not of this shape
    static Published parse(String all) {
        int end = all.indexOf(SIGNATURE);
        Map<String, String> values = new HashMap<>();
        List<Piece> bundle = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (String line : (end < 0 ? all : all.substring(0, end)).lines().toList()) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("Not a line of it: " + line);
            }
            String value = line.substring(equals + 1);
            switch (line.substring(0, equals)) {
                case "bundle" -> {
                    String[] words = value.split(" ");
                    bundle.add(new Piece(new Digest(words[0]), Long.parseLong(words[1])));
                }
                case "parcel" -> links.add(Link.parse(value));
                default -> values.put(line.substring(0, equals), value);
            }
        }
        if (!FORMAT.equals(values.get("decant")) || links.isEmpty()) {
            throw new IllegalArgumentException("It is of another format.");
        }
        try {
            return new Published(
                    value(values, "app"),
                    value(values, "environment"),
                    new ReleaseId(value(values, "release")),
                    new Digest(value(values, "files")),
                    value(values, "by"),
                    Instant.parse(value(values, "at")),
                    bundle,
                    new Chain(links));
        } catch (DateTimeParseException | NullPointerException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String value(Map<String, String> values, String key) {
        return Objects.requireNonNull(values.get(key), key);
    }

    /// Keys of all that a machine fetches for it.
    public Stream<String> needs() {
        return Stream.concat(
                bundle.stream().map(piece -> ReleaseStore.bundle(piece.digest())),
                chain.links().stream().map(link -> ReleaseStore.parcel(link.parcel())));
    }

    /// The same, said anew.
    public Published again(String who, Instant when) {
        return new Published(app, environment, release, files, who, when, bundle, chain);
    }

    /// Whether a machine would get the same by it.
    public boolean sameAs(Published other) {
        return release.equals(other.release)
                && bundle.equals(other.bundle)
                && chain.equals(other.chain);
    }
}
