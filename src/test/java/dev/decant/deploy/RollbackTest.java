package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.host.Deployment.Verdict;
import dev.decant.host.HostFacts;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

class RollbackTest {

    private static final Config CONFIG = Configs.of("app = \"shop_web\"\n[hosts.web1]\n");

    private static FactsBuilder host(String name) {
        return new FactsBuilder(name, CONFIG);
    }

    /// Deployments 1, 2 and 3; 3 serves.
    private static FactsBuilder third(String name) {
        return host(name).deployed(Samples.OLDER).deployed(Samples.OLD).deployed(Samples.NEW);
    }

    private static Map<String, HostFacts> facts(FactsBuilder... hosts) {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        for (FactsBuilder host : hosts) {
            HostFacts fact = host.build();
            facts.put(fact.host(), fact);
        }
        return facts;
    }

    private static Rollback back(FactsBuilder... hosts) {
        return Rollback.plan(facts(hosts), Optional.empty());
    }

    private static Rollback to(String given, FactsBuilder... hosts) {
        return Rollback.plan(facts(hosts), Optional.of(given));
    }

    private static List<Problem> problems(Optional<String> given, FactsBuilder... hosts) {
        return Objects.requireNonNull(
                        catchThrowableOfType(
                                Failure.class, () -> Rollback.plan(facts(hosts), given)))
                .problems();
    }

    @Test
    void it_goes_to_what_served_before() {
        assertThat(back(third("web1")))
                .isEqualTo(
                        new Rollback(
                                Samples.OLD, Map.of("web1", 2), Verb.Repeat.As.BACK, List.of()));
    }

    @Test
    void what_failed_in_between_never_served() {
        FactsBuilder host =
                host("web1")
                        .deployed(Samples.OLDER)
                        .failed(Samples.OLD, Verdict.WENT_BACK)
                        .deployed(Samples.NEW);

        assertThat(back(host).release()).isEqualTo(Samples.OLDER);
    }

    @Test
    void a_restart_goes_to_what_serves() {
        assertThat(Rollback.restart(facts(third("web1"))))
                .isEqualTo(
                        new Rollback(
                                Samples.NEW, Map.of("web1", 3), Verb.Repeat.As.RESTART, List.of()));
    }

    @Test
    void there_is_no_restart_where_nothing_serves_or_hosts_differ() {
        FactsBuilder other = host("web2").deployed(Samples.OLD);

        assertThatThrownBy(() -> Rollback.restart(facts(host("web1"), host("web3"))))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .containsExactly(
                                                new DeployProblem.NothingDeployed("web1"),
                                                new DeployProblem.NothingDeployed("web3")));
        assertThatThrownBy(() -> Rollback.restart(facts(third("web1"), other)))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems().getFirst().why())
                                        .containsExactly(
                                                "web1 serves " + Samples.NEW + ".",
                                                "web2 serves " + Samples.OLD + "."));
    }

    /// The host writes of a rollback that it goes before what its target went before.
    @Test
    void once_more_goes_further_back() {
        FactsBuilder host = third("web1").deployed(Samples.OLD, OptionalInt.of(1));

        assertThat(back(host))
                .isEqualTo(
                        new Rollback(
                                Samples.OLDER, Map.of("web1", 1), Verb.Repeat.As.BACK, List.of()));
    }

    @Test
    void after_going_all_the_way_there_is_nothing_before() {
        FactsBuilder host = third("web1").deployed(Samples.OLDER, OptionalInt.empty());

        assertThat(problems(Optional.empty(), host))
                .containsExactly(
                        new DeployProblem.NothingBefore(
                                "web1", Samples.OLDER + " was the first to serve."));
    }

    @Test
    void a_change_of_settings_alone_can_be_taken_back() {
        FactsBuilder host = host("web1").deployed(Samples.NEW).deployed(Samples.NEW);

        assertThat(back(host))
                .isEqualTo(
                        new Rollback(
                                Samples.NEW, Map.of("web1", 1), Verb.Repeat.As.BACK, List.of()));
    }

    @Test
    void a_release_can_be_named_by_a_part_that_only_it_has() {
        assertThat(to("aaaaaaa", third("web1")))
                .isEqualTo(
                        new Rollback(
                                Samples.OLDER, Map.of("web1", 1), Verb.Repeat.As.AGAIN, List.of()));
        assertThat(to(Samples.OLD.value(), third("web1")).release()).isEqualTo(Samples.OLD);
    }

    @Test
    void of_a_named_release_the_last_settings_are_taken() {
        FactsBuilder host =
                host("web1").deployed(Samples.OLD).deployed(Samples.OLD).deployed(Samples.NEW);

        assertThat(to("-0.1.1-", host).targets()).containsEntry("web1", 2);
    }

    @Test
    void what_failed_when_it_was_last_started_is_not_gone_to() {
        FactsBuilder host = third("web1").failed(Samples.OLD, Verdict.WENT_BACK);

        assertThat(problems(Optional.of("-0.1.1-"), host))
                .containsExactly(
                        new DeployProblem.MarkedBad("web1", Samples.OLD.value(), "went-back"));
        assertThat(back(host))
                .isEqualTo(
                        new Rollback(
                                Samples.OLDER, Map.of("web1", 1), Verb.Repeat.As.BACK, List.of()));
    }

    @Test
    void a_crash_says_nothing_about_a_release() {
        assertThat(back(third("web1").failed(Samples.OLD, Verdict.INTERRUPTED)).release())
                .isEqualTo(Samples.OLD);
        assertThat(back(third("web1").failed(Samples.OLD, Verdict.UNTOUCHED)).release())
                .isEqualTo(Samples.OLD);
    }

    @Test
    void settings_that_failed_do_not_make_the_release_bad_that_serves() {
        FactsBuilder host =
                host("web1")
                        .deployed(Samples.NEW)
                        .deployed(Samples.NEW)
                        .failed(Samples.NEW, Verdict.WENT_BACK);

        assertThat(back(host).targets()).containsExactly(Map.entry("web1", 1));
    }

    @Test
    void migrations_that_ran_since_are_warned_of() {
        FactsBuilder host =
                host("web1")
                        .deployed(Samples.OLDER)
                        .migrated()
                        .deployed(Samples.OLD)
                        .deployed(Samples.NEW)
                        .migrated();

        assertThat(back(host).warnings())
                .singleElement()
                .asString()
                .startsWith("web1: migrations ran since, for " + Samples.NEW);
        assertThat(
                        back(host("web1").deployed(Samples.OLD).migrated().deployed(Samples.NEW))
                                .warnings())
                .isEmpty();
    }

    @Test
    void a_part_of_several_names_is_told_with_all_of_them() {
        assertThat(problems(Optional.of("-0.1."), third("web1")))
                .containsExactly(
                        new DeployProblem.SeveralMeant(
                                "web1",
                                "-0.1.",
                                List.of(Samples.OLD.value(), Samples.OLDER.value())));
    }

    @Test
    void what_never_served_cannot_be_gone_to() {
        FactsBuilder host = third("web1");

        assertThat(problems(Optional.of("0.9.9"), host))
                .containsExactly(
                        new DeployProblem.NotThere(
                                "web1",
                                "0.9.9",
                                List.of(
                                        Samples.NEW.value(),
                                        Samples.OLD.value(),
                                        Samples.OLDER.value())));
    }

    @Test
    void what_is_no_longer_kept_cannot_be_gone_to_and_is_not_offered() {
        assertThat(problems(Optional.empty(), third("web1").pruned(Samples.OLD)))
                .containsExactly(
                        new DeployProblem.NothingBefore(
                                "web1",
                                "What served before "
                                        + Samples.NEW
                                        + " is no longer kept (keep_releases in decant.toml)."));
        assertThat(problems(Optional.of("bbbbbbb"), third("web1").pruned(Samples.OLD)))
                .containsExactly(
                        new DeployProblem.NotThere(
                                "web1",
                                "bbbbbbb",
                                List.of(Samples.NEW.value(), Samples.OLDER.value())));
    }

    @Test
    void nothing_deployed_is_nothing_to_go_back_to() {
        assertThat(problems(Optional.empty(), host("web1")))
                .containsExactly(
                        new DeployProblem.NothingBefore(
                                "web1", "Nothing has been deployed there."));
    }

    @Test
    void all_hosts_go_to_the_release_of_the_first() {
        FactsBuilder later =
                host("web2").deployed(Samples.OLD).deployed(Samples.OLDER).deployed(Samples.NEW);

        Rollback rollback = back(third("web1"), later);

        assertThat(rollback.release()).isEqualTo(Samples.OLD);
        assertThat(rollback.targets()).containsExactly(Map.entry("web1", 2), Map.entry("web2", 1));
        assertThat(rollback.as()).isEqualTo(Verb.Repeat.As.BACK);
    }

    @Test
    void every_host_that_cannot_go_there_is_named() {
        List<Problem> problems =
                problems(
                        Optional.empty(),
                        host("web1").deployed(Samples.NEW),
                        third("web2"),
                        host("web3").deployed(Samples.NEW));

        assertThat(problems)
                .extracting(Problem::id)
                .containsExactly("nothing-to-go-back-to", "release-not-on-host");
    }

    // ---- the environment alone

    private static Rollback environment(FactsBuilder... hosts) {
        return Rollback.environment(facts(hosts), OptionalInt.empty());
    }

    private static List<Problem> environmentProblems(OptionalInt given, FactsBuilder host) {
        return Objects.requireNonNull(
                        catchThrowableOfType(
                                Failure.class, () -> Rollback.environment(facts(host), given)))
                .problems();
    }

    @Test
    void an_environment_goes_back_to_the_one_before_that_differs() {
        FactsBuilder host = third("web1").version(1).version(2, 3);

        Rollback rollback = environment(host);

        assertThat(rollback.release()).isEqualTo(Samples.NEW);
        assertThat(rollback.targets()).isEqualTo(Map.of("web1", 1));
        assertThat(rollback.as()).isEqualTo(Verb.Repeat.As.ENVIRONMENT);
        assertThat(rollback.warnings())
                .containsExactly(
                        "web1: the environment and secrets of deployment 1, made"
                                + " 2026-11-23T19:15:00Z by alice@laptop");
    }

    @Test
    void an_environment_goes_further_back_once_more() {
        // 4 has what 2 had, and what 2 was preceded by.
        FactsBuilder host =
                host("web1")
                        .deployed(Samples.NEW)
                        .deployed(Samples.NEW)
                        .deployed(Samples.NEW)
                        .deployed(Samples.NEW, OptionalInt.of(1))
                        .version(1)
                        .version(2, 4)
                        .version(3);

        assertThat(environment(host).targets()).isEqualTo(Map.of("web1", 1));
    }

    @Test
    void an_environment_is_named_by_its_deployment() {
        FactsBuilder host = third("web1").version(1).version(2).version(3);

        assertThat(Rollback.environment(facts(host), OptionalInt.of(1)).targets())
                .isEqualTo(Map.of("web1", 1));
    }

    @Test
    void an_environment_that_never_served_or_is_the_present_one_is_none_to_go_to() {
        FactsBuilder host =
                host("web1")
                        .deployed(Samples.NEW)
                        .failed(Samples.NEW, Verdict.WENT_BACK)
                        .deployed(Samples.NEW)
                        .version(1, 3)
                        .version(2);

        for (OptionalInt given :
                List.of(
                        OptionalInt.empty(),
                        OptionalInt.of(1),
                        OptionalInt.of(2),
                        OptionalInt.of(3),
                        OptionalInt.of(9))) {
            assertThat(environmentProblems(given, host))
                    .containsExactly(new DeployProblem.NoEnvironment("web1", given, List.of()));
        }
    }

    @Test
    void where_it_is_strict_an_environment_goes_back_with_the_release_that_it_was_signed_with() {
        FactsBuilder other = third("web1").version(1, 2).version(3).privilege("strict");
        FactsBuilder same =
                third("web1")
                        .deployed(Samples.NEW)
                        .version(1)
                        .version(2, 3)
                        .version(4)
                        .privilege("strict");

        assertThat(environmentProblems(OptionalInt.empty(), other))
                .singleElement()
                .isInstanceOf(DeployProblem.EnvironmentNotSigned.class);
        assertThat(environment(same).targets()).isEqualTo(Map.of("web1", 3));
    }
}
