package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Dependency;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

class RebarLockTest {

    private static final String SUM = "ABCDEF".repeat(10) + "0123";
    private static final Digest DIGEST = new Digest(SUM.toLowerCase(Locale.ROOT));
    private static final String REVISION = "914e5585ff190302047ffce726719f21700f9447";

    @TempDir private Path folder = Path.of("");

    @Test
    void packages_have_the_checksums_that_stand_behind_them() {
        List<Dependency> locked =
                RebarLock.parse(
                        """
                        {"1.2.0",
                        [{<<"ranch">>,{pkg,<<"ranch">>,<<"1.8.0">>},1},
                         {<<"cow">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0}]}.
                        [
                        {pkg_hash,[
                         {<<"cow">>, <<"%1$s">>}]},
                        {pkg_hash_ext,[
                         {<<"cow">>, <<"%1$s">>}]}
                        ].
                        """
                                .formatted(SUM));

        assertThat(locked)
                .containsExactly(
                        hex("cow", "cowboy", "2.9.0", Optional.of(DIGEST)),
                        hex("ranch", "ranch", "1.8.0", Optional.empty()));
    }

    private static Dependency hex(String app, String name, String version, Optional<Digest> sum) {
        return new Dependency.Hex(app, name, version, "hexpm", sum, sum, List.of());
    }

    @Test
    void repositories_have_their_revision_and_others_only_their_kind() {
        List<Dependency> locked =
                RebarLock.parse(
                        """
                        %% As older ones have it.
                        [{<<"a">>,{git,"https://user:token@example.org/a.git",{ref,"@"}},0},
                         {<<"b">>,{git_subdir,"file:///b",{ref,"@"},"sub"},0},
                         {<<"c">>,{hg,"https://example.org/c",{ref,"1"}},0}].
                        """
                                .replace("@\"", REVISION + "\""));

        assertThat(locked)
                .containsExactly(
                        git("a", "https://example.org/a.git"),
                        git("b", "file:///b"),
                        new Dependency.Other("c", "hg"));
    }

    private static Dependency git(String app, String url) {
        return new Dependency.Git(
                app, url, REVISION, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void nothing_is_locked_by_an_empty_list_or_by_no_file() throws Exception {
        assertThat(RebarLock.parse("[].\n")).isEmpty();
        assertThat(RebarLock.read(folder)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``                                        | 1:1 | The file is empty.
                    `[]`                                      | 1:3 | The file ends where a full stop
                    `[{a}].`                                  | 1:2 | A tuple of 3 should be here.
                    `[{<<"a">>,{pkg,<<"a">>},0}].`            | 1:11 | A package has a name and a version.
                    `[{<<"a b">>,{hg,"x",1},0}].`             | 1:2 | Not the name of an app: 'a b'
                    `[{<<"a">>,{git,"x",{ref,"main"}},0}].`   | 1:2 | Not a revision of git's: 'main'
                    `[{<<"a">>,os:cmd("id"),0}].`             | 1:13 | There is : instead of a comma
                    `[{<<"a">>,X,0}].`                        | 1:11 | There is X instead of a term.
                    `[{<<"a">>,{hg,1,1},0},{<<"a">>,{hg,1,1},0}].` | 1:1 | a is locked twice.
                    `{"1.2.0",[]}. [{pkg_hash,[{<<"a">>,<<"12">>}]}].` | 1:27 | A checksum is a SHA-256
                    `<<<<<<< HEAD`                            | 1:1 | A merge was left unfinished here.
                    `[{<<"a">>,"no end`                       | 1:11 | The text that begins here has no end.
                    """)
    void what_rebar3_does_not_write_is_refused_with_its_place(
            String lock, String place, String reason) {
        Failure failure = catchThrowableOfType(Failure.class, () -> RebarLock.parse(lock));

        assertThat(failure.problems().getFirst().what()).startsWith("rebar.lock:" + place + ": ");
        assertThat(failure.problems().getFirst().why().getFirst()).startsWith(reason);
    }

    @Test
    @Timeout(5)
    void what_is_deep_or_long_is_refused_and_does_not_hang() {
        for (String lock :
                List.of("[".repeat(1 << 20), "{".repeat(100_000) + "}", "\"".repeat(99))) {
            assertThat(catchThrowableOfType(Failure.class, () -> RebarLock.parse(lock)))
                    .isNotNull();
        }
    }
}
