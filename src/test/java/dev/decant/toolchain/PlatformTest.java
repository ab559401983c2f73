package dev.decant.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class PlatformTest {

    private static final String UBUNTU =
            "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nID=ubuntu\nVERSION_ID=\"24.04\"\n";
    private static final String DEBIAN =
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n";

    private static Platform linux(String machine, String release, String chosen) {
        return Platform.of(
                "Linux", machine, release, Optional.of(chosen).filter(it -> !it.isEmpty()));
    }

    private static String refused(String name, String machine, String release, String chosen) {
        Failure failure =
                catchThrowableOfType(
                        Failure.class,
                        () ->
                                Platform.of(
                                        name,
                                        machine,
                                        release,
                                        Optional.of(chosen).filter(it -> !it.isEmpty())));
        return String.join(
                "\n",
                failure.getMessage(),
                "",
                String.join("\n", failure.problems().getFirst().next()));
    }

    @Test
    void an_ubuntu_takes_what_is_made_for_it() {
        assertThat(linux("amd64", UBUNTU, "")).isEqualTo(new Platform("amd64", "ubuntu-24.04"));
        assertThat(linux("aarch64", UBUNTU, "")).isEqualTo(new Platform("arm64", "ubuntu-24.04"));
    }

    @Test
    void others_have_none_of_their_own_and_may_say_whose_they_take() {
        assertThat(refused("Linux", "amd64", DEBIAN, ""))
                .startsWith(
                        "There are no official builds of Erlang for Debian GNU/Linux 12 (bookworm)"
                                + " on amd64.")
                .contains("[toolchain] platform = \"ubuntu-22.04\"");
        assertThat(linux("amd64", DEBIAN, "ubuntu-22.04"))
                .isEqualTo(new Platform("amd64", "ubuntu-22.04"));
    }

    @Test
    void where_none_can_run_a_setting_does_not_help() {
        String alpine = "PRETTY_NAME=\"Alpine Linux v3.20\"\nID=alpine\nVERSION_ID=3.20.0\n";

        assertThat(refused("Linux", "amd64", alpine, "ubuntu-22.04"))
                .contains("Alpine Linux v3.20", "asdf install")
                .doesNotContain("platform =");
        assertThat(refused("Mac OS X", "aarch64", "", "ubuntu-22.04"))
                .contains("Mac OS X on aarch64");
        assertThat(refused("Linux", "riscv64", UBUNTU, "")).contains("on riscv64");
    }
}
