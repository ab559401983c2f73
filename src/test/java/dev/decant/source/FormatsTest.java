package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.SourceConfig.Format;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.LinkedHashMap;
import java.util.Map;

class FormatsTest {

    private static Map<String, String> read(Format format, String text) {
        Map<String, String> read = new LinkedHashMap<>();
        Formats.entries("files", new Contents.Document("f", format, text))
                .forEach(entry -> read.put(entry.key(), entry.value()));
        return read;
    }

    private static String wrong(Format format, String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> read(format, text));
        assertThat(failure).as("is refused").isNotNull();
        Problem problem = failure.problems().getFirst();
        return String.join("\n", problem.what(), String.join("\n", problem.why()));
    }

    @Test
    void an_env_file_is_read_as_most_read_it() {
        assertThat(
                        read(
                                Format.DOTENV,
                                """
                                # for development
                                export PLAIN=it's {"a": 1}  # and a comment

                                SPACED = two words\t
                                EMPTY=
                                COMMENTED= # nothing
                                SINGLE='$HOME \\n "x" # no comment' # one
                                DOUBLE="a\\tb \\"c\\" \\\\ \\$d 5$ é"
                                KEY="-----BEGIN-----\\nabc\\n"
                                LINES='one
                                # two
                                three'
                                lower_case=1\
                                """))
                .containsExactly(
                        Map.entry("PLAIN", "it's {\"a\": 1}"),
                        Map.entry("SPACED", "two words"),
                        Map.entry("EMPTY", ""),
                        Map.entry("COMMENTED", ""),
                        Map.entry("SINGLE", "$HOME \\n \"x\" # no comment"),
                        Map.entry("DOUBLE", "a\tb \"c\" \\ $d 5$ é"),
                        Map.entry("KEY", "-----BEGIN-----\nabc\n"),
                        Map.entry("LINES", "one\n# two\nthree"),
                        Map.entry("lower_case", "1"));
    }

    @Test
    void an_env_file_from_windows_is_read_as_well() {
        assertThat(read(Format.DOTENV, "\ufeffA=1\r\nB=\"2\"\r\n"))
                .containsExactly(Map.entry("A", "1"), Map.entry("B", "2"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "A=hidden#3, 1:9, comment to some",
                "A=#hidden, 1:3, comment to some",
                "A=hid\\den, 1:6, itself to some",
                "A=hid$den, 1:6, replaced by some",
                "A=\"hid${den}\", 1:7, replaced by some",
                "A=\"hid\\den\", 1:7, read differently",
                "A='hid\\'den', 1:7, a quote to some",
                "A=`hidden`, 1:3, a quote to some",
                "A='hidden, 1:3, not closed",
                "A=\"hidden, 1:3, not closed",
                "A='hid'den, 1:8, follows the closing quote",
                "A-B=hidden, 1:2, should be NAME=value",
                "hidden, 1:7, should be NAME=value",
                "export 1A=hidden, 1:8, no name of a variable",
                "A: hidden, 1:2, should be NAME=value"
            })
    void what_programs_read_differently_is_refused_with_its_place(
            String line, String place, String cause) {
        assertThat(wrong(Format.DOTENV, line))
                .contains("f:" + place + ": ", cause)
                .doesNotContain("hid");
    }

    @Test
    void what_stands_there_twice_is_refused() {
        assertThat(wrong(Format.DOTENV, "A=hidden\nB='x\ny'\n  export A=hidden\n"))
                .contains("f:4:10: A is there already, in line 1");
        assertThat(wrong(Format.JSON, "{\"a\": \"hidden\",\n \"a\": \"hidden\"}"))
                .contains("f:2:", "there already");
        assertThat(wrong(Format.TOML, "a = \"hidden\"\na = \"hidden\"\n"))
                .contains("f:2:1: the key is there already, in line 1");
        assertThat(wrong(Format.YAML, "a: hidden\nb: 1\na: hidden\n"))
                .contains("f:3:1: the key is there already, in line 1");
    }

    @Test
    void json_is_read_as_it_is_written() {
        assertThat(
                        read(
                                Format.JSON,
                                """
                                {"db": {"url": "a\\n\\u00e9", "pool": 1.10}, "on": true, "no": null,
                                 "hosts": ["a", {"b": 1.0}, null]}
                                """))
                .containsExactly(
                        Map.entry("db/url", "a\né"),
                        Map.entry("db/pool", "1.10"),
                        Map.entry("on", "true"),
                        Map.entry("hosts", "[\"a\",{\"b\":1.0},null]"));
    }

    @Test
    void toml_is_read() {
        assertThat(
                        read(
                                Format.TOML,
                                """
                                a = 'C:\\x'
                                [db]
                                pool-size = 10
                                hosts = ["a", { b = 1.5 }]
                                since = 2026-01-02
                                """))
                .containsExactly(
                        Map.entry("a", "C:\\x"),
                        Map.entry("db/hosts", "[\"a\",{\"b\":1.5}]"),
                        Map.entry("db/pool-size", "10"),
                        Map.entry("db/since", "2026-01-02"));
    }

    @Test
    void yaml_is_read_as_it_is_written() {
        assertThat(
                        read(
                                Format.YAML,
                                """
                                version: 1.10
                                on: yes
                                mode: 0640
                                nothing: ~
                                empty:
                                db: &db
                                  url: "a\\n"
                                  hosts: [a, 1, 1.50, true, null, {b: 2}]
                                same:
                                  <<: *db
                                  url: b
                                text: |
                                  one
                                  two
                                """))
                .containsOnly(
                        Map.entry("version", "1.10"),
                        Map.entry("on", "yes"),
                        Map.entry("mode", "0640"),
                        Map.entry("db/url", "a\n"),
                        Map.entry("db/hosts", "[\"a\",1,1.50,true,null,{\"b\":2}]"),
                        Map.entry("same/url", "b"),
                        Map.entry("same/hosts", "[\"a\",1,1.50,true,null,{\"b\":2}]"),
                        Map.entry("text", "one\ntwo\n"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "JSON | {\"a\": hidden} | 1:",
                "JSON | {\"a\": \"hidden | 1:",
                "JSON | {\"a\": \"hidden\"} hidden | 1:",
                "JSON | [\"hidden\"] | 1:1",
                "JSON | hidden | 1:",
                "TOML | a = hidden | 1:5",
                "TOML | a = \"hidden | 1:",
                "TOML | hidden | 1:",
                "YAML | a: *hidden | 1:4",
                "YAML | a: @hidden | 1:4",
                "YAML | a: !hidden x | 1:4",
                "YAML | a: hid: den | 1:",
                "YAML | hidden | 1:1",
                "YAML | a: &a [*a, hidden] | 1:",
                "YAML | [hidden]: 1 | 1:1"
            })
    void what_is_wrong_is_said_with_its_place_and_without_the_text(
            Format format, String text, String place) {
        assertThat(wrong(format, text)).contains("f:" + place).doesNotContain("hid");
    }

    @Test
    void two_documents_in_a_yaml_file_are_one_too_many() {
        assertThat(wrong(Format.YAML, "a: 1\n---\nb: hidden\n")).contains("f:2:1");
    }
}
