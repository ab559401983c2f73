package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.host.Deployment;
import dev.decant.host.HostFacts;
import dev.decant.problem.ExitStatus;
import dev.decant.ui.Json;
import dev.decant.ui.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.concurrent.Callable;

@Command(name = "releases", description = "List what has been deployed to each host, newest first.")
final class ReleasesCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    ReleasesCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        try (Fleet fleet = Fleet.connect(config)) {
            Map<String, HostFacts> facts = fleet.facts();
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered(
                                "hosts",
                                facts.values().stream()
                                        .map(
                                                host ->
                                                        Json.ordered(
                                                                "host",
                                                                host.host(),
                                                                "deployments",
                                                                host.deployments().stream()
                                                                        .map(
                                                                                deployment ->
                                                                                        Json.of(
                                                                                                deployment,
                                                                                                isLive(
                                                                                                        host,
                                                                                                        deployment),
                                                                                                isKept(
                                                                                                        host,
                                                                                                        deployment)))
                                                                        .toList()))
                                        .toList()));
                return ExitStatus.DONE.number();
            }
            Table table = new Table().row("HOST", "N", "RELEASE", "", "AT", "BY");
            for (HostFacts host : facts.values()) {
                for (Deployment deployment : host.deployments()) {
                    table.row(
                            host.host(),
                            Integer.toString(deployment.number()),
                            deployment.release().value(),
                            words(host, deployment),
                            deployment.at(),
                            deployment.by());
                }
            }
            table.print(wiring.out());
            return ExitStatus.DONE.number();
        }
    }

    private static boolean isLive(HostFacts host, Deployment deployment) {
        return host.live().isPresent() && host.live().getAsInt() == deployment.number();
    }

    private static boolean isKept(HostFacts host, Deployment deployment) {
        return host.releases().contains(deployment.release());
    }

    private static String words(HostFacts host, Deployment deployment) {
        if (isLive(host, deployment)) {
            return "serves";
        }
        return deployment
                .verdict()
                .map(verdict -> verdict == Deployment.Verdict.LIVE ? "served" : verdict.word())
                .orElse("never activated");
    }
}
