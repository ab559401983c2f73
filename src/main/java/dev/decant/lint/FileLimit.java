package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.lint.Sources.Found;
import dev.decant.project.Piece;
import dev.decant.project.Source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How many connections the VM, its web server and systemd allow: the least of them counts.
final class FileLimit implements Rule {

    /// What both web servers take at least where nothing else is said.
    private static final int USUAL_CONNECTIONS = 16_384;

    private static final int USUAL_ACCEPTORS = 100;

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        List<Finding> findings = new ArrayList<>();
        Optional<VmArgs.Flag> ports = project.vmArgs().flatMap(file -> ports(file));
        ports.filter(flag -> flag.value() != hosts.files())
                .ifPresent(
                        flag -> findings.add(ofPorts(project.vmArgs().orElseThrow(), flag, hosts)));
        for (Endpoints.Served server : new Endpoints(project, hosts.mixEnv()).served()) {
            connections(server.options())
                    .filter(most -> most.value() >= hosts.files())
                    .ifPresent(most -> findings.add(ofServer(server.source(), most, hosts)));
        }
        if (hosts.files() < USUAL_CONNECTIONS) {
            websocket(project).ifPresent(found -> findings.add(ofSockets(found, hosts)));
        }
        return findings;
    }

    private static Optional<VmArgs.Flag> ports(Source file) {
        return VmArgs.number(file, "+Q").or(() -> VmArgs.number(file, "-env ERL_MAX_PORTS"));
    }

    private static Finding ofPorts(Source file, VmArgs.Flag flag, HostSettings hosts) {
        boolean fewer = flag.value() < hosts.files();
        return Finding.at(
                file,
                flag.at(),
                LintRule.FILE_LIMIT,
                Severity.WARNING,
                "The VM may have %d ports, and the app %d files (limits.files)."
                        .formatted(flag.value(), hosts.files()),
                List.of(
                        "A connection takes one of each, and so does a file: there can be %d of them."
                                .formatted(Math.min(flag.value(), hosts.files())),
                        (fewer
                                        ? "Past that the VM refuses (system_limit),"
                                        : "Past that the system refuses (emfile),")
                                + " and clients wait while the app looks idle."),
                List.of(
                        fewer
                                ? "Take the flag out: the VM then has as many ports as it may have"
                                        + " files."
                                : "files = %d   under [limits], or take the flag out"
                                        .formatted(flag.value())));
    }

    /// @param at of the setting
    private record Most(int at, String said, long value) {}

    private static Optional<Most> connections(List<Code.Pair> options) {
        for (Code.Pair option : options) {
            if (option.is("transport_options")) {
                Optional<Most> cowboys =
                        number(option.pairs(), "max_connections").map(pair -> most(pair, 1));
                if (cowboys.isPresent()) {
                    return cowboys;
                }
            } else if (option.is("thousand_island_options")) {
                long acceptors =
                        number(option.pairs(), "num_acceptors")
                                .flatMap(pair -> Code.number(pair.value()))
                                .orElse((long) USUAL_ACCEPTORS);
                Optional<Most> bandits =
                        number(option.pairs(), "num_connections")
                                .map(pair -> most(pair, acceptors));
                if (bandits.isPresent()) {
                    return bandits;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Code.Pair> number(List<Code.Pair> pairs, String name) {
        return pairs.stream()
                .filter(pair -> pair.is(name) && Code.number(pair.value()).isPresent())
                .findFirst();
    }

    private static Most most(Code.Pair pair, long times) {
        long value = Code.number(pair.value()).orElseThrow();
        return new Most(
                pair.key().at(),
                pair.key().name()
                        + ": "
                        + value
                        + (times == 1 ? "" : " for each of " + times + " acceptors"),
                value * times);
    }

    private static Finding ofServer(Source source, Most most, HostSettings hosts) {
        return Finding.at(
                source,
                most.at(),
                LintRule.FILE_LIMIT,
                Severity.WARNING,
                "The web server would take %d connections, and the app may have %d files (limits.files)."
                        .formatted(most.value(), hosts.files()),
                List.of(
                        most.said(),
                        "Its own limit would make clients wait their turn. The system's comes"
                                + " first: then files, the database and the log fail as well"
                                + " (emfile)."),
                List.of(
                        "files = %d   under [limits], which leaves some for the rest"
                                .formatted(most.value() + 1024),
                        "or fewer connections"));
    }

    private static Optional<Found<Piece>> websocket(Sources project) {
        for (Source source : project.lib()) {
            List<Found<Piece>> found = new ArrayList<>();
            Code.lists(
                    source.pieces(),
                    list -> {
                        for (int i = 0; i + 2 < list.size(); i++) {
                            if (Code.isWord(list, i, "socket")
                                    && Sources.text(list.get(i + 1))
                                            .filter(path -> path.startsWith("/"))
                                            .isPresent()
                                    && Code.isSign(list, i + 2, ",")) {
                                found.add(new Found<>(source, list.get(i)));
                            }
                        }
                    });
            if (!found.isEmpty()) {
                return Optional.of(found.getFirst());
            }
        }
        return Optional.empty();
    }

    private static Finding ofSockets(Found<Piece> found, HostSettings hosts) {
        return Finding.at(
                found.source(),
                found.what(),
                LintRule.FILE_LIMIT,
                Severity.HINT,
                "Each websocket is a file that stays open, and limits.files is %d."
                        .formatted(hosts.files()),
                List.of(
                        "A page with a channel or a LiveView holds one for as long as it is looked"
                                + " at; when clients reconnect after a deploy, all come at once.",
                        "The web server's own limit, %d or more, is never reached: the app runs out of files (emfile)."
                                .formatted(USUAL_CONNECTIONS)),
                List.of("files = 65536   under [limits], which is the default"));
    }
}
