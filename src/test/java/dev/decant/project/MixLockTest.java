package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.Dependency;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class MixLockTest {

    private static final Digest INNER = Digest.of("inner");
    private static final Digest OUTER = Digest.of("outer");
    private static final String REVISION = "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f";

    private static final Dependency.Hex JASON =
            new Dependency.Hex(
                    "jason",
                    "jason",
                    "1.4.1",
                    "hexpm",
                    Optional.of(INNER),
                    Optional.of(OUTER),
                    List.of("decimal"));

    @TempDir private Path folder = Path.of("");

    private static Dependency only(String lock) {
        List<Dependency> dependencies = MixLock.parse(lock);
        assertThat(dependencies).hasSize(1);
        return dependencies.getFirst();
    }

    private static void assertRefused(String lock) {
        assertThatThrownBy(() -> MixLock.parse(lock)).isInstanceOf(Failure.class);
    }

    /// `@inner`, `@outer` and `@revision` stand for what is long.
    private static String filled(String lock) {
        return lock.replace("@inner", INNER.hex())
                .replace("@outer", OUTER.hex())
                .replace("@revision", REVISION);
    }

    // ---- what Mix writes

    @Test
    void a_package_of_hex_is_read_whole() {
        Dependency jason =
                only(
                        filled(
                                """
                                %{
                                  "jason": {:hex, :jason, "1.4.1", "@inner", [:mix], [{:decimal, "~> 1.0 or ~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}], "hexpm", "@outer"},
                                }
                                """));

        assertThat(jason)
                .isEqualTo(
                        new Dependency.Hex(
                                "jason",
                                "jason",
                                "1.4.1",
                                "hexpm",
                                Optional.of(INNER),
                                Optional.of(OUTER),
                                List.of("decimal"),
                                List.of("decimal")));
        assertThat(jason.locked()).contains("1.4.1");
    }

    @Test
    void a_git_repository_is_read_whole() {
        Dependency git =
                only(
                        filled(
                                """
                                %{
                                  "heroicons": {:git, "https://github.com/tailwindlabs/heroicons.git", "@revision", [tag: "v2.2.0", sparse: "optimized", depth: 1]},
                                }
                                """));

        assertThat(git)
                .isEqualTo(
                        new Dependency.Git(
                                "heroicons",
                                "https://github.com/tailwindlabs/heroicons.git",
                                REVISION,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("v2.2.0")));
        assertThat(git.locked()).contains(REVISION);
    }

    @Test
    void a_branch_and_a_ref_are_told_apart() {
        List<Dependency> dependencies =
                MixLock.parse(
                        filled(
                                """
                                %{
                                  "a": {:git, "../a", "@revision", [branch: "main", submodules: true]},
                                  "b": {:git, "git@example.com:b.git", "@revision", [ref: "@revision"]},
                                  "c": {:git, "/srv/my c", "@revision", []},
                                }
                                """));

        assertThat(dependencies)
                .extracting(
                        dependency -> ((Dependency.Git) dependency).branch(),
                        dependency -> ((Dependency.Git) dependency).ref())
                .containsExactly(
                        tuple(Optional.of("main"), Optional.empty()),
                        tuple(Optional.empty(), Optional.of(REVISION)),
                        tuple(Optional.empty(), Optional.empty()));
    }

    @Test
    void an_app_may_be_called_other_than_its_package_and_come_from_an_organisation() {
        Dependency dependency =
                only(
                        filled(
                                """
                                %{"core": {:hex, :acme_core, "0.3.0", "@inner", [:mix], [], "hexpm:acme", "@outer"}}
                                """));

        assertThat(dependency)
                .isEqualTo(
                        new Dependency.Hex(
                                "core",
                                "acme_core",
                                "0.3.0",
                                "hexpm:acme",
                                Optional.of(INNER),
                                Optional.of(OUTER),
                                List.of()));
    }

    @Test
    void what_is_locked_comes_sorted_by_app() {
        List<Dependency> dependencies =
                MixLock.parse("%{\"b\": {:svn, 1}, \"c\": {:svn, 2}, \"a\": {:svn, 3}}");

        assertThat(dependencies).extracting(Dependency::app).containsExactly("a", "b", "c");
    }

    @Test
    void a_lock_of_nothing_has_nothing() {
        assertThat(MixLock.parse("%{\n}\n")).isEmpty();
        assertThat(MixLock.parse("%{}")).isEmpty();
    }

    @Test
    void what_an_extension_of_mix_has_locked_is_kept_by_its_kind() {
        Dependency dependency = only("%{\"wiki\": {:fossil, [%{1 => nil}], {}, true}}");

        assertThat(dependency).isEqualTo(new Dependency.Other("wiki", "fossil"));
        assertThat(dependency.locked()).isEmpty();
    }

    // ---- old and new

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{:hex, :jason, \"1.4.1\", \"@inner\"}",
                "{:hex, :jason, \"1.4.1\", \"@inner\", [:mix]}",
                "{:hex, :jason, \"1.4.1\", \"@inner\", [:mix], []}",
                "{:hex, :jason, \"1.4.1\", \"@inner\", [:mix], [], \"hexpm\"}",
                "{:hex, :jason, \"1.4.1\", \"@inner\", nil, nil, nil, nil}",
            })
    void old_locks_say_less(String entry) {
        assertThat(only(filled("%{\"jason\": " + entry + "}")))
                .isEqualTo(
                        new Dependency.Hex(
                                "jason",
                                "jason",
                                "1.4.1",
                                "hexpm",
                                Optional.of(INNER),
                                Optional.empty(),
                                List.of()));
    }

    @Test
    void what_a_newer_hex_adds_is_passed_over() {
        Dependency dependency =
                only(
                        filled(
                                "%{\"jason\": {:hex, :jason, \"1.4.1\", \"@inner\", [:mix],"
                                        + " [{:decimal, nil, []}], \"hexpm\", \"@outer\", %{\"new\""
                                        + " => 1}, :more}}"));

        assertThat(dependency).isEqualTo(JASON);
    }

    // ---- any layout

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%{jason: @}",
                "%{:jason => @}",
                "%{:\"jason\" => @}",
                "%{:jason=>@,}",
                "%{:jason\n\n=>\n @}",
                "\n\n%{\n\n\"jason\":\n@\n\n}\n\n",
                "\t%{\r\n  \"jason\":\t@,\r\n}\r\n",
                "# a\n%{ # {b\n# c\n\"jason\": # d\n@, # }\n# e\n} # f",
                "%{\"j\\u0061son\": @}",
                "%{\"\\u{6A}aso\\\nn\": @}",
            })
    void layout_does_not_matter(String layout) {
        String entry =
                "{:hex, :jason, \"1.4.1\", \"@inner\", [:mix], [{:decimal, nil, []}], \"hexpm\","
                        + " \"@outer\"}";
        String lock =
                filled(layout.replace("@", entry)).replace("\"\\u{6A}a\\son\\\n\": {:svn}, ", "");

        assertThat(only(lock)).isEqualTo(JASON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{:git, \"u\", \"@\", [branch: \"main\"]}",
                "{:git, \"u\", \"@\", branch: \"main\"}",
                "{:git, \"u\", \"@\", [{:branch, \"main\"}]}",
                "{:git, \"u\", \"@\", [{:depth, 1_000}, branch: \"main\",]}",
                "{:git,\"u\",\"@\",[\"branch\": \"main\"],}",
                "{\n:git,\n\"u\", # url\n\"@\",\n[\nbranch:\n\"main\"\n]\n}",
                "{:\"git\", \"u\", \"@\", [branch: \"m\\u0061\\\nin\"]}",
            })
    void keyword_lists_have_several_spellings(String entry) {

        assertThat(only("%{a: " + entry.replace("@", REVISION) + "}"))
                .isEqualTo(
                        new Dependency.Git(
                                "a",
                                "u",
                                REVISION,
                                Optional.of("main"),
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void texts_may_have_escapes() {
        Dependency.Git git =
                (Dependency.Git)
                        only(
                                "%{a: {:git, \"\\\"\\\\\\#{x}\\q\\s\\u00e9\\u{1F600}é#\", \"@\", []}}"
                                        .replace("@", REVISION));

        assertThat(git.url()).isEqualTo("\"\\#{x}q é😀é#");
    }

    /// Whatever is written, in whatever layout, is read as it was.
    @Test
    void a_thousand_locks_are_read_as_they_were_written() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            List<Dependency> written = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                written.add(anyDependency("app" + i, random));
            }
            Collections.shuffle(written, random);

            List<Dependency> read = MixLock.parse(new Writer(random).lock(written));

            written.sort(Comparator.comparing(Dependency::app));
            assertThat(read).as("seed %d", seed).isEqualTo(written);
        }
    }

    private static Dependency anyDependency(String app, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new Dependency.Other(app, "svn");
            case 1 ->
                    new Dependency.Git(
                            app,
                            "https://example.com/ü \"\\#{a}" + random.nextInt(),
                            Digest.of(app).hex().substring(0, 40),
                            maybe(random, () -> "feature/" + random.nextInt(9)),
                            maybe(random, () -> "v1"),
                            maybe(random, () -> "v\\2"));
            default ->
                    new Dependency.Hex(
                            app,
                            app + random.nextInt(3),
                            "1." + random.nextInt(100) + ".0-rc.1+build",
                            random.nextBoolean() ? "hexpm" : "hexpm:acme",
                            maybe(random, () -> Digest.of("inner" + random.nextInt())),
                            maybe(random, () -> Digest.of("outer" + random.nextInt())),
                            random.ints(random.nextInt(4), 0, 9).mapToObj(i -> "dep" + i).toList());
        };
    }

    private static <T> Optional<T> maybe(Random random, Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    /// Writes a lock, each time in another layout.
    private record Writer(Random random) {

        String lock(List<Dependency> dependencies) {
            return gap(true)
                    + bracket(
                            "%{",
                            dependencies.stream()
                                    .map(dependency -> key(dependency.app()) + entry(dependency))
                                    .toList(),
                            "}")
                    + gap(true);
        }

        private String entry(Dependency dependency) {
            return switch (dependency) {
                case Dependency.Hex hex ->
                        bracket(
                                "{",
                                List.of(
                                        atom("hex"),
                                        atom(hex.name()),
                                        text(hex.version()),
                                        sum(hex.inner()),
                                        bracket("[", List.of(atom("mix"), atom("rebar3")), "]"),
                                        bracket(
                                                "[",
                                                hex.needs().stream()
                                                        .map(
                                                                app ->
                                                                        bracket(
                                                                                "{",
                                                                                List.of(
                                                                                        atom(app),
                                                                                        text(
                                                                                                "~> 1.0")),
                                                                                "}"))
                                                        .toList(),
                                                "]"),
                                        text(hex.repo()),
                                        sum(hex.outer())),
                                "}");
                case Dependency.Git git ->
                        bracket(
                                "{",
                                List.of(
                                        atom("git"),
                                        text(git.url()),
                                        text(git.revision()),
                                        bracket(
                                                "[",
                                                Stream.of(
                                                                option("branch", git.branch()),
                                                                option("ref", git.ref()),
                                                                option("tag", git.tag()))
                                                        .flatMap(Optional::stream)
                                                        .toList(),
                                                "]")),
                                "}");
                case Dependency.Other other -> bracket("{", List.of(atom(other.kind()), "1"), "}");
            };
        }

        private Optional<String> option(String name, Optional<String> value) {
            return value.map(text -> key(name) + text(text));
        }

        private String bracket(String open, List<String> items, String close) {
            String comma = gap(false) + ",";
            return open
                    + gap(true)
                    + items.stream().collect(Collectors.joining(comma + gap(true)))
                    + (!items.isEmpty() && random.nextInt(3) == 0 ? comma : "")
                    + gap(true)
                    + close;
        }

        private String key(String name) {
            String key = random.nextBoolean() ? name : "\"" + name + "\"";
            return key + ":" + pick(" ", "\t", "\n", "\r\n") + gap(true);
        }

        private String atom(String name) {
            return random.nextBoolean() ? ":" + name : ":\"" + name + "\"";
        }

        private String sum(Optional<Digest> sum) {
            return sum.map(digest -> text(digest.hex())).orElse("nil");
        }

        private String text(String value) {
            StringBuilder text = new StringBuilder("\"");
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == '"' || c == '\\' || c == '#') {
                    text.append('\\').append(c);
                } else if (random.nextInt(20) == 0) {
                    text.append(pick("\\u%04x", "\\u{%x}", "\\\n\\u{0%X}").formatted((int) c));
                } else {
                    text.append(c);
                }
            }
            return text.append('"').toString();
        }

        private String gap(boolean linesMayEnd) {
            return linesMayEnd
                    ? pick("", " ", "\n", "\r\n", "\n\n  ", " # {:hex, \"\n", "\t")
                    : pick("", "", " ", "\t");
        }

        private String pick(String... from) {
            return from[random.nextInt(from.length)];
        }
    }

    // ---- no more than Elixir

    /// Each is a syntax error to Elixir 1.14, so that Mix would see an empty lock.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "% {}",
                "%\n{}",
                "%{,}",
                "%{a: {:x}\n,}",
                "%{a: {:x}\n, b: {:x}}",
                "%{a: {:x} # c\n, b: {:x}}",
                "%{\"a\":{:x}}",
                "%{a:{:x}}",
                "%{a: {:x}, :b => {:x}}",
                "%{a: {:x, [a: 1, 2]}}",
                "%{a: {b: 1}}",
                "%{a: {:x, :a:b}}",
                "%{a: {:x, \"a\"\"b\"}}",
                "%{a: {:x} b: {:x}}",
                "%{a: {:x, [1 2]}}",
                "%{a: {:x, [1,,2]}}",
                "%{a: {:x, [,1]}}",
                "%{a: {:x, 1a}}",
                "%{a: {:x, 1_}}",
                "%{a: {:x, 1__0}}",
                "%{a: {:x, [nil:]}}",
                "%{\"a\" : {:x}}",
                "%{1}",
                "%{\r}",
                "\f%{}",
                "\u00a0%{}",
                "\ufeff%{}",
                "%{a: {:x, \"\\uD800\"}}",
                "%{a: {:x, \"\\u{110000}\"}}",
                "%{a: {:x, \"\\u{0000041}\"}}",
                "%{a: {:x, \"\\u41\"}}",
                "%{a: {:x, \"\\u{}\"}}",
                "# \u202e\n%{}",
                "%{a: {:x}}\0",
            })
    void what_elixir_cannot_read_is_refused(String lock) {
        assertRefused(lock);
    }

    /// Elixir would run it, or it is of another kind than Mix writes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing",
                "System.cmd(\"touch\", [\"/tmp/x\"])",
                "%{} |> Map.put(:a, {:x})",
                "%{}\n%{}",
                "%{};",
                ";%{}",
                "(%{})",
                "%{a: b}",
                "%{a: b()}",
                "%{a: {:x, \"#{b()}\"}}",
                "%{\"#{b()}\": {:x}}",
                "%{a: {:x, :\"#{b()}\"}}",
                "%{a: ~w(x)}",
                "%{a: &b/1}",
                "%{a: @b}",
                "%{a: ^b}",
                "%{a: fn -> 1 end}",
                "%{a: {:x, 1 + 1}}",
                "%{a: {:x, -1}}",
                "%{a: {:x, 1.5}}",
                "%{a: {:x, ?a}}",
                "%{a: {:x, <<1>>}}",
                "%{a: {:x, \"a\" <> \"b\"}}",
                "%{a: {:x, [1 | []]}}",
                "%{a: {:x}.y}",
                "%{a: {:x}[y]}",
                "%{a: {:x, %URI{}}}",
                "%{a: {:x, 'text'}}",
                "%{a: {:x, \"\"\"\ntext\n\"\"\"}}",
                "%{a: {:x, \"\\xff\"}}",
                "%{a: {:x, String}}",
                "%{a: {:x, __ENV__}}",
                "%{a: {:x, :+}}",
                "%{a: {:x, :é}}",
                "%{é: {:x}}",
                "%{b | a: {:x}}",
                "%{\"a\" => {:x}}",
                "%{1 => {:x}}",
                "[a: {:x}]",
                "{:x}",
                "nil",
                "%{a: nil}",
                "%{a: :x}",
                "%{a: {}}",
                "%{a: {\"hex\"}}",
                "%{a: \"4a5c68b\"}",
            })
    void what_is_not_a_literal_map_of_entries_is_refused(String lock) {
        assertRefused(lock);
    }

    @Test
    void what_is_nested_without_end_is_refused_and_does_no_harm() {
        assertRefused("%{a: {:x, " + "[".repeat(1_000_000));
        assertRefused("%{a: " + "{:x, ".repeat(100_000) + "}".repeat(100_000) + "}");
        assertRefused("%{a: {:x, " + "%{a: ".repeat(100_000));
        assertThat(only("%{a: {:x, " + "[".repeat(60) + "]".repeat(60) + "}}"))
                .isEqualTo(new Dependency.Other("a", "x"));
    }

    @Test
    void a_number_may_have_a_million_digits() {
        assertThat(only("%{a: {:x, " + "9".repeat(1_000_000) + "}}"))
                .isEqualTo(new Dependency.Other("a", "x"));
    }

    /// Every prefix, and every text with one character left out, is an answer or a problem.
    @Test
    void a_damaged_lock_is_never_a_bug() {
        String lock =
                filled(
                        """
                        # comment
                        %{
                          "jason": {:hex, :"jason", "1.4.1", "@inner", [:mix], [{:decimal, nil, [hex: :decimal]}], "hexpm", "@outer"},
                          :b => {:git, "u\\u{e9}\\n", "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f", [depth: 1_0]},
                        }
                        """);
        int refused = 0;
        for (int i = 0; i < lock.length(); i++) {
            for (String damaged :
                    List.of(
                            lock.substring(0, i),
                            lock.substring(0, i) + lock.substring(i + 1),
                            lock.substring(0, i) + "\ud800" + lock.substring(i))) {
                try {
                    MixLock.parse(damaged);
                } catch (Failure failure) {
                    assertThat(failure.problems()).hasSize(1);
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(lock.length());
    }

    @Test
    void a_token_in_a_url_goes_no_further() {
        List<Dependency> dependencies =
                MixLock.parse(
                        filled(
                                """
                                %{
                                  "a": {:git, "https://oauth2:s3cret@example.com/a.git", "@revision", []},
                                  "b": {:git, "HTTPS://s3cret@example.com/b.git", "@revision", []},
                                  "c": {:git, "ssh://git:s3cret@example.com/c.git", "@revision", []},
                                  "d": {:git, "https://x:s3cr@et@example.com/d@e", "@revision", []},
                                  "e": {:git, "git@example.com:e.git", "@revision", []},
                                }
                                """));

        assertThat(dependencies)
                .extracting(dependency -> ((Dependency.Git) dependency).url())
                .containsExactly(
                        "https://example.com/a.git",
                        "HTTPS://example.com/b.git",
                        "ssh://git@example.com/c.git",
                        "https://example.com/d@e",
                        "git@example.com:e.git");
    }

    // ---- the file

    private void write(byte[] bytes) throws IOException {
        Files.write(folder.resolve("mix.lock"), bytes);
    }

    private Problem problem() {
        try {
            throw new AssertionError("Read: " + MixLock.read(folder));
        } catch (Failure failure) {
            return failure.problems().getFirst();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_sample_app_locks_nothing() throws IOException {
        assertThat(MixLock.read(Path.of("samples/counter"))).isEmpty();
    }

    @Test
    void no_lock_is_told_with_the_folder() {
        assertThat(problem()).isEqualTo(new ProjectProblem.NoMixLock(folder));
    }

    @Test
    void what_is_not_utf_8_is_told_with_its_place() throws IOException {
        write("%{\n  # caf\u00e9\n}".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problem())
                .isEqualTo(
                        new ProjectProblem.LockUnreadable(
                                new Place(2, 8), "From here on it is not UTF-8."));
    }

    @Test
    void a_lock_without_end_is_not_read_to_its_end() throws IOException {
        write(("%{\n" + "#é\n".repeat(MixLock.MAX_SIZE / 2)).getBytes(StandardCharsets.UTF_8));

        assertThat(problem())
                .isEqualTo(
                        new ProjectProblem.LockUnreadable(
                                new Place(262_145, 2), "It goes on here, after 1 MiB."));
    }

    @Test
    void a_place_counts_characters_as_editors_do() {
        assertThat(Place.of("ab\n\t😀é!", 7)).hasToString("mix.lock:2:4");
        assertThat(Place.of("", 0)).hasToString("mix.lock:1:1");
        assertThat(Place.of("\n", 1)).hasToString("mix.lock:2:1");
    }
}
