package dev.decant.host;

import dev.decant.io.Digest;
import dev.decant.systemd.EnvironmentFile;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a host remembers: which settings the deployment that serves was made with, and how earlier
/// ones went.
///
/// @param variables those of the live deployment's environment file; empty where the host does not
///   say
/// @param history oldest first
public record HostPast(Optional<Map<String, String>> variables, List<HistoryEntry> history) {

    /// Nothing is known of it.
    public static final HostPast NONE = new HostPast(Optional.empty(), List.of());

    public HostPast {
        history = List.copyOf(history);
    }

    /// @param environment reply to [Verb.Environment], of whatever status
    /// @param history reply to [Verb.History]
    /// @param live digest of the live deployment's environment file: what is another's does not
    ///   count
    /// @param systemd the host's version
    static HostPast of(Reply environment, Reply history, Optional<Digest> live, int systemd) {
        return new HostPast(
                environment.all("file").stream()
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .filter(text -> !text.equals("-"))
                        .map(text -> Base64.getDecoder().decode(text))
                        .filter(bytes -> live.equals(Optional.of(Digest.of(bytes))))
                        .findFirst()
                        .flatMap(bytes -> EnvironmentFile.read(bytes, systemd)),
                HistoryEntry.of(history));
    }
}
