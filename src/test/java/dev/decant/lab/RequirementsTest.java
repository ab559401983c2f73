package dev.decant.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;

import java.util.List;

class RequirementsTest {

    @Test
    void elsewhere_than_on_linux_there_are_no_hosts() throws Exception {
        assertThat(Requirements.problem("Mac OS X", () -> 0, "/bin", name -> true))
                .contains(new LabProblem.NeedsLinux("Mac OS X"));
    }

    @Test
    void who_is_not_root_is_told_so_before_anything_is_looked_for() throws Exception {
        assertThat(Requirements.problem("Linux", () -> 1000, "/bin", name -> false))
                .contains(new LabProblem.NeedsRoot(1000));
    }

    @Test
    void missing_programs_are_named_by_their_debian_packages() throws Exception {
        List<String> absent = List.of("systemd-nspawn", "ssh", "ssh-keygen");

        LabProblem problem =
                Requirements.problem("Linux", () -> 0, "/bin", name -> !absent.contains(name))
                        .orElseThrow();

        assertThat(problem.id()).isEqualTo("lab-needs-programs");
        assertThat(problem.what()).contains("ssh, ssh-keygen, systemd-nspawn");
        assertThat(problem.next())
                .containsExactly("apt-get install openssh-client systemd-container");
    }

    @Test
    void a_root_is_named_by_its_suite_and_its_packages_in_any_order() {
        BaseRoot base =
                BaseRoot.of(Suite.BOOKWORM).with(List.of("postgresql", "age")).with(List.of("age"));

        assertThat(base.name()).isEqualTo("bookworm+age+postgresql");
    }

    @Test
    void a_word_for_another_program_is_not_a_package() {
        assertThatThrownBy(() -> BaseRoot.of(Suite.TRIXIE).with(List.of("--allow-unauthenticated")))
                .isInstanceOf(Failure.class);
        assertThatThrownBy(() -> BaseRoot.of(Suite.TRIXIE).with(List.of("../../etc")))
                .isInstanceOf(Failure.class);
    }

    @Test
    void a_mistyped_suite_brings_the_right_one_to_mind() {
        assertThatThrownBy(() -> Suite.named("bookwrom"))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems().getFirst().next())
                                        .containsExactly("Did you mean 'bookworm'?"));
    }
}
