package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.config.Privilege;
import dev.decant.io.Digest;
import dev.decant.release.Compression;
import dev.decant.release.Parcel;
import dev.decant.secrets.Secret;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class VerbTest {

    private static final Verb.Prepare PREPARE =
            new Verb.Prepare(
                    Samples.NEW,
                    "alice@laptop",
                    "PORT=\"4000\"\n",
                    "port=4000\n",
                    "",
                    List.of(
                            new Verb.SecretValue(
                                    "DATABASE_URL",
                                    Optional.of(new Secret("DATABASE_URL", "hunter2 größe"))),
                            new Verb.SecretValue("SECRET_KEY_BASE", Optional.empty())));

    /// One of each, with the line that begins its request, and its words.
    private static final Map<Verb, String> VERBS = verbs();

    private static Map<Verb, String> verbs() {
        String sha = Digest.of("a parcel").hex();
        Parcel parcel =
                new Parcel(
                        Path.of("/nowhere"), Compression.ZSTD, 700, 5_500, Digest.of("a parcel"));
        Digest manifest = Digest.of("a manifest");
        Map<Verb, String> verbs = new LinkedHashMap<>();
        verbs.put(new Verb.Facts(List.of("libc.so.6", "libz.so.1")), "facts libc.so.6 libz.so.1");
        verbs.put(new Verb.Lock("alice@laptop", "run1", "deploy"), "lock alice@laptop run1 deploy");
        verbs.put(
                new Verb.Store(List.of(Samples.NEW, Samples.OLD)),
                "store " + Samples.NEW + " " + Samples.OLD);
        verbs.put(
                new Verb.Receive(Samples.NEW, manifest, Optional.of(Samples.OLD), parcel, 1_000),
                "receive %s %s %s zstd %s 700 1000 4500"
                        .formatted(Samples.NEW, manifest.hex(), Samples.OLD, sha));
        verbs.put(
                new Verb.Receive(Samples.NEW, manifest, Optional.empty(), parcel, 0),
                "receive %s %s - zstd %s 700 0 5500".formatted(Samples.NEW, manifest.hex(), sha));
        verbs.put(
                new Verb.Collect(Digest.of("a parcel"), 5_500, URI.create("https://s3/p?X=1")),
                "collect " + sha + " 5500 https://s3/p?X=1");
        verbs.put(new Verb.Progress(7, ""), "progress 7");
        verbs.put(new Verb.Progress(7, "health"), "progress 7 health");
        verbs.put(new Verb.Logs(50, false, Verb.Logs.Filter.NONE), "logs 50 no");
        verbs.put(
                new Verb.Logs(0, true, new Verb.Logs.Filter("-1h", "now", "a b", "err")),
                "logs 0 yes -1h now a b err");
        verbs.put(new Verb.Environment(), "environment");
        verbs.put(new Verb.Inspect(""), "inspect");
        verbs.put(new Verb.Inspect("00ff"), "inspect 00ff");
        verbs.put(
                PREPARE,
                "prepare "
                        + Samples.NEW
                        + " alice@laptop 12 10 0 DATABASE_URL:31 SECRET_KEY_BASE:-");
        verbs.put(
                new Verb.Repeat(3, "alice@laptop", Verb.Repeat.As.BACK),
                "repeat 3 alice@laptop back");
        verbs.put(
                new Verb.Repeat(3, "alice@laptop", Verb.Repeat.As.AGAIN),
                "repeat 3 alice@laptop again");
        verbs.put(
                new Verb.Repeat(3, "alice@laptop", Verb.Repeat.As.RESTART),
                "repeat 3 alice@laptop restart");
        verbs.put(
                new Verb.Repeat(3, "alice@laptop", Verb.Repeat.As.ENVIRONMENT),
                "repeat 3 alice@laptop environment");
        verbs.put(new Verb.Preflight(7), "preflight 7");
        verbs.put(new Verb.Start(), "start");
        verbs.put(new Verb.Stop(), "stop");
        verbs.put(new Verb.Rpc("IO.puts(1)"), "rpc IO.puts(1)");
        verbs.put(new Verb.Evaluate("IO.puts(1)"), "evaluate IO.puts(1)");
        verbs.put(new Verb.Migrate(7), "migrate 7");
        verbs.put(new Verb.Seed(7), "seed 7");
        verbs.put(new Verb.Maintenance(true, "me@here", "a b"), "maintenance on me@here a b");
        verbs.put(new Verb.Maintenance(false, "me@here", ""), "maintenance off me@here");
        verbs.put(new Verb.Exec(List.of("ls", "a\nb", "\\n")), "exec ls a\\nb \\\\n");
        verbs.put(new Verb.Activate(7, Duration.ofSeconds(30)), "activate 7 30");
        verbs.put(new Verb.Confirm(7), "confirm 7");
        verbs.put(new Verb.Unlock(), "unlock");
        verbs.put(new Verb.History(20), "history 20");
        verbs.put(new Verb.Activate(7, Duration.ZERO), "activate 7 0");
        verbs.put(new Verb.Recover(), "recover");
        verbs.put(new Verb.Prune(5), "prune 5");
        verbs.put(new Verb.Remove(true), "remove rehearse");
        verbs.put(new Verb.Remove(false), "remove do");
        verbs.put(
                setup(true, "größe", "w", "re", "x y\n"),
                "setup deploy alice@laptop rehearse none 1 0 2 7 1 2 4 3 0 0 0 0");
        verbs.put(
                setup(false, "", "", "", ""),
                "setup deploy alice@laptop do none 1 0 2 0 0 0 0 3 0 0 0 0");
        return verbs;
    }

    private static Verb.Setup setup(
            boolean rehearse, String recover, String watch, String requests, String signers) {
        return new Verb.Setup(
                "deploy",
                "alice@laptop",
                rehearse,
                Privilege.NONE,
                new HostFiles(
                        "a",
                        "",
                        "bc",
                        recover,
                        watch,
                        requests,
                        signers,
                        "d=e",
                        "",
                        "",
                        "",
                        new TreeMap<>()));
    }

    @Test
    void every_verb_has_its_words() {
        VERBS.forEach(
                (verb, words) ->
                        assertThat(
                                        (verb.name() + " " + String.join(" ", verb.words()))
                                                .stripTrailing())
                                .isEqualTo(words));
    }

    @Test
    void the_table_has_every_verb() {
        assertThat(VERBS.keySet())
                .extracting(Object::getClass)
                .containsAll(List.of(Verb.class.getPermittedSubclasses()));
    }

    @Test
    void the_host_program_knows_every_verb() {
        String program = new String(HostProgram.bytes(), StandardCharsets.UTF_8);

        assertThat(VERBS.keySet())
                .allSatisfy(verb -> assertThat(program).contains("\nverb_" + verb.name() + "() {"));
    }

    @Test
    void a_payload_is_as_long_as_the_words_say() throws IOException {
        assertThat(text(Payloads.of(PREPARE)))
                .isEqualTo("PORT=\"4000\"\nport=4000\nDATABASE_URL=\"hunter2 größe\"\n");
        assertThat(Payloads.of(PREPARE).size()).isEqualTo(12 + 10 + 31);
        assertThat(text(Payloads.of(setup(true, "größe", "w", "re", "s\n"))))
                .isEqualTo("abcgrößewres\nd=e");
        assertThat(Payloads.of(new Verb.Inspect("")).size()).isZero();
    }

    private static String text(Payload payload) throws IOException {
        try (InputStream in = payload.source().open()) {
            byte[] bytes = in.readAllBytes();
            assertThat(payload.size()).isEqualTo(bytes.length);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Test
    void no_secret_is_among_the_words_or_shown() {
        assertThat(PREPARE.words().toString()).doesNotContain("hunter2");
        assertThat(PREPARE.toString()).contains("DATABASE_URL").doesNotContain("hunter2");
        assertThat(Payloads.of(PREPARE)).hasToString("53 bytes");
    }

    @Test
    void the_bootstrap_can_stand_in_single_quotes() {
        assertThat(HostProgram.bootstrap()).doesNotContain("'").doesNotContain("\n");
    }

    @Test
    void the_digest_is_of_the_very_program() throws IOException {
        assertThat(HostProgram.digest())
                .isEqualTo(Digest.of(Path.of("src/main/resources/dev/decant/host/decant-host")))
                .isEqualTo(
                        Digest.of(
                                Files.readAllBytes(
                                        Path.of(
                                                "src/main/resources/dev/decant/host/decant-host"))));
    }
}
