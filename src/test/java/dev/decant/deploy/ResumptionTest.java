package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.host.HostFacts;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

class ResumptionTest {

    private static final Config CONFIG = Configs.of("app = \"shop_web\"\n[hosts.web1]\n");
    private static final Instant EVENING = Instant.parse("2026-11-26T19:15:00Z");
    private static final List<String> HOSTS = List.of("web1", "web2", "web3");

    @TempDir private Path temp = Path.of("");

    private final List<RolloutEvent> notes = new ArrayList<>();

    private Path file() {
        return temp.resolve("rollouts/shop-web.json");
    }

    private static FactsBuilder on(String name, ReleaseId... releases) {
        FactsBuilder host = new FactsBuilder(name, CONFIG).serving(CONFIG);
        for (ReleaseId release : releases) {
            host.deployed(release);
        }
        return host;
    }

    private static Map<String, HostFacts> facts(FactsBuilder... hosts) {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        for (FactsBuilder host : hosts) {
            HostFacts fact = host.build();
            facts.put(fact.host(), fact);
        }
        return facts;
    }

    private static Map<String, HostFacts> old() {
        return facts(on("web1", Samples.OLD), on("web2", Samples.OLD), on("web3", Samples.OLD));
    }

    /// A rollout to the new release, as far as it is told.
    private RolloutLog begun(Map<String, HostFacts> before) {
        return begun("deploy", Samples.NEW, before);
    }

    private RolloutLog begun(String what, ReleaseId release, Map<String, HostFacts> before) {
        RolloutLog keeper = Unfinished.keeper(file(), before, notes::add);
        keeper.tell(
                new RolloutEvent.Began(
                        EVENING,
                        what,
                        release,
                        List.copyOf(before.keySet()),
                        List.of(List.copyOf(before.keySet()))));
        return keeper;
    }

    private static void ended(RolloutLog log, ReleaseId release, HostOutcome... outcomes) {
        log.tell(
                new RolloutEvent.Ended(
                        EVENING, new DeployReport(release, List.of(outcomes), List.of())));
    }

    private static HostOutcome deployed(String host) {
        return new HostOutcome.Deployed(host, Optional.empty());
    }

    private static HostOutcome lost(String host) {
        return new HostOutcome.InDoubt(
                host, new DeployProblem.LostSight(host, Samples.NEW.value(), List.of()));
    }

    private Resumption decide(boolean back, FactsBuilder... now) {
        return Resumption.decide(Unfinished.read(file()), facts(now), back, Optional.empty());
    }

    private Problem refused(boolean back, FactsBuilder... now) {
        return Objects.requireNonNull(catchThrowableOfType(Failure.class, () -> decide(back, now)))
                .problems()
                .getFirst();
    }

    @Test
    void a_rollout_that_was_cut_off_goes_on_where_hosts_do_not_serve_the_new_release_yet() {
        begun(old());

        assertThat(
                        decide(
                                false,
                                on("web1", Samples.OLD, Samples.NEW),
                                on("web2", Samples.OLD),
                                on("web3", Samples.OLD)))
                .isEqualTo(new Resumption(Samples.NEW, Set.of("web2", "web3"), true, true));
    }

    @Test
    void the_migrations_run_again_only_where_no_host_can_have_switched() {
        begun(old());

        assertThat(decide(false, on("web1", Samples.OLD), on("web2", Samples.OLD)).migrated())
                .isFalse();
    }

    @Test
    void a_host_that_was_left_in_the_middle_of_its_switch_is_not_there_yet() {
        begun(old());

        Resumption resumption =
                decide(
                        false,
                        on("web1", Samples.OLD, Samples.NEW).activating(2),
                        on("web2", Samples.OLD, Samples.NEW).state("failed"),
                        on("web3", Samples.OLD, Samples.NEW));

        assertThat(resumption.hosts()).containsExactlyInAnyOrder("web1", "web2");
    }

    @Test
    void one_that_was_taking_hosts_back_goes_on_with_that() {
        RolloutLog log = begun(old());
        log.tell(new RolloutEvent.TakingBack(EVENING, List.of("web1"), "web2"));
        ended(log, Samples.NEW, lost("web1"), lost("web2"), lost("web3"));

        assertThat(
                        decide(
                                false,
                                on("web1", Samples.OLD, Samples.NEW),
                                on("web2", Samples.OLD),
                                on("web3", Samples.OLD)))
                .isEqualTo(new Resumption(Samples.OLD, Set.of("web1"), false, true));
    }

    @Test
    void who_wants_to_goes_back_instead_of_on() {
        begun(old());

        assertThat(
                        decide(
                                true,
                                on("web1", Samples.OLD, Samples.NEW),
                                on("web2", Samples.OLD),
                                on("web3", Samples.OLD)))
                .isEqualTo(new Resumption(Samples.OLD, Set.of("web1"), false, true));
        // And what was begun is then to go back, also where that is cut off again.
        begun("rollback", Samples.OLD, facts(on("web1", Samples.OLD, Samples.NEW)));
        assertThat(decide(false, on("web1", Samples.OLD, Samples.NEW)).release())
                .isEqualTo(Samples.OLD);
    }

    @Test
    void a_rollback_that_was_cut_off_goes_on_back() {
        begun(
                "rollback",
                Samples.OLD,
                facts(on("web1", Samples.OLD, Samples.NEW), on("web2", Samples.OLD, Samples.NEW)));

        assertThat(
                        decide(
                                false,
                                on("web1", Samples.OLD, Samples.NEW, Samples.OLD),
                                on("web2", Samples.OLD, Samples.NEW)))
                .isEqualTo(new Resumption(Samples.OLD, Set.of("web2"), false, true));
    }

    @Test
    void nothing_is_kept_of_a_rollout_that_has_ended_however_it_has() {
        ended(begun(old()), Samples.NEW, deployed("web1"), deployed("web2"), deployed("web3"));
        assertThat(file()).doesNotExist();

        ended(
                begun(old()),
                Samples.NEW,
                new HostOutcome.Untouched("web1", Optional.empty()),
                new HostOutcome.Untouched("web2", Optional.empty()),
                new HostOutcome.Untouched("web3", Optional.empty()));
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_host_that_is_left_out_of_what_is_resumed_stays_unfinished() {
        ended(begun(old()), Samples.NEW, deployed("web1"), deployed("web2"), lost("web3"));

        Map<String, HostFacts> without =
                facts(on("web1", Samples.OLD, Samples.NEW), on("web2", Samples.OLD));
        RolloutLog again = Unfinished.keeper(file(), without, notes::add);
        again.tell(
                new RolloutEvent.Began(EVENING, "deploy", Samples.NEW, List.of("web2"), List.of()));
        ended(again, Samples.NEW, deployed("web2"));

        Unfinished left = Unfinished.read(file()).orElseThrow();
        assertThat(left.open()).containsExactly("web3");
        assertThat(left.before().keySet()).containsExactlyInAnyOrderElementsOf(HOSTS);
    }

    @Test
    void hosts_that_are_there_already_are_closed_and_others_stay_unfinished() throws Exception {
        ended(begun(old()), Samples.NEW, deployed("web1"), lost("web2"), lost("web3"));

        Unfinished.close(file(), Set.of("web1", "web2"));
        assertThat(Unfinished.read(file()).orElseThrow().open()).containsExactly("web3");

        Unfinished.close(file(), Set.of("web3"));
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_rollout_goes_on_where_what_is_unfinished_cannot_be_written_down() throws Exception {
        Files.createDirectories(file());
        Files.createFile(file().resolve("in the way"));

        RolloutLog keeper = Unfinished.keeper(file(), Map.of(), notes::add);
        keeper.tell(new RolloutEvent.TakingBack(EVENING, List.of("web1"), "web2"));

        assertThat(notes).hasSize(1);
        assertThat(notes.getFirst().toString()).contains("cannot be written down");
    }

    @Test
    void where_somebody_has_deployed_since_it_is_refused() {
        begun(old());

        Problem problem = refused(false, on("web1", Samples.OLD), on("web2", Samples.OLDER));

        assertThat(problem.id()).isEqualTo("changed-since");
        assertThat(problem.why()).containsExactly("web2 serves " + Samples.OLDER + ".");
        assertThat(problem.status()).isEqualTo(ExitStatus.REFUSED);
    }

    @Test
    void where_nothing_is_known_and_the_hosts_differ_a_release_has_to_be_named() {
        FactsBuilder[] now = {on("web1", Samples.OLD, Samples.NEW), on("web2", Samples.OLD)};

        assertThat(refused(false, now).next().getFirst()).startsWith("decant resume RELEASE");
        assertThat(Resumption.decide(Optional.empty(), facts(now), false, Optional.of(Samples.NEW)))
                .isEqualTo(new Resumption(Samples.NEW, Set.of("web2"), true, true));
    }

    @Test
    void where_nothing_is_known_and_all_serve_the_same_nothing_is_left_to_do() {
        assertThat(decide(false, on("web1", Samples.NEW), on("web2", Samples.NEW)).hosts())
                .isEmpty();
    }

    @Test
    void to_where_hosts_differed_before_there_is_no_way_back() {
        begun(facts(on("web1", Samples.OLD), on("web2", Samples.OLDER)));

        assertThat(refused(true, on("web1", Samples.OLD), on("web2", Samples.OLDER)).why())
                .containsExactly(
                        "web1 served " + Samples.OLD + ".", "web2 served " + Samples.OLDER + ".");
    }

    @Test
    void a_file_that_cannot_be_read_is_named() throws IOException {
        Files.createDirectories(Objects.requireNonNull(file().getParent()));
        for (String text : List.of("", "{", "{}", "[]", "{\"at\":\"2026-11-26T19:15:00Z\"}")) {
            Files.writeString(file(), text);

            assertThat(refused(false, on("web1", Samples.OLD)).next())
                    .as(text)
                    .contains("rm " + file());
        }
    }
}
