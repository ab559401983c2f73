package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.exec.Program;
import dev.decant.problem.Failure;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// This machine as a host, as far as that goes without setting it up: sessions that begin, look and
/// change nothing. What is done in a session is in the contract, which other transports fulfil.
@Tag("lab")
class LocalTransportTest {

    private static final String UNIT = "decant-not-here";

    private static List<String> everything() throws Exception {
        String list =
                "find /srv /usr/local/lib /etc/systemd /etc/sudoers.d /etc/passwd /etc/group"
                        + " /var/lib/decant -printf '%p %m %u %g %s %T@ %l\\n' 2>/dev/null | sort";
        return Program.of("sh", "-c", list).env(Map.of("LC_ALL", "C")).run().out();
    }

    @Test
    void looking_at_this_machine_changes_nothing() throws Exception {
        List<String> before = everything();

        LocalTransport transport = new LocalTransport("here", "root", UNIT);
        try (Host host = Host.connect("here", UNIT, transport, Transport.Entry.BROUGHT)) {
            HostFacts facts = HostFacts.of(host, List.of("libc.so.6", "libnot.so.9"));

            assertThat(facts.user()).isEqualTo("root");
            assertThat(facts.setUp()).isFalse();
            assertThat(facts.releases()).isEmpty();
            assertThat(facts.lacks()).containsExactly("libnot.so.9");
            assertThat(host.ask(new Verb.Lock("me", "run1", "deploy")).status())
                    .isEqualTo(Reply.CANNOT_WRITE);
            assertThat(host.ask(new Verb.Inspect("")).ok()).isTrue();
            assertThat(HostStore.ask(host, List.of()).holds()).isEmpty();
            assertThat(host.ask(new Verb.Activate(1, Duration.ZERO)).status())
                    .isEqualTo(Reply.NO_SUCH);
            assertThat(host.ask(new Verb.Recover()).ok()).isTrue();
        }

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void a_machine_without_the_deploy_user_has_not_been_set_up() {
        LocalTransport transport = new LocalTransport("here", "decant-nobody", UNIT);

        assertThatThrownBy(
                        () ->
                                Host.connect("here", UNIT, transport, Transport.Entry.INSTALLED)
                                        .close())
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .containsExactly(new HostProblem.NotSetUp("here")));
    }

    @Test
    void whoever_asks_at_once_is_told_why_it_cannot_be_reached() {
        LocalTransport transport = new LocalTransport("here", "decant-nobody", UNIT);
        List<Verb> verbs = List.of(new Verb.Facts(List.of()));

        try (Host host = Host.begin("here", UNIT, transport, Transport.Entry.INSTALLED)) {
            assertThatThrownBy(() -> host.ask(verbs, (_, _) -> {}))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure ->
                                    assertThat(failure.problems())
                                            .containsExactly(new HostProblem.NotSetUp("here")));
        }
    }
}
