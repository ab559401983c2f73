package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.config.HostConfig;
import dev.decant.deploy.Setup;
import dev.decant.problem.ExitStatus;
import dev.decant.release.Signer;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.TextDiff;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

@Command(
        name = "setup",
        description =
                "Make the hosts ready: users, folders, the host program, its sudo rules and the"
                        + " units. Connects as ssh.setup_user. Doing it again changes only what"
                        + " differs.")
final class SetupCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Change nothing; only show what would be changed.")
    private boolean dryRun;

    SetupCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    /// Whose releases hosts are to take; nothing where nobody signs.
    static String signers(Config config) throws IOException {
        if (config.signers().isPresent()) {
            return ConfigReader.text("signers", config.signers().get());
        }
        return config.signingKey().isPresent()
                ? new Signer(config.signingKey().get(), config.names().unit()).allowed()
                : "";
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        ConsoleLog log = wiring.log(false);
        Map<String, Setup.Changes> done =
                Setup.run(config, signers(config), wiring.owner(), dryRun, log);
        log.clear();
        Map<String, List<String>> changes = new LinkedHashMap<>();
        done.forEach((host, change) -> changes.put(host, change.changed()));
        if (output.json) {
            Json.print(
                    wiring.out(),
                    Json.ordered(
                            "dry_run",
                            dryRun,
                            "changes",
                            changes,
                            "edits",
                            edits(done),
                            "exposure",
                            exposures(done)));
        } else {
            print(
                    wiring.out(),
                    changes,
                    "is set up; nothing to change",
                    dryRun ? "would change" : "changed");
            printEdits(wiring.out(), done);
            printExposures(wiring.out(), done);
            printPeers(wiring.out(), config);
        }
        return ExitStatus.DONE.number();
    }

    /// What a firewall has to know of a cluster; whose it is to say so.
    private static void printPeers(PrintWriter out, Config config) {
        List<HostConfig> nodes = config.hosts().stream().filter(HostConfig::clustered).toList();
        for (HostConfig node : nodes) {
            int port = config.service().distribution().orElseThrow();
            out.printf(
                    "%s  listens for other nodes at %s:%d; let these in, and nobody else:%n",
                    node.name(), node.nodeAddress(), port);
            out.printf(
                    "    nft add rule inet filter input ip saddr { %s } tcp dport %d accept%n",
                    nodes.stream().map(HostConfig::nodeAddress).collect(Collectors.joining(", ")),
                    port);
            out.printf("    nft add rule inet filter input tcp dport %d drop%n", port);
        }
        out.flush();
    }

    /// Of each host, for each file the lines of a diff.
    private static Map<String, Map<String, List<String>>> edits(Map<String, Setup.Changes> done) {
        Map<String, Map<String, List<String>>> all = new LinkedHashMap<>();
        done.forEach(
                (host, change) -> {
                    Map<String, List<String>> files = new LinkedHashMap<>();
                    change.edits()
                            .forEach(
                                    edit ->
                                            files.put(
                                                    edit.file(),
                                                    TextDiff.of(edit.before(), edit.after())));
                    all.put(host, files);
                });
        return all;
    }

    private static void printEdits(PrintWriter out, Map<String, Setup.Changes> done) {
        edits(done)
                .forEach(
                        (host, files) ->
                                files.forEach(
                                        (file, lines) -> {
                                            out.println(host + "  " + file);
                                            lines.forEach(line -> out.println("    " + line));
                                        }));
        out.flush();
    }

    private static Map<String, Object> exposures(Map<String, Setup.Changes> done) {
        Map<String, Object> all = new LinkedHashMap<>();
        done.forEach(
                (host, change) ->
                        all.put(
                                host,
                                change.exposures().stream().map(SetupCommand::exposure).toList()));
        return all;
    }

    private static Map<String, Object> exposure(Setup.Exposure exposure) {
        Map<String, Object> json = Json.ordered("unit", exposure.unit());
        exposure.before().ifPresent(score -> json.put("before", score));
        json.put("after", exposure.after());
        return json;
    }

    private static void printExposures(PrintWriter out, Map<String, Setup.Changes> done) {
        done.forEach(
                (host, change) ->
                        change.exposures()
                                .forEach(
                                        exposure ->
                                                out.printf(
                                                        "%s  exposure of %s  %s -> %s  (0 is safe,"
                                                                + " 10 is not; systemd-analyze"
                                                                + " security)%n",
                                                        host,
                                                        exposure.unit(),
                                                        exposure.before().orElse("none"),
                                                        exposure.after())));
        out.flush();
    }

    /// @param nothing what is said of a host on which nothing changes
    /// @param heading of the others' changes
    static void print(
            PrintWriter out, Map<String, List<String>> changes, String nothing, String heading) {
        changes.forEach(
                (host, changed) -> {
                    out.println(host + "  " + (changed.isEmpty() ? nothing : heading));
                    changed.forEach(what -> out.println("    " + what));
                });
        out.flush();
    }
}
