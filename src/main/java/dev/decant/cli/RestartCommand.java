package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Rollback;
import dev.decant.deploy.Rollout;
import dev.decant.host.HostFacts;
import dev.decant.ui.CommandLog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Map;
import java.util.concurrent.Callable;

@Command(
        name = "restart",
        description =
                "Start what serves anew, host after host, and wait until it is healthy: beside the"
                        + " old one and without a gap where the strategy is other than restart."
                        + " Same release, same settings.")
final class RestartCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final StreamOptions output = new StreamOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    @Option(
            names = "--fetch",
            description =
                    "First have the hosts ask their sources (at = \"boot\") anew, and try the"
                            + " release with what these say.")
    private boolean fetch;

    RestartCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = hosts.of(project.config(wiring));
        CommandLog log = output.log(wiring, false);
        try (Fleet fleet = Fleet.connect(config)) {
            Map<String, HostFacts> facts = fleet.lockedFacts(lock.claim(wiring));
            DeployReport report =
                    Main.rolling(
                            fleet,
                            () ->
                                    new Rollout(fleet, log, wiring.owner(), config)
                                            .rollback(
                                                    fetch
                                                            ? Rollback.refreshed(facts)
                                                            : Rollback.restart(facts),
                                                    facts));
            log.clear();
            return output.print(wiring, report);
        }
    }
}
