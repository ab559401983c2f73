package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.config.PublicPort;
import dev.decant.config.Strategy;
import dev.decant.host.Deployment.Verdict;
import dev.decant.host.HostFacts;
import dev.decant.host.HostProgram;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.Release;
import dev.decant.release.Target;
import dev.decant.secrets.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

class PlannerTest {

    private static final Step ACTIVATE =
            new Step.Activate(Samples.NEW, Duration.ofSeconds(30), Optional.empty());

    private static final Config ONE = Configs.of(Configs.SHOP + "[hosts.web1]\n");
    private static final Config TWO =
            Configs.of(
                    Configs.SHOP
                            + """
                            [hosts.web1]
                            [hosts.web2]
                            roles = ["migrate"]
                            """);
    private static final Set<String> BOTH = Set.of("DATABASE_URL", "SECRET_KEY_BASE");
    private static final Release RELEASE = Samples.release(Samples.NEW);

    private static FactsBuilder host(String name) {
        return new FactsBuilder(name, ONE);
    }

    /// It serves the release before the new one.
    private static FactsBuilder oldHost(String name) {
        return host(name).deployed(Samples.OLD).serving(ONE);
    }

    private static FactsBuilder newHost(String name) {
        return oldHost(name).deployed(Samples.NEW);
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
        return Planner.plan(
                config,
                release,
                facts,
                FactsBuilder.deltas(facts),
                FactsBuilder.values(given),
                again);
    }

    private static List<Step> steps(FactsBuilder host, Set<String> given) {
        return steps(plan(ONE, RELEASE, facts(host), given, false), "web1");
    }

    private static List<Step> steps(Plan plan, String host) {
        return plan.hosts().stream()
                .filter(each -> each.host().equals(host))
                .findFirst()
                .orElseThrow()
                .steps();
    }

    private static List<Problem> problems(Config config, Set<String> given, FactsBuilder... hosts) {
        return Objects.requireNonNull(
                        catchThrowableOfType(
                                Failure.class,
                                () -> plan(config, RELEASE, facts(hosts), given, false)))
                .problems();
    }

    private static List<String> ids(FactsBuilder host) {
        return problems(ONE, BOTH, host).stream().map(Problem::id).toList();
    }

    // ---- steps

    @Test
    void a_first_deploy_does_everything() {
        assertThat(steps(host("web1"), BOTH))
                .containsExactly(
                        new Step.Send(Samples.NEW, Samples.all(), false),
                        new Step.Prepare(
                                Samples.NEW, List.of("DATABASE_URL", "SECRET_KEY_BASE"), List.of()),
                        new Step.Preflight(),
                        new Step.Migrate("Shop.Release.migrate()"),
                        ACTIVATE,
                        new Step.Prune(5));
    }

    @Test
    void an_update_keeps_the_secrets_that_the_host_has() {
        assertThat(steps(oldHost("web1"), Set.of("DATABASE_URL")))
                .contains(
                        new Step.Prepare(
                                Samples.NEW, List.of("DATABASE_URL"), List.of("SECRET_KEY_BASE")));
    }

    @Test
    void what_is_given_and_not_listed_stays_here() {
        assertThat(steps(oldHost("web1"), Set.of("AWS_KEY")))
                .contains(
                        new Step.Prepare(
                                Samples.NEW,
                                List.of(),
                                List.of("DATABASE_URL", "SECRET_KEY_BASE")));
    }

    @Test
    void a_release_that_is_unpacked_there_is_not_sent_again() {
        List<Step> steps = steps(oldHost("web1").unpacked(Samples.NEW), Set.of());

        assertThat(steps).noneMatch(Step.Send.class::isInstance);
        assertThat(steps).contains(ACTIVATE);
    }

    @Test
    void a_host_that_is_as_wanted_is_left_alone() {
        Plan plan = plan(ONE, RELEASE, facts(newHost("web1")), Set.of(), false);

        assertThat(plan.nothingToDo()).isTrue();
        assertThat(plan.hosts().getFirst().serving()).contains(Samples.NEW);
    }

    @Test
    void unless_it_is_to_be_done_again() {
        Plan plan = plan(ONE, RELEASE, facts(newHost("web1")), Set.of(), true);

        assertThat(steps(plan, "web1"))
                .containsExactly(
                        new Step.Prepare(
                                Samples.NEW, List.of(), List.of("DATABASE_URL", "SECRET_KEY_BASE")),
                        new Step.Preflight(),
                        ACTIVATE,
                        new Step.Prune(5));
    }

    @ParameterizedTest
    @CsvSource({
        "'[env]\nLOG_LEVEL = \"debug\"'",
        "'[health]\npath = \"/up\"'",
        "'[health]\ntimeout = \"2m\"'",
        "'[build]\nmix_env = \"staging\"'",
    })
    void other_settings_are_a_change(String more) {
        Config changed = Configs.of(Configs.SHOP + "[hosts.web1]\n" + more + "\n");

        Plan plan = plan(changed, RELEASE, facts(newHost("web1")), Set.of(), false);

        assertThat(steps(plan, "web1"))
                .contains(new Step.Preflight(), ACTIVATE)
                .noneMatch(Step.Send.class::isInstance)
                .noneMatch(Step.Migrate.class::isInstance);
        assertThat(plan.hosts().getFirst().notes())
                .containsExactly(
                        "same release, other settings or secrets",
                        "one instance is restarted: requests are refused for a second or two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[service]\nport = 4001",
                "[public]\nports = [\"80:4000\"]\n[service]\nstrategy = \"restart\"",
            })
    void other_ports_need_another_setup(String more) {
        Config changed = Configs.of(Configs.SHOP + "[hosts.web1]\n" + more + "\n");

        assertThatThrownBy(() -> plan(changed, RELEASE, facts(newHost("web1")), Set.of(), false))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .singleElement()
                                        .satisfies(
                                                problem ->
                                                        assertThat(problem.why())
                                                                .contains(
                                                                        "What is known there of its"
                                                                                + " ports"
                                                                                + " differs.")));
    }

    // ---- slots

    private static final Config SLOTS =
            Configs.of(Configs.SHOP + "[hosts.web1]\n[public]\nports = [\"80:4000\"]\n");

    private static FactsBuilder inSlot(int slot) {
        return new FactsBuilder("web1", SLOTS).deployed(Samples.OLD).serving(SLOTS).slot(slot);
    }

    private static HostPlan slotPlan(FactsBuilder host) {
        return plan(SLOTS, RELEASE, facts(host), BOTH, false).hosts().getFirst();
    }

    private static Step.Beside beside(FactsBuilder host) {
        return slotPlan(host).steps().stream()
                .filter(Step.Activate.class::isInstance)
                .map(Step.Activate.class::cast)
                .findFirst()
                .flatMap(Step.Activate::beside)
                .orElseThrow();
    }

    @Test
    void a_release_starts_in_the_slot_that_is_free() {
        assertThat(beside(inSlot(1)))
                .isEqualTo(
                        new Step.Beside(
                                Strategy.SLOTS,
                                "shop-web@2",
                                4010,
                                List.of(new PublicPort(80, 4010)),
                                "shop-web@1",
                                Duration.ofSeconds(40),
                                Duration.ZERO));
        assertThat(beside(inSlot(2)).unit()).isEqualTo("shop-web@1");
        assertThat(beside(inSlot(2)).port()).isEqualTo(4000);
    }

    @Test
    void what_ran_alone_has_the_ports_of_the_first_slot() {
        assertThat(beside(inSlot(0)).unit()).isEqualTo("shop-web@2");
        assertThat(beside(inSlot(0)).old()).isEqualTo("shop-web");
        assertThat(beside(new FactsBuilder("web1", SLOTS)).unit()).isEqualTo("shop-web@1");
        assertThat(beside(new FactsBuilder("web1", SLOTS)).old()).isEmpty();
    }

    @Test
    void memory_that_may_not_do_for_two_is_said() {
        assertThat(slotPlan(inSlot(1)).notes()).isEmpty();
        assertThat(slotPlan(inSlot(1).available(95_000_000)).notes())
                .containsExactly(
                        "memory for a second instance is short: 95 MB are available, and it may"
                                + " take 99 MB while both run");
    }

    @Test
    void a_public_port_that_leads_nowhere_is_a_change() {
        HostPlan plan =
                plan(
                                SLOTS,
                                RELEASE,
                                facts(
                                        new FactsBuilder("web1", SLOTS)
                                                .deployed(Samples.NEW)
                                                .serving(SLOTS)
                                                .slot(1)
                                                .unpublished("80 4000")),
                                Set.of(),
                                false)
                        .hosts()
                        .getFirst();

        assertThat(plan.nothingToDo()).isFalse();
        assertThat(plan.notes())
                .anyMatch(note -> note.startsWith("public ports that lead nowhere now"))
                .anyMatch(note -> note.endsWith(": 80:4000"));
    }

    @Test
    void a_secret_that_is_given_with_the_value_that_the_host_has_is_no_change() {
        FactsBuilder same =
                newHost("web1")
                        .having(FactsBuilder.values(List.of("DATABASE_URL")).getFirst())
                        .having(new Secret("SECRET_KEY_BASE", "of the host"));

        assertThat(steps(same, Set.of("DATABASE_URL"))).isEmpty();
        assertThat(steps(same, BOTH)).isNotEmpty();
    }

    @Test
    void a_secret_that_is_given_with_another_value_or_of_which_nothing_is_known_is_a_change() {
        FactsBuilder other = newHost("web1").having(new Secret("DATABASE_URL", "another"));

        assertThat(steps(other, Set.of("DATABASE_URL"))).isNotEmpty();
        assertThat(steps(newHost("web1"), Set.of("DATABASE_URL"))).isNotEmpty();
    }

    @Test
    void what_is_given_and_not_listed_is_no_change() {
        assertThat(steps(newHost("web1"), Set.of("AWS_KEY"))).isEmpty();
    }

    @Test
    void a_secret_that_is_no_longer_listed_is_a_change() {
        assertThat(
                        steps(
                                newHost("web1")
                                        .secrets("DATABASE_URL", "SECRET_KEY_BASE", "OLD_KEY"),
                                Set.of()))
                .isNotEmpty();
    }

    // ---- environment and secrets alone

    private static final Config HOOKED =
            Configs.of(
                    Configs.SHOP
                            + "[hosts.web1]\n[hosts.web2]\n"
                            + "[env]\nLEVEL = \"debug\"\n"
                            + "[hooks]\nbefore_deploy = [\"true\"]\n");

    @Test
    void a_push_keeps_the_release_and_does_nothing_that_is_for_one() {
        Plan plan =
                Planner.push(
                        HOOKED,
                        facts(oldHost("web1"), host("web2").deployed(Samples.OLD).serving(HOOKED)),
                        List.of());

        assertThat(plan.release()).isEqualTo(Samples.OLD);
        assertThat(steps(plan, "web1"))
                .containsExactly(
                        new Step.Prepare(
                                Samples.OLD, List.of(), List.of("DATABASE_URL", "SECRET_KEY_BASE")),
                        new Step.Preflight(),
                        new Step.Activate(Samples.OLD, Duration.ofSeconds(30), Optional.empty()));
        assertThat(steps(plan, "web2")).isEmpty();
        assertThat(plan.batches()).containsExactly(List.of("web1"));
        assertThat(plan.hooks()).isEmpty();
    }

    @Test
    void a_push_of_what_all_hosts_have_is_nothing_to_do() {
        List<Secret> given = FactsBuilder.values(BOTH);
        FactsBuilder host = newHost("web1").having(given.toArray(Secret[]::new));

        assertThat(Planner.push(ONE, facts(host), given).nothingToDo()).isTrue();
    }

    @Test
    void a_push_goes_to_hosts_that_serve_one_release() {
        assertThatThrownBy(
                        () ->
                                Planner.push(
                                        HOOKED, facts(oldHost("web1"), newHost("web2")), List.of()))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .singleElement()
                                        .isInstanceOf(DeployProblem.DifferentReleases.class));
        assertThatThrownBy(() -> Planner.push(ONE, facts(host("web1")), List.of()))
                .isInstanceOf(Failure.class);
    }

    @Test
    void a_push_of_a_secret_that_nobody_has_is_refused() {
        assertThatThrownBy(
                        () ->
                                Planner.push(
                                        ONE,
                                        facts(newHost("web1").secrets("DATABASE_URL")),
                                        List.of()))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .singleElement()
                                        .isInstanceOf(DeployProblem.SecretMissing.class));
    }

    @Test
    void a_service_that_is_down_is_a_change() {
        Plan plan = plan(ONE, RELEASE, facts(newHost("web1").state("failed")), Set.of(), false);

        assertThat(steps(plan, "web1")).contains(ACTIVATE);
        assertThat(plan.hosts().getFirst().notes()).contains("the service is failed now");
    }

    @Test
    void a_link_that_points_elsewhere_is_a_change() {
        assertThat(steps(newHost("web1").current(Samples.OLD), Set.of())).contains(ACTIVATE);
    }

    @Test
    void an_unfinished_deploy_is_settled_before_anything_else() {
        List<Step> steps = steps(oldHost("web1").activating(2), Set.of());

        assertThat(steps.getFirst()).isEqualTo(new Step.Settle());
        assertThat(steps).contains(ACTIVATE);
    }

    /// After settling, what was read before it may no longer be so.
    @Test
    void an_unfinished_deploy_is_never_nothing_to_do() {
        assertThat(steps(newHost("web1").activating(3), Set.of()))
                .contains(new Step.Settle(), ACTIVATE);
    }

    @Test
    void a_release_that_failed_before_may_be_tried_again() {
        assertThat(steps(oldHost("web1").failed(Samples.NEW, Verdict.WENT_BACK), Set.of()))
                .contains(ACTIVATE);
    }

    @Test
    void one_that_is_under_way_is_told_from_one_that_was_cut_short() {
        assertThat(notes(oldHost("web1").activating(2))).contains("deployment 2 was cut short");
        assertThat(notes(oldHost("web1").activating(2).applying()))
                .contains("deployment 2 is still being activated");
    }

    private static List<String> notes(FactsBuilder host) {
        return plan(ONE, RELEASE, facts(host), Set.of(), false).hosts().getFirst().notes();
    }

    // ---- privilege

    private static Config with(String setting) {
        return Configs.of(
                Configs.SHOP.replace("migrate =", setting + "\nmigrate =") + "[hosts.web1]\n");
    }

    @Test
    void a_host_that_was_set_up_for_another_privilege_is_to_be_set_up_again() {
        assertThat(problems(with("privilege = \"none\""), BOTH, oldHost("web1")))
                .containsExactly(
                        new DeployProblem.SetupIsOld("web1", List.of("The privilege (sudo)")));
    }

    @Test
    void a_strict_host_needs_a_key_for_each_deploy() {
        FactsBuilder host = oldHost("web1").privilege("strict");

        assertThat(problems(with("privilege = \"strict\""), BOTH, host))
                .containsExactly(new DeployProblem.NoKeyForOrders("web1"));
    }

    // ---- migrating

    private static Plan two(FactsBuilder web1, FactsBuilder web2) {
        return plan(TWO, RELEASE, facts(web1, web2), Set.of(), false);
    }

    private static boolean migrates(Plan plan, String host) {
        return steps(plan, host).stream().anyMatch(Step.Migrate.class::isInstance);
    }

    @Test
    void one_host_migrates_and_it_is_the_one_with_that_role() {
        Plan plan = two(oldHost("web1"), oldHost("web2"));

        assertThat(migrates(plan, "web1")).isFalse();
        assertThat(migrates(plan, "web2")).isTrue();
    }

    @Test
    void nobody_migrates_if_the_code_is_the_same_everywhere() {
        Config changed =
                Configs.of(
                        Configs.SHOP
                                + "[hosts.web1]\n[hosts.web2]\nroles = [\"migrate\"]\n"
                                + "[env]\nA = \"1\"\n");

        Plan plan =
                plan(changed, RELEASE, facts(newHost("web1"), newHost("web2")), Set.of(), false);

        assertThat(plan.nothingToDo()).isFalse();
        assertThat(migrates(plan, "web1")).isFalse();
        assertThat(migrates(plan, "web2")).isFalse();
    }

    @Test
    void nobody_migrates_if_nothing_is_said_of_it() {
        Config config = Configs.of("app = \"shop_web\"\n[hosts.web1]\n");

        Plan plan = plan(config, RELEASE, facts(new FactsBuilder("web1", config)), Set.of(), false);

        assertThat(migrates(plan, "web1")).isFalse();
    }

    @Test
    void a_host_that_came_later_gets_the_release_without_touching_the_others() {
        Plan plan =
                plan(
                        TWO,
                        RELEASE,
                        facts(
                                host("web1").secrets("DATABASE_URL", "SECRET_KEY_BASE"),
                                newHost("web2")),
                        Set.of(),
                        false);

        assertThat(steps(plan, "web1")).contains(ACTIVATE);
        assertThat(steps(plan, "web2")).isEmpty();
    }

    // ---- problems

    @Test
    void a_host_that_is_not_set_up_has_no_other_problem() {
        assertThat(ids(host("web1").notSetUp().arch("aarch64").free(0)))
                .containsExactly("not-set-up");
    }

    @Test
    void another_host_program_or_unit_wants_setup() {
        assertThat(ids(oldHost("web1").program("older"))).containsExactly("setup-is-old");
        assertThat(ids(oldHost("web1").serviceUnit("older"))).containsExactly("setup-is-old");
        assertThat(ids(oldHost("web1").evalUnit("older"))).containsExactly("setup-is-old");
        assertThat(ids(oldHost("web1").evalUnit("older").program("older")))
                .containsExactly("setup-is-old");
    }

    @Test
    void a_later_edition_of_the_host_program_serves_as_well_and_an_earlier_one_does_not() {
        int own = HostProgram.edition();

        assertThat(steps(oldHost("web1").program("later").edition(own + 1), BOTH))
                .isEqualTo(steps(oldHost("web1"), BOTH));
        assertThat(ids(oldHost("web1").program("later").edition(own + 1).evalUnit("older")))
                .containsExactly("setup-is-old");
        assertThat(ids(oldHost("web1").program("earlier").edition(own - 1)))
                .containsExactly("setup-is-old");
    }

    private static final Misfit.Host WEB1 = new Misfit.Host("web1", "Debian GNU/Linux 12");

    /// Of a newer Debian, or with what only an older one has.
    private static Release built(String glibc, String... sonames) {
        SortedMap<String, String> neededBy =
                new TreeMap<>(Map.of("glibc", "erts-13.1.5/bin/beam.smp"));
        for (String soname : sonames) {
            neededBy.put(soname, "lib/crypto-5.1/priv/lib/crypto.so");
        }
        return Samples.release(
                Samples.NEW,
                new Target("Linux", "x86_64", "glibc", glibc, List.of(sonames), neededBy));
    }

    private static List<Problem> problems(Release release, FactsBuilder host) {
        return Objects.requireNonNull(
                        catchThrowableOfType(
                                Failure.class, () -> plan(ONE, release, facts(host), BOTH, false)))
                .problems();
    }

    @Test
    void another_machine_is_refused() {
        assertThat(
                        problems(
                                ONE,
                                BOTH,
                                oldHost("web1")
                                        .arch("aarch64")
                                        .libc("glibc", "2.17")
                                        .lacks("libx.so.1")))
                .containsExactly(
                        new Misfit.WrongMachine(
                                WEB1,
                                "erts-13.1.5/bin/beam.smp",
                                "Linux on x86_64",
                                "Linux on aarch64"));
    }

    @ParameterizedTest
    @CsvSource({"glibc, 2.33", "glibc, 2.9", "other, 0"})
    void an_older_or_other_libc_is_refused(String libc, String version) {
        assertThat(ids(oldHost("web1").libc(libc, version))).containsExactly("libc-too-old");
    }

    @Test
    void what_a_newer_distribution_has_built_is_refused_with_file_need_and_host() {
        Release trixie = built("2.38", "libcrypto.so.3", "libtinfo.so.6");

        assertThat(problems(trixie, oldHost("web1")))
                .containsExactly(
                        new Misfit.OldLibc(
                                WEB1, "erts-13.1.5/bin/beam.smp", "glibc 2.38", "glibc 2.36"));
    }

    @Test
    void what_an_older_distribution_has_built_is_refused_with_what_the_host_has_instead() {
        Release bullseye = built("2.29", "libcrypto.so.1.1");

        assertThat(
                        problems(
                                bullseye,
                                oldHost("web1")
                                        .lacks("libcrypto.so.1.1")
                                        .instead("libcrypto.so.3", "libcryptography.so.3")))
                .containsExactly(
                        new Misfit.LacksLibraries(
                                WEB1,
                                List.of(
                                        new Misfit.Library(
                                                "lib/crypto-5.1/priv/lib/crypto.so",
                                                "libcrypto.so.1.1",
                                                List.of("libcrypto.so.3")))));
    }

    @Test
    void a_libc_and_a_library_are_named_together() {
        assertThat(problems(built("2.38", "libx.so.1"), oldHost("web1").lacks("libx.so.1")))
                .extracting(Problem::id)
                .containsExactly("libc-too-old", "libraries-missing");
    }

    @Test
    void an_upload_is_refused_as_a_deploy_is() {
        assertThatThrownBy(
                        () ->
                                Planner.upload(
                                        ONE,
                                        built("2.38"),
                                        facts(oldHost("web1")),
                                        Map.of("web1", Samples.some())))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .extracting(Problem::id)
                                        .containsExactly("libc-too-old"));
    }

    @ParameterizedTest
    @CsvSource({"glibc, 2.34", "glibc, 2.41", "glibc, 3"})
    void the_same_or_a_newer_libc_will_do(String libc, String version) {
        assertThat(steps(oldHost("web1").libc(libc, version), Set.of())).isNotEmpty();
    }

    @Test
    void a_release_that_is_linked_to_no_libc_runs_on_any() {
        Release release =
                Samples.release(
                        Samples.NEW,
                        new Target("Linux", "x86_64", "none", "0", List.of(), new TreeMap<>()));

        assertThat(plan(ONE, release, facts(oldHost("web1").libc("other", "0")), Set.of(), false))
                .isNotNull();
    }

    @Test
    void missing_libraries_are_all_named() {
        assertThat(problems(ONE, BOTH, oldHost("web1").lacks("libcrypto.so.3", "libodbc.so.2")))
                .containsExactly(
                        new Misfit.LacksLibraries(
                                WEB1,
                                List.of(
                                        new Misfit.Library(
                                                "lib/crypto-5.1/priv/lib/crypto.so",
                                                "libcrypto.so.3",
                                                List.of()),
                                        // Nobody has written down whose that is.
                                        new Misfit.Library(
                                                "The release", "libodbc.so.2", List.of()))));
    }

    @Test
    void the_disk_must_hold_what_is_new_twice_and_some_more() {
        long needed = 2 * 5_000_000 + (32L << 20);

        assertThat(steps(oldHost("web1").free(needed), Set.of())).isNotEmpty();
        assertThat(problems(ONE, BOTH, oldHost("web1").free(needed - 1)))
                .containsExactly(new DeployProblem.DiskTooFull("web1", needed, needed - 1));
        assertThat(steps(oldHost("web1").unpacked(Samples.NEW).free(0), Set.of())).isNotEmpty();
    }

    @Test
    void a_host_that_takes_only_signed_releases_is_not_sent_another() {
        assertThat(problems(ONE, BOTH, oldHost("web1").signers()))
                .containsExactly(new DeployProblem.NotSigned("web1", Samples.NEW.value()));
        assertThat(steps(oldHost("web1").signers().unpacked(Samples.NEW), BOTH)).isNotEmpty();
    }

    @Test
    void an_upload_sends_and_does_no_more() {
        Map<String, HostFacts> facts =
                facts(oldHost("web1").secrets(), host("web2").unpacked(Samples.NEW));

        Plan plan = Planner.upload(TWO, RELEASE, facts, FactsBuilder.deltas(facts));

        assertThat(steps(plan, "web1"))
                .containsExactly(new Step.Send(Samples.NEW, Samples.some(), false));
        assertThat(steps(plan, "web2")).isEmpty();
    }

    @Test
    void a_secret_that_nobody_has_is_named() {
        assertThat(problems(ONE, Set.of("DATABASE_URL"), host("web1")))
                .containsExactly(
                        new DeployProblem.SecretMissing(
                                "web1", List.of("SECRET_KEY_BASE"), List.of()));
    }

    @Test
    void all_problems_of_all_hosts_come_at_once_in_the_order_of_the_hosts() {
        List<Problem> problems =
                problems(
                        TWO,
                        Set.of(),
                        oldHost("web1").serviceUnit("older").arch("riscv64").free(1).secrets(),
                        oldHost("web2").libc("glibc", "2.31").secrets("DATABASE_URL"));

        assertThat(problems)
                .extracting(Problem::id)
                .containsExactly(
                        "setup-is-old",
                        "wrong-architecture",
                        "disk-too-full",
                        "secret-missing",
                        "libc-too-old",
                        "secret-missing");
    }

    @Test
    void one_problem_on_one_host_keeps_the_others_from_being_changed() {
        assertThat(problems(TWO, BOTH, oldHost("web1"), host("web2").notSetUp())).hasSize(1);
    }

    // ---- hosts, whatever is to be deployed

    private static List<String> idsOfHosts(Set<String> given, FactsBuilder host) {
        return Planner.problems(ONE, facts(host), given).stream().map(Problem::id).toList();
    }

    @Test
    void hosts_are_checked_without_a_release() {
        assertThat(idsOfHosts(BOTH, host("web1"))).isEmpty();
        assertThat(idsOfHosts(Set.of(), oldHost("web1"))).isEmpty();
        assertThat(idsOfHosts(BOTH, host("web1").notSetUp())).containsExactly("not-set-up");
        assertThat(idsOfHosts(BOTH, oldHost("web1").program("older")))
                .containsExactly("setup-is-old");
        assertThat(idsOfHosts(Set.of(), host("web1").serviceUnit("older").free(1000)))
                .containsExactly("setup-is-old", "secret-missing", "disk-too-full");
    }
}
