package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.deploy.AppEnvironment.Note;
import dev.decant.deploy.AppEnvironment.Variable;
import dev.decant.deploy.AppEnvironment.What;
import dev.decant.host.HostFacts;
import dev.decant.host.Reply;
import dev.decant.ui.EnvironmentPrinter;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

class AppEnvironmentTest {

    private static final Config SHOP =
            Configs.of(Configs.SHOP + "[hosts.web1]\n[env]\nPOOL_SIZE = \"10\"");
    private static final HostFacts FACTS =
            new FactsBuilder("web1", SHOP).deployed(Samples.OLD).serving(SHOP).build();

    private static final String OWN = "/srv/shop-web/etc/environment";
    private static final String SECRETS = "/etc/shop-web/secrets";
    private static final String COOKIE = "/etc/shop-web/cookie";
    private static final String MACHINE = "/etc/shop-web/environment";
    private static final String RUN = "/run/shop-web/environment";

    private final List<Reply.Value> said = new ArrayList<>();

    private AppEnvironmentTest() {
        say("unit", "shop-web.service");
        say("lines", "{\"type\":\"as\",\"data\":[\"LANG=C.UTF-8\",\"A=1=2\"]}");
    }

    private void say(String key, String value) {
        said.add(new Reply.Value(key, value));
    }

    private void file(String path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        say("file", Base64.getEncoder().encodeToString(bytes) + " " + path);
    }

    private void unread(String path) {
        say("file", "- " + path);
    }

    private AppEnvironment environment(boolean values) {
        return AppEnvironment.of(SHOP, FACTS, new Reply(0, said, List.of()), values);
    }

    private static Variable variable(AppEnvironment environment, String name) {
        return environment.variables().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Variable shown(String name, String value, String from, String... over) {
        return new Variable(name, Optional.of(value), false, from, List.of(over));
    }

    @Test
    void files_go_before_the_unit_and_later_files_before_earlier_ones() {
        file(OWN, "LANG=\"de_DE\"\nPOOL_SIZE=\"10\"\n");
        file(MACHINE, "POOL_SIZE=20\nLANG=fr_FR");
        file(RUN, "POOL_SIZE=30\n");

        assertThat(environment(true).variables())
                .containsExactly(
                        shown("A", "1=2", "shop-web.service"),
                        shown("LANG", "fr_FR", MACHINE, OWN, "shop-web.service"),
                        shown("POOL_SIZE", "30", RUN, MACHINE, OWN));
        assertThat(environment(true).notes()).isEmpty();
    }

    @Test
    void values_of_the_machines_files_are_shown_only_where_they_are_asked_for() {
        file(OWN, "POOL_SIZE=10");
        file(MACHINE, "TUNED=yes");

        assertThat(variable(environment(false), "POOL_SIZE").value()).hasValue("10");
        assertThat(variable(environment(false), "TUNED").value()).isEmpty();
        assertThat(variable(environment(false), "TUNED").secret()).isFalse();
        assertThat(variable(environment(true), "TUNED").value()).hasValue("yes");
    }

    @Test
    void secrets_are_names_whichever_file_they_are_from() {
        file(OWN, "SECRET_KEY_BASE=mistaken");
        unread(SECRETS);
        unread(COOKIE);
        file(MACHINE, "DATABASE_URL=hunter2\nRELEASE_COOKIE=hunter2");

        AppEnvironment environment = environment(true);

        assertThat(environment.toString()).doesNotContain("hunter2", "mistaken");
        assertThat(variable(environment, "DATABASE_URL"))
                .isEqualTo(
                        new Variable(
                                "DATABASE_URL", Optional.empty(), true, MACHINE, List.of(SECRETS)));
        assertThat(variable(environment, "SECRET_KEY_BASE").over()).containsExactly(OWN);
        assertThat(variable(environment, "RELEASE_COOKIE").over()).containsExactly(COOKIE);
        assertThat(environment.notes()).isEmpty();
    }

    @Test
    void a_slot_has_the_files_of_its_deployment() {
        String slot = "/var/lib/decant/shop-web/slots/2/";
        file(slot + "environment", Settings.of(SHOP).environment());
        unread(slot + "secrets");
        file(slot + "slot.env", "PORT=4010\n");

        AppEnvironment environment = environment(false);

        assertThat(variable(environment, "PORT"))
                .isEqualTo(shown("PORT", "4010", slot + "slot.env", slot + "environment"));
        assertThat(variable(environment, "DATABASE_URL").from()).isEqualTo(slot + "secrets");
    }

    @Test
    void what_is_not_known_of_files_is_said() {
        unread(MACHINE);
        file(RUN, "A=\u00e4");
        file("/var/lib/decant/shop-web/slots/1/environment", "SOMEBODY=\"changed this\"");
        say("changed", MACHINE);

        AppEnvironment environment = environment(true);

        assertThat(environment.variables()).extracting(Variable::name).containsExactly("A", "LANG");
        assertThat(environment.notes())
                .containsExactly(
                        new Note(MACHINE, What.UNREAD),
                        new Note(RUN, What.REFUSED),
                        new Note("/var/lib/decant/shop-web/slots/1/environment", What.UNREAD),
                        new Note(MACHINE, What.CHANGED));
    }

    @Test
    void they_are_printed_with_what_cannot_be_seen() {
        file(OWN, "PEM=\"one\ntwo\u0007\"\n");
        unread(SECRETS);
        file(MACHINE, "PEM=x\nTUNED=yes\n");
        say("changed", MACHINE);

        StringWriter out = new StringWriter();
        EnvironmentPrinter.print(new PrintWriter(out), List.of(environment(false)), true);

        assertThat(out.toString())
                .isEqualTo(
                        """
                        NAME             VALUE                         FROM                       OVER
                        A                1=2                           shop-web.service
                        DATABASE_URL     (secret)                      /etc/shop-web/secrets
                        LANG             C.UTF-8                       shop-web.service
                        PEM              (not shown without --values)  /etc/shop-web/environment  /srv/shop-web/etc/environment
                        SECRET_KEY_BASE  (secret)                      /etc/shop-web/secrets
                        TUNED            (not shown without --values)  /etc/shop-web/environment
                        /etc/shop-web/environment on web1 was changed after the app was started: decant restart has it take that.
                        """);
    }

    @Test
    void what_an_app_has_on_every_host_is_known_without_asking_one() {
        Config config =
                Configs.of(
                        Configs.SHOP
                                + """
                                [hosts.web1]
                                [env]
                                POOL_SIZE = "10"
                                [public]
                                ports = ["443:4001"]
                                [unit.extra]
                                Service = ["Environment=A=1 \\"B=2 C\\"", "Nice=5"]
                                [processes.worker]
                                [processes.worker.env]
                                ROLE = "worker"
                                """);

        assertThat(AppEnvironment.names(config))
                .contains(
                        "PORT",
                        "PORT_443",
                        "PHX_SERVER",
                        "MIX_ENV",
                        "DRAIN_MS",
                        "POOL_SIZE",
                        "DATABASE_URL",
                        "LANG",
                        "HOME",
                        "RUNTIME_DIRECTORY",
                        "A",
                        "B")
                .doesNotContain("ROLE", "Nice", "C");
    }
}
