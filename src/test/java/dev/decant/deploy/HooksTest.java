package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.config.HooksConfig.Moment;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

class HooksTest {

    @TempDir private Path folder = Path.of("");

    private final List<String> heard = new ArrayList<>();

    private Hooks hooks(String toml) throws IOException {
        Files.writeString(
                folder.resolve(ConfigReader.FILE_NAME),
                Configs.SHOP + "[hosts.web1]\n[environments.staging]\n[hooks]\n" + toml);
        Config config = ConfigReader.read(folder, Optional.empty());
        return new Hooks(
                config,
                event -> {
                    if (event instanceof RolloutEvent.Note note) {
                        heard.add(note.text());
                    }
                },
                () -> Map.of("DECANT_COMMON", "to all"));
    }

    @Test
    void a_hook_finds_what_it_needs_in_its_environment_and_is_heard() throws Exception {
        Hooks hooks = hooks("on_failure = ['sh', '-c', 'pwd; env | grep ^DECANT_ | sort']\n");

        hooks.at(Moment.ON_FAILURE, Samples.NEW, List.of("web1", "web2"), "went_back");

        assertThat(heard)
                .containsExactly(
                        folder.toRealPath().toString(),
                        "DECANT_APP=shop_web",
                        "DECANT_COMMON=to all",
                        "DECANT_ENVIRONMENT=staging",
                        "DECANT_HOOK=on_failure",
                        "DECANT_HOSTS=web1 web2",
                        "DECANT_RELEASE=" + Samples.NEW,
                        "DECANT_RESULT=went_back");
    }

    @ParameterizedTest
    @CsvSource({
        "before_deploy, REFUSED",
        "after_upload, REFUSED",
        "after_migrate, REFUSED",
        "after_deploy, INCOMPLETE",
    })
    void one_that_fails_says_why_and_how_the_deploy_ends(String word, ExitStatus status)
            throws Exception {
        Hooks hooks = hooks(word + " = ['sh', '-c', 'seq 20; echo out of luck >&2; exit 7']\n");
        Moment moment = Moment.valueOf(word.toUpperCase(Locale.ROOT));

        Problem problem =
                Objects.requireNonNull(
                                catchThrowableOfType(
                                        Failure.class,
                                        () -> hooks.at(moment, Samples.NEW, List.of("web1"), "")))
                        .problems()
                        .getFirst();

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.why())
                .startsWith("It ended with status 7.", "  7")
                .endsWith("  20", "  out of luck");
    }

    @Test
    void so_does_one_that_is_not_there() throws Exception {
        Hooks hooks = hooks("before_deploy = ['deploy/nothing']\n");

        Problem problem =
                Objects.requireNonNull(
                                catchThrowableOfType(
                                        Failure.class,
                                        () ->
                                                hooks.at(
                                                        Moment.BEFORE_DEPLOY,
                                                        Samples.NEW,
                                                        List.of("web1"),
                                                        "")))
                        .problems()
                        .getFirst();

        assertThat(problem.why()).startsWith("It cannot be run.");
        assertThat(problem.next())
                .containsExactly("hooks.before_deploy  in decant.toml is:  deploy/nothing");
    }
}
