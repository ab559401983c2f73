package dev.decant.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Configs;
import dev.decant.Golden;

import org.junit.jupiter.api.Test;

class RevisionGoldenTest {

    private static final String ELSEWHERE = "hosts = \"elsewhere\"\n";

    @Test
    void each_step_has_the_time_that_decant_toml_grants_it() {
        Golden.check(
                Golden.folder("bundle").resolve("appspec.yml"),
                Revision.appspec(Configs.of(Configs.SHOP + ELSEWHERE)));
    }

    @Test
    void an_instance_that_is_not_to_migrate_does_not() {
        assertThat(
                        Revision.appspec(
                                Configs.of(
                                        Configs.SHOP
                                                + ELSEWHERE
                                                + "[codedeploy]\nmigrate = false\n")))
                .contains("hooks/switch")
                .doesNotContain("hooks/migrate");
    }

    @Test
    void no_event_has_more_than_the_hour_that_codedeploy_grants() {
        var config =
                Configs.of(
                        Configs.SHOP
                                + ELSEWHERE
                                + "[health]\ntimeout = \"50m\"\n[service]\ndrain_timeout ="
                                + " \"20m\"\n");

        assertThat(Revision.mayTakeTooLong(config)).isTrue();
        assertThat(Revision.appspec(config))
                .contains(
                        "hooks/migrate\n      timeout: 300\n",
                        "hooks/switch\n      timeout: 3300\n");
    }
}
