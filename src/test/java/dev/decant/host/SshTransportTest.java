package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.config.HostConfig;
import dev.decant.config.SshConfig;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.ssh.Ssh;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class SshTransportTest {

    private static SshTransport transport(OptionalInt port, Optional<Path> config) {
        return new SshTransport(
                new HostConfig("web1", "web1.example.com", List.of(), HostConfig.LOOPBACK),
                new SshConfig(
                        "deploy",
                        "root",
                        port,
                        config,
                        Duration.ofMillis(1500),
                        Duration.ofMinutes(1)),
                "deploy",
                "shop-web");
    }

    @Test
    void a_shell_takes_a_line_apart_into_the_same_words() throws Exception {
        List<String> words = new ArrayList<>(List.of("printf", "[%s]\\n"));
        StringBuilder all = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            words.add(Character.toString(c));
            words.add(c + "x" + c);
            all.append(c);
        }
        words.add(all.toString());
        words.add("");
        words.add("größe 🐘");
        words.add("tab\tand two\nlines");

        Result result = Program.of("sh", "-c", Ssh.line(words)).run();

        assertThat(result.err()).isEmpty();
        assertThat(String.join("\n", result.out()))
                .isEqualTo(
                        String.join(
                                "\n",
                                words.subList(2, words.size()).stream()
                                        .map(word -> "[" + word + "]")
                                        .toList()));
    }

    @Test
    void plain_words_stay_readable() {
        assertThat(Ssh.line(List.of("/usr/local/lib/decant/decant-host", "session", "shop-web")))
                .isEqualTo("exec /usr/local/lib/decant/decant-host session shop-web");
    }

    @Test
    void ssh_is_told_what_was_configured_and_never_to_ask() {
        Assumptions.assumeTrue(Program.find("ssh").isPresent(), "no ssh here");

        String plain =
                transport(OptionalInt.empty(), Optional.empty())
                        .session(Transport.Entry.INSTALLED)
                        .shown();
        String special =
                transport(OptionalInt.of(2222), Optional.of(Path.of("/p/ssh_config")))
                        .session(Transport.Entry.BROUGHT)
                        .shown();

        assertThat(plain)
                .startsWith("ssh -T -o BatchMode=yes -o ConnectTimeout=1 ")
                .endsWith(
                        " -l deploy -- web1.example.com"
                                + " exec /usr/local/lib/decant/decant-host session shop-web")
                .doesNotContain(" -p ", " -F ");
        // What ssh shares is no new connection.
        assertThat(plain).doesNotContain("ControlPath");
        assertThat(
                        transport(OptionalInt.empty(), Optional.empty())
                                .session(Transport.Entry.INSTALLED_ANEW)
                                .shown())
                .contains(" -o ControlPath=none ")
                .endsWith("decant-host session shop-web");
        assertThat(special)
                .contains(" -F /p/ssh_config -p 2222 -l deploy -- web1.example.com exec sh -c '");
    }
}
