package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.GeneratedSecrets;
import dev.decant.deploy.HostChanges;
import dev.decant.deploy.Parcels;
import dev.decant.deploy.Plan;
import dev.decant.deploy.PlanFile;
import dev.decant.host.HostFacts;
import dev.decant.problem.ExitStatus;
import dev.decant.release.Release;
import dev.decant.secrets.Secret;
import dev.decant.source.Sources;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.PlanPrinter;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "plan",
        description = "Show what deploy would do on each host. Builds if it must; changes no host.")
final class PlanCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final HostOptions hosts = new HostOptions();

    @Mixin private final DeployOptions options = new DeployOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write the plan to a file as well, for deploy --plan FILE to carry out as it"
                            + " stands, or not at all.")
    private @Nullable Path file;

    PlanCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        ConsoleLog log = wiring.log(options.release.build.verbose);
        Config all = project.config(wiring);
        Config asked = hosts.of(all);
        Sources.Found found = Sources.find(asked, wiring.environment());
        Config config = found.config();
        try (Fleet fleet = Fleet.connect(config)) {
            Release wanted = options.release.release(config, wiring, log);
            try (Parcels parcels = DeployOptions.parcels(config, wiring, wanted)) {
                Map<String, HostFacts> facts = parcels.surveyWithPast(fleet, Optional.empty());
                List<Secret> secrets =
                        GeneratedSecrets.with(
                                config, HostOptions.all(all, asked), found.secrets(), facts);
                Plan plan = DeployOptions.plan(config, parcels, facts, secrets, options.again);
                Map<String, HostChanges> changes =
                        HostChanges.of(plan, config, parcels, secrets, facts);
                log.clear();
                Map<String, Object> json =
                        DeployOptions.json(plan, changes, config, wanted, options.again);
                if (file != null) {
                    PlanFile.write(wiring.folder().resolve(file), Json.text(json));
                }
                if (output.json) {
                    Json.print(wiring.out(), json);
                } else {
                    PlanPrinter.print(wiring.out(), plan, changes, options.release.build.verbose);
                }
                return ExitStatus.DONE.number();
            }
        }
    }
}
