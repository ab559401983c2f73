package dev.decant.advisory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.config.DepsConfig;
import dev.decant.config.DepsConfig.Acknowledged;
import dev.decant.problem.Failure;
import dev.decant.release.Dependency;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// Against a registry on this machine, with a key of its own: hex.pm cannot be reached here, so
/// that its own files are not tried. Its public key is that of <https://hex.pm/docs/public_keys>.
class RegistryTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);

    @TempDir private Path folder = Path.of("");
    private LocalRegistry server;

    RegistryTest() throws Exception {
        server = LocalRegistry.start();
    }

    @BeforeEach
    void some_packages() throws Exception {
        server.retired("poison", "5.0.0", 3, "Use jason.\nIt is \u001b[1mfaster");
        server.retired("jason", "1.0.0", 2, "");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Registry registry(boolean offline) throws IOException {
        return new Registry(
                server.url(),
                Optional.of(server.keyFile(folder)),
                folder.resolve("cache"),
                offline);
    }

    private static Dependency.Hex hex(String name, String version, String repo) {
        return new Dependency.Hex(
                name, name, version, repo, Optional.empty(), Optional.empty(), List.of());
    }

    private static final Dependency POISON = hex("poison", "5.0.0", "hexpm");
    private static final Dependency JASON = hex("jason", "1.4.1", "hexpm");

    private Audit audit(
            Map<String, Acknowledged> acknowledged, boolean offline, Dependency... locked)
            throws Exception {
        return Audit.of(
                Optional.empty(),
                Optional.of(registry(offline)),
                List.of(locked),
                new DepsConfig(
                        Optional.empty(), Optional.empty(), Optional.empty(), false, acknowledged),
                TODAY);
    }

    private Audit audit(Dependency... locked) throws Exception {
        return audit(Map.of(), false, locked);
    }

    private static Audit.Asked asked(Audit audit) {
        return audit.registry().orElseThrow();
    }

    /// What is kept is as old as this.
    private void age(Duration old) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(old)));
            }
        }
    }

    @Test
    void a_retired_version_is_told_of_with_reason_and_message_on_one_line() throws Exception {
        Audit audit = audit(POISON, JASON);

        assertThat(audit.hits())
                .extracting(Audit.Hit::said)
                .containsExactly("poison 5.0.0: retired (deprecated): Use jason. It is [1mfaster");
        assertThat(audit.open()).hasSize(1);
        assertThat(asked(audit).unknown()).isEmpty();
        assertThat(asked(audit).why()).isEmpty();
        assertThat(asked(audit).asOf().orElseThrow()).isAfter(Instant.now().minusSeconds(60));
    }

    @Test
    void a_reason_that_came_later_is_kept_as_its_number() throws Exception {
        server.retired("poison", "5.0.0", 17, "");

        assertThat(audit(POISON).hits().getFirst().said()).isEqualTo("poison 5.0.0: retired (17)");
    }

    @Test
    void nobody_is_asked_for_what_is_not_of_hex_pm() throws Exception {
        Audit audit = audit(hex("poison", "5.0.0", "hexpm:acme"), new Dependency.Other("x", "svn"));

        assertThat(audit.hits()).isEmpty();
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void an_exception_counts_for_its_version_until_the_end_of_its_day() throws Exception {
        Acknowledged until = new Acknowledged("Soon", TODAY);
        Acknowledged over = new Acknowledged("Soon", TODAY.minusDays(1));

        assertThat(audit(Map.of("poison@5.0.0", until), false, POISON).open()).isEmpty();
        assertThat(audit(Map.of("poison@5.0.1", until), false, POISON).open()).hasSize(1);
        assertThat(audit(Map.of("poison@5.0.1", until), false, POISON).notes())
                .containsExactly(
                        "deps.acknowledged.poison@5.0.1 concerns nothing that is locked, and can"
                                + " go.");
        Audit late = audit(Map.of("poison@5.0.0", over), false, POISON);
        assertThat(late.open()).hasSize(1);
        assertThat(late.hits().getFirst().expired()).contains(TODAY.minusDays(1));
    }

    @Test
    void what_the_registry_said_within_the_hour_is_not_asked_again() throws Exception {
        audit(POISON);
        audit(POISON);
        assertThat(server.asked()).containsExactly("poison");

        age(Duration.ofMinutes(61));
        audit(POISON);

        assertThat(server.asked()).containsExactly("poison", "poison");
    }

    @Test
    void without_the_registry_what_it_said_before_counts_with_its_age() throws Exception {
        audit(POISON);
        age(Duration.ofDays(3));
        server.close();

        Audit audit = audit(POISON, JASON);

        assertThat(audit.hits()).hasSize(1);
        assertThat(Duration.between(asked(audit).asOf().orElseThrow(), Instant.now()).toDays())
                .isEqualTo(3);
        assertThat(asked(audit).unknown()).containsExactly("jason");
        assertThat(asked(audit).why())
                .singleElement()
                .asString()
                .startsWith(server.url() + " cannot be reached: ");
    }

    @Test
    void offline_nobody_is_asked() throws Exception {
        Audit audit = audit(Map.of("poison@5.0.0", new Acknowledged("x", TODAY)), true, POISON);

        assertThat(server.asked()).isEmpty();
        assertThat(asked(audit).asOf()).isEmpty();
        assertThat(asked(audit).why())
                .containsExactly(server.url() + " was not asked (--offline).");
        // It may well be of use.
        assertThat(audit.notes()).isEmpty();
    }

    @Test
    void what_is_not_signed_by_its_key_is_not_believed() throws Exception {
        byte[] payload = LocalRegistry.message("jason", "hexpm", "1.4.1", 2, "A lie");
        try (LocalRegistry other = LocalRegistry.stranger()) {
            for (byte[] body :
                    List.of(
                            other.signed(payload),
                            LocalRegistry.packed(payload, new byte[0]),
                            LocalRegistry.packed(payload, new byte[256]))) {
                server.serve("jason", body);

                Audit audit = audit(JASON);

                assertThat(audit.hits()).isEmpty();
                assertThat(asked(audit).unknown()).containsExactly("jason");
                assertThat(asked(audit).why())
                        .containsExactly(
                                "What "
                                        + server.url()
                                        + " says of jason is not believed: it is not signed with"
                                        + " the registry's key.");
            }
        }
    }

    @Test
    void the_words_for_one_package_are_not_taken_for_another() throws Exception {
        for (byte[] payload :
                List.of(
                        LocalRegistry.message("poison", "hexpm", "1.4.1", 2, ""),
                        LocalRegistry.message("jason", "acme", "1.4.1", 2, ""))) {
            server.serve("jason", server.signed(payload));

            Audit audit = audit(JASON);

            assertThat(audit.hits()).isEmpty();
            assertThat(asked(audit).why())
                    .singleElement()
                    .asString()
                    .contains("of another package");
        }
    }

    @Test
    void what_is_kept_is_believed_no_more_than_what_comes() throws Exception {
        audit(POISON);
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            Files.write(file, LocalRegistry.packed(new byte[0], new byte[256]));
        }
        server.close();

        assertThat(asked(audit(POISON)).unknown()).containsExactly("poison");
    }

    @Test
    void what_it_does_not_have_is_said() throws Exception {
        Audit audit = audit(hex("nowhere", "1.0.0", "hexpm"));

        assertThat(asked(audit).why())
                .containsExactly("Of nowhere " + server.url() + " says nothing (status 404).");
    }

    @Test
    void damage_is_refused_and_never_a_mistake_of_decants() throws Exception {
        byte[] whole = server.signed(LocalRegistry.message("jason", "hexpm", "1.4.1", 2, "x"));
        byte[] plain = LocalRegistry.message("jason", "hexpm", "1.4.1", 2, "x");
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = plain.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            byte[] odd =
                    round % 2 == 0
                            ? Arrays.copyOf(whole, random.nextInt(whole.length))
                            : server.signed(Arrays.copyOf(damaged, random.nextInt(damaged.length)));
            Path pem = server.keyFile(folder);

            try {
                SignedPackage.retired(odd, "jason", new KeyOf(pem).key());
            } catch (IOException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    /// As [Registry] reads it.
    private record KeyOf(Path pem) {
        java.security.PublicKey key() throws Exception {
            String base64 = Files.readString(pem).replaceAll("-----[A-Z ]*-----", "");
            return java.security.KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new java.security.spec.X509EncodedKeySpec(
                                    java.util.Base64.getMimeDecoder().decode(base64)));
        }
    }

    @Test
    void a_key_that_is_none_is_refused() throws Exception {
        Path file = Files.writeString(folder.resolve("no.pem"), "no key");

        assertThatThrownBy(() -> new Registry(server.url(), Optional.of(file), folder, false))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems().getFirst().id())
                                        .isEqualTo("no-registry-key"));
    }

    @Test
    void hex_pms_own_key_can_be_read() throws Exception {
        assertThat(new Registry(Registry.HEXPM, Optional.empty(), folder, true).base())
                .hasToString("https://repo.hex.pm/");
    }
}
