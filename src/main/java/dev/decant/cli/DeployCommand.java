package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.GeneratedSecrets;
import dev.decant.deploy.HostChanges;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.deploy.PlanFile;
import dev.decant.deploy.Rollout;
import dev.decant.deploy.RolloutLog;
import dev.decant.host.HostFacts;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.source.Sources;
import dev.decant.ui.CommandLog;
import dev.decant.ui.Json;
import dev.decant.ui.PlanPrinter;
import dev.decant.web.Recording;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

@Command(
        name = "deploy",
        description =
                "Put a release on the hosts: the current commit's, one that is on this machine, or"
                        + " one that was made elsewhere."
                        + " A host on which it does not get healthy goes back to what it served"
                        + " before.")
final class DeployCommand implements Callable<Integer> {

    private static final Set<String> BESIDE_PLAN =
            Set.of(
                    "--plan",
                    "--directory",
                    "--environment",
                    "--json",
                    "--quiet",
                    "--verbose",
                    "--report",
                    "--wait");

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final DeployOptions options = new DeployOptions();

    @Mixin private final StreamOptions output = new StreamOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    @Mixin private final ReportOptions reports = new ReportOptions();

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description =
                    "Carry out what decant plan --out has written, as it stands there; or change"
                            + " nothing, and say what is not as it was.")
    private @Nullable Path file;

    @Spec private CommandSpec command = CommandSpec.create();

    DeployCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Optional<PlanFile> planned = planned();
        Config all = project.config(wiring);
        Config config = planned.isPresent() ? planned.get().on(all) : hosts.of(all);
        return reports.recorded(
                wiring, config, recording -> deploy(all, config, planned, recording));
    }

    private int deploy(Config all, Config asked, Optional<PlanFile> planned, Recording recording)
            throws Exception {
        CommandLog log = output.log(wiring, options.release.build.verbose);
        Sources.Found found = Sources.find(asked, wiring.environment());
        Config config = found.config();
        try (Fleet fleet = Fleet.begin(config)) {
            Release wanted =
                    planned.isPresent()
                            ? options.release.meanwhile(fleet, config, wiring, planned.get(), log)
                            : options.release.meanwhile(fleet, config, wiring, log);
            try (Parcels parcels = DeployOptions.parcels(config, wiring, wanted)) {
                Optional<Fleet.Claim> claim = Optional.of(lock.claim(wiring));
                Map<String, HostFacts> facts =
                        planned.isPresent()
                                ? parcels.surveyWithPast(fleet, claim)
                                : parcels.survey(fleet, claim);
                recording.serving(facts);
                List<Secret> secrets =
                        GeneratedSecrets.with(
                                config, HostOptions.all(all, asked), found.secrets(), facts);
                boolean again = planned.map(PlanFile::again).orElse(options.again);
                Plan plan = DeployOptions.plan(config, parcels, facts, secrets, again);
                Map<String, HostChanges> changes =
                        HostChanges.of(plan, config, parcels, secrets, facts);
                if (planned.isPresent()) {
                    planned.get()
                            .mustBe(
                                    Json.text(
                                            DeployOptions.json(
                                                    plan, changes, config, wanted, again)));
                }
                PlanPrinter.summary(changes).forEach(line -> log.note("plan", line));
                RolloutLog told = recording.beside(ResumeCommand.kept(wiring, config, facts, log));
                DeployReport report;
                try (Observers observers = Observers.of(config, wiring, told)) {
                    Rollout rollout =
                            AssetsCommand.first(
                                    observers.rollout(fleet, config),
                                    config,
                                    wanted,
                                    observers.log());
                    report =
                            Main.rolling(
                                    fleet,
                                    () -> rollout.run(plan, config, parcels, facts, secrets));
                }
                report =
                        new Publishing(wiring, config, log)
                                .after(report, HostOptions.all(all, asked), parcels, facts);
                log.clear();
                return output.print(wiring, report);
            }
        }
    }

    /// @throws ParameterException where more is said than it leaves open
    private Optional<PlanFile> planned() {
        if (file == null) {
            return Optional.empty();
        }
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (!BESIDE_PLAN.contains(option.longestName())) {
                throw new ParameterException(
                        command.commandLine(),
                        option.longestName() + " cannot be said with --plan, which says it.");
            }
        }
        return Optional.of(PlanFile.read(wiring.folder().resolve(file), file.toString()));
    }
}
