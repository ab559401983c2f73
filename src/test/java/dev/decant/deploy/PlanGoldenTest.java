package dev.decant.deploy;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.util.Objects.requireNonNull;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.config.HooksConfig.Moment;
import dev.decant.host.Deployment;
import dev.decant.host.HostFacts;
import dev.decant.host.HostProblem;
import dev.decant.host.Reply;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.FileList;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.secrets.Secret;
import dev.decant.ui.Json;
import dev.decant.ui.PlanJson;
import dev.decant.ui.PlanPrinter;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What plans, problems and reports look like.
class PlanGoldenTest {

    private static final Config CONFIG =
            Configs.of(
                    Configs.SHOP
                            + """
                            [hosts.update]
                            [hosts.unchanged]
                            [hosts.settings]
                            [hosts.cut-short]
                            [hosts.down]
                            """);

    private static final FileList OLD_FILES =
            files(
                    "bin/shop_web",
                    "a script",
                    "erts-13.1.5/bin/beam.smp",
                    "an emulator",
                    "lib/plug-1.14.0/ebin/plug.beam",
                    "plug",
                    "lib/jason-1.4.0/ebin/jason.beam",
                    "jason",
                    "lib/shop_web-0.1.1/ebin/shop.beam",
                    "a shop",
                    "lib/shop_web-0.1.1/priv/repo/migrations/20260101_add_shops.exs",
                    "shops");

    private static final Release RELEASE =
            new Release(
                    Samples.NEW,
                    Digest.of("a manifest"),
                    Samples.manifest(Samples.DEBIAN_12),
                    files(
                            "bin/shop_web",
                            "a script",
                            "erts-13.1.6/bin/beam.smp",
                            "another emulator",
                            "lib/bandit-1.0.0/ebin/bandit.beam",
                            "bandit",
                            "lib/jason-1.4.1/ebin/jason.beam",
                            "jason, mended",
                            "lib/shop_web-0.2.0/ebin/shop.beam",
                            "another shop",
                            "lib/shop_web-0.2.0/priv/repo/migrations/20260101_add_shops.exs",
                            "shops",
                            "lib/shop_web-0.2.0/priv/repo/migrations/20260102_add_prices.exs",
                            "prices",
                            "lib/shop_web-0.2.0/priv/log_repo/migrations/tenant/20260103_add_log.exs",
                            "log"),
                    Path.of("/nowhere"));

    /// @param pairs of paths and contents
    private static FileList files(String... pairs) {
        List<FileList.Entry> entries = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            entries.add(
                    new FileList.File(
                            pairs[i], false, pairs[i + 1].length(), Digest.of(pairs[i + 1])));
        }
        return new FileList(entries);
    }

    private static void check(String file, java.util.function.Consumer<PrintWriter> print) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        print.accept(out);
        out.flush();
        Golden.check(Golden.folder("deploy").resolve(file), text.toString());
    }

    private static FactsBuilder host(String name) {
        return new FactsBuilder(name, CONFIG);
    }

    private static Map<String, HostFacts> facts(FactsBuilder... hosts) {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        for (FactsBuilder host : hosts) {
            HostFacts fact = host.build();
            facts.put(fact.host(), fact);
        }
        return facts;
    }

    private record Planned(Plan plan, Map<String, HostChanges> changes) {

        void print(PrintWriter out) {
            PlanPrinter.print(out, plan, changes, false);
        }

        Map<String, Object> json() {
            return PlanJson.of(
                    plan,
                    changes,
                    new PlanJson.Basis(
                            Optional.of("production"),
                            Optional.of(Digest.of("a manifest")),
                            Digest.of("a decant.toml"),
                            false));
        }
    }

    private static Planned plan(
            Config config, Release release, Map<String, HostFacts> facts, Set<String> given) {
        Plan plan =
                Planner.plan(
                        config,
                        release,
                        facts,
                        FactsBuilder.deltas(facts),
                        FactsBuilder.values(given),
                        false);
        return new Planned(
                plan,
                HostChanges.of(
                        plan,
                        config,
                        release,
                        FactsBuilder.values(given),
                        facts,
                        (_, id) ->
                                id.equals(Samples.OLDER)
                                        ? Optional.empty()
                                        : Optional.of(OLD_FILES)));
    }

    private static Planned plan() {
        return plan(
                CONFIG,
                RELEASE,
                facts(
                        host("update")
                                .deployed(Samples.OLD)
                                .serving(CONFIG)
                                .remembers(Map.of(), 2900, 3100, 3000),
                        host("unchanged")
                                .deployed(Samples.NEW)
                                .serving(CONFIG)
                                .having(new Secret("DATABASE_URL", "value of DATABASE_URL")),
                        host("settings")
                                .deployed(Samples.NEW)
                                .serving(CONFIG)
                                .secrets("DATABASE_URL", "SECRET_KEY_BASE", "OLD_KEY")
                                .environment("an older one")
                                .remembers(
                                        Map.of(
                                                "PORT", "4000",
                                                "DRAIN_FILE", "/run/shop-web/draining",
                                                "LOG_LEVEL", "info",
                                                "GREETING", "Hello\nyou",
                                                "SECRET_KEY_BASE", "not hidden then")),
                        host("cut-short")
                                .deployed(Samples.OLD)
                                .serving(CONFIG)
                                .unpacked(Samples.NEW)
                                .activating(2),
                        host("down")
                                .deployed(Samples.OLDER)
                                .serving(CONFIG)
                                .environment("another")
                                .state("failed")),
                Set.of("DATABASE_URL"));
    }

    @Test
    void a_plan_for_people() {
        check("plan.txt", plan()::print);
    }

    @Test
    void a_plan_of_a_first_deploy() {
        Config config = Configs.of(Configs.SHOP + "[hosts.web1]\n");
        Planned plan =
                plan(
                        config,
                        RELEASE,
                        facts(new FactsBuilder("web1", config)),
                        Set.copyOf(config.secrets()));

        check("plan-first.txt", plan::print);
    }

    @Test
    void a_plan_for_programs() {
        check("plan.json", out -> Json.print(out, plan().json()));
    }

    private static Planned slots() {
        Config config =
                Configs.of(
                        Configs.SHOP
                                + """
                                [hosts.first]
                                [hosts.update]
                                [hosts.small]
                                [hosts.flushed]
                                [public]
                                ports = ["80:4000", "443:4001"]
                                [service]
                                keep_warm = "10m"
                                [hooks]
                                on_failure = ["deploy/page", "--whom", "me"]
                                before_deploy = ["deploy/backup"]
                                after_migrate = ["deploy/docs"]
                                """);
        return plan(
                config,
                RELEASE,
                facts(
                        new FactsBuilder("first", config),
                        new FactsBuilder("update", config)
                                .deployed(Samples.OLD)
                                .serving(config)
                                .slot(1)
                                .published("80 4000", "443 4001", "8080 4002"),
                        new FactsBuilder("small", config)
                                .deployed(Samples.OLD)
                                .serving(config)
                                .slot(2)
                                .published("80 4010", "443 4011")
                                .available(60_000_000),
                        new FactsBuilder("flushed", config)
                                .deployed(Samples.NEW)
                                .serving(config)
                                .slot(2)
                                .unpublished("80 4010", "443 4011")),
                Set.copyOf(config.secrets()));
    }

    @Test
    void what_changes_in_a_few_words() {
        check(
                "plan-summary.txt",
                out ->
                        List.of(plan(), slots())
                                .forEach(
                                        planned ->
                                                PlanPrinter.summary(planned.changes())
                                                        .forEach(out::println)));
    }

    @Test
    void a_plan_of_slots_for_people() {
        check("plan-slots.txt", slots()::print);
    }

    @Test
    void a_plan_of_slots_for_programs() {
        check("plan-slots.json", out -> Json.print(out, slots().json()));
    }

    @Test
    void why_an_app_cannot_have_its_ports() {
        List<Problem> problems =
                List.of(
                        new PortsProblem.Claimed(
                                "web1", "shop", List.of("80 (blog)", "4000 (blog)")),
                        new PortsProblem.Listening("web1", "80"),
                        new PortsProblem.Filtered("web1", "inet filter input", false, "4000, 4010"),
                        new PortsProblem.Filtered("web1", "iptables INPUT", false, "4000, 4010"),
                        new PortsProblem.Filtered("web1", "ufw", true, "4000, 4010"),
                        new PortsProblem.Filtered("web1", "firewalld", true, "4000, 4010"));

        check("ports-problems.txt", out -> ProblemPrinter.print(out, problems));
    }

    @Test
    void what_keeps_a_plan_from_being_made() {
        Config config =
                Configs.of(
                        Configs.SHOP
                                + "[hosts.web1]\n[hosts.web2]\n[hosts.web3]\n[hosts.web4]\n"
                                + "[hosts.web5]\n");
        Map<String, HostFacts> facts =
                facts(
                        host("web1").notSetUp(),
                        host("web2").program("older").arch("aarch64").free(12_345_678),
                        host("web3")
                                .serviceUnit("older")
                                .libc("glibc", "2.31")
                                .secrets("DATABASE_URL"),
                        host("web4")
                                .unknownOs()
                                .libc("other", "0")
                                .lacks("libcrypto.so.3")
                                .secrets("DATABASE_URL", "SECRET_KEY_BASE"),
                        host("web5")
                                .lacks("libcrypto.so.3", "libodbc.so.2")
                                .instead("libcrypto.so.1.1")
                                .secrets("DATABASE_URL", "SECRET_KEY_BASE"));

        Failure failure =
                requireNonNull(
                        catchThrowableOfType(
                                Failure.class, () -> plan(config, RELEASE, facts, Set.of())));

        check("plan-problems.txt", out -> ProblemPrinter.print(out, failure.problems()));
        check(
                "plan-problems.json",
                out -> Json.print(out, Json.of(failure.status(), failure.problems())));
    }

    @Test
    void what_keeps_a_plan_that_was_written_down_from_being_carried_out() {
        List<Problem> problems =
                List.of(
                        new DeployProblem.NoPlan("plan.json", "It is not JSON."),
                        new DeployProblem.PlanNotWritten(
                                "/nowhere/plan.json",
                                "java.nio.file.NoSuchFileException: /nowhere"),
                        new DeployProblem.PlannedReleaseMissing("plan.json", Samples.NEW.value()),
                        new DeployProblem.PlanOutOfDate(
                                "plan.json",
                                List.of(
                                        "decant.toml has changed.",
                                        "web1: deployment was 3 and is 4 now.")));

        check("plan-file-problems.txt", out -> ProblemPrinter.print(out, problems));
    }

    /// All that can go wrong once hosts are being worked on.
    private static final List<Problem> WHILE_DEPLOYING =
            List.of(
                    DeployProblem.Busy.of(
                            "web1",
                            new Reply(
                                    Reply.BUSY,
                                    List.of(
                                            new Reply.Value("owner", "bob@ci-7"),
                                            new Reply.Value("what", "deploy"),
                                            new Reply.Value("since", "2026-11-23T19:15:00Z"),
                                            new Reply.Value("left", "47")),
                                    List.of())),
                    DeployProblem.Busy.of("web1", new Reply(Reply.BUSY, List.of(), List.of())),
                    new DeployProblem.StillActivating("web1", "7"),
                    new DeployProblem.DamagedOnTheWay(
                            "web1", List.of("The archive has another SHA-256 than was said.")),
                    new HostProblem.DiskFull("web1", List.of("No space left on device")),
                    new DeployProblem.DoesNotBoot(
                            "web1",
                            Samples.NEW.value(),
                            List.of(
                                    "** (System.EnvError) could not fetch environment variable"
                                            + " \"MAIL_HOST\" because it is not set")),
                    new DeployProblem.MigrationFailed(
                            "web1",
                            "Shop.Release.migrate()",
                            List.of("** (Postgrex.Error) ERROR 42701 (duplicate_column)")),
                    new DeployProblem.NeverHealthy(
                            "web1",
                            Samples.NEW.value(),
                            "no answer from http://127.0.0.1:4000/health within 60 s",
                            "The old one serves again.",
                            List.of("[error] Postgrex: connection refused", "[notice] SIGTERM")),
                    new DeployProblem.NeverHealthy(
                            "web1",
                            Samples.NEW.value(),
                            "it ended with status 1",
                            "There was none before it, so it was stopped.",
                            List.of()),
                    new DeployProblem.NothingServes(
                            "web1",
                            Samples.NEW.value(),
                            "it ended with status 1",
                            List.of("[error] Postgrex: connection refused")),
                    new DeployProblem.LostSight(
                            "web1", Samples.NEW.value(), List.of("web1 cannot be reached.")),
                    new DeployProblem.NotConfirmed(
                            "web1",
                            Samples.NEW.value(),
                            "healthy, but nobody confirmed it within 30 s",
                            List.of("web1 cannot be reached.")),
                    new DeployProblem.CutShort(
                            "web1", Samples.NEW.value(), "the activation was cut short"),
                    new DeployProblem.DeployHookFailed(
                            Moment.BEFORE_DEPLOY,
                            List.of("deploy/backup", "--all"),
                            "It ended with status 3.",
                            List.of("No room on the backup server.")),
                    new DeployProblem.DeployHookFailed(
                            Moment.AFTER_DEPLOY,
                            List.of("deploy/smoke"),
                            "It cannot be run.",
                            List.of("java.io.IOException: No such file")),
                    new DeployProblem.MarkedBad("web1", Samples.NEW.value(), "went-back"),
                    new DeployProblem.NoKeyForOrders("web1"),
                    new DeployProblem.TakenBack("web1", "web2"),
                    new DeployProblem.CannotSettle(
                            "web1", List.of("There is no release 20261122T090000Z-0.1.1 here.")));

    @Test
    void what_can_go_wrong_once_hosts_are_being_worked_on() {
        check("problems.txt", out -> ProblemPrinter.print(out, WHILE_DEPLOYING));
        Map<String, ReleaseId> differ = Map.of("web1", Samples.NEW, "web2", Samples.OLD);
        check(
                "resume-problems.txt",
                out ->
                        ProblemPrinter.print(
                                out,
                                List.of(
                                        new ResumeProblem.NotKnown(differ),
                                        new ResumeProblem.ChangedSince(
                                                "deploy", Samples.NEW, differ),
                                        new ResumeProblem.NoWayBack("deploy", Samples.NEW, differ),
                                        new ResumeProblem.NoWayBack(
                                                "deploy", Samples.NEW, Map.of()),
                                        new ResumeProblem.Unreadable(
                                                "/home/me/.local/state/decant/rollouts/shop.json",
                                                "it is empty"),
                                        new ResumeProblem.MigrationLost(
                                                "web1", List.of("Connection reset by peer")),
                                        new ResumeProblem.NotTakenBack(
                                                "web1",
                                                "web2",
                                                List.of("web1 cannot be reached.")))));
    }

    private static final DeployReport REPORT =
            new DeployReport(
                    Samples.NEW,
                    List.of(
                            new HostOutcome.Deployed("web1", Optional.of(Duration.ofMillis(1640))),
                            new HostOutcome.Unchanged("web2"),
                            new HostOutcome.WentBack(
                                    "web3", new DeployProblem.TakenBack("web3", "web5")),
                            new HostOutcome.Untouched("web4", Optional.empty()),
                            new HostOutcome.InDoubt(
                                    "web5",
                                    new DeployProblem.CannotSettle("web5", List.of("why")))),
                    List.of(
                            new DeployReport.Timing(
                                    "web1", "send", Duration.ofMillis(900), 5_500_000),
                            new DeployReport.Timing("web1", "prepare", Duration.ofMillis(310), 0),
                            new DeployReport.Timing(
                                    "web1", "activate", Duration.ofSeconds(83), 0)));

    @Test
    void a_report_for_programs() {
        check("report.json", out -> Json.print(out, Json.of(REPORT)));
    }

    @Test
    void facts_for_programs() {
        check(
                "facts.json",
                out ->
                        Json.print(
                                out,
                                Json.of(
                                        host("web1")
                                                .deployed(Samples.OLD)
                                                .serving(CONFIG)
                                                .activating(2)
                                                .build())));
    }

    @Test
    void what_can_be_wrong_with_going_back() {
        List<Problem> problems =
                List.of(
                        new DeployProblem.NothingBefore(
                                "web1", Samples.OLD + " was the first to serve."),
                        new DeployProblem.NotThere(
                                "web1",
                                "0.0.9",
                                List.of(Samples.OLD.value(), Samples.OLDER.value())),
                        new DeployProblem.NotThere("web1", "0.0.9", List.of()),
                        new DeployProblem.SeveralMeant(
                                "web1", "0.1", List.of(Samples.OLD.value(), Samples.OLDER.value())),
                        new DeployProblem.NoEnvironment("web1", OptionalInt.empty(), List.of()),
                        new DeployProblem.NoEnvironment(
                                "web1", OptionalInt.of(9), List.of(deployment())),
                        new DeployProblem.EnvironmentNotSigned(
                                "web1", Samples.NEW.value(), deployment()));

        check("rollback-problems.txt", out -> ProblemPrinter.print(out, problems));
    }

    @Test
    void why_a_secret_is_not_made_up() {
        List<Problem> problems =
                List.of(
                        new DeployProblem.NotGenerated(
                                "SECRET_KEY_BASE", List.of("web1"), List.of("web2", "web3")),
                        new DeployProblem.NotGenerated(
                                "SECRET_KEY_BASE", List.of(), List.of("web2")));

        check("generated-problems.txt", out -> ProblemPrinter.print(out, problems));
    }

    private static Deployment deployment() {
        return host("web1").deployed(Samples.OLD).build().liveDeployment().orElseThrow();
    }
}
