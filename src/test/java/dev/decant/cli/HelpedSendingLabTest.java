package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Relay;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// A large file that has changed in one place, to a real host that has zstd and the file as it was.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HelpedSendingLabTest {

    private static final String RELEASES = "/srv/counter/releases/";
    private static final String SCRIPT = "/lib/counter-0.1.0/priv/app.js";
    private static final int SIZE = 400_000;

    private Lab lab;
    private LabHost host;
    private Relay relay;
    private SampleProject project;
    private String first = "";
    private String second = "";

    @BeforeAll
    void begin() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM, List.of("zstd"));
        relay = Relay.to(host.address());
        project =
                SampleProject.create().config(relay.config(lab.sshConfig()), List.of(host), "", "");
        project.must("setup");
        first = built("one");
        second = built("another");
    }

    /// With a script that nothing makes smaller.
    private String built(String line) throws Exception {
        Path script = project.folder().resolve("priv/app.js");
        byte[] bytes = new byte[SIZE];
        new Random(1).nextBytes(bytes);
        byte[] text = line.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, bytes, SIZE / 2, text.length);
        Files.createDirectories(script.getParent());
        Files.write(script, bytes);
        project.commit();
        return project.must("build", "--json")
                .out()
                .replaceFirst("(?s).*\"release\" : \"([^\"]*)\".*", "$1");
    }

    @AfterAll
    void end() throws Exception {
        relay.close();
        project.close();
        lab.close();
    }

    @BeforeEach
    void hasTheFirst() throws Exception {
        host.ssh("rm -rf " + RELEASES + "* /srv/counter/incoming/*");
        project.must("upload", "--release", first);
    }

    private void assertHasTheSecond() throws Exception {
        assertThat(host.ssh("sha256sum <" + RELEASES + second + SCRIPT).out())
                .isEqualTo(
                        host.ssh(
                                        "awk -F'\\t' '$1 == \""
                                                + SCRIPT.substring(1)
                                                + "\" {print $4 \"  -\"}' "
                                                + RELEASES
                                                + second
                                                + "/.decant/files")
                                .out());
    }

    @Test
    void only_the_place_is_sent() throws Exception {
        long before = relay.passed();

        project.must("upload", "--release", second);

        assertThat(relay.passed() - before).isLessThan(30_000);
        assertHasTheSecond();
    }

    @Test
    void a_bit_that_turned_over_there_is_noticed_and_all_is_sent() throws Exception {
        String script = RELEASES + first + SCRIPT;
        assertThat(
                        host.ssh(
                                        "printf X | dd conv=notrunc bs=1 seek=20 of="
                                                + script
                                                + " status=none && touch -d @0 "
                                                + script)
                                .ok())
                .isTrue();
        long before = relay.passed();

        Ran ran = project.must("upload", "--release", second);

        assertThat(ran.err()).contains("has damaged files in " + first + "; sending all");
        assertThat(relay.passed() - before).isGreaterThan(SIZE);
        assertHasTheSecond();
    }

    @Test
    void a_machine_that_has_lost_the_first_sends_all() throws Exception {
        Path there = SampleProject.releases().resolve(first);
        Path away = SampleProject.releases().resolveSibling(first);
        Files.move(there, away);
        try {
            long before = relay.passed();

            project.must("upload", "--release", second);

            assertThat(relay.passed() - before).isGreaterThan(SIZE);
            assertHasTheSecond();
        } finally {
            Files.move(away, there);
        }
    }
}
