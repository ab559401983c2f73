package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Locks that somebody has meddled with, or that somebody's tools have damaged.
///
/// In each, `‸` stands right before what is objected to, and is not in the lock. `RUN` is code that
/// leaves a file behind wherever it is run.
class HostileLockTest {

    private static final String RUN = "File.touch!(\"@owned\")";

    @TempDir private Path folder = Path.of("");

    // ---- code

    /// What Elixir runs, in each way in which Elixir can be told to.
    static final List<String> CODE =
            List.of(
                    // The lock itself is not a map but makes one.
                    "‸RUN",
                    "‸RUN\n%{}",
                    "%{}\n‸RUN",
                    "%{}‸; RUN",
                    "‸;%{}",
                    "‸(RUN; %{})",
                    "‸(%{})",
                    "%{} ‸|> tap(fn _ -> RUN end)",
                    "%{}‸.a",
                    "‸import File\ntouch!(\"@owned\")\n%{}",
                    "‸require Logger\n%{}",
                    "‸alias File, as: F\n%{}",
                    "‸defmodule Owned do\n  RUN\nend\n%{}",
                    "‸x = RUN\n%{}",
                    "%{} ‸= RUN",
                    "‸if true, do: RUN, else: %{}",
                    "‸case RUN do _ -> %{} end",
                    "‸cond do true -> RUN end",
                    "‸for _ <- [1], into: %{}, do: {:a, RUN}",
                    "‸with _ <- RUN, do: %{}",
                    "‸try do RUN after %{} end",
                    "‸receive do after 0 -> RUN end",
                    "‸spawn(fn -> RUN end)\n%{}",
                    "‸quote do: RUN",
                    "‸unquote(RUN)",
                    "‸Code.eval_string(\"RUN\")",
                    "‸Map.new([{:a, RUN}])",
                    "‸fn -> RUN end",
                    "‸(fn -> RUN end).()",
                    "‸~s(%{})",
                    "‸__ENV__",
                    "‸@owned RUN",
                    // A key.
                    "%{‸RUN => {:x}}",
                    "%{‸a => {:x}}",
                    "%{\"‸#{RUN}\": {:x}}",
                    "%{\"a‸#{RUN}\" => {:x}}",
                    "%{:\"‸#{RUN}\" => {:x}}",
                    "%{:os‸.cmd('touch @owned') => {:x}}",
                    "%{‸(RUN) => {:x}}",
                    "%{‸m | a: {:x}}",
                    "%{%{} ‸| a: RUN}",
                    // An entry.
                    "%{a: ‸RUN}",
                    "%{a: ‸f}",
                    "%{a: ‸f()}",
                    "%{a: ‸f RUN}",
                    "%{a: ‸send self(), RUN}",
                    "%{a: ‸File}",
                    "%{a: ‸File.Stat}",
                    "%{a: ‸%URI{path: RUN}}",
                    "%{a: %{__struct__: ‸URI}}",
                    "%{a: ‸%_{}}",
                    "%{a: ‸~w(hex a)a}",
                    "%{a: ‸~s(#{RUN})}",
                    "%{a: ‸~S(a)}",
                    "%{a: ‸~c\"#{RUN}\"}",
                    "%{a: ‸~D[2026-01-01]}",
                    "%{a: ‸&RUN}",
                    "%{a: ‸&File.touch!/1}",
                    "%{a: ‸fn -> RUN end}",
                    "%{a: ‸(fn -> RUN end).()}",
                    "%{a: ‸^f}",
                    "%{a: ‸@f}",
                    "%{a: ‸!RUN}",
                    "%{a: ‸not RUN}",
                    "%{a: ‸-RUN}",
                    "%{a: ‸+1}",
                    "%{a: ‸..}",
                    "%{a: ‸...}",
                    "%{a: ‸<<RUN>>}",
                    "%{a: ‸<<1::size(8)>>}",
                    "%{a: ‸?a}",
                    "%{a: ‸__MODULE__}",
                    "%{a: ‸unquote_splicing(RUN)}",
                    // What an entry consists of.
                    "%{a: {‸RUN}}",
                    "%{a: {:x, ‸RUN}}",
                    "%{a: {:x, \"‸#{RUN}\"}}",
                    "%{a: {:x, \"a\\\\‸#{RUN}\"}}",
                    "%{a: {:x, \"\\u0041‸#{\"}}",
                    "%{a: {:x, :\"‸#{RUN}\"}}",
                    "%{a: {:x, :os‸.cmd(\"touch @owned\")}}",
                    "%{a: {:x, nil ‸|| RUN}}",
                    "%{a: {:x, true ‸&& RUN}}",
                    "%{a: {:x, true ‸and RUN}}",
                    "%{a: {:x, 1 ‸in [RUN]}}",
                    "%{a: {:x, 1 ‸when RUN}}",
                    "%{a: {:x, \"a\" ‸<> RUN}}",
                    "%{a: {:x, [] ‸++ RUN}}",
                    "%{a: {:x, [] ‸-- RUN}}",
                    "%{a: {:x, [1 ‸| RUN]}}",
                    "%{a: {:x, 1 ‸+ 1}}",
                    "%{a: {:x, 1 ‸.. 2}}",
                    "%{a: {:x, 1 ‸-> RUN}}",
                    "%{a: {:x, 1 ‸<- RUN}}",
                    "%{a: {:x, 1 ‸\\\\ RUN}}",
                    "%{a: {:x, 1 ‸== RUN}}",
                    "%{a: {:x, 1 ‸=~ RUN}}",
                    "%{a: {:x, :a ‸|> f}}",
                    "%{a: {:x, {:b}‸.c}}",
                    "%{a: {:x, [b: ‸RUN]}}",
                    "%{a: {:x, [{:b, ‸RUN}]}}",
                    "%{a: {:x, b: ‸RUN}}",
                    "%{a: {:x, %{b: ‸RUN}}}",
                    "%{a: {:x, [[[[{{{‸RUN}}}]]]]}}",
                    "%{a: {:x, ‸if(true, do: RUN)}}",
                    // Where it is not looked for.
                    "# %{}\n‸RUN",
                    "%{a: {:x}} # }\n‸RUN",
                    "%{\n"
                            + "  \"jason\": {:hex, :jason, \"1.4.1\", ‸System.cmd(\"touch\","
                            + " [\"@owned\"])},\n"
                            + "}\n",
                    "%{\r\n  \"é\": {:git, \"ü\", ‸RUN},\r\n}\r\n",
                    " ".repeat(10_000) + "‸RUN",
                    "%{a: {:x}," + "\n".repeat(10_000) + "b: ‸RUN}");

    @ParameterizedTest
    @FieldSource("CODE")
    void code_is_told_from_data_at_the_place_where_it_begins(String lock) {
        Problem problem = refusal(lock);

        assertThat(problem).isInstanceOf(ProjectProblem.LockNotData.class);
    }

    // ---- what cannot be read

    static final List<String> UNREADABLE =
            List.of(
                    "‸",
                    " \n\t‸",
                    "# nothing\n‸",
                    "‸[a: {:x}]",
                    "‸{:x}",
                    "‸nil",
                    "‸:a",
                    "‸\"a\"",
                    "‸1",
                    "%{‸",
                    "%{a: ‸",
                    "%{a: {:x}‸",
                    "%{a: {:x},‸",
                    "%{a: {:x, ‸\"b}}",
                    "%{a: {:x, \"b‸\\",
                    "%{a: {:x, 1‸]}",
                    "%{a: {:x}}‸}",
                    "%{a: {:x}}‸)",
                    "%{a: {:x}‸[y]}",
                    "%{a: {:x, \"a\"‸\"b\"}}",
                    "%{a: {:x} ‸:b}",
                    "%{a: {:x, 1 ‸:: 2}}",
                    "%{a‸:{:x}}",
                    "%{a: {‸b: 1}}",
                    "%{a: {:x, [b: 1, ‸2]}}",
                    "%{a: {:x}\n‸, b: {:x}}",
                    "%{a: {:x}, ‸, b: {:x}}",
                    "%{‸,}",
                    "%{a: {:x, ‸'#{RUN}'}}",
                    "%{a: {:x, ‸\"\"\"\n#{RUN}\n\"\"\"}}",
                    "%{a: {:x, ‸1..2}}",
                    "%{a: {:x, ‸1.5}}",
                    "%{a: {:x, ‸0x1F}}",
                    "%{a: {:x, ‸1__0}}",
                    "%{a: {:x, ‸:}}",
                    "%{a: {:x, ‸:+}}",
                    "%{a: {:x, ‸::b}}",
                    "%{a: {:x, \"‸\\x41\"}}",
                    "%{a: {:x, \"‸\\u41\"}}",
                    "%{a: {:x, \"‸\\u{110000}\"}}",
                    "%{a: {:x, \"‸\\uD800\"}}",
                    // What looks like something else, or like nothing.
                    "‸\ufeff%{}",
                    "%{}\n‸\ufeff",
                    "‸\0%{}",
                    "%{}‸\0",
                    "%{a: {:x, \"‸\0\"}}",
                    "%{a: {:x, \"‸\u001b[2J\"}}",
                    "%{a: {:x, \"‸\u007f\"}}",
                    "%{}‸\rRUN",
                    "%{} # fine‸\rRUN",
                    "%{} # fine‸\u2028RUN",
                    "%{} # fine‸\u2029RUN",
                    "%{} # fine‸\u0085RUN",
                    "%{} # fine‸\fRUN",
                    "%{} # fine ‸\u202e }{%",
                    "%{a: {:x, \"‸\u2066\"}}",
                    "%{‸\u00a0}",
                    "%{‸\u200b}",
                    "%{‸\u3000}",
                    "‸\uff05\uff5b\uff5d",
                    "%{a: {:x‸\uff0c 1}}",
                    "%{a: {:x, ‸\u201cb\u201d}}",
                    "%{a: {:x, \"‸\\u\uff10\uff10\uff14\uff11\"}}",
                    "%{a: {:x, ‸\uff11}}",
                    // Too much of something.
                    "%{‸" + "a".repeat(256) + ": {:x}}",
                    "%{a: {:x, ‸:\"" + "é".repeat(256) + "\"}}",
                    "%{a: {:x, " + "[".repeat(62) + "‸[" + "]".repeat(63) + "}}",
                    "%{a: " + "{:x, ".repeat(63) + "‸" + "{:x, ".repeat(100_000),
                    "%{a: {:x, " + "[".repeat(62) + "‸" + "[".repeat(900_000));

    @ParameterizedTest
    @FieldSource("UNREADABLE")
    void what_cannot_be_read_is_refused_at_its_place(String lock) {
        Problem problem = refusal(lock);

        assertThat(problem).isInstanceOf(ProjectProblem.LockUnreadable.class);
    }

    // ---- merges

    static final List<String> CONFLICTS =
            List.of(
                    "%{\n‸<<<<<<< HEAD\n  \"a\": {:x},\n=======\n  \"a\": {:y},\n>>>>>>> b\n}\n",
                    "%{\r\n‸<<<<<<< HEAD\r\n=======\r\n>>>>>>> b\r\n}\r\n",
                    "%{\n  \"a\": {:x},\n‸=======\n}\n",
                    "%{\n  \"a\": {:x},\n}\n‸>>>>>>> 4a5c68b (Add a)\n",
                    "%{\n‸||||||| 4a5c68b\n}\n",
                    "%{\n‸|||||||\n}\n",
                    "%{\n‸<<<<<<<<<<< HEAD\n}\n",
                    "%{\n  ‸<<<<<<< HEAD\n}\n",
                    // Mix takes these for one, too.
                    "# ‸=======\n%{}\n",
                    "%{a: {:x, \"‸=======\"}}");

    @ParameterizedTest
    @FieldSource("CONFLICTS")
    void an_unfinished_merge_is_recognised_by_any_of_its_marks(String lock) {
        Problem problem = refusal(lock);

        assertThat(problem).isInstanceOf(ProjectProblem.LockConflict.class);
    }

    // ---- data, but not a lock

    static final List<String> UNCLEAR =
            List.of(
                    "%{‸\"a\" => {:x}}",
                    "%{‸1 => {:x}}",
                    "%{‸[] => {:x}}",
                    "%{‸%{} => {:x}}",
                    "%{a: ‸nil}",
                    "%{a: ‸[hex: 1]}",
                    "%{a: ‸{}}",
                    "%{a: ‸{\"hex\"}}",
                    "%{a: ‸%{hex: 1}}",
                    "%{‸\"../a\": {:x}}",
                    "%{‸\"a/b\": {:x}}",
                    "%{‸\"-rf\": {:x}}",
                    "%{‸\"\": {:x}}",
                    "%{‸\"a\\n\": {:x}}",
                    "%{‸a: {:hex, :\"../b\", \"1.0.0\", nil}}",
                    "%{‸a: {:hex, :b, \"1.0.0 or true\", nil}}",
                    "%{‸a: {:git, \"u\", \"--upload-pack=x\"}}",
                    "%{a: {:hex, :b, \"1.0.0\","
                        + " ‸\"AF1504E35F629DDCDD6ADDB3513C3853991F694921B1B9368B0BD32BEB9F1B63\"}}");

    @ParameterizedTest
    @FieldSource("UNCLEAR")
    void data_that_mix_does_not_write_is_refused_at_its_place(String lock) {
        Problem problem = refusal(lock);

        assertThat(problem).isInstanceOf(ProjectProblem.LockUnclear.class);
    }

    @Test
    void what_is_locked_twice_is_refused_in_whatever_way_it_is_written() {
        for (String again : List.of("a: ", "\"a\": ", ":a => ", ":\"a\" => ", "\"\\u0061\": ")) {
            String first = again.contains("=>") ? ":a => {:x}" : "a: {:x}";

            Problem problem = refusal("%{" + first + ", ‸" + again + "{:y}}");

            assertThat(problem).isInstanceOf(ProjectProblem.LockedTwice.class);
        }
    }

    /// @return what is said of a lock, which is that of the place with the mark
    private Problem refusal(String marked) {
        Path owned = folder.resolve("owned");
        String lock = marked.replace("RUN", RUN).replace("@owned", owned.toString());
        int at = lock.indexOf('‸');
        assertThat(at).isNotNegative();
        String text = lock.replace("‸", "");

        Failure failure = catchThrowableOfType(Failure.class, () -> MixLock.parse(text));

        assertThat(failure).as(text.length() < 1_000 ? text : "A long one").isNotNull();
        assertThat(failure.problems()).hasSize(1);
        Problem problem = failure.problems().getFirst();
        assertThat(problem.what()).startsWith(Place.of(text, at) + ": ");
        assertThat(problem.status().number()).isEqualTo(3);
        assertThat(owned).doesNotExist();
        return problem;
    }

    // ---- odd, but data

    @ParameterizedTest
    @FieldSource("ODD")
    void what_only_looks_odd_is_read(String lock) {
        assertThatCode(() -> MixLock.parse(lock)).doesNotThrowAnyException();
    }

    static final List<String> ODD =
            List.of(
                    "%{}",
                    "\n\n\n%{\n\n}\n\n",
                    "%{\r\n}\r\n",
                    "# a\r\n%{ # b\r\n} # c",
                    "%{a: {:x}}#",
                    "%{a: {:x,},}",
                    "%{a: {:x, [],},}",
                    "%{:a=>{:x}}",
                    "%{:a\n=>\n{:x}}",
                    "%{:a => {:x}, b: {:y}}",
                    "%{nil: {:x}, true: {:x}, do: {:x}, end: {:x}, fn: {:x}, A: {:x}, _: {:x}}",
                    "%{a: {:x, \"\\#{RUN}\"}}",
                    "%{a: {:x, \"# %{ [ ( \\\" ' ~s\"}}",
                    "%{a: {:x, \"two\nlines\"}}",
                    "%{a: {:x, \"=====\", \"<<<<<<\"}}",
                    "%{a: {:x, \"\\\n\\t\\s\\0\\e\\u{1F600}\"}}",
                    "%{a: {:x, \"日本語 😀 é\"}}",
                    "%{a: {:x, :\"é\"}}",
                    "%{a: {:x, :a?, :b!, :c@d, :Elixir, :nil}}",
                    "%{a: {:x, 007, 1_000, " + "9".repeat(1_000) + "}}",
                    "%{a: {:x, %{}, %{1 => %{\"b\" => [nil, true, false]}}}}",
                    "%{a: {:x, b: 1, \"c d\": [e: {}]}}",
                    "%{" + "a".repeat(255) + ": {:x}}",
                    "%{a: {:x, " + "[".repeat(62) + "]".repeat(62) + "}}",
                    "%{a: {:x}}" + "\n# padding".repeat(50_000));

    // ---- the file

    @Test
    void what_is_not_text_is_refused_at_the_first_byte_that_is_not() throws IOException {
        byte[][] files = {
            "%{}".getBytes(StandardCharsets.UTF_16),
            "%{}".getBytes(StandardCharsets.UTF_16LE),
            {'%', '{', (byte) 0xff, '}'},
            {'%', '{', '}', '#', (byte) 0xc3},
            {'%', '{', '}', '#', (byte) 0xc0, (byte) 0x80},
            {'%', '{', '}', '#', (byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {0x1f, (byte) 0x8b, 8, 0, 0, 0},
        };
        List<String> places = List.of("1:1", "1:1", "1:3", "1:5", "1:5", "1:5", "1:2");
        for (int i = 0; i < files.length; i++) {
            Files.write(folder.resolve(MixLock.FILE_NAME), files[i]);

            Failure failure = catchThrowableOfType(Failure.class, () -> MixLock.read(folder));

            assertThat(failure.problems().getFirst().what())
                    .startsWith("mix.lock:" + places.get(i) + ": ");
        }
    }

    /// Each a megabyte of something.
    @Test
    void nothing_that_fits_into_a_lock_keeps_its_reader_busy() {
        Stream.of(
                        "\"",
                        "\\",
                        "[",
                        "{:x, ",
                        "%{a: ",
                        "a: ",
                        "\"a\": ",
                        ",",
                        ":",
                        "#",
                        "\n",
                        "\r",
                        "1",
                        "_",
                        "\\u{",
                        "\"a\"",
                        "a: {:x},",
                        "\"a\": {:x},\n",
                        "|||||||",
                        "=",
                        "< ")
                .flatMap(
                        piece ->
                                Stream.of("", "%{", "%{a: {:x, \"", "%{a: {:x, [")
                                        .map(
                                                s ->
                                                        s
                                                                + piece.repeat(
                                                                        MixLock.MAX_SIZE
                                                                                / piece.length())))
                .forEach(
                        lock -> {
                            long began = System.nanoTime();
                            assertThat(
                                            catchThrowableOfType(
                                                    Failure.class, () -> MixLock.parse(lock)))
                                    .isNotNull();
                            assertThat(Duration.ofNanos(System.nanoTime() - began))
                                    .as(lock.substring(0, 20))
                                    .isLessThan(Duration.ofSeconds(3));
                        });
    }
}
