package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.GeneratedSecrets;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Resumption;
import dev.decant.deploy.Rollback;
import dev.decant.deploy.Rollout;
import dev.decant.deploy.RolloutLog;
import dev.decant.deploy.Unfinished;
import dev.decant.host.HostFacts;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.ReleaseShelf;
import dev.decant.secrets.Secret;
import dev.decant.source.Sources;
import dev.decant.ui.CommandLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "resume",
        description =
                "Finish a deploy or rollback that was cut off, or that lost sight of hosts: the"
                        + " others go on to the new release, or back where it had failed. Hosts"
                        + " that are there already are left alone.")
final class ResumeCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @ArgGroup private final Where where = new Where();

    /// Where the rollout itself says, unless one of these is given.
    static final class Where {
        @Option(
                names = "--back",
                description =
                        "Back to what all hosts served before it, although it had not failed.")
        private boolean back;

        @Parameters(
                arity = "0..1",
                paramLabel = "RELEASE",
                description =
                        "Have all hosts serve this one, whatever was begun: a name that"
                                + " `decant releases` lists.")
        @Nullable
        private String release;
    }

    @Mixin private final StreamOptions output = new StreamOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    ResumeCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    /// Where it is kept that a rollout is unfinished.
    static Path file(Wiring wiring, Config config) {
        return wiring.rollouts()
                .resolve(
                        config.names().unit()
                                + config.environment().map(name -> "." + name).orElse("")
                                + ".json");
    }

    /// A log that keeps there, too, how far a rollout is.
    ///
    /// @param facts from before it
    static RolloutLog kept(
            Wiring wiring, Config config, Map<String, HostFacts> facts, RolloutLog log) {
        return RolloutLog.all(List.of(log, Unfinished.keeper(file(wiring, config), facts, log)));
    }

    @Override
    public Integer call() throws Exception {
        Config all = project.config(wiring);
        Config config = hosts.of(all);
        CommandLog log = output.log(wiring, false);
        Path file = file(wiring, config);
        ReleaseShelf shelf = BuildOptions.shelf(config, wiring);
        Optional<ReleaseId> given =
                where.release == null
                        ? Optional.empty()
                        : Optional.of(shelf.get(where.release).id());
        Map<String, HostFacts> facts;
        try (Fleet fleet = Fleet.connect(config)) {
            facts = fleet.facts();
        }
        Resumption resumption = Resumption.decide(Unfinished.read(file), facts, where.back, given);
        if (resumption.hosts().isEmpty()) {
            Unfinished.close(file, facts.keySet());
            log.clear();
            return output.print(
                    wiring, DeployReport.unchanged(resumption.release(), facts.keySet()));
        }
        Config rest =
                config.on(
                        config.hosts().stream()
                                .filter(host -> resumption.hosts().contains(host.name()))
                                .toList());
        DeployReport report;
        try (Observers observers = Observers.of(config, wiring, kept(wiring, config, facts, log))) {
            report =
                    resumption.deploys()
                            ? deploy(resumption, rest, HostOptions.all(all, rest), shelf, observers)
                            : rollBack(resumption, rest, observers);
        }
        report = new Publishing(wiring, config, log).after(report, HostOptions.all(all, config));
        log.clear();
        return output.print(wiring, report);
    }

    private DeployReport deploy(
            Resumption resumption,
            Config left,
            boolean whole,
            ReleaseShelf shelf,
            Observers observers)
            throws Exception {
        Sources.Found found = Sources.find(left, wiring.environment());
        Config rest = found.config();
        Release release = shelf.get(resumption.release().value());
        try (Fleet fleet = Fleet.begin(rest);
                Parcels parcels = DeployOptions.parcels(rest, wiring, release)) {
            Map<String, HostFacts> facts = parcels.survey(fleet, Optional.of(lock.claim(wiring)));
            List<Secret> secrets = GeneratedSecrets.with(rest, whole, found.secrets(), facts);
            Plan plan = DeployOptions.plan(rest, parcels, facts, secrets, false);
            Rollout rollout =
                    AssetsCommand.first(
                            observers.rollout(fleet, rest), rest, release, observers.log());
            return Main.rolling(
                    fleet,
                    () ->
                            rollout.run(
                                    resumption.migrated() ? plan.migrated() : plan,
                                    rest,
                                    parcels,
                                    facts,
                                    secrets));
        }
    }

    private DeployReport rollBack(Resumption resumption, Config rest, Observers observers)
            throws Exception {
        try (Fleet fleet = Fleet.connect(rest)) {
            Map<String, HostFacts> facts = fleet.lockedFacts(lock.claim(wiring));
            Rollback rollback = Rollback.plan(facts, Optional.of(resumption.release().value()));
            rollback.warnings().forEach(warning -> observers.log().note("", warning));
            Rollout rollout = observers.rollout(fleet, rest);
            return Main.rolling(fleet, () -> rollout.rollback(rollback, facts));
        }
    }
}
