package dev.decant.cli;

import dev.decant.build.Git;
import dev.decant.build.Pipeline;
import dev.decant.config.Config;
import dev.decant.problem.ExitStatus;
import dev.decant.project.ToolVersions;
import dev.decant.release.Release;
import dev.decant.ui.ConsoleLog;
import dev.decant.ui.Json;
import dev.decant.ui.Words;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

@Command(
        name = "build",
        description =
                "Build a release of the current commit, in a clean checkout, and keep it on this"
                        + " machine.")
final class BuildCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final BuildOptions build = new BuildOptions();

    @Option(
            names = "--print-ci",
            paramLabel = "SERVICE",
            description =
                    "Build nothing, and print a pipeline that does so for each push, and deploys:"
                            + " ${COMPLETION-CANDIDATES}.")
    private @Nullable Pipeline pipeline;

    @Mixin private final OutputOptions output = new OutputOptions();

    BuildCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config config = project.withoutHosts(wiring);
        if (pipeline != null) {
            Git git = Git.at(config.project());
            ToolVersions versions = ToolVersions.read(config.project(), git.top());
            wiring.out().print(pipeline.text(config, git.prefix(), versions));
            wiring.out().flush();
            return ExitStatus.DONE.number();
        }
        ConsoleLog log = wiring.log(build.verbose);
        Release release =
                BuildOptions.signed(config, build.release(config, wiring, null, log), log);
        log.clear();
        if (output.json) {
            Json.print(wiring.out(), Json.of(release));
        } else {
            wiring.out()
                    .println(
                            release.id()
                                    + "  "
                                    + Words.bytes(release.size())
                                    + "  "
                                    + release.folder());
        }
        return ExitStatus.DONE.number();
    }
}
