package dev.decant.deploy;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.util.Objects.requireNonNull;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.host.HostFacts;
import dev.decant.host.HostProblem;
import dev.decant.host.Reply;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.ui.Json;
import dev.decant.ui.PlanPrinter;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static Plan plan(
            Config config,
            Release release,
            Map<String, HostFacts> facts,
            Set<String> given,
            boolean again) {
        return Planner.plan(config, release, facts, FactsBuilder.deltas(facts), given, again);
    }

    private static Plan plan() {
        return plan(
                CONFIG,
                Samples.release(Samples.NEW),
                facts(
                        host("update").deployed(Samples.OLD).serving(CONFIG),
                        host("unchanged").deployed(Samples.NEW).serving(CONFIG),
                        host("settings")
                                .deployed(Samples.NEW)
                                .serving(CONFIG)
                                .secrets("DATABASE_URL", "SECRET_KEY_BASE", "OLD_KEY"),
                        host("cut-short")
                                .deployed(Samples.OLD)
                                .serving(CONFIG)
                                .unpacked(Samples.NEW)
                                .activating(2),
                        host("down").deployed(Samples.OLD).serving(CONFIG).state("failed")),
                Set.of(),
                false);
    }

    @Test
    void a_plan_for_people() {
        check("plan.txt", out -> PlanPrinter.print(out, plan()));
    }

    @Test
    void a_plan_of_a_first_deploy() {
        Config config = Configs.of(Configs.SHOP + "[hosts.web1]\n");
        Plan plan =
                plan(
                        config,
                        Samples.release(Samples.NEW),
                        facts(new FactsBuilder("web1", config)),
                        Set.copyOf(config.secrets()),
                        false);

        check("plan-first.txt", out -> PlanPrinter.print(out, plan));
    }

    @Test
    void a_plan_for_programs() {
        check("plan.json", out -> Json.print(out, Json.of(plan())));
    }

    private static Plan slots() {
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
                                """);
        return plan(
                config,
                Samples.release(Samples.NEW),
                facts(
                        new FactsBuilder("first", config),
                        new FactsBuilder("update", config)
                                .deployed(Samples.OLD)
                                .serving(config)
                                .slot(1),
                        new FactsBuilder("small", config)
                                .deployed(Samples.OLD)
                                .serving(config)
                                .slot(2)
                                .available(60_000_000),
                        new FactsBuilder("flushed", config)
                                .deployed(Samples.NEW)
                                .serving(config)
                                .slot(2)
                                .unpublished("80 4010", "443 4011")),
                Set.copyOf(config.secrets()),
                false);
    }

    @Test
    void a_plan_of_slots_for_people() {
        check("plan-slots.txt", out -> PlanPrinter.print(out, slots()));
    }

    @Test
    void a_plan_of_slots_for_programs() {
        check("plan-slots.json", out -> Json.print(out, Json.of(slots())));
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
                                Failure.class,
                                () ->
                                        plan(
                                                config,
                                                Samples.release(Samples.NEW),
                                                facts,
                                                Set.of(),
                                                false)));

        check("plan-problems.txt", out -> ProblemPrinter.print(out, failure.problems()));
        check(
                "plan-problems.json",
                out -> Json.print(out, Json.of(failure.status(), failure.problems())));
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
                                "web1",
                                "0.1",
                                List.of(Samples.OLD.value(), Samples.OLDER.value())));

        check("rollback-problems.txt", out -> ProblemPrinter.print(out, problems));
    }
}
