package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.config.Config;
import dev.decant.deploy.EnvironmentDiff.Entry;
import dev.decant.deploy.EnvironmentDiff.State;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.secrets.Secret;
import dev.decant.ui.EnvironmentDiffPrinter;
import dev.decant.ui.Json;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is told of the difference between what is here and what hosts have.
class EnvironmentDiffTest {

    private static final Config CONFIG =
            Configs.of(
                    Configs.SHOP
                            + """
                            [env]
                            GREETING = "Hello"
                            LEVEL = "debug"
                            [hosts.web1]
                            [hosts.web2]
                            [hosts.web3]
                            [hosts.web4]
                            """);

    private static final Secret DATABASE = new Secret("DATABASE_URL", "ecto://hunter2");
    private static final Secret KEY = new Secret("SECRET_KEY_BASE", "hunter3");

    /// It has all that is here.
    private static FactsBuilder same(String name) {
        return new FactsBuilder(name, CONFIG)
                .deployed(Samples.NEW)
                .serving(CONFIG)
                .remembers(variables("debug"))
                .having(DATABASE, KEY);
    }

    private static Map<String, String> variables(String level) {
        Map<String, String> variables =
                new TreeMap<>(
                        Map.of(
                                "DRAIN_FILE", "/run/shop-web/draining",
                                "DRAIN_MS", "40000",
                                "GREETING", "Hello",
                                "LEVEL", level,
                                "MIX_ENV", "prod",
                                "PHX_SERVER", "true"));
        variables.put("PORT", "4000");
        return variables;
    }

    private static EnvironmentDiff diff(List<Secret> secrets, FactsBuilder... hosts) {
        Map<String, HostFacts> facts = new LinkedHashMap<>();
        for (FactsBuilder host : hosts) {
            HostFacts fact = host.build();
            facts.put(fact.host(), fact);
        }
        return EnvironmentDiff.of(
                CONFIG.on(
                        CONFIG.hosts().stream()
                                .filter(host -> facts.containsKey(host.name()))
                                .toList()),
                secrets,
                facts);
    }

    private static Entry entry(EnvironmentDiff diff, String name) {
        return diff.hosts().getFirst().entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_host_that_has_all_that_is_here_does_not_differ() {
        EnvironmentDiff diff = diff(List.of(DATABASE, KEY), same("web1"), same("web2"));

        assertThat(diff.differs()).isFalse();
        assertThat(diff.drifts()).isEmpty();
        assertThat(entry(diff, "LEVEL").state()).isEqualTo(State.SAME);
        assertThat(entry(diff, "DATABASE_URL").state()).isEqualTo(State.SAME);
    }

    @Test
    void a_secret_that_nobody_gives_is_kept_or_missing() {
        EnvironmentDiff kept = diff(List.of(), same("web1"));
        EnvironmentDiff missing = diff(List.of(), same("web1").secrets("SECRET_KEY_BASE"));

        assertThat(entry(kept, "DATABASE_URL").state()).isEqualTo(State.KEPT);
        assertThat(kept.differs()).isFalse();
        assertThat(entry(missing, "DATABASE_URL").state()).isEqualTo(State.MISSING);
        assertThat(missing.differs()).isTrue();
    }

    @Test
    void a_variable_that_is_a_secret_on_any_host_has_no_value_here() {
        Map<String, String> before = variables("debug");
        before.put("DATABASE_URL", "ecto://hunter1");
        EnvironmentDiff diff =
                diff(
                        List.of(DATABASE, KEY),
                        same("web1").environment("another").remembers(before),
                        same("web2"));

        assertThat(entry(diff, "DATABASE_URL").there()).isEmpty();
        assertThat(diff.toString()).doesNotContain("hunter");
    }

    @Test
    void hosts_that_agree_with_each_other_and_not_with_here_do_not_drift() {
        FactsBuilder one = same("web1").environment("another").remembers(variables("info"));
        FactsBuilder two = same("web2").environment("another").remembers(variables("info"));

        EnvironmentDiff diff = diff(List.of(), one, two);

        assertThat(diff.differs()).isTrue();
        assertThat(diff.drifts()).isEmpty();
    }

    @Test
    void a_host_that_is_not_set_up_by_this_decant_is_not_compared() {
        assertThatThrownBy(() -> diff(List.of(), same("web1").program("an older one")))
                .isInstanceOf(Failure.class);
    }

    private static EnvironmentDiff fleet() {
        Map<String, String> older = variables("info\nor so");
        older.put("OLD", "x");
        older.remove("GREETING");
        return diff(
                List.of(DATABASE, KEY),
                same("web1"),
                same("web2"),
                same("web3")
                        .deployed(Samples.OLD)
                        .environment("another")
                        .remembers(older)
                        .secrets("MAIL_KEY", "SECRET_KEY_BASE"),
                new FactsBuilder("web4", CONFIG));
    }

    private static void check(String file, String text) {
        assertThat(text).doesNotContain("hunter");
        Golden.check(Golden.folder("deploy").resolve(file), text);
    }

    private static String printed(EnvironmentDiff diff) {
        StringWriter text = new StringWriter();
        EnvironmentDiffPrinter.print(new PrintWriter(text), diff);
        return text.toString();
    }

    @Test
    void for_people() {
        check("environment-diff.txt", printed(fleet()));
        check("secrets-diff.txt", printed(fleet().secretsOnly()));
    }

    @Test
    void for_programs() {
        check("environment-diff.json", Json.text(EnvironmentDiffPrinter.json(fleet())));
    }
}
