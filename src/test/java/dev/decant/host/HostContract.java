package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.SshKeys;
import dev.decant.exec.Result;
import dev.decant.host.Archives.Forgery;
import dev.decant.host.Archives.Member;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Compression;
import dev.decant.release.FileList;
import dev.decant.release.Parcel;
import dev.decant.release.RandomTrees;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.Signer;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/// What is true of every session with the host program, whichever way it is reached and whichever
/// shell runs it there.
interface HostContract {

    /// The app's name on the host.
    String UNIT = "shop";

    ReleaseId ID = new ReleaseId("20261123T191500Z-0.1.0-1f3a9c2");
    ReleaseId NEVER_SENT = new ReleaseId("20200101T000000Z-0.0.0-0000000");

    /// A way to a host that is set up for [#UNIT] and has neither a release nor an archive.
    Transport transport();

    /// Runs a line of shell there, past the host program, as whoever may see everything; `$R` comes
    /// before its paths.
    Result look(String script) throws Exception;

    private Host connect() {
        return Host.connect("web1", UNIT, transport(), Transport.Entry.INSTALLED);
    }

    private static Release release(Path folder) throws Exception {
        return Archives.packed(folder, ID, Map.of("bin/shop", "#!/bin/sh\nexec true\n"));
    }

    /// All there is of releases and archives; a lock and who had it are no leavings.
    private List<String> leavings() throws Exception {
        return look("cd \"$R/srv/" + UNIT + "\" && find releases incoming -mindepth 1 | sort")
                .out()
                .stream()
                .filter(name -> !name.startsWith("incoming/lock"))
                .toList();
    }

    // ---- frames

    @Test
    default void it_greets_with_the_version_of_its_protocol() throws Exception {
        try (Wire wire = Wire.greeted(transport())) {
            assertThat(wire.answer()).hasValue(new Wire.Answer(0, List.of("= decant_host=1")));
        }
    }

    @Test
    default void what_is_asked_before_it_has_greeted_is_answered() {
        try (Host host = Host.begin("web1", UNIT, transport(), Transport.Entry.INSTALLED)) {
            List<Verb> heard = new ArrayList<>();
            List<Verb> verbs = List.of(new Verb.Store(List.of()), new Verb.Facts(List.of()));

            List<Reply> replies = host.ask(verbs, (verb, _) -> heard.add(verb));

            assertThat(replies).allMatch(Reply::ok);
            assertThat(replies.getLast().value("set_up")).hasValue("yes");
            assertThat(heard).isEqualTo(verbs);
        }
    }

    @Test
    default void a_verb_that_nobody_knows_is_refused_and_the_session_goes_on() throws Exception {
        try (Wire wire = Wire.open(transport())) {
            assertThat(wire.ask("reboot 0 0\n")).isEqualTo(64);
            assertThat(wire.ask("reboot 3 0\nnow\nfacts 0 0\n\n")).isEqualTo(64);
            assertThat(wire.ask("session 0 0\n")).isEqualTo(64);
            assertThat(wire.ask("* 0 0\n")).isEqualTo(64);
            assertThat(wire.ask("facts 0 0\n")).isZero();
        }
    }

    @Test
    default void what_is_no_request_ends_the_session_with_a_word() throws Exception {
        for (String line :
                List.of("facts", "facts 0", "facts 0 0 0", "facts -1 0", "facts 0 010")) {
            try (Wire wire = Wire.open(transport())) {
                assertThat(wire.ask(line + "\n")).as(line).isEqualTo(64);
                assertThat(wire.answer()).as("what comes after " + line).isEmpty();
            }
        }
    }

    @Test
    default void a_payload_that_nobody_reads_is_never_taken_for_requests() throws Exception {
        for (String verb : List.of("reboot", "facts", "progress", "lock")) {
            try (Wire wire = Wire.open(transport())) {
                assertThat(wire.ask(verb + " 1 10\n1\nfacts 0 0\n")).as(verb).isEqualTo(64);
                assertThat(wire.answer()).as("what comes after " + verb).isEmpty();
            }
        }
    }

    private static String receive(int payload, String id, String sizes) {
        String digest = Digest.of("x").hex();
        return "receive 8 %d\n%s\n%s\n-\ngzip\n%s\n%s\n"
                .formatted(payload, id, digest, digest, sizes.replace(' ', '\n'));
    }

    @Test
    default void a_size_that_contradicts_the_frame_is_refused() throws Exception {
        for (int said : List.of(5, 20)) {
            try (Wire wire = Wire.open(transport())) {
                assertThat(wire.ask(receive(10, ID.value(), "0 0 " + said) + "0123456789"))
                        .isEqualTo(64);
                assertThat(wire.answer()).isEmpty();
            }
        }
        assertThat(leavings()).isEmpty();
    }

    @Test
    default void words_arrive_as_they_are() throws Exception {
        List<String> odd =
                List.of(
                        "two words",
                        "  blanks  around  ",
                        "'single' \"double\" `id`",
                        "$HOME $(id) ${PATH} $((1+1))",
                        "back\\slash \\n \\",
                        "grüße, 日本, \u0001\u001b[31m\t",
                        "-n",
                        "--help",
                        "*",
                        "[a-z]*",
                        "; reboot #",
                        "%s%d%n",
                        ". 0",
                        "= set_up=yes",
                        "");
        try (Host host = connect()) {
            Reply facts = host.must(new Verb.Facts(odd));

            assertThat(facts.all("lacks")).isEqualTo(odd);
            assertThat(facts.all("set_up")).containsExactly("yes");
        }
    }

    @Test
    default void a_word_with_a_line_end_never_leaves_this_machine() {
        try (Host host = connect()) {
            assertThatThrownBy(() -> host.ask(new Verb.Lock("me\nfacts 0 0", "t", "deploy")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> host.ask(new Verb.Facts(List.of("a\0b"))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new ReleaseId(ID.value() + "\n"))
                    .isInstanceOf(IllegalArgumentException.class);

            assertThat(host.ask(new Verb.Facts(List.of())).ok()).isTrue();
        }
    }

    @Test
    default void a_thousand_small_requests_get_a_thousand_answers() {
        try (Host host = connect()) {
            long began = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                int number = 1 + i;
                Reply reply = host.ask(new Verb.Progress(number, ""));

                assertThat(reply.status()).isEqualTo(Reply.NO_SUCH);
                assertThat(reply.text())
                        .containsExactly("There is no deployment " + number + " here.");
            }
            tell("%.2f ms for a request", (System.nanoTime() - began) / 1e6 / 1000);
        }
    }

    @Test
    default void a_large_payload_is_framed_as_a_small_one(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("large");
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        byte[] alike = "\n. 0\n= broken=yes\nfacts 0 0\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(alike, 0, block, 1000, alike.length);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 200; i++) {
                out.write(block);
            }
            out.write(alike);
        }
        Parcel parcel = new Parcel(file, Compression.GZIP, 1, Files.size(file), Digest.of(file));
        Release release = release(folder.resolve("small"));
        List<Long> sent = new ArrayList<>();
        try (Host host = connect()) {
            long began = System.nanoTime();
            Reply received =
                    host.ask(
                            Archives.request(release, Optional.empty(), parcel),
                            _ -> {},
                            sent::add);
            double seconds = (System.nanoTime() - began) / 1e9;

            // It arrived as it was sent, or else that would have been the complaint.
            assertThat(received.status()).isEqualTo(Reply.WRONG_CONTENTS);
            assertThat(received.values()).isEmpty();
            assertThat(String.join("\n", received.text())).contains("gzip");
            assertThat(sent).isSorted().endsWith(parcel.size());
            tell("%.0f MB/s for a payload", parcel.size() / 1e6 / seconds);
        }
        assertThat(leavings()).isEmpty();
    }

    private void tell(String what, double figure) {
        System.out.printf("%s: " + what + "%n", getClass().getSimpleName(), figure);
    }

    // ---- facts

    @Test
    default void facts_are_those_that_decant_reads() {
        try (Host host = connect()) {
            Reply facts = host.must(new Verb.Facts(List.of("libc.so.6", "libnot.so.9")));

            assertThat(facts.values().stream().map(Reply.Value::key))
                    .contains("host_program", "user", "arch", "os", "libc", "libc_version")
                    .contains("systemd", "set_up", "free_bytes", "free_inodes", "current")
                    .contains("unit_sha256", "eval_unit_sha256");
            assertThat(facts.value("os")).hasValue("Linux");
            assertThat(facts.value("set_up")).hasValue("yes");
            assertThat(facts.value("libc")).hasValue("glibc");
            assertThat(facts.value("libc_version").orElse("")).matches("2\\.[0-9]+");
            assertThat(facts.value("free_bytes").orElse("")).matches("[1-9][0-9]+");
            assertThat(facts.all("lacks")).containsExactly("libnot.so.9");
            assertThat(facts.value("os_release").orElse("")).matches("[A-Z].*");
            assertThat(facts.all("release")).isEmpty();
        }
    }

    @Test
    default void of_a_library_that_it_lacks_a_host_says_which_others_it_has() throws Exception {
        try (Host host = connect()) {
            Reply facts = host.must(new Verb.Facts(List.of("libc.so.5", "libnot.so.9")));

            assertThat(facts.all("lacks")).containsExactly("libc.so.5", "libnot.so.9");
            assertThat(facts.all("instead")).isNotEmpty().containsOnly("libc.so.6");
        }
    }

    // ---- releases

    /// Those that the host can undo.
    private List<Compression> compressions() {
        try (Host host = connect()) {
            return HostStore.ask(host, List.of()).zstd()
                    ? List.of(Compression.GZIP, Compression.ZSTD)
                    : List.of(Compression.GZIP);
        }
    }

    private String there(ReleaseId id) {
        return "cd \"$R/srv/" + UNIT + "/releases/" + id + "\" && ";
    }

    /// What really is there, as a list of files would have it.
    private List<String> found(ReleaseId id) throws Exception {
        String files = "find . -path ./.decant -prune -o -type f -printf '%P\\t%m\\t%s\\t'";
        String links = "find . -type l -printf '%P\\tlink\\t0\\t%l\\n'";
        String empty = "find . -mindepth 1 -type d -empty -printf '%P\\tdir\\t0\\t-\\n'";
        String sums = " -exec sha256sum {} ';' | sed 's/  .*//'; ";
        return look(there(id) + "{ " + files + sums + links + "; " + empty + "; } | sort").out();
    }

    private void assertIsThere(Release release) throws Exception {
        assertThat(found(release.id()))
                .containsExactlyElementsOf(release.files().text().lines().toList());
        // Where the releases' folder hands its group down, folders say so with a bit of their own.
        assertThat(look(there(release.id()) + "find . -type d -printf '%m\\n' | sort -u").out())
                .isNotEmpty()
                .allMatch(mode -> mode.matches("2?750"));
        assertThat(look(there(release.id()) + "sha256sum <.decant/manifest.json").text())
                .startsWith(release.digest().hex());
        assertThat(
                        look(there(release.id()) + "find .decant -type f -printf '%m %P\\n' | sort")
                                .out())
                .containsExactly("640 files", "640 manifest.json");
        assertThat(leavings()).noneMatch(name -> name.startsWith("incoming/"));
        assertThat(leavings()).noneMatch(name -> name.startsWith("releases/."));
    }

    List<Member> ODD_BUT_GOOD =
            List.of(
                    Member.file("lib/empty file", 0644, ""),
                    Member.file("lib/twice", 0644, "1\n"),
                    Member.file("lib/twice, executable", 0755, "1\n"),
                    Member.file("-", 0644, "not standard input"),
                    Member.file("lib/grüße 日本", 0644, "x"),
                    Member.file("lib/" + "long/".repeat(40) + "file", 0644, "deep"),
                    new Member("lib/up", '2', 0777, "../bin/shop"),
                    new Member("lib/grüßen", '2', 0777, "grüße 日本"),
                    new Member("folder", '2', 0777, "lib"));

    @Test
    default void a_release_arrives_as_its_list_says(@TempDir Path folder) throws Exception {
        Release release =
                Archives.packed(folder, ID, Map.of("bin/shop", "#!/bin/sh\n"), ODD_BUT_GOOD);
        for (Compression compression : compressions()) {
            look(there(ID) + "rm -rf ../" + ID);
            try (Host host = connect()) {
                host.must(Archives.some(release, Map.of(), Set.of(), compression));

                assertThat(host.must(new Verb.Facts(List.of())).all("release"))
                        .containsExactly(ID.value());
                assertThat(host.must(new Verb.Store(List.of())).all("holds"))
                        .containsExactly(ID + " " + release.files().digest().hex());
            }
            assertIsThere(release);
        }
    }

    /// Inodes of files, by path.
    private Map<String, String> inodes(ReleaseId id) throws Exception {
        Map<String, String> inodes = new HashMap<>();
        look(there(id) + "find . -path ./.decant -prune -o -type f -printf '%i %P\\n'")
                .out()
                .forEach(
                        line ->
                                inodes.put(
                                        line.substring(line.indexOf(' ') + 1),
                                        line.substring(0, line.indexOf(' '))));
        return inodes;
    }

    ReleaseId NEXT = new ReleaseId("20261124T080000Z-0.2.0-aaaaaaa");
    ReleaseId THIRD = new ReleaseId("20261125T080000Z-0.3.0-bbbbbbb");

    private static Release version(Path folder, ReleaseId id, String version, String text)
            throws Exception {
        return Archives.packed(
                folder,
                id,
                Map.of("bin/shop", "#!/bin/sh\nexec true\n"),
                List.of(
                        Member.file("lib/shop-" + version + "/ebin/a.beam", 0644, "a, the same"),
                        Member.file("lib/shop-" + version + "/ebin/b.beam", 0644, "b, the same"),
                        Member.file("lib/shop-" + version + "/ebin/c.beam", 0644, text),
                        Member.file("releases/" + version + "/only", 0644, "only " + version),
                        Member.file("lib/mode", version.equals("0.1.0") ? 0644 : 0755, "mode"),
                        new Member("lib/now", '2', 0777, "shop-" + version)));
    }

    @Test
    default void a_release_is_made_from_what_is_there_and_shares_it(@TempDir Path folder)
            throws Exception {
        Release first = version(folder, ID, "0.1.0", "one");
        Release second = version(folder, NEXT, "0.2.0", "two");
        Release third = version(folder, THIRD, "0.2.0", "one");
        try (Host host = connect()) {
            host.must(Archives.all(first));
            var before = found(ID);

            Verb.Receive request =
                    Archives.some(second, Map.of(ID, first.files()), Set.of(), Compression.GZIP);
            host.must(request);
            host.must(
                    Archives.some(
                            third,
                            Map.of(NEXT, second.files(), ID, first.files()),
                            Set.of(),
                            Compression.GZIP));

            assertThat(request.parcel().size()).isLessThan(Archives.all(second).parcel().size());
            assertThat(found(ID)).isEqualTo(before);
        }
        assertIsThere(second);
        assertIsThere(third);
        Map<String, String> old = inodes(ID);
        Map<String, String> now = inodes(NEXT);
        assertThat(now.get("lib/shop-0.2.0/ebin/a.beam"))
                .isEqualTo(old.get("lib/shop-0.1.0/ebin/a.beam"));
        assertThat(now.get("bin/shop")).isEqualTo(old.get("bin/shop"));
        assertThat(now.get("lib/mode")).as("has another mode").isNotEqualTo(old.get("lib/mode"));
        assertThat(inodes(THIRD).get("lib/shop-0.2.0/ebin/c.beam"))
                .as("changed back")
                .isEqualTo(old.get("lib/shop-0.1.0/ebin/c.beam"));
    }

    @Test
    default void random_changes_arrive_exactly(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        RandomTrees trees = new RandomTrees(seed);
        List<RandomTrees.Tree> older = new ArrayList<>(List.of(trees.tree()));
        SequencedMap<ReleaseId, Release> there = new LinkedHashMap<>();
        List<Compression> compressions = compressions();
        try (Host host = connect()) {
            for (int i = 0; i < 25; i++) {
                ReleaseId id = new ReleaseId("20261124T1200%02dZ-0.1.0-aaaaaaa".formatted(i));
                RandomTrees.Tree tree = older.getLast();
                Release release = tree.pack(folder, id);
                Compression compression = compressions.get(i % compressions.size());

                Reply reply =
                        host.ask(
                                compression == Compression.ZSTD
                                        ? Archives.helped(release, there)
                                        : Archives.some(
                                                release, lists(there), Set.of(), compression));

                assertThat(reply.ok()).as("-Dseed=%d, step %d: %s", seed, i, reply).isTrue();
                assertThat(found(id))
                        .as("-Dseed=%d, step %d", seed, i)
                        .containsExactlyElementsOf(release.files().text().lines().toList());
                there.put(id, release);
                older.add(trees.after(tree, older));
            }
        }
        for (Map.Entry<ReleaseId, FileList> each : lists(there).entrySet()) {
            assertThat(found(each.getKey()))
                    .as("-Dseed=%d, %s, after all the others", seed, each.getKey())
                    .containsExactlyElementsOf(each.getValue().text().lines().toList());
        }
    }

    private static Map<ReleaseId, FileList> lists(Map<ReleaseId, Release> releases) {
        Map<ReleaseId, FileList> lists = new LinkedHashMap<>();
        releases.forEach((id, release) -> lists.put(id, release.files()));
        return lists;
    }

    /// A large file that nothing makes smaller, and in which a line can change.
    private static Release script(Path folder, ReleaseId id, String version, String line)
            throws Exception {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        String text = new String(noise, StandardCharsets.ISO_8859_1);
        return Archives.packed(
                folder,
                id,
                Map.of("bin/shop", "#!/bin/sh\nexec true\n"),
                List.of(
                        Member.file("lib/shop-" + version + "/priv/same", 0644, "the same"),
                        Member.file(
                                "lib/shop-" + version + "/priv/-app.js",
                                0644,
                                text.substring(0, 100_000) + line + text.substring(100_000))));
    }

    @Test
    default void old_contents_help_to_unpack_new_ones(@TempDir Path folder) throws Exception {
        if (!compressions().contains(Compression.ZSTD)) {
            return;
        }
        Release first = script(folder, ID, "0.1.0", "one");
        Release second = script(folder, NEXT, "0.2.0", "two");
        try (Host host = connect()) {
            host.must(Archives.all(first));
            Verb.Receive request = Archives.helped(second, sequenced(first));

            host.must(request);

            assertThat(request.parcel().size()).isLessThan(2000);
        }
        assertIsThere(second);
        assertIsThere(first);
    }

    @Test
    default void old_contents_that_are_damaged_are_noticed_and_done_without(@TempDir Path folder)
            throws Exception {
        if (!compressions().contains(Compression.ZSTD)) {
            return;
        }
        Release first = script(folder, ID, "0.1.0", "one");
        Release second = script(folder, NEXT, "0.2.0", "two");
        String file = "lib/shop-0.1.0/priv/-app.js";
        for (String damage :
                List.of(
                        "printf X | dd conv=notrunc bs=1 seek=99999 of=" + file,
                        "echo more >>" + file,
                        "rm " + file)) {
            try (Host host = connect()) {
                host.must(Archives.all(first));
                look(there(ID) + "chmod u+w " + file + "; " + damage);

                Reply refused = host.ask(Archives.helped(second, sequenced(first)));

                assertThat(refused.status()).as(damage).isEqualTo(Reply.WRONG_CONTENTS);
                assertThat(refused.all("unlike")).containsExactly(ID.value());
                assertThat(refused.all("wrong")).isEmpty();
                assertThat(leavings()).noneMatch(name -> name.contains(NEXT.value()));
            }
            try (Host host = connect()) {
                host.must(
                        Archives.some(second, lists(sequenced(first)), Set.of(), Compression.ZSTD));
            }
            assertIsThere(second);
            look(there(ID) + "rm -r ../" + ID + " ../" + NEXT);
        }
    }

    private static SequencedMap<ReleaseId, Release> sequenced(Release release) {
        return new LinkedHashMap<>(Map.of(release.id(), release));
    }

    @Test
    default void a_damaged_file_is_named_and_when_it_is_sent_both_releases_are_whole(
            @TempDir Path folder) throws Exception {
        Release first = version(folder, ID, "0.1.0", "one");
        Release second = version(folder, NEXT, "0.2.0", "two");
        Map<ReleaseId, FileList> there = Map.of(ID, first.files());
        try (Host host = connect()) {
            host.must(Archives.all(first));
            // The same length and the same time: only its contents tell.
            look(
                    there(ID)
                            + "chmod u+w lib/shop-0.1.0/ebin/a.beam && touch -r bin/shop lib/t &&"
                            + " printf 'A' | dd conv=notrunc of=lib/shop-0.1.0/ebin/a.beam && rm"
                            + " lib/t && echo more >lib/unlisted && mkdir lib/unlisted-too && chmod"
                            + " 700 lib");

            Reply refused = host.ask(Archives.some(second, there, Set.of(), Compression.GZIP));

            assertThat(refused.status()).isEqualTo(Reply.WRONG_CONTENTS);
            assertThat(refused.all("wrong")).containsExactly("lib/shop-0.2.0/ebin/a.beam");
            assertThat(leavings()).noneMatch(name -> name.contains(NEXT.value()));
        }
        try (Host host = connect()) {
            Reply reply =
                    host.must(
                            Archives.some(
                                    second,
                                    there,
                                    Set.of(Digest.of("a, the same")),
                                    Compression.GZIP));

            assertThat(reply.all("healed")).containsExactly(ID + " lib/shop-0.1.0/ebin/a.beam");
        }
        assertIsThere(second);
        look(there(ID) + "rm -r lib/unlisted lib/unlisted-too && chmod 750 lib");
        assertIsThere(first);
    }

    @Test
    default void receiving_again_changes_nothing(@TempDir Path folder) throws Exception {
        Release release = release(folder);
        String times = "find \"$R/srv/" + UNIT + "/releases\" -printf '%p %C@\\n' | sort";
        try (Host host = connect()) {
            host.must(Archives.all(release));
            List<String> before = look(times).out();

            host.must(Archives.all(release));

            assertThat(look(times).out()).isEqualTo(before);
        }
        Release other = Archives.packed(folder, ID, Map.of("bin/shop", "another"));
        try (Host host = connect()) {
            assertThat(host.ask(Archives.all(other)).status()).isEqualTo(Reply.WRONG_CONTENTS);
        }
        assertIsThere(release);
    }

    @Test
    default void a_parcel_with_another_digest_is_thrown_away(@TempDir Path folder)
            throws Exception {
        Release release = release(folder);
        Parcel parcel = Archives.all(release).parcel();
        byte[] bytes = Files.readAllBytes(parcel.file());
        for (int at : List.of(0, bytes.length / 2, bytes.length - 1)) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 1;
            Path file = Files.write(folder.resolve("flipped"), flipped);
            Parcel wrong =
                    new Parcel(
                            file,
                            parcel.compression(),
                            parcel.head(),
                            parcel.size(),
                            parcel.digest());
            try (Host host = connect()) {
                assertThat(host.ask(Archives.request(release, Optional.empty(), wrong)).status())
                        .isEqualTo(Reply.WRONG_CONTENTS);
            }
            assertThat(leavings()).isEmpty();
        }
    }

    @Test
    default void what_has_arrived_is_not_sent_again(@TempDir Path folder) throws Exception {
        Release release = release(folder);
        Verb.Receive all = Archives.all(release);
        Parcel parcel = all.parcel();
        byte[] bytes = Files.readAllBytes(parcel.file());
        int arrives = bytes.length / 3;
        try (Wire wire = Wire.open(transport())) {
            wire.send("receive 8 " + bytes.length + "\n" + String.join("\n", all.words()) + "\n");
            wire.send(Arrays.copyOf(bytes, arrives));
        }
        try (Host host = connect()) {
            assertThat(host.must(new Verb.Store(List.of())).all("part"))
                    .containsExactly(
                            parcel.digest().hex()
                                    + " "
                                    + arrives
                                    + " "
                                    + Digest.of(parcel.file(), arrives).hex());
            assertThat(host.must(new Verb.Facts(List.of())).all("release")).isEmpty();
            List<Long> sent = new ArrayList<>();

            Reply reply = host.ask(Archives.from(all, arrives), _ -> {}, sent::add);

            assertThat(reply.ok()).as("%s", reply).isTrue();
            assertThat(sent).endsWith(parcel.size() - arrives);
        }
        assertIsThere(release);
    }

    @Test
    default void a_beginning_that_is_not_there_is_not_built_upon(@TempDir Path folder)
            throws Exception {
        Verb.Receive all = Archives.all(release(folder));
        try (Host host = connect()) {
            assertThat(host.ask(Archives.from(all, 100)).ok()).isFalse();
        }
        assertThat(leavings()).isEmpty();
    }

    @Test
    default void the_current_releases_list_comes_along_unless_it_is_known(@TempDir Path folder)
            throws Exception {
        Release release = release(folder);
        try (Host host = connect()) {
            host.must(Archives.all(release));
            look("ln -s releases/" + ID + " \"$R/srv/" + UNIT + "/current\"");

            assertThat(HostStore.ask(host, List.of(NEXT)).lists())
                    .containsExactly(Map.entry(ID, release.files()));
            assertThat(HostStore.ask(host, List.of(NEXT, ID)).lists()).isEmpty();
            assertThat(HostStore.ask(host, List.of(ID)).holds())
                    .containsExactly(Map.entry(ID, release.files().digest()));
        } finally {
            look("rm \"$R/srv/" + UNIT + "/current\"");
        }
    }

    /// A change to what would have been good.
    interface Tampering {
        Forgery on(Forgery good);
    }

    @TestFactory
    default Stream<DynamicTest> what_is_not_as_its_list_says_is_refused(@TempDir Path folder)
            throws Exception {
        Forgery good = Forgery.of(release(folder));
        Map<String, Tampering> changes = new TreeMap<>();
        changes.put("an extra file", it -> it.plus(Member.file("lib/extra", 0640, "x")));
        changes.put(
                "an extra file where the manifest will be",
                it -> it.plus(Member.file(".decant/extra", 0640, "x")));
        changes.put("a missing file", it -> it.without("bin/shop"));
        changes.put("nothing", it -> it.without("bin/shop").lines(_ -> List.of()));
        changes.put(
                "other contents",
                it -> it.without("bin/shop").plus(Member.file("bin/shop", 0750, "x")));
        changes.put(
                "another mode",
                it ->
                        it.without("bin/shop")
                                .plus(Member.file("bin/shop", 0640, "#!/bin/sh\nexec true\n")));
        changes.put("an unlisted symlink", it -> it.plus(new Member("lib/l", '2', 0777, "empty")));
        changes.put(
                "a listed symlink out of it",
                it ->
                        it.plus(new Member("lib/l", '2', 0777, "/etc/passwd"))
                                .line("lib/l\tlink\t0\t/etc/passwd"));
        changes.put(
                "a listed symlink upwards out of it",
                it ->
                        it.plus(new Member("lib/l", '2', 0777, "../../x"))
                                .line("lib/l\tlink\t0\t../../x"));
        changes.put(
                "a listed symlink that goes up in its middle",
                it ->
                        it.plus(new Member("lib/l", '2', 0777, "empty/../../x"))
                                .line("lib/l\tlink\t0\tempty/../../x"));
        changes.put(
                "a symlink in a file's place",
                it -> it.without("bin/shop").plus(new Member("bin/shop", '2', 0777, "/bin/sh")));
        changes.put(
                "a file through a symlink",
                it ->
                        it.plus(
                                new Member("lib/l", '2', 0777, "/tmp"),
                                Member.file("lib/l/decant-escaped", 0640, "x")));
        changes.put("a file outside", it -> it.plus(Member.file("../decant-escaped", 0640, "x")));
        changes.put(
                "a listed file outside",
                it -> it.listed(Member.file("../decant-escaped", 0640, "x")));
        changes.put(
                "an absolute file", it -> it.listed(Member.file("/tmp/decant-escaped", 0640, "x")));
        changes.put("a pipe", it -> it.plus(new Member("lib/p", '6', 0640, "")));
        changes.put("a setuid file", it -> it.listed(Member.file("bin/su", 04750, "x")));
        changes.put("a setgid file", it -> it.listed(Member.file("bin/sg", 02750, "x")));
        changes.put("a world-writable file", it -> it.listed(Member.file("bin/ww", 0666, "x")));
        changes.put(
                "a file that nobody may read", it -> it.listed(Member.file("bin/none", 0, "x")));
        changes.put(
                "a name with a line end", it -> it.listed(Member.file("lib/a\n. 0\nb", 0640, "x")));
        changes.put(
                "a name that reads like lines of the list",
                it ->
                        it.line(Member.file("lib/a", 0640, "x").line())
                                .line(Member.file("lib/b", 0640, "x").line())
                                .plus(
                                        Member.file(
                                                Member.file("lib/a", 0640, "x").line() + "\nlib/b",
                                                0640,
                                                "x")));
        changes.put("a name with a tab", it -> it.listed(Member.file("lib/a\tb", 0640, "x")));
        changes.put("a name with a backslash", it -> it.listed(Member.file("lib/a\\b", 0640, "x")));
        changes.put(
                "a folder that nobody may enter",
                it -> it.plus(new Member("lib/shut/", '5', 0, "")));
        changes.put(
                "a file where others are below", it -> it.listed(Member.file("lib", 0640, "x")));
        for (String change :
                List.of(
                        "move\t../a/\tlib/b/",
                        "move\tlib/\t/tmp/decant-escaped/",
                        "move\tlib\tbil",
                        "drop\t../../x",
                        "take\t" + ID + "\t../../x\tlib/x",
                        "take\t" + ID + "\tbin/shop\t../../x",
                        "take\t../x\tbin/shop\tlib/x",
                        "like\t../../x",
                        "like\tbin/shop",
                        "put\tlib/x",
                        "put\tlib/x\t644\t1\t" + Digest.of("x").hex())) {
            changes.put("the change " + change.replace('\t', ' '), it -> it.saying(change + "\n"));
        }
        Stream<DynamicTest> tampered =
                changes.entrySet().stream()
                        .map(
                                change ->
                                        DynamicTest.dynamicTest(
                                                change.getKey(),
                                                () ->
                                                        refuses(
                                                                change.getValue()
                                                                        .on(good)
                                                                        .request())));
        Parcel parcel = good.request().parcel();
        Stream<DynamicTest> broken =
                Stream.of(
                                Map.entry("cut off", cut(parcel, parcel.size() / 2)),
                                Map.entry("cut off near its end", cut(parcel, parcel.size() - 99)),
                                Map.entry("cut off in its head", cut(parcel, parcel.head() - 9)),
                                Map.entry("no archive", text(folder, "hello\n")),
                                Map.entry("empty", text(folder, "")))
                        .map(
                                each ->
                                        DynamicTest.dynamicTest(
                                                each.getKey(),
                                                () ->
                                                        refuses(
                                                                new Verb.Receive(
                                                                        ID,
                                                                        good.request().manifest(),
                                                                        Optional.empty(),
                                                                        each.getValue(),
                                                                        0))));
        return Stream.concat(tampered, broken);
    }

    @Test
    default void a_good_forgery_is_taken(@TempDir Path folder) throws Exception {
        Release release = release(folder);
        try (Host host = connect()) {
            host.must(Forgery.of(release).request());
        }
        assertThat(found(ID)).containsExactlyElementsOf(release.files().text().lines().toList());
    }

    private static Parcel text(Path folder, String text) throws Exception {
        Path file = Files.createTempFile(folder, "text", "");
        Files.writeString(file, text);
        return new Parcel(file, Compression.GZIP, text.length(), text.length(), Digest.of(text));
    }

    private static Parcel cut(Parcel parcel, long length) throws Exception {
        Path file = Files.createTempFile("cut", ".parcel");
        file.toFile().deleteOnExit();
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(parcel.file()), (int) length);
        Files.write(file, bytes);
        return new Parcel(
                file, Compression.GZIP, Math.min(parcel.head(), length), length, Digest.of(bytes));
    }

    private void refuses(Verb.Receive request) throws Exception {
        try (Host host = connect()) {
            Reply refused = host.ask(request);

            assertThat(refused.status()).as("%s", refused).isIn(Reply.WRONG_CONTENTS, 64);
            assertThat(refused.text()).isNotEmpty().noneMatch(String::isBlank);
        }
        assertThat(leavings()).isEmpty();
        assertThat(look("ls /tmp/decant-escaped /decant-escaped").out()).isEmpty();
    }

    @Test
    default void what_is_no_name_of_a_release_never_becomes_a_path() throws Exception {
        List<String> odd =
                List.of(
                        "",
                        ".",
                        "../x",
                        "/etc",
                        "-rf",
                        "x",
                        ID + "/../x",
                        ID + "*",
                        ID + " x",
                        "20261123T191500Z-" + "a".repeat(100),
                        "20261123T191500Z-ü",
                        "20261123T191500Z-");
        String digest = Digest.of("x").hex();
        try (Wire wire = Wire.open(transport())) {
            for (String id : odd) {
                assertThat(wire.ask(receive(0, id, "0 0 0"))).as(id).isEqualTo(64);
                assertThat(ReleaseId.isOne(id)).isFalse();
            }
            assertThat(wire.ask("receive 0 0\n")).isEqualTo(64);
            assertThat(wire.ask(receive(0, ID.value(), "0 0 -1"))).isEqualTo(64);
            assertThat(wire.ask(receive(0, ID.value(), "-1 0 0"))).isEqualTo(64);
            for (String words :
                    List.of(
                            "../../x\n-\ngzip\n" + digest,
                            digest + "\n../x\ngzip\n" + digest,
                            digest + "\n-\nsh\n" + digest,
                            digest + "\n-\ngzip\n../x")) {
                assertThat(wire.ask("receive 8 0\n" + ID + "\n" + words + "\n0\n0\n0\n"))
                        .as(words)
                        .isEqualTo(64);
            }
            assertThat(wire.ask("progress 1 0\n../1\n")).isEqualTo(64);
            assertThat(wire.ask("logs 2 0\n-f\nno\n")).isEqualTo(64);
            assertThat(wire.ask("store 1 0\n../../etc\n")).isZero();
            assertThat(wire.ask("facts 0 0\n")).isZero();
        }
        try (Host host = connect()) {
            assertThat(host.ask(new Verb.Progress(1, "")).status()).isEqualTo(Reply.NO_SUCH);
        }
        assertThat(leavings()).isEmpty();
    }

    @Test
    default void a_session_that_is_killed_within_a_payload_leaves_no_release() throws Exception {
        try (Wire wire = Wire.open(transport())) {
            wire.send(receive(100, ID.value(), "10 0 100") + "half");
            wire.kill();
        }
        assertThat(leavings()).allMatch(name -> name.endsWith(".part"));
    }

    // ---- signatures

    private static Signer key(Path folder, String owner) throws Exception {
        return new Signer(SshKeys.make(folder, owner), UNIT);
    }

    private void hostTakesOnly(String signers) throws Exception {
        look(
                "mkdir -p \"$R/etc/decant\" && cat >\"$R/etc/decant/allowed_signers\" <<'END'\n"
                        + signers
                        + "END");
    }

    private void refusesToTake(Release release, String why, String words) throws Exception {
        try (Host host = connect()) {
            assertThat(HostStore.ask(host, List.of()).signers()).isTrue();

            Reply refused = host.ask(Archives.all(release));

            assertThat(refused.status()).as("%s", refused).isEqualTo(Reply.NOT_SIGNED);
            assertThat(refused.all("signature")).containsExactly(why);
            assertThat(String.join("\n", refused.text())).contains(words);
        }
        assertThat(leavings()).isEmpty();
    }

    @Test
    default void a_host_that_knows_signers_takes_only_what_they_have_signed(@TempDir Path folder)
            throws Exception {
        Signer alice = key(folder, "alice@laptop");
        Signer mallory = key(folder, "mallory@cafe");
        Release release = release(folder.resolve("release"));
        Path signature = release.signatureFile();
        try {
            hostTakesOnly(alice.allowed());

            refusesToTake(release, "unsigned", "It is not signed");

            mallory.sign(release, _ -> {});
            refusesToTake(release, "unknown", "does not name");

            new Signer(alice.key(), "other-app").sign(release, _ -> {});
            refusesToTake(release, "wrong", "alice@laptop");

            alice.sign(release, _ -> {});
            String good = Files.readString(signature);
            Files.writeString(signature, good.replaceFirst("(?m)^[A-Za-z0-9+/]{10}", "AAAAAAAAAA"));
            refusesToTake(release, "unknown", "does not name");

            Release other = Archives.packed(folder.resolve("other"), ID, Map.of("bin/shop", "x"));
            Files.writeString(other.signatureFile(), good);
            refusesToTake(other, "wrong", "alice@laptop");

            Files.writeString(signature, good);
            try (Host host = connect()) {
                Reply taken = host.must(Archives.all(release));

                assertThat(taken.all("signer")).containsExactly("alice@laptop");
            }
            assertThat(look(there(ID) + "ls .decant").out())
                    .containsExactly("files", "manifest.json", "manifest.json.sig");
        } finally {
            look("rm \"$R/etc/decant/allowed_signers\"");
        }
    }

    @Test
    default void signers_that_cannot_be_read_let_nobody_in(@TempDir Path folder) throws Exception {
        Release release = release(folder);
        key(folder, "alice@laptop").sign(release, _ -> {});
        try {
            hostTakesOnly("this is no list of signers\n");

            refusesToTake(release, "unknown", "does not name");
        } finally {
            look("rm \"$R/etc/decant/allowed_signers\"");
        }
    }

    @Test
    default void where_nothing_is_deployed_nothing_is_started_with_anything() throws Exception {
        try (Host host = connect()) {
            assertThat(host.ask(new Verb.Environment()).status()).isEqualTo(Reply.NO_SUCH);
        }
    }

    // ---- the lock

    @Test
    default void one_session_has_the_lock_until_it_ends() throws Exception {
        try (Host second = connect()) {
            try (Host first = connect()) {
                first.must(new Verb.Lock("alice@laptop", "run1", "deploy"));
                first.must(new Verb.Lock("alice@laptop", "run1", "deploy"));

                Reply refused = second.ask(new Verb.Lock("ci@7", "run2", "deploy"));

                assertThat(refused.status()).isEqualTo(Reply.BUSY);
                assertThat(refused.value("owner")).hasValue("alice@laptop");
                assertThat(refused.value("what")).hasValue("deploy");
                assertThat(refused.value("since").orElse("")).matches("[0-9-]{10}T[0-9:]{8}Z");
                assertThat(Integer.parseInt(refused.value("left").orElse(""))).isBetween(55, 60);
                assertThat(first.ask(new Verb.Facts(List.of())).ok()).isTrue();
                assertThat(second.ask(new Verb.Lock("ci@7", "run2", "deploy")).status())
                        .isEqualTo(Reply.BUSY);
            }
            assertThat(second.ask(new Verb.Lock("ci@7", "run2", "deploy")).ok()).isTrue();
        }
    }

    @Test
    default void a_session_that_is_killed_lets_go_of_the_lock() throws Exception {
        Wire first = Wire.open(transport());
        assertThat(first.ask("lock 3 0\nalice@laptop\nrun1\ndeploy\n")).isZero();
        assertThat(first.ask("facts 0 0\n")).isZero();

        first.kill();

        try (Host second = connect()) {
            int status = Reply.BUSY;
            // Word of a connection's end may take a moment to get there.
            for (int i = 0; i < 100 && status == Reply.BUSY; i++) {
                Thread.sleep(20);
                status = second.ask(new Verb.Lock("ci@7", "run2", "deploy")).status();
            }
            assertThat(status).isZero();
        }
    }

    @Test
    default void a_run_takes_over_from_its_own_session_whose_connection_is_lost() throws Exception {
        try (Wire first = Wire.open(transport())) {
            assertThat(first.ask("lock 3 0\nalice@laptop\nrun1\ndeploy\n")).isZero();
            // In the middle of a payload that will never end.
            first.send(receive(100, ID.value(), "10 0 100") + "half");

            try (Host second = connect();
                    Host other = connect()) {
                assertThat(other.ask(new Verb.Lock("ci@7", "run2", "deploy")).status())
                        .isEqualTo(Reply.BUSY);
                second.must(new Verb.Lock("alice@laptop", "run1", "deploy"));

                assertThat(first.answer()).isEmpty();
                assertThat(other.ask(new Verb.Lock("ci@7", "run2", "deploy")).status())
                        .isEqualTo(Reply.BUSY);
            }
        }
    }

    /// As if nobody had been heard of for so long.
    private void silentFor(int seconds) throws Exception {
        look(
                "read -r now _ </proc/uptime; echo $((${now%.*} - "
                        + seconds
                        + ")) >\"$R/srv/"
                        + UNIT
                        + "/incoming/lock.renewed\"");
    }

    @Test
    default void a_lock_that_nobody_renews_is_taken_only_after_its_end() throws Exception {
        try (Wire first = Wire.open(transport());
                Host second = connect()) {
            assertThat(first.ask("lock 3 0\nalice@laptop\nrun1\ndeploy\n")).isZero();
            // In the middle of a payload of which no more comes.
            first.send(receive(100, ID.value(), "10 0 100") + "half");

            silentFor(55);
            Reply refused = second.ask(new Verb.Lock("ci@7", "run2", "rollback"));
            assertThat(refused.status()).isEqualTo(Reply.BUSY);
            assertThat(Integer.parseInt(refused.value("left").orElse(""))).isBetween(0, 5);

            silentFor(61);
            second.must(new Verb.Lock("ci@7", "run2", "rollback"));
            assertThat(first.answer()).isEmpty();
        }
    }

    @Test
    default void a_lock_that_is_being_renewed_is_never_taken() throws Exception {
        try (Host first = connect();
                Host second = connect()) {
            first.must(new Verb.Lock("alice@laptop", "run1", "deploy"));
            AtomicBoolean enough = new AtomicBoolean();
            Thread renewing =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (!enough.get()) {
                                            first.ask(new Verb.Progress(1, ""));
                                        }
                                    });
            for (int i = 0; i < 200; i++) {
                assertThat(second.ask(new Verb.Lock("ci@7", "run2", "deploy")).status())
                        .isEqualTo(Reply.BUSY);
            }
            enough.set(true);
            renewing.join();
            assertThat(first.ask(new Verb.Facts(List.of())).ok()).isTrue();
        }
    }

    @Test
    default void whatever_is_asked_renews_the_lock() throws Exception {
        try (Host first = connect();
                Host second = connect()) {
            first.must(new Verb.Lock("alice@laptop", "run1", "deploy"));
            silentFor(59);
            first.must(new Verb.Facts(List.of()));

            Reply refused = second.ask(new Verb.Lock("ci@7", "run2", "deploy"));

            assertThat(Integer.parseInt(refused.value("left").orElse(""))).isBetween(55, 60);
        }
    }

    @Test
    default void unlocking_takes_the_lock_away_and_says_whose_it_was() throws Exception {
        try (Wire first = Wire.open(transport());
                Host second = connect()) {
            assertThat(second.must(new Verb.Unlock()).value("held")).hasValue("no");
            assertThat(first.ask("lock 3 0\nalice@laptop\nrun1\ndeploy\n")).isZero();

            Reply unlocked = second.must(new Verb.Unlock());

            assertThat(unlocked.value("held")).hasValue("yes");
            assertThat(unlocked.value("owner")).hasValue("alice@laptop");
            assertThat(unlocked.value("what")).hasValue("deploy");
            assertThat(first.answer()).isEmpty();
            second.must(new Verb.Lock("ci@7", "run2", "deploy"));
            assertThat(second.ask(new Verb.Unlock()).status()).isEqualTo(64);
        }
    }

    @Test
    default void an_owner_that_is_no_name_is_refused_and_the_session_goes_on() throws Exception {
        try (Wire wire = Wire.open(transport())) {
            for (String owner : List.of("", "a b", "$(id)", "a/b", "\\")) {
                assertThat(wire.ask("lock 3 0\n" + owner + "\nrun1\ndeploy\n"))
                        .as(owner)
                        .isEqualTo(64);
            }
            assertThat(wire.ask("lock 0 0\n")).isEqualTo(64);
            assertThat(wire.ask("lock 1 0\na\n")).isEqualTo(64);
            assertThat(wire.ask("lock 3 0\na\n../x\ndeploy\n")).isEqualTo(64);
            assertThat(wire.ask("lock 3 0\nalice\nrun1\n$(id)\n")).isEqualTo(64);
            assertThat(wire.ask("lock 3 0\nalice\nrun1\ndeploy\n")).isZero();
        }
    }

    @Test
    default void where_nothing_can_be_written_the_lock_is_refused_with_a_word() throws Exception {
        look("mv \"$R/srv/" + UNIT + "/incoming\" \"$R/srv/" + UNIT + "/away\"");
        try (Host host = connect()) {
            Reply refused = host.ask(new Verb.Lock("alice", "run1", "deploy"));

            assertThat(refused.status()).isEqualTo(Reply.CANNOT_WRITE);
            assertThat(refused.text()).singleElement().asString().contains("incoming");
            assertThat(host.ask(new Verb.Facts(List.of())).ok()).isTrue();
        } finally {
            look("mv \"$R/srv/" + UNIT + "/away\" \"$R/srv/" + UNIT + "/incoming\"");
        }
    }

    @Test
    default void a_session_for_what_is_no_app_does_not_begin() {
        for (String unit : List.of("Shop", "-x", "..", "a/b", "")) {
            assertThatThrownBy(
                            () ->
                                    Host.connect(
                                                    "web1",
                                                    unit,
                                                    named(unit),
                                                    Transport.Entry.INSTALLED)
                                            .close())
                    .isInstanceOf(Failure.class);
        }
    }

    /// As [#transport()], for another app.
    Transport named(String unit);
}
