package dev.decant.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class AptSourcesTest {

    @TempDir private Path apt;

    @BeforeEach
    void folder() throws Exception {
        Files.createDirectory(apt.resolve("sources.list.d"));
    }

    @Test
    void a_line_may_have_options_comments_and_other_types_beside_it() {
        String text =
                """
                # deb http://old.example/debian bookworm main
                deb-src http://mirror.example/debian bookworm main
                deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # ours
                """;

        List<AptSources.Source> sources = AptSources.lines(text);

        assertThat(sources)
                .containsExactly(
                        new AptSources.Source(
                                "http://mirror.example/debian",
                                List.of("bookworm"),
                                List.of("main", "contrib")));
    }

    @Test
    void a_paragraph_may_go_on_in_the_next_line_and_may_be_switched_off() {
        String text =
                """
                Types: deb deb-src
                URIs: http://one.example/debian
                 http://two.example/debian
                Suites: bookworm bookworm-updates
                # a remark
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 mQINBFit

                Enabled: no
                Types: deb
                URIs: http://off.example/debian
                Suites: bookworm
                Components: main
                """;

        List<AptSources.Source> sources = AptSources.paragraphs(text);

        assertThat(sources)
                .extracting(AptSources.Source::uri)
                .containsExactly("http://one.example/debian", "http://two.example/debian");
        assertThat(sources.getFirst().suites()).containsExactly("bookworm", "bookworm-updates");
    }

    @Test
    void the_mirror_is_the_first_source_of_debian_itself() throws Exception {
        write("aaa.list", "deb https://packages.example/tool stable-tool main\n");
        write(
                "debian.sources",
                """
                Types: deb
                URIs: http://mirror.example/debian-security
                Suites: bookworm-security
                Components: main

                Types: deb
                URIs: http://mirror.example/debian
                Suites: bookworm bookworm-updates
                Components: main
                """);

        assertThat(AptSources.mirror(apt)).contains("http://mirror.example/debian");
    }

    @Test
    void the_old_single_file_counts_first() throws Exception {
        Files.writeString(
                apt.resolve("sources.list"), "deb http://old.example/debian bookworm main\n");
        write("debian.list", "deb http://new.example/debian bookworm main\n");

        assertThat(AptSources.mirror(apt)).contains("http://old.example/debian");
    }

    @Test
    void a_list_of_mirrors_in_a_file_is_followed() throws Exception {
        Path mirrors = apt.resolve("mirrors.list");
        Files.writeString(mirrors, "https://cloud.example/debian\tpriority:1\n");
        write("debian.list", "deb mirror+file://" + mirrors + " bookworm main\n");

        assertThat(AptSources.mirror(apt)).contains("https://cloud.example/debian");
    }

    @Test
    void a_compact_disc_and_a_file_of_another_ending_are_no_mirror() throws Exception {
        write("cd.list", "deb cdrom:[Debian]/ bookworm main\n");
        write(
                "debian.sources.disabled",
                "Types: deb\nURIs: http://x.example/\nSuites: bookworm\nComponents: main\n");

        assertThat(AptSources.mirror(apt)).isEmpty();
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(apt.resolve("sources.list.d").resolve(name), text);
    }
}
