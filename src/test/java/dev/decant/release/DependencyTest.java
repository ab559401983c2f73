package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class DependencyTest {

    private static Dependency.Hex hex(String app, String name, String version, String repo) {
        return new Dependency.Hex(
                app, name, version, repo, Optional.empty(), Optional.empty(), List.of());
    }

    private static void assertRefused(Runnable made, String sentence) {
        assertThatThrownBy(made::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void needs_are_sorted_and_said_once() {
        assertThat(
                        new Dependency.Hex(
                                        "a",
                                        "a",
                                        "1",
                                        "hexpm",
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of("c", "b", "c"))
                                .needs())
                .containsExactly("b", "c");
    }

    @Test
    void what_cannot_be_printed_or_put_into_an_address_is_refused() {
        assertRefused(() -> hex("a b", "a", "1", "hexpm"), "Not the name of an app: 'a b'");
        assertRefused(() -> hex("a", "../a", "1", "hexpm"), "Not the name of a package: '../a'");
        assertRefused(() -> hex("a", "a", "", "hexpm"), "Not a version: ''");
        assertRefused(() -> hex("a", "a", "1\u001b[2J\u202e", "hexpm"), "Not a version: '1?[2J?'");
        assertRefused(() -> hex("a", "a", "1", "a/b"), "Not the name of a repository: 'a/b'");
        assertRefused(
                () -> hex("a", "a".repeat(59) + "/bc", "1", "hexpm"),
                "Not the name of a package: '" + "a".repeat(59) + "/…'");
    }

    @Test
    void a_url_that_is_refused_is_not_repeated() {
        assertRefused(
                () ->
                        new Dependency.Git(
                                "a",
                                "https://token@example.com\n",
                                "0".repeat(40),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                "This is not where a git repository is.");
    }
}
