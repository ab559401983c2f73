package dev.decant.lint;

import dev.decant.config.LintRule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Options of the one web server, given to the other.
///
/// Source: the options of Bandit, Thousand Island and Plug.Cowboy.
final class ServerOptions implements Rule {

    /// What Bandit has for them.
    private static final Map<String, String> OF_COWBOY =
            Map.of(
                    "protocol_options",
                    "http_1_options: [max_requests: …, max_header_length: …]",
                    "compress",
                    "http_options: [compress: true], which is Bandit's default",
                    "transport_options",
                    "thousand_island_options: [num_acceptors: …, num_connections: …,"
                            + " transport_options: […]]",
                    "max_connections",
                    "thousand_island_options: [num_connections: …], for each acceptor",
                    "acceptors",
                    "thousand_island_options: [num_acceptors: …]",
                    "num_acceptors",
                    "thousand_island_options: [num_acceptors: …]",
                    "dispatch",
                    "a plug in front of the endpoint's others",
                    "stream_handlers",
                    "a plug, or telemetry");

    private static final Map<String, String> OF_BANDIT =
            Map.of(
                    "http_options",
                    "compress: true",
                    "http_1_options",
                    "protocol_options: [max_keepalive: …, max_header_value_length: …]",
                    "http_2_options",
                    "protocol_options: [max_concurrent_streams: …]",
                    "websocket_options",
                    "websocket: [max_frame_size: …]  of the endpoint's socket",
                    "thousand_island_options",
                    "transport_options: [num_acceptors: …, max_connections: …]");

    private static final Set<String> OF_RANCH =
            Set.of("num_acceptors", "max_connections", "socket_opts", "num_conns_sups");

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        List<Finding> findings = new ArrayList<>();
        for (Endpoints.Served server : new Endpoints(project, hosts.mixEnv()).served()) {
            boolean bandit = server.server().equals(Endpoints.BANDIT);
            Map<String, String> others = bandit ? OF_COWBOY : OF_BANDIT;
            for (Code.Pair option : server.options()) {
                String instead = others.get(option.key().name());
                if (instead != null) {
                    findings.add(finding(server, option, bandit, instead));
                }
                if (bandit && option.is("thousand_island_options")) {
                    findings.addAll(ofRanch(server, option));
                }
            }
        }
        return findings;
    }

    private static Finding finding(
            Endpoints.Served server, Code.Pair option, boolean bandit, String instead) {
        return Finding.at(
                server.source(),
                option.key(),
                LintRule.SERVER_OPTIONS,
                bandit ? Severity.ERROR : Severity.WARNING,
                "%s is an option of %s, and %s serves here."
                        .formatted(
                                option.key().name(), bandit ? "Cowboy" : "Bandit", server.server()),
                List.of(
                        server.said(),
                        bandit
                                ? "Bandit does not start with an option that it does not know, and"
                                        + " so neither does the app."
                                : "Cowboy takes it for an option of its socket and passes over it:"
                                        + " the limit that is meant is not there."),
                List.of(server.server() + " has for it:  " + instead));
    }

    private static List<Finding> ofRanch(Endpoints.Served server, Code.Pair islands) {
        return islands.pairs().stream()
                .filter(pair -> pair.is("transport_options"))
                .flatMap(pair -> pair.pairs().stream())
                .filter(pair -> OF_RANCH.contains(pair.key().name()))
                .map(
                        pair ->
                                Finding.at(
                                        server.source(),
                                        pair.key(),
                                        LintRule.SERVER_OPTIONS,
                                        Severity.WARNING,
                                        "%s is an option of Cowboy's Ranch, and Bandit serves here."
                                                .formatted(pair.key().name()),
                                        List.of(
                                                server.said(),
                                                "Here stand options of the socket, of which this is"
                                                    + " none: the app does not start, or the limit"
                                                    + " that is meant is not there."),
                                        List.of(
                                                "thousand_island_options: [num_acceptors: …,"
                                                        + " num_connections: …], a level further"
                                                        + " out")))
                .toList();
    }
}
