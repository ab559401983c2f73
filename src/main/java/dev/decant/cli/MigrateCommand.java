package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.Kind;
import dev.decant.deploy.Fleet;
import dev.decant.deploy.Operations;
import dev.decant.ui.ConsoleLog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

@Command(
        name = "migrate",
        description =
                "Run the migration of decant.toml once more, in the release that serves, on the"
                        + " host on which migrations run. A deploy does so by itself.")
final class MigrateCommand implements Callable<Integer> {

    private static final Pattern MIGRATE = Pattern.compile("(\\p{Lu}[\\w.]*)\\.\\w+(\\(.*\\))?");

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private final ProjectOptions project = new ProjectOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Mixin private final LockOptions lock = new LockOptions();

    @Option(
            names = "--down",
            arity = "2",
            paramLabel = "REPO VERSION",
            description =
                    "Instead take back what was migrated, down to and with this version: by"
                            + " `rollback` of the module that `migrate` names, as phx.gen.release"
                            + " makes it.")
    private List<String> down = new ArrayList<>();

    MigrateCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws Exception {
        Config read = project.config(wiring);
        String migrate =
                read.migrate()
                        .orElseThrow(
                                () ->
                                        usage(
                                                "decant.toml has no 'migrate'. For example: migrate"
                                                        + (read.kind().hasErlang()
                                                                ? " = \"Shop.Release.migrate()\""
                                                                : " = [\"bin/shop\","
                                                                        + " \"migrate\"]")));
        if (!down.isEmpty()) {
            NotOfThisKind.needsErlang(
                    read,
                    "migrate --down",
                    "It calls a function of the module that an expression in 'migrate' names.",
                    "decant exec -- bin/PROGRAM ARGUMENTS        runs what goes back, such as a"
                            + " command of your migration tool");
        }
        if (read.kind() == Kind.REBAR3 && !down.isEmpty()) {
            throw usage(
                    "--down is for the migrations of Ecto, and this is a project of rebar3. Call by"
                            + " decant eval what goes back.");
        }
        ConsoleLog log = wiring.log(false);
        Config config = read.on(List.of(read.migrationHost()));
        try (Fleet fleet = Fleet.connect(config)) {
            var listener = Results.listener(wiring, log, config, output);
            if (down.isEmpty()) {
                return Results.print(
                        wiring,
                        log,
                        Operations.migrate(fleet, lock.claim(wiring), log, listener, migrate),
                        output.json);
            }
            String rollback = rollback(migrate);
            fleet.lockedFacts(lock.claim(wiring));
            return Results.print(
                    wiring, log, Operations.evaluate(fleet, log, listener, rollback), output.json);
        }
    }

    private String rollback(String migrate) {
        String repo = down.get(0);
        String version = down.get(1);
        Matcher module = MIGRATE.matcher(migrate);
        if (!repo.matches("\\p{Lu}[\\w.]*") || !version.matches("[0-9]{1,18}")) {
            throw usage(
                    "Not a repo and a version: "
                            + repo
                            + " "
                            + version
                            + ". For example: --down Shop.Repo 20261124093000");
        }
        if (!module.matches()) {
            throw usage(
                    "Which module has the function to go back is not to be seen from migrate ="
                            + " \""
                            + migrate
                            + "\". Call it by decant eval.");
        }
        return module.group(1) + ".rollback(" + repo + ", " + version + ")";
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
