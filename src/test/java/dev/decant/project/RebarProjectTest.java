package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.Kind;
import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class RebarProjectTest {

    @TempDir private Path folder = Path.of("");

    private RebarProject read(String config) throws IOException {
        Files.writeString(folder.resolve("rebar.config"), config);
        return RebarProject.read(folder, "prod");
    }

    @Test
    void the_sample_says_all_there_is_to_know() throws IOException {
        Path sample = Path.of("samples/tally");

        RebarProject tally = RebarProject.read(sample, "prod");

        assertThat(Kind.of(sample)).isEqualTo(Kind.REBAR3);
        assertThat(tally.apps()).containsExactly("tally");
        assertThat(tally.releases()).containsExactly("tally");
        assertThat(tally.deps()).isEmpty();
        assertThat(tally.healthPath()).isEqualTo(Optional.of("/health"));
    }

    @Test
    void what_is_fetched_is_known_by_its_name_only() throws IOException {
        RebarProject project =
                read(
                        """
                        {deps, [cowboy, {jsx, "3.1.0"}, {'my app', {git, "file:///x", {tag, "v1"}}}]}.
                        {plugins, [rebar3_hex]}.
                        {project_plugins, [{rebar3_lint, "1.0.0"}]}.
                        {relx, [{release, {a, "1"}, [a]}, {release, {a, "2"}, [a]}]}.
                        {profiles, [
                            {prod, [{deps, [recon]}, {relx, [{release, {b, "1"}, [a]}]}]},
                            {test, [{deps, [meck]}]}
                        ]}.
                        """);

        assertThat(project.deps()).containsExactly("cowboy", "jsx", "my app");
        assertThat(project.profileDeps()).containsExactly("recon");
        assertThat(project.plugins()).containsExactly("rebar3_hex", "rebar3_lint");
        assertThat(project.releases()).containsExactly("a", "b");
    }

    @Test
    void apps_of_an_umbrella_are_found() throws IOException {
        for (String source : new String[] {"apps/b/src/b.app.src", "apps/a/src/a.app.src"}) {
            Files.createDirectories(folder.resolve(source).getParent());
            Files.writeString(folder.resolve(source), "");
        }
        Path test = Files.createDirectories(folder.resolve("apps/a/test/src"));
        Files.writeString(test.resolve("c.app.src"), "");

        assertThat(read("{relx, []}.").apps()).containsExactly("a", "b");
    }

    @Test
    void one_without_a_release_is_refused_unless_code_may_add_it() throws IOException {
        Failure failure = catchThrowableOfType(Failure.class, () -> read("{deps, []}."));
        Files.writeString(folder.resolve("rebar.config.script"), "CONFIG.");

        assertThat(failure.problems()).containsExactly(new ProjectProblem.NoRelx(folder));
        assertThat(read("{deps, []}.").releases()).isEmpty();
    }

    @Test
    void what_only_erlang_can_read_is_left_to_rebar3() throws IOException {
        assertThat(read("{relx, [{release, {a, fun() -> 1 end}, [a]}]}.").releases()).isEmpty();
    }
}
