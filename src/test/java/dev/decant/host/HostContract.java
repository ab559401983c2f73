package dev.decant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.exec.Result;
import dev.decant.host.Archives.Member;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Manifest;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;

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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
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

    @Test
    default void a_size_that_contradicts_the_frame_is_refused() throws Exception {
        String end = "\n" + Digest.of("0123456789").hex() + "\n0123456789";
        for (int said : List.of(5, 20)) {
            try (Wire wire = Wire.open(transport())) {
                String request = "receive 3 10\n" + ID + "\n" + said + end;
                assertThat(wire.ask(request)).isEqualTo(64);
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
            assertThatThrownBy(() -> host.ask(new Verb.Lock("me\nfacts 0 0")))
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
                String suffix = Integer.toString(i);
                ReleaseId id = new ReleaseId("20200101T000000Z-" + suffix);
                Reply reply = host.ask(new Verb.Unpack(id));

                assertThat(reply.status()).isEqualTo(Reply.NO_SUCH);
                assertThat(reply.text())
                        .singleElement()
                        .asString()
                        .endsWith(suffix + " has not arrived.");
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
        Release large = Archives.with(release(folder.resolve("small")), file);
        List<Long> sent = new ArrayList<>();
        try (Host host = connect()) {
            long began = System.nanoTime();
            Reply received = host.ask(new Verb.Receive(large), _ -> {}, sent::add);
            double seconds = (System.nanoTime() - began) / 1e9;

            assertThat(received).isEqualTo(new Reply(0, List.of(), List.of()));
            assertThat(sent).isSorted().endsWith(large.size());
            assertThat(host.ask(new Verb.Unpack(ID)).status()).isEqualTo(Reply.WRONG_CONTENTS);
            assertThat(host.ask(new Verb.Facts(List.of())).ok()).isTrue();
            tell("%.0f MB/s for a payload", large.size() / 1e6 / seconds);
        }
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
            assertThat(facts.all("release")).isEmpty();
        }
    }

    // ---- releases

    @Test
    default void a_release_arrives_as_its_manifest_says(@TempDir Path folder) throws Exception {
        Release release = release(folder);
        try (Host host = connect()) {
            host.must(new Verb.Receive(release));
            host.must(new Verb.Unpack(ID));

            assertThat(host.must(new Verb.Facts(List.of())).all("release"))
                    .containsExactly(ID.value());
        }
        List<String> expected = new ArrayList<>();
        for (Manifest.Entry entry : release.manifest().files()) {
            expected.add(entry.mode().substring(1) + " " + entry.path());
        }
        expected.add("640 .decant/manifest.json");
        expected.add("640 .decant/sha256sums");
        String there = "cd \"$R/srv/" + UNIT + "/releases/" + ID + "\" && ";
        assertThat(look(there + "find . -type f -printf '%m %P\\n'").out())
                .containsExactlyInAnyOrderElementsOf(expected);
        // Where the releases' folder hands its group down, folders say so with a bit of their own.
        assertThat(look(there + "find . ! -type f -printf '%y %m\\n' | sort -u").out())
                .isNotEmpty()
                .allMatch(line -> line.matches("d 2?750"));
        assertThat(look(there + "sha256sum --check --quiet .decant/sha256sums && ls -A lib").out())
                .containsExactly("-rf with spaces, $HOME and 'quotes'.beam", "empty");
        assertThat(leavings()).noneMatch(name -> name.startsWith("incoming/"));
    }

    @Test
    default void a_name_outside_ascii_is_a_name(@TempDir Path folder) throws Exception {
        Release release = release(folder);
        Member odd = Member.file("lib/grüße 日本", 0640, "1");
        Release other = Archives.with(release, listed(Archives.members(release), odd));
        try (Host host = connect()) {
            host.must(new Verb.Receive(other));
            host.must(new Verb.Unpack(ID));
        }
        assertThat(look("ls \"$R/srv/" + UNIT + "/releases/" + ID + "/lib\"").out())
                .contains("grüße 日本");
    }

    @Test
    default void unpacking_again_changes_nothing(@TempDir Path folder) throws Exception {
        Release release = release(folder);
        String times = "find \"$R/srv/" + UNIT + "/releases\" -printf '%p %C@\\n' | sort";
        try (Host host = connect()) {
            host.must(new Verb.Receive(release));
            host.must(new Verb.Unpack(ID));
            List<String> before = look(times).out();

            host.must(new Verb.Unpack(ID));
            host.must(new Verb.Receive(release));
            host.must(new Verb.Unpack(ID));

            assertThat(look(times).out()).isEqualTo(before);
        }
    }

    @Test
    default void an_archive_with_another_digest_is_thrown_away(@TempDir Path folder)
            throws Exception {
        Release release = release(folder);
        Release wrong =
                new Release(release.manifest(), release.archive(), Digest.of("x"), release.size());
        try (Host host = connect()) {
            assertThat(host.ask(new Verb.Receive(wrong)).status()).isEqualTo(Reply.WRONG_CONTENTS);
        }
        assertThat(leavings()).isEmpty();
        try (Host host = connect()) {
            assertThat(host.ask(new Verb.Unpack(ID)).status()).isEqualTo(Reply.NO_SUCH);
        }
    }

    @Test
    default void what_was_not_received_is_not_unpacked() {
        try (Host host = connect()) {
            Reply refused = host.ask(new Verb.Unpack(NEVER_SENT));

            assertThat(refused.status()).isEqualTo(Reply.NO_SUCH);
            assertThat(refused.text()).singleElement().asString().contains(NEVER_SENT.value());
            assertThat(host.ask(new Verb.Facts(List.of())).ok()).isTrue();
        }
    }

    private static List<Member> listed(List<Member> members, Member more) {
        List<Member> all = new ArrayList<>();
        for (Member member : members) {
            all.add(
                    member.name().equals(Archives.SUMS)
                            ? Member.file(
                                    member.name(),
                                    member.mode(),
                                    member.contents() + Archives.sum(more))
                            : member);
        }
        all.add(more);
        return all;
    }

    private static List<Member> plus(List<Member> members, Member... more) {
        return Stream.concat(members.stream(), Arrays.stream(more)).toList();
    }

    private static List<Member> without(List<Member> members, String name) {
        return members.stream().filter(member -> !member.name().equals(name)).toList();
    }

    private static List<Member> replaced(List<Member> members, Member other) {
        return plus(without(members, other.name()), other);
    }

    @TestFactory
    default Stream<DynamicTest> what_is_not_as_its_manifest_says_is_refused(@TempDir Path folder)
            throws Exception {
        Release good = release(folder);
        Map<String, UnaryOperator<List<Member>>> changes =
                Map.ofEntries(
                        Map.entry(
                                "an extra file",
                                all -> plus(all, Member.file("lib/extra", 0640, "x"))),
                        Map.entry(
                                "an extra file beside the manifest",
                                all -> plus(all, Member.file(".decant/extra", 0640, "x"))),
                        Map.entry("a missing file", all -> without(all, "bin/shop")),
                        Map.entry("no sums", all -> without(all, Archives.SUMS)),
                        Map.entry("no manifest", all -> without(all, ".decant/manifest.json")),
                        Map.entry("nothing", _ -> List.of()),
                        Map.entry(
                                "other contents",
                                all -> replaced(all, Member.file("bin/shop", 0750, "x"))),
                        Map.entry(
                                "a symlink",
                                all -> plus(all, new Member("lib/l", '2', 0777, "/etc/passwd"))),
                        Map.entry(
                                "a symlink in a file's place",
                                all ->
                                        plus(
                                                without(all, "bin/shop"),
                                                new Member("bin/shop", '2', 0777, "/bin/sh"))),
                        Map.entry(
                                "a file through a symlink",
                                all ->
                                        plus(
                                                all,
                                                new Member("lib/l", '2', 0777, "/tmp"),
                                                Member.file("lib/l/decant-escaped", 0640, "x"))),
                        Map.entry(
                                "a file outside",
                                all -> plus(all, Member.file("../decant-escaped", 0640, "x"))),
                        Map.entry("a pipe", all -> plus(all, new Member("lib/p", '6', 0640, ""))),
                        Map.entry(
                                "a setuid file",
                                all -> listed(all, Member.file("bin/su", 04750, "x"))),
                        Map.entry(
                                "a setgid file",
                                all -> listed(all, Member.file("bin/sg", 02750, "x"))),
                        Map.entry(
                                "a file that nobody may read",
                                all -> listed(all, Member.file("bin/none", 0, "x"))),
                        Map.entry(
                                "a name with a line end",
                                all -> listed(all, Member.file("lib/a\n. 0\nb", 0640, "x"))),
                        Map.entry(
                                "a name that is two names of others",
                                all -> twice(all, "lib/a\nlib/b")),
                        Map.entry(
                                "a name with a backslash",
                                all -> listed(all, Member.file("lib/a\\b", 0640, "x"))),
                        Map.entry(
                                "a folder that nobody may enter",
                                all -> plus(all, new Member("lib/shut/", '5', 0, ""))));
        Stream<DynamicTest> changed =
                changes.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(
                                change ->
                                        DynamicTest.dynamicTest(
                                                change.getKey(),
                                                () ->
                                                        refuses(
                                                                Archives.with(
                                                                        good,
                                                                        change.getValue()
                                                                                .apply(
                                                                                        Archives
                                                                                                .members(
                                                                                                        good))))));
        Stream<DynamicTest> broken =
                Stream.of(
                        DynamicTest.dynamicTest(
                                "cut off", () -> refuses(Archives.with(good, cut(good, 2)))),
                        DynamicTest.dynamicTest(
                                "cut off at its very end",
                                () -> refuses(Archives.with(good, cut(good, 1)))),
                        DynamicTest.dynamicTest(
                                "no archive",
                                () ->
                                        refuses(
                                                Archives.with(
                                                        good,
                                                        Files.writeString(
                                                                folder.resolve("text"),
                                                                "hello\n")))),
                        DynamicTest.dynamicTest(
                                "empty",
                                () ->
                                        refuses(
                                                Archives.with(
                                                        good,
                                                        Files.writeString(
                                                                folder.resolve("empty"), "")))));
        return Stream.concat(changed, broken);
    }

    /// Lists `lib/a` and `lib/b` twice, and has them and one more that reads like both.
    private static List<Member> twice(List<Member> members, String name) {
        List<Member> all = members;
        for (String each : name.split("\n")) {
            all = listed(all, Member.file(each, 0640, "x"));
            Member again = Member.file(each, 0640, "x");
            all = without(listed(all, again), "").stream().distinct().toList();
        }
        return plus(all, Member.file(name, 0640, "x"));
    }

    /// @param tail how much is missing: the last byte, or the second half
    private static Path cut(Release release, int tail) throws Exception {
        byte[] bytes = Files.readAllBytes(release.archive());
        int length = tail == 1 ? bytes.length - 1 : bytes.length / 2;
        Path file = release.archive().resolveSibling("cut" + tail);
        return Files.write(file, Arrays.copyOf(bytes, length));
    }

    private void refuses(Release release) throws Exception {
        try (Host host = connect()) {
            host.must(new Verb.Receive(release));

            Reply refused = host.ask(new Verb.Unpack(ID));

            assertThat(refused.status()).as("%s", refused).isEqualTo(Reply.WRONG_CONTENTS);
            assertThat(refused.text()).isNotEmpty().noneMatch(String::isBlank);
            assertThat(host.must(new Verb.Facts(List.of())).all("release")).isEmpty();
        }
        assertThat(leavings()).isEmpty();
        assertThat(look("ls /tmp/decant-escaped /decant-escaped").out()).isEmpty();
    }

    @Test
    default void what_is_no_name_of_a_release_never_becomes_a_path() throws Exception {
        String digest = Digest.of("").hex();
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
        try (Wire wire = Wire.open(transport())) {
            for (String id : odd) {
                assertThat(wire.ask("unpack 1 0\n" + id + "\n")).as(id).isEqualTo(64);
                assertThat(wire.ask("receive 3 0\n" + id + "\n0\n" + digest + "\n"))
                        .as(id)
                        .isEqualTo(64);
                assertThat(ReleaseId.isOne(id)).isFalse();
            }
            assertThat(wire.ask("unpack 0 0\n")).isEqualTo(64);
            assertThat(wire.ask("receive 3 0\n" + ID + "\n0\n../../x\n")).isEqualTo(64);
            assertThat(wire.ask("receive 3 0\n" + ID + "\n-1\n" + digest + "\n")).isEqualTo(64);
            assertThat(wire.ask("progress 1 0\n../1\n")).isEqualTo(64);
            assertThat(wire.ask("logs 2 0\n-f\nno\n")).isEqualTo(64);
            assertThat(wire.ask("facts 0 0\n")).isZero();
        }
        assertThat(leavings()).isEmpty();
    }

    @Test
    default void a_session_that_ends_within_a_payload_leaves_no_archive() throws Exception {
        String begun = "receive 3 100\n" + ID + "\n100\n" + Digest.of("x").hex() + "\nhalf";
        try (Wire wire = Wire.open(transport())) {
            wire.send(begun);
        }
        assertThat(leavings()).isEmpty();

        try (Wire wire = Wire.open(transport())) {
            wire.send(begun);
            wire.kill();
        }
        assertThat(leavings()).noneMatch(name -> name.endsWith(".tar.gz"));
        try (Host host = connect()) {
            assertThat(host.ask(new Verb.Unpack(ID)).status()).isEqualTo(Reply.NO_SUCH);
        }
    }

    // ---- the lock

    @Test
    default void one_session_has_the_lock_until_it_ends() throws Exception {
        try (Host second = connect()) {
            try (Host first = connect()) {
                first.must(new Verb.Lock("alice@laptop"));
                first.must(new Verb.Lock("alice@laptop"));

                Reply refused = second.ask(new Verb.Lock("ci@7"));

                assertThat(refused.status()).isEqualTo(Reply.BUSY);
                assertThat(refused.value("holder").orElse(""))
                        .matches("alice@laptop since [0-9-]{10}T[0-9:]{8}Z");
                assertThat(first.ask(new Verb.Facts(List.of())).ok()).isTrue();
                assertThat(second.ask(new Verb.Lock("ci@7")).status()).isEqualTo(Reply.BUSY);
            }
            assertThat(second.ask(new Verb.Lock("ci@7")).ok()).isTrue();
        }
    }

    @Test
    default void a_session_that_is_killed_lets_go_of_the_lock() throws Exception {
        Wire first = Wire.open(transport());
        assertThat(first.ask("lock 1 0\nalice@laptop\n")).isZero();
        assertThat(first.ask("facts 0 0\n")).isZero();

        first.kill();

        try (Host second = connect()) {
            int status = Reply.BUSY;
            // Word of a connection's end may take a moment to get there.
            for (int i = 0; i < 100 && status == Reply.BUSY; i++) {
                Thread.sleep(20);
                status = second.ask(new Verb.Lock("ci@7")).status();
            }
            assertThat(status).isZero();
        }
    }

    @Test
    default void an_owner_that_is_no_name_is_refused_and_the_session_goes_on() throws Exception {
        try (Wire wire = Wire.open(transport())) {
            for (String owner : List.of("", "a b", "$(id)", "a/b", "\\")) {
                assertThat(wire.ask("lock 1 0\n" + owner + "\n")).as(owner).isEqualTo(64);
            }
            assertThat(wire.ask("lock 0 0\n")).isEqualTo(64);
            assertThat(wire.ask("lock 2 0\na\nb\n")).isEqualTo(64);
            assertThat(wire.ask("lock 1 0\nalice\n")).isZero();
        }
    }

    @Test
    default void where_nothing_can_be_written_the_lock_is_refused_with_a_word() throws Exception {
        look("mv \"$R/srv/" + UNIT + "/incoming\" \"$R/srv/" + UNIT + "/away\"");
        try (Host host = connect()) {
            Reply refused = host.ask(new Verb.Lock("alice"));

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
