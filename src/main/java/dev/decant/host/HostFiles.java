package dev.decant.host;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;

/// What `setup` brings a host to have, as texts; an empty one for what is not needed, and is to go
/// where it is there.
///
/// @param service unit of an app that runs alone
/// @param slot unit of an app that runs in one of two slots
/// @param eval unit that runs an expression in a release
/// @param recover unit that settles at boot what a power cut has left
/// @param watch unit that watches for requests in files
/// @param requests unit that carries them out
/// @param signers lines that the host's allowed_signers is to have, among others
/// @param ports `key=value` lines: the app's ports, and how it is switched
/// @param keeper drop-in that has the public ports outlive a reload of the firewall
/// @param socket unit that listens on the public ports
/// @param site for nginx or Caddy, with `@PORT@` and `@STATIC@` for what differs between releases
/// @param more what else there is to be of this app below `/etc/systemd/system`, by its path there;
///   what setup has brought there before and does not stand here goes
public record HostFiles(
        String service,
        String slot,
        String eval,
        String recover,
        String watch,
        String requests,
        String signers,
        String ports,
        String keeper,
        String socket,
        String site,
        SortedMap<String, String> more) {

    /// In the order in which the host program takes them.
    List<String> texts() {
        return List.copyOf(parts().values());
    }

    /// Each by its name, in the order in which the host program takes them.
    public SequencedMap<String, String> parts() {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        parts.put("service", service);
        parts.put("slot", slot);
        parts.put("eval", eval);
        parts.put("recover", recover);
        parts.put("watch", watch);
        parts.put("requests", requests);
        parts.put("signers", signers);
        parts.put("ports", ports);
        parts.put("keeper", keeper);
        parts.put("socket", socket);
        parts.put("site", site);
        parts.put("more", moreText());
        return parts;
    }

    /// A line `>PATH` before each, and a `=` before each of its lines.
    public String moreText() {
        StringBuilder all = new StringBuilder();
        more.forEach(
                (path, text) -> {
                    all.append('>').append(path).append('\n');
                    text.lines().forEach(line -> all.append('=').append(line).append('\n'));
                });
        return all.toString();
    }
}
