package dev.decant.host;

import dev.decant.io.Digest;
import dev.decant.secrets.Secret;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The secrets that the live deployment has: names, and what tells one value from another. Values
/// are not to be had.
///
/// @param salt of this run; empty where only names were asked for
/// @param digests by name, in order: the first 12 hexadecimal digits of the SHA-256 of the salt, a
///   blank and the SHA-256 of the assignment as systemd reads it; empty ones without a salt
public record HostSecrets(String salt, Map<String, String> digests) {

    private static final int DIGITS = 12;

    static final HostSecrets NONE = new HostSecrets("", Map.of());

    public HostSecrets {
        digests = Collections.unmodifiableMap(new TreeMap<>(digests));
    }

    /// @param inspected reply to [Verb.Inspect]
    static HostSecrets of(Reply inspected, String salt) {
        Map<String, String> digests = new TreeMap<>();
        for (String line : inspected.all("secret")) {
            String[] words = line.split(" ");
            digests.put(words[0], words.length > 1 ? words[1] : "");
        }
        return new HostSecrets(salt, digests);
    }

    public List<String> names() {
        return List.copyOf(digests.keySet());
    }

    public boolean has(String name) {
        return digests.containsKey(name);
    }

    /// Whether it is known that the host has just this value.
    public boolean has(Secret secret) {
        return Optional.of(digest(secret)).equals(Optional.ofNullable(digests.get(secret.name())));
    }

    /// What the host would say of a secret if it had it.
    public String digest(Secret secret) {
        return digest(salt, secret);
    }

    public static String digest(String salt, Secret secret) {
        String text = Verb.SecretValue.text(secret);
        return Digest.of(salt + " " + Digest.of(text).hex()).hex().substring(0, DIGITS);
    }

    /// Digests are of use to nobody who has not the salt, and are not to be kept with it.
    @Override
    public String toString() {
        return digests.keySet().toString();
    }
}
