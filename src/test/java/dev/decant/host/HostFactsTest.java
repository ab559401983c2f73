package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.host.Deployment.Verdict;
import dev.decant.io.Digest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

class HostFactsTest {

    private static final String SHA = Digest.of("x").hex();

    private static Reply reply(String lines) {
        return new Reply(
                0,
                lines.lines()
                        .map(
                                line ->
                                        new Reply.Value(
                                                line.substring(0, line.indexOf('=')),
                                                line.substring(line.indexOf('=') + 1)))
                        .toList(),
                List.of());
    }

    private static HostFacts facts(String facts, String inspected) {
        return HostFacts.of(
                "web1", reply(facts), reply(inspected), "5a17", HostStore.NONE, HostPast.NONE);
    }

    @Test
    void what_a_host_says_is_read() {
        HostFacts facts =
                facts(
                        """
                        host_program=%1$s
                        host_edition=7
                        user=deploy
                        os=Linux
                        arch=aarch64
                        libc=glibc
                        libc_version=2.36
                        systemd=252
                        set_up=yes
                        available_bytes=900000000
                        free_bytes=20000000000
                        current=%2$s
                        release=%2$s
                        release=%3$s
                        unit_sha256=%1$s
                        slot_unit_sha256=%1$s
                        eval_unit_sha256=%1$s
                        more_units_sha256=%1$s
                        ports_sha256=%1$s
                        slot=2
                        os_release=Debian GNU/Linux 12
                        instead=libodbc.so.1
                        instead=libodbc.so.1
                        lacks=libodbc.so.2
                        lacks=libx.so.1
                        privilege=sudo
                        service=active
                        service_sub=running
                        service_pid=4711
                        service_bytes=90000000
                        service_restarts=2
                        service_since=Mon 2026-11-23 19:15:02 UTC
                        process=shop.worker@2.service active
                        process=shop.nightly.timer inactive
                        """
                                .formatted(SHA, Samples.NEW, Samples.OLD),
                        """
                        live=3
                        activating=4
                        applying=active
                        migrated=3
                        deployment=4 %2$s none 2026-11-23T19:15:00Z alice@laptop 3
                        deployment=3 %3$s live 2026-11-22T09:00:00Z bob@ci\s
                        environment_sha256=%1$s
                        settings_sha256=%1$s
                        live_ports_sha256=%1$s
                        public=443 4011
                        unpublished=80 4010
                        maintenance_since=2026-11-24T09:30:00Z
                        maintenance_by=alice@laptop
                        maintenance_message=Back at 10 = soon
                        live_manifest_sha256=%1$s
                        version=4 3
                        version=3 3
                        secret=DATABASE_URL 0123456789ab
                        secret=SECRET_KEY_BASE
                        """
                                .formatted(SHA, Samples.NEW, Samples.OLD));

        assertThat(facts)
                .isEqualTo(
                        new HostFacts(
                                "web1",
                                Optional.of(new Digest(SHA)),
                                7,
                                "deploy",
                                "Linux",
                                "aarch64",
                                "glibc",
                                "2.36",
                                252,
                                true,
                                900_000_000L,
                                20_000_000_000L,
                                Optional.of(Samples.NEW),
                                List.of(Samples.OLD, Samples.NEW),
                                Optional.of(new Digest(SHA)),
                                Optional.of(new Digest(SHA)),
                                Optional.of(new Digest(SHA)),
                                Optional.of(new Digest(SHA)),
                                Optional.of(new Digest(SHA)),
                                "Debian GNU/Linux 12",
                                List.of("libodbc.so.2", "libx.so.1"),
                                List.of("libodbc.so.1"),
                                "sudo",
                                new HostFacts.Service(
                                        2,
                                        "active",
                                        "running",
                                        4711,
                                        90_000_000,
                                        2,
                                        "Mon 2026-11-23 19:15:02 UTC"),
                                List.of(
                                        new HostFacts.OtherUnit("shop.worker@2.service", "active"),
                                        new HostFacts.OtherUnit("shop.nightly.timer", "inactive")),
                                OptionalInt.of(3),
                                OptionalInt.of(4),
                                true,
                                Set.of(3),
                                List.of(
                                        new Deployment(
                                                4,
                                                Samples.NEW,
                                                Optional.empty(),
                                                "2026-11-23T19:15:00Z",
                                                "alice@laptop",
                                                OptionalInt.of(3)),
                                        new Deployment(
                                                3,
                                                Samples.OLD,
                                                Optional.of(Verdict.LIVE),
                                                "2026-11-22T09:00:00Z",
                                                "bob@ci",
                                                OptionalInt.empty())),
                                Optional.of(new Digest(SHA)),
                                Optional.of(new Digest(SHA)),
                                Optional.of(new Digest(SHA)),
                                List.of("443 4011"),
                                List.of("80 4010"),
                                Optional.of(
                                        new HostFacts.Maintenance(
                                                "2026-11-24T09:30:00Z",
                                                "alice@laptop",
                                                "Back at 10 = soon")),
                                new HostSecrets(
                                        "5a17",
                                        Map.of(
                                                "DATABASE_URL", "0123456789ab",
                                                "SECRET_KEY_BASE", "")),
                                Map.of(3, 3, 4, 3),
                                Optional.of(new Digest(SHA)),
                                HostStore.NONE,
                                HostPast.NONE));
    }

    @Test
    void keys_of_a_newer_host_are_passed_over() {
        assertThat(facts("colour=red\narch=x86_64\n", "mood=good\n"))
                .isEqualTo(facts("arch=x86_64\n", ""));
    }

    @Test
    void a_host_that_says_nothing_has_nothing() {
        HostFacts facts = facts("current=\nhost_program=\nlive=\n", "activating=\n");

        assertThat(facts.setUp()).isFalse();
        assertThat(facts.hostProgram()).isEmpty();
        assertThat(facts.current()).isEmpty();
        assertThat(facts.live()).isEmpty();
        assertThat(facts.activating()).isEmpty();
        assertThat(facts.liveDeployment()).isEmpty();
        assertThat(facts.beforeLive()).isEmpty();
        assertThat(facts.libc()).isEqualTo("other");
        assertThat(facts.service().running()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1e9", "99999999999999999999", "many", "0x10"})
    void a_number_that_is_none_is_nought(String number) {
        HostFacts facts =
                facts(
                        "systemd=%1$s\nfree_bytes=%1$s\nservice_pid=%1$s\nservice_restarts=%1$s\n"
                                .formatted(number),
                        "");

        assertThat(facts.systemd()).isZero();
        assertThat(facts.freeBytes()).isZero();
        assertThat(facts.service().pid()).isZero();
        assertThat(facts.service().restarts()).isZero();
    }

    @Test
    void a_number_that_is_too_large_is_nought() {
        assertThat(facts("service_pid=4294967297\nfree_bytes=4294967297\n", "").service().pid())
                .isZero();
    }

    @Test
    void names_and_digests_that_are_none_are_passed_over() {
        HostFacts facts =
                facts(
                        """
                        release=notes
                        current=../..
                        host_program=abc
                        unit_sha256=no such file
                        """,
                        "settings_sha256=?\n");

        assertThat(facts.releases()).isEmpty();
        assertThat(facts.current()).isEmpty();
        assertThat(facts.hostProgram()).isEmpty();
        assertThat(facts.serviceUnit()).isEmpty();
        assertThat(facts.settings()).isEmpty();
    }

    /// A folder of a deployment whose files a full disk has left empty.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "7  none   ",
                "7",
                "",
                "x 20261123T191500Z-0.2.0-1f3a9c2 live 2026-11-23T19:15:00Z a@b",
                "99999999999 20261123T191500Z-0.2.0-1f3a9c2 live 2026-11-23T19:15:00Z a@b",
                "7 20261123T191500Z-0.2.0-1f3a9c2 live 2026-11-23T19:15:00Z",
            })
    void a_deployment_that_cannot_be_read_is_passed_over(String line) {
        assertThat(facts("", "deployment=" + line + "\n").deployments()).isEmpty();
    }

    @Test
    void what_was_before_is_found_by_its_number() {
        HostFacts facts =
                facts(
                        "",
                        """
                        live=3
                        deployment=3 %1$s live 2026-11-23T19:15:00Z a@b 1
                        deployment=2 %1$s went-back 2026-11-22T19:15:00Z a@b 1
                        deployment=1 %2$s live 2026-11-21T19:15:00Z a@b\s
                        """
                                .formatted(Samples.NEW, Samples.OLD));

        assertThat(facts.liveDeployment().map(Deployment::number)).contains(3);
        assertThat(facts.beforeLive().map(Deployment::number)).contains(1);
        assertThat(facts.deployment(2).flatMap(Deployment::verdict)).contains(Verdict.WENT_BACK);
        assertThat(facts.deployment(9)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void the_host_program_has_a_word_for_every_verdict(Verdict verdict) {
        String program = new String(HostProgram.bytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(program).containsPattern("\\b" + verdict.word() + "\\b");
        assertThat(Verdict.of(verdict.word())).contains(verdict);
    }
}
