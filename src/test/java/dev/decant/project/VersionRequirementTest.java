package dev.decant.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.exec.Program;
import dev.decant.exec.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class VersionRequirementTest {

    private static final List<String> VERSIONS =
            List.of(
                    "0.9.9",
                    "1.0.0-0",
                    "1.0.0-alpha",
                    "1.0.0-alpha.1",
                    "1.0.0-alpha.beta",
                    "1.0.0-beta.2",
                    "1.0.0-beta.11",
                    "1.0.0-rc.1",
                    "1.0.0",
                    "1.0.0+build.5",
                    "1.0.1",
                    "1.1.0-dev",
                    "1.1.0",
                    "1.10.0",
                    "2.0.0-rc.0",
                    "2.0.0",
                    "20.3.4",
                    // None to Elixir.
                    "1.0",
                    "1",
                    "01.0.0",
                    "1.0.0-01",
                    "1.0.0-",
                    "1.0.0.0",
                    "v1.0.0",
                    "1.0.0 ");

    private static final List<String> REQUIREMENTS =
            List.of(
                    "1.0.0",
                    "== 1.0.0",
                    "!= 1.0.0",
                    "! 1.0.0",
                    "> 1.0.0",
                    ">= 1.0.0",
                    ">=1.0.0",
                    "< 1.0.0",
                    "<= 1.0.0-beta.2",
                    "> 1.0.0-alpha",
                    "~> 1.0",
                    "~> 1.0.0",
                    "~> 1.0-rc",
                    "~> 1.0.0-alpha.beta",
                    "~> 2.0.0-rc.0",
                    ">= 1.0.0 and < 1.1.0",
                    "~> 0.9 or ~> 1.10",
                    "~> 1.0 and != 1.0.1 or == 0.9.9",
                    "== 0.9.9 or >= 1.0.0 and < 1.0.1",
                    // None to Elixir.
                    "",
                    "1.0",
                    ">= 1.0",
                    "= 1.0.0",
                    "== == 1.0.0",
                    "~> 1",
                    "1.0.0 and",
                    "and 1.0.0",
                    ">= 1.0.0, < 2.0.0",
                    "latest");

    /// Each version against each requirement, as Elixir itself answers.
    private static final String SCRIPT =
            """
            [versions, requirements] = Enum.map(System.argv(), &String.split(&1, "\\n"))
            for requirement <- requirements, version <- versions do
              answer =
                with {:ok, _} <- Version.parse_requirement(requirement), {:ok, _} <- Version.parse(version) do
                  Version.match?(version, requirement)
                end
              IO.puts("#{version} #{requirement} #{answer}")
            end
            """;

    @Test
    void versions_fit_where_they_do_for_elixir() throws Exception {
        assumeTrue(Program.find("elixir").isPresent(), "no Elixir here");
        Result elixir =
                Program.of(
                                "elixir",
                                "-e",
                                SCRIPT,
                                "--",
                                String.join("\n", VERSIONS),
                                String.join("\n", REQUIREMENTS))
                        .run();
        assertThat(elixir.status()).as(String.join("\n", elixir.lastWords(10))).isZero();

        List<String> ours = new ArrayList<>();
        for (String requirement : REQUIREMENTS) {
            for (String version : VERSIONS) {
                Optional<Boolean> fits =
                        VersionRequirement.parse(requirement).flatMap(it -> it.fits(version));
                ours.add(
                        version
                                + " "
                                + requirement
                                + " "
                                + fits.map(Object::toString).orElse("error"));
            }
        }
        assertThat(ours).containsExactlyElementsOf(elixir.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "< 1.4.0           | 1.3.9      | true",
                "< 1.4.0           | 1.4.0      | false",
                "< 1.4.0           | 1.4.0-rc.1 | true",
                "<= 1.20.1         | 1.20.1     | true",
                "= 2.2.0           | 2.2.0      | true",
                "= 2.2.0           | 2.2.1      | false",
                ">= 1.0.0, < 1.11  | 1.10.9     | true",
                ">= 1.0.0, < 1.11  | 1.11.0     | false",
                ">= 1.0.0, < 1.11  | 0.9.0      | false",
                ">=1.0,<2.0        | 1.5.0      | true",
            })
    void a_range_of_an_advisory_holds_as_a_whole(String range, String version, boolean holds) {
        assertThat(VersionRequirement.range(range).orElseThrow().fits(version)).contains(holds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"all versions", "< 1", "1.0.0 - 2.0.0", "< 1.0.0,", "''"})
    void what_is_no_range_is_not_taken_for_one(String range) {
        assertThat(VersionRequirement.range(range)).isEmpty();
    }
}
