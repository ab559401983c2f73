package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class ElixirReaderTest {

    /// As short as it can be told: `Word(x)` is `x`, what a text says is in quotes.
    private static String shown(List<Piece> pieces) {
        return pieces.stream().map(ElixirReaderTest::shown).collect(Collectors.joining(" "));
    }

    private static String shown(Piece piece) {
        return switch (piece) {
            case Piece.Word(_, String name) -> name;
            case Piece.Alias(_, String name) -> name;
            case Piece.Atom(_, String name) -> ":" + name;
            case Piece.Key(_, String name) -> name + ":";
            case Piece.Text(_, String value, List<Piece> code) ->
                    "'" + value + "'" + (code.isEmpty() ? "" : "#{" + shown(code) + "}");
            case Piece.Numeral(_, String digits) -> "n" + digits;
            case Piece.Sign(_, String sign) -> sign;
            case Piece.Line _ -> "/";
            case Piece.Group(_, Piece.Bracket bracket, List<Piece> inside) ->
                    bracket.open + shown(inside) + bracket.close;
        };
    }

    private static String read(String text) {
        Source source = Source.of("x.ex", text);
        assertThat(source.unread()).as(text).isEmpty();
        return shown(source.pieces());
    }

    static Stream<List<String>> texts() {
        return Stream.of(
                List.of("a.b(1, [c: 2])", "a . b (n1 , [c: n2])"),
                List.of("System.get_env \"X\"", "System . get_env 'X'"),
                List.of("Shop.Web.Endpoint", "Shop.Web.Endpoint"),
                List.of("# get_env\nx # y\n", "x /"),
                List.of("\"#{a(\"b}\")} # no\" <> c", "' # no'#{a ('b}')} <> c"),
                List.of("\"\"\"\nfetch_env!(\"X\")\n\"\"\"", "'\nfetch_env!(\"X\")\n'"),
                List.of(
                        "\"\"\"\n x \"\"\" y \\\"\"\" z\n  \"\"\" <> w",
                        "'\n x \"\"\" y \\\"\"\" z\n  ' <> w"),
                List.of("~s(a \"b\" #{c})d", "'a \"b\" '#{c}"),
                List.of("~S(#{no} \\) x)", "'#{no} \\) x'"),
                List.of("~w[a b]a ++ ~r/\"\\/#/u", "'a b' ++ '\"\\/#'"),
                List.of(
                        "~H\"\"\"\n<p title=\"{@x}\">'</p>\n\"\"\"",
                        "'\n<p title=\"{@x}\">'</p>\n'"),
                List.of("[?\", ?#, ?\\n, ?\\\\]", "[n?\" , n?# , n?\\n , n?\\\\]"),
                List.of(":a? == :\"b c\"", ":a? == :b c"),
                List.of("[\"assets.deploy\": [\"x\"]]", "[assets.deploy: ['x']]"),
                List.of("x = %{a: 1, :b => 2}", "x = % {a: n1 , :b => n2}"),
                List.of("<<1, x::binary>> <> y", "<<n1 , x :: binary>> <> y"),
                List.of("a <<< 1 >>> 2", "a <<< n1 >>> n2"),
                List.of("<<a >>> 1>>", "<<a >>> n1>>"),
                List.of("<<(<<1>>)::bits>>", "<<(<<n1>>) :: bits>>"),
                List.of("if a, do: b, else: c", "if a , do: b , else: c"),
                List.of("if a do\nb\nelse\nc\nend", "if a dob / else / c /end"),
                List.of("x.end.do", "x . end . do"),
                List.of("[end: 1, do: 2, fn: 3]", "[end: n1 , do: n2 , fn: n3]"),
                List.of("ending; fnord; done", "ending / fnord / done"),
                List.of("Enum.map(x, fn y -> y end)", "Enum . map (x , fny -> yend)"),
                List.of("&(&1 + 1)", "& (& n1 + n1)"),
                List.of("a != b and !c", "a != b and ! c"),
                List.of("a!=b", "a != b"),
                List.of("x |> f!() ~> g?", "x |> f! () ~> g?"),
                List.of("16_384 0xFF 1.5e3 1..2", "n16_384 n0xFF n1.5e3 n1 .. n2"),
                List.of("'it''s' <> 'x\\'y'", "'it' 's' <> 'x\\'y'"),
                List.of("@spec f(t :: term) :: :ok", "@ spec f (t :: term) :: :ok"),
                List.of("größe = :äpfel", "größe = :äpfel"),
                List.of("{:{}, [], :%{}, :<<>>, :->}", "{:{} , [] , :%{} , :<<>> , :->}"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void code_is_told_from_what_stands_in_texts_and_comments(List<String> textAndPieces) {
        assertThat(read(textAndPieces.getFirst())).isEqualTo(textAndPieces.getLast());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a(b            | 1 | What begins here with ( has no end.",
                "x do y         | 2 | What begins here with do has no end.",
                "x y) z         | 3 | There is a ) that closes nothing.",
                "x ; end        | 4 | There is an end here, and nothing that it ends.",
                "f \"it         | 2 | The text that begins here has no end.",
                "f \"#{it       | 3 | What begins here with { has no end.",
                "~s(it          | 0 | The text that begins here has no end.",
            })
    void what_is_not_balanced_is_told_with_its_place(String text, int at, String reason) {
        assertThat(Source.of("x.ex", text).unread()).contains(new Source.Unread(at, reason));
    }

    @Test
    void what_stands_before_that_is_read() {
        assertThat(shown(Source.of("x.ex", "a = 1\nb(\n").pieces())).isEqualTo("a = n1 / b");
    }

    @Test
    void a_file_that_is_nested_without_end_is_given_up() {
        assertThat(Source.of("x.ex", "[".repeat(1_000_000)).unread())
                .get()
                .extracting(Source.Unread::reason)
                .isEqualTo("It is nested more than 200 deep.");
    }

    @Test
    void nothing_makes_it_fail_or_hang() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> parts =
                List.of(
                        "\"", "'", "\"\"\"", "#{", "}", "{", "(", ")", "[", "]", "<<", ">>", "~s",
                        "~S(", "?", "?\\", "\\", ":", ":\"", "::", "do", "end", "fn", "else", " ",
                        "\n", "#", "@", "x", "X.", "1", ".", ",", "|>", "||", "é", "\uD83D");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(12);
            for (int j = 0; j < length; j++) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            assertThat(Source.of("x.ex", text.toString())).as("-Dseed=%d", seed).isNotNull();
        }
    }

    @Test
    void the_sample_app_is_read_to_its_end() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("samples/counter"))) {
            assertThat(files.filter(file -> file.toString().matches(".*[.]exs?$")))
                    .hasSizeGreaterThan(15)
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    Source.of(
                                                                    file.toString(),
                                                                    Files.readString(file))
                                                            .unread())
                                            .isEmpty());
        }
    }
}
