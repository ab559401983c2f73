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

@Command(
        name = "status",
        description =
                "Show what each host serves. Exit status 5 if one serves nothing, has an unfinished"
                        + " deploy, a process that does not run, or a public port that leads"
                        + " nowhere.")
final class StatusCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    StatusCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.config(wiring);
        try (Fleet fleet = Fleet.connect(config)) {
            Map<String, HostFacts> facts = fleet.facts();
            boolean well =
                    facts.values().stream()
                            .allMatch(
                                    host ->
                                            host.service().running()
                                                    && host.processes().stream()
                                                            .allMatch(HostFacts.OtherUnit::running)
                                                    && host.activating().isEmpty()
                                                    && host.unpublished().isEmpty());
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered("hosts", facts.values().stream().map(Json::of).toList()));
            } else {
                print(facts);
            }
            return (well ? ExitStatus.DONE : ExitStatus.INCOMPLETE).number();
        }
    }

    private static String whose(Deployment deployment) {
        return " ("
                + deployment.release()
                + ", by "
                + deployment.by()
                + " at "
                + deployment.at()
                + ")";
    }

    private void printProcesses(Map<String, HostFacts> facts) {
        if (facts.values().stream().allMatch(host -> host.processes().isEmpty())) {
            return;
        }
        Table table = new Table().row("HOST", "UNIT", "STATE");
        for (HostFacts host : facts.values()) {
            host.processes()
                    .forEach(process -> table.row(host.host(), process.unit(), process.state()));
        }
        wiring.out().println();
        table.print(wiring.out());
    }

    private void print(Map<String, HostFacts> facts) {
        Table table = new Table().row("HOST", "SERVICE", "RELEASE", "SINCE", "PID", "RESTARTS");
        for (HostFacts host : facts.values()) {
            table.row(
                    host.host(),
                    host.service().state()
                            + (host.service().slot() == 0
                                    ? ""
                                    : " (slot " + host.service().slot() + ")"),
                    host.liveDeployment().map(live -> live.release().value()).orElse("none"),
                    host.service().running() ? host.service().since() : "",
                    host.service().running() ? Integer.toString(host.service().pid()) : "",
                    Integer.toString(host.service().restarts()));
        }
        table.print(wiring.out());
        printProcesses(facts);
        for (HostFacts host : facts.values()) {
            if (host.activating().isPresent()) {
                wiring.out()
                        .println(
                                host.host()
                                        + ": deployment "
                                        + host.activating().getAsInt()
                                        + host.unfinished().map(StatusCommand::whose).orElse("")
                                        + (host.applying()
                                                ? " is being activated right now."
                                                : " was cut short. decant repair puts back what"
                                                        + " served before it; so does the next"
                                                        + " deploy or rollback."));
            }
        }
        for (HostFacts host : facts.values()) {
            host.maintenance()
                    .ifPresent(
                            it ->
                                    wiring.out()
                                            .println(
                                                    host.host()
                                                            + ": visitors see the maintenance page,"
                                                            + " "
                                                            + it));
        }
        for (HostFacts host : facts.values()) {
            if (!host.unpublished().isEmpty()) {
                wiring.out()
                        .println(
                                host.host()
                                        + ": the firewall no longer leads "
                                        + String.join(
                                                ", ",
                                                host.unpublished().stream()
                                                        .map(ports -> ports.replace(" ", " to "))
                                                        .toList())
                                        + ". decant repair has it do so again.");
            }
        }
        wiring.out().flush();
    }
}
