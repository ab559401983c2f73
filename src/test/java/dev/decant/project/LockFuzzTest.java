package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Whatever stands in a lock is read or refused with its place, at once; and what is read, Mix
/// reads to the same. `-Dseed=` has other ones tried.
class LockFuzzTest {

    private static final long SEED = Long.getLong("seed", 7);

    /// How many of each kind.
    private static final int CASES = 6_000;

    /// How many of those that are read are shown to Mix, of each kind.
    private static final int SHOWN = 400;

    private static final Pattern PLACE = Pattern.compile("mix\\.lock:(\\d+):(\\d+): .*");

    private static final String REVISION = "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f";

    private static final String SUM = "0123456789abcdef".repeat(4);

    private static final List<String> REAL =
            List.of(
                    "%{\n}\n",
                    """
                    %{
                      "bandit": {:hex, :bandit, "1.5.7", "@", [:mix], [{:hpax, "~> 1.0", [hex: :hpax, repo: "hexpm", optional: false]}, {:plug, "~> 1.14", [hex: :plug, repo: "hexpm", optional: false]}, {:telemetry, "~> 0.4 or ~> 1.0", [hex: :telemetry, repo: "hexpm", optional: false]}], "hexpm", "@"},
                      "castore": {:hex, :castore, "1.0.8", "@", [:mix], [], "hexpm", "@"},
                      "heroicons": {:git, "https://github.com/tailwindlabs/heroicons.git", "#", [tag: "v2.1.1", sparse: "optimized", depth: 1]},
                    }
                    """,
                    """
                    %{
                      "cowboy": {:hex, :cowboy, "2.12.0", "@", [:make, :rebar3], [{:cowlib, "2.13.0", [hex: :cowlib, repo: "hexpm", optional: false]}], "hexpm", "@"},
                      "old": {:hex, :old, "0.1.0", "@", [:mix], []},
                      "ours": {:hex, :acme_ours, "3.0.0-rc.1", "@", [:mix], [], "hexpm:acme", "@"},
                    }
                    """,
                    """
                    # ours
                    %{:"a" => {:git, "git@example.com:a.git", "#", [branch: "main", submodules: true]},
                      "b": {:git, "../b", "#", []}, c: {:svn, %{1 => nil}, "\\u00e9\\t\\"\\#{x}"}}
                    """);

    /// What a mutation puts in. Nothing of it would do harm.
    private static final List<String> PIECES =
            List.of(
                    "%{",
                    "}",
                    "{",
                    "[",
                    "]",
                    ",",
                    ":",
                    "=>",
                    " ",
                    "\n",
                    "\r\n",
                    "\t",
                    "\"",
                    "\\",
                    "#",
                    "#{",
                    "\"\"\"",
                    "'",
                    "(",
                    ")",
                    "a: ",
                    "\"a\": ",
                    ":a",
                    "nil",
                    "true",
                    "1",
                    "1_0",
                    "0x1",
                    "1.0",
                    "1..2",
                    "self()",
                    "&1",
                    "~s(a)",
                    "%A{}",
                    "@a",
                    "|",
                    "|>",
                    "::",
                    "<>",
                    "+",
                    "-",
                    ";",
                    "do",
                    "end",
                    "fn",
                    "\\u0041",
                    "\\u{1F600}",
                    "\\x41",
                    "\\n",
                    "é",
                    "😀",
                    "\u00a0",
                    "\u2028",
                    "\u202e",
                    "\ufeff",
                    "\0",
                    "\r",
                    "?",
                    "!",
                    "a@",
                    "A",
                    "_",
                    "=======",
                    "\"b\" => {:x}",
                    "{:x, a: 1}",
                    "=",
                    "\uff11");

    private final RandomGenerator random = new SplittableRandom(SEED);

    @TempDir private Path folder = Path.of("");

    @Test
    void whatever_is_read_mix_reads_to_the_same_and_all_else_is_refused_with_its_place()
            throws IOException, InterruptedException {
        Map<String, String> read = new LinkedHashMap<>();
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            refused += tried(mutated(), true, read, SHOWN);
            refused += tried(gap() + term(0, true) + gap(), false, read, 2 * SHOWN);
        }
        assertThat(refused).isGreaterThan(CASES / 4);
        assertThat(read).hasSizeGreaterThan(SHOWN);

        assumeTrue(Program.find("elixir").isPresent(), "no Elixir here");
        assertThat(asMixReads(List.copyOf(read.keySet()))).containsExactlyElementsOf(read.values());
    }

    /// @param read receives what is read, until it has so many
    /// @return 1 if it is refused, or else 0
    private int tried(String text, boolean asLock, Map<String, String> read, int most) {
        long began = System.nanoTime();
        int refused = 0;
        try {
            if (asLock) {
                MixLock.parse(text);
            }
            Term term = TermReader.read(text);
            if (read.size() < most && !text.matches("(?s).*(<{7}|={7}|>{7}).*")) {
                read.put(text, canonical(term));
            }
        } catch (Failure failure) {
            refused = 1;
            assertThat(failure.problems()).hasSize(1);
            assertPlace(failure.problems().getFirst(), text);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("-Dseed=" + SEED + ": " + text, e);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as(text)
                .isLessThan(Duration.ofSeconds(2));
        return refused;
    }

    private static void assertPlace(Problem problem, String text) {
        Matcher place = PLACE.matcher(problem.what());
        assertThat(place.matches()).as(problem.what()).isTrue();
        String[] lines = text.split("\n", -1);
        int line = Integer.parseInt(place.group(1));
        int column = Integer.parseInt(place.group(2));
        assertThat(line).isBetween(1, lines.length);
        assertThat(column).isBetween(1, lines[line - 1].length() + 1);
    }

    // ---- locks that have been meddled with

    private String mutated() {
        String lock = pick(REAL).replace("@", SUM).replace("\"#\"", '"' + REVISION + '"');
        StringBuilder text = new StringBuilder(lock);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int from = text.offsetByCodePoints(0, random.nextInt(characters(text) + 1));
            int to =
                    text.offsetByCodePoints(
                            from,
                            Math.min(
                                    random.nextInt(random.nextBoolean() ? 3 : 60),
                                    text.codePointCount(from, text.length())));
            switch (random.nextInt(6)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, text.substring(from, to));
                case 2 -> text.replace(from, to, pick(PIECES));
                case 3 -> text.insert(from, pick(REAL));
                case 4 -> text.insert(from, gap());
                default -> text.insert(from, pick(PIECES));
            }
        }
        return text.toString();
    }

    private static int characters(StringBuilder text) {
        return text.codePointCount(0, text.length());
    }

    // ---- terms from nothing

    private String term(int depth, boolean map) {
        int kind = map && random.nextInt(50) > 0 ? 0 : random.nextInt(depth > 5 ? 4 : 8);
        return switch (kind) {
            case 0 -> bracket("%{", random.nextBoolean() ? keyed(depth) : arrowed(depth), "}");
            case 1 -> text();
            case 2 -> ":" + (random.nextBoolean() ? name() : text());
            case 3 -> pick(List.of("nil", "true", "false", "0", "42", "1_000", "00", "7" + name()));
            case 4 -> bracket("[", keyed(depth), "]");
            case 5 -> bracket("[", items(depth), "]");
            case 6 -> bracket("{", items(depth), "}");
            default -> random.nextInt(30) == 0 ? pick(PIECES) : bracket("{", mixed(depth), "}");
        };
    }

    private List<String> items(int depth) {
        List<String> items = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            items.add(term(depth + 1, false));
        }
        return items;
    }

    private List<String> keyed(int depth) {
        return items(depth).stream()
                .map(item -> (random.nextBoolean() ? name() : text()) + ":" + space() + item)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private List<String> arrowed(int depth) {
        List<String> pairs =
                items(depth).stream()
                        .map(item -> term(depth + 1, false) + gap() + "=>" + gap() + item)
                        .collect(Collectors.toCollection(ArrayList::new));
        pairs.addAll(random.nextInt(4) == 0 ? keyed(depth + 3) : List.of());
        return pairs;
    }

    private List<String> mixed(int depth) {
        List<String> items = new ArrayList<>(items(depth));
        items.addAll(keyed(depth));
        return items;
    }

    private String bracket(String open, List<String> items, String close) {
        String comma = (random.nextInt(20) == 0 ? gap() : "") + ",";
        return open
                + gap()
                + items.stream().collect(Collectors.joining(comma + gap()))
                + (random.nextInt(4) == 0 ? "," : "")
                + gap()
                + close;
    }

    private String name() {
        return pick(
                List.of(
                        "a",
                        "b1",
                        "_",
                        "A",
                        "aB_c",
                        "a?",
                        "b!",
                        "a@b",
                        "nil",
                        "do",
                        "end",
                        "fn",
                        "and",
                        "not",
                        "when",
                        "x".repeat(255),
                        "x".repeat(256),
                        "é",
                        "a-b",
                        "1a"));
    }

    private String text() {
        StringBuilder text = new StringBuilder("\"");
        for (int count = random.nextInt(6); count > 0; count--) {
            text.append(
                    pick(
                            List.of(
                                    "a",
                                    " ",
                                    "é",
                                    "日",
                                    "😀",
                                    "'",
                                    "#",
                                    "{",
                                    "\\\"",
                                    "\\\\",
                                    "\\n",
                                    "\\t",
                                    "\\s",
                                    "\\0",
                                    "\\e",
                                    "\\d",
                                    "\\q",
                                    "\\é",
                                    "\\😀",
                                    "\\#{",
                                    "\\\n",
                                    "\\\r\n",
                                    "\n",
                                    "\r\n",
                                    "\t",
                                    "\\u0041",
                                    "\\u{e9}",
                                    "\\u{01F600}",
                                    "\\u{0}",
                                    "\\uFFFE",
                                    "\\uD800",
                                    "%{",
                                    "]",
                                    "\u00ad",
                                    "\ufffd")));
        }
        return text.append('"').toString();
    }

    private String space() {
        return pick(List.of(" ", " ", " ", "\t", "\n", "\r\n", " # a\n", ""));
    }

    private String gap() {
        return pick(List.of("", "", " ", "\t", "\n", "\r\n", "\n\n", " # é }\" #{\n", "#\r\n"));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    // ---- what Mix makes of them

    private static String canonical(Term term) {
        return switch (term) {
            case Term.Atom(_, String name) -> "a" + hex(name);
            case Term.Text(_, String value) -> "t" + hex(value);
            case Term.Whole(_, String digits) -> "i" + new BigInteger(digits.replace("_", ""));
            case Term.Items(_, List<Term> items) -> "[" + canonical(items) + "]";
            case Term.Tuple(_, List<Term> items) -> "{" + canonical(items) + "}";
            case Term.Pairs(_, List<Term.Pair> pairs) -> {
                Map<String, String> sorted = new TreeMap<>();
                pairs.forEach(pair -> sorted.put(canonical(pair.key()), canonical(pair.value())));
                yield sorted.entrySet().stream()
                        .map(entry -> entry.getKey() + ">" + entry.getValue())
                        .collect(Collectors.joining(",", "%", "%"));
            }
        };
    }

    private static String canonical(List<Term> items) {
        return items.stream().map(LockFuzzTest::canonical).collect(Collectors.joining(","));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Has Mix read them as it reads its lock, each of which Elixir's own parser has first called a
    /// literal: nothing else is run, should our reader be wrong.
    private static final String SCRIPT =
            """
            defmodule Canonical do
              def of(map) when is_map(map) do
                pairs = Enum.map(map, fn {key, value} -> {of(key), of(value)} end)
                "%" <> Enum.map_join(Enum.sort(pairs), ",", fn {k, v} -> k <> ">" <> v end) <> "%"
              end
              def of(term) when is_tuple(term), do: "{" <> all(Tuple.to_list(term)) <> "}"
              def of(term) when is_list(term), do: "[" <> all(term) <> "]"
              def of(term) when is_integer(term), do: "i#{term}"
              def of(term) when is_atom(term), do: "a" <> hex(Atom.to_string(term))
              def of(term) when is_binary(term), do: "t" <> hex(term)
              defp all(terms), do: Enum.map_join(terms, ",", &of/1)
              defp hex(text), do: Base.encode16(text, case: :lower)
            end

            Mix.start()

            for n <- 1..String.to_integer(hd(System.argv())) do
              File.cp!("#{n}", "mix.lock")
              text = File.read!("mix.lock")
              answer =
                case Code.string_to_quoted(text, emit_warnings: false) do
                  {:ok, quoted} ->
                    if Macro.quoted_literal?(quoted), do: Canonical.of(Mix.Dep.Lock.read()), else: "code"
                  {:error, _} -> "unreadable"
                end
              IO.puts(answer)
            end
            """;

    private List<String> asMixReads(List<String> locks) throws IOException, InterruptedException {
        for (int i = 0; i < locks.size(); i++) {
            Files.writeString(folder.resolve(Integer.toString(i + 1)), locks.get(i));
        }
        Files.writeString(folder.resolve("read.exs"), SCRIPT);
        Result result =
                Program.of("elixir", "read.exs", Integer.toString(locks.size())).in(folder).run();
        assertThat(result.status()).as(String.join("\n", result.lastWords(10))).isZero();
        return result.out();
    }
}
