package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Relay;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.Suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A host that is deployed to, crashes, and is deployed to again. The app `counter` serves on it
/// all the while; first setups are those of another app.
///
/// Its whole disk is small, so that it can be filled.
final class MatrixHost implements AutoCloseable {

    private static final int MEGABYTES = 500;

    /// How long a run may be told that another one holds the lock: where that one has died, and
    /// where the host cannot know.
    private static final Duration TO_LET_GO = Duration.ofSeconds(10);

    private static final Duration LEASE = Duration.ofSeconds(75);

    private static final AtomicInteger OTHERS = new AtomicInteger();

    private final LabHost host;
    private final Relay relay;
    private final Seen seen;
    private final FaultPoints points;
    private final InstrumentedDecant decant;
    private final List<String> releases;
    private final SampleProject project;
    private final SampleProject other;
    private int others;

    /// What the operation under way leads to, where it ends well.
    private String target = "";

    private MatrixHost(
            LabHost host, InstrumentedDecant decant, List<String> releases, boolean slots)
            throws IOException, InterruptedException {
        this.host = host;
        this.decant = decant;
        this.releases = releases;
        relay = Relay.to(host.address());
        seen = new Seen(host, slots ? 80 : 4000);
        points = new FaultPoints(host);
        project = project(slots ? "public.ports = [\"80:4000\"]\n" : "", 4000);
        other = project("name = \"first0\"\n", 4100);
    }

    /// Boots a host and has a release serve there, with another one before it.
    ///
    /// @param slots it runs in slots, behind a public port
    static MatrixHost serving(
            Lab lab, String name, InstrumentedDecant decant, List<String> releases, boolean slots)
            throws IOException, InterruptedException {
        LabHost booted = lab.boot(name, Suite.BOOKWORM);
        moveToSmallDisk(booted);
        MatrixHost host = new MatrixHost(booted, decant, releases, slots);
        host.must(host.project, "setup");
        for (String release : releases.subList(0, 2)) {
            host.must(host.project, "deploy", "--release", release);
        }
        return host;
    }

    /// All that a host writes goes to a file system of its own, which is there for as long as the
    /// host is.
    private static void moveToSmallDisk(LabHost host) throws IOException, InterruptedException {
        host.kill();
        Path disk = Files.createTempDirectory("decant-test-disk");
        Result moved =
                Program.of(
                                "sh",
                                "-ec",
                                """
                                cd "$1"
                                umount root
                                mount -t tmpfs -o size="$3"m,mode=755 tmpfs "$2"
                                cp -a upper "$2/"
                                mkdir "$2/work"
                                rm -rf upper work
                                ln -s "$2/upper" "$2/work" .
                                """,
                                "sh",
                                host.folder().toString(),
                                disk.toString(),
                                Integer.toString(MEGABYTES))
                        .run();
        assertThat(moved.ok()).as(moved.err().toString()).isTrue();
        host.boot();
        Program.of("umount", "--lazy", disk.toString()).run();
        Files.delete(disk);
    }

    private SampleProject project(String first, int port) throws IOException, InterruptedException {
        return SampleProject.create()
                .config(toml(first, port, "deploy"))
                .set(SampleProject.SECRET, "s3cret");
    }

    private String toml(String first, int port, String user) throws IOException {
        return """
        app = "counter"
        %ssecrets = ["COUNTER_SECRET"]
        keep_releases = 2
        [hosts.%s]
        [ssh]
        config = "%s"
        user = "%s"
        [service]
        port = %d
        [health]
        path = "/health"
        timeout = "15s"
        confirm_timeout = "10s"
        """
                .formatted(first, host.name(), relay.config(host.sshConfig()), user, port);
    }

    LabHost machine() {
        return host;
    }

    FaultPoints points() {
        return points;
    }

    Relay relay() {
        return relay;
    }

    private Path disk(String path) {
        return host.folder().resolve("root" + path);
    }

    // ---- the operator

    /// A run of Decant that goes on meanwhile.
    record Operator(Process process, CompletableFuture<String> out, CompletableFuture<String> err) {

        static Operator start(Program program) throws IOException {
            Process process = program.converse();
            process.getOutputStream().close();
            return new Operator(
                    process, read(process.getInputStream()), read(process.getErrorStream()));
        }

        private static CompletableFuture<String> read(InputStream stream) {
            CompletableFuture<String> all = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (stream) {
                                    all.complete(
                                            new String(
                                                    stream.readAllBytes(), StandardCharsets.UTF_8));
                                } catch (IOException e) {
                                    all.complete("");
                                }
                            });
            return all;
        }

        /// It and its ssh, from one moment to the next.
        void kill() {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            process.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
        }

        Ran end() throws InterruptedException {
            boolean ended = process.waitFor(100, TimeUnit.SECONDS);
            if (!ended) {
                kill();
            }
            Ran ran = new Ran(process.waitFor(), out.join(), err.join());
            assertThat(ended).as("Decant did not end by itself: %s", ran.all()).isTrue();
            return ran;
        }
    }

    private Ran run(SampleProject where, String... words) throws IOException, InterruptedException {
        return Operator.start(where.apart(decant.java(), words)).end();
    }

    private Ran must(SampleProject where, String... words)
            throws IOException, InterruptedException {
        Ran ran = run(where, words);
        assertThat(ran.status()).as(String.join(" ", words) + ": " + ran.all()).isZero();
        return ran;
    }

    // ---- the operations

    /// Makes sure that an operation has everything to do.
    void arrange(Crash.Operation operation) throws IOException, InterruptedException {
        target = current();
        switch (operation) {
            case DEPLOY, PRUNE -> target = absent();
            case ROLLBACK -> {
                // Going back again and again may have come to where no more is kept.
                if (before().isEmpty()) {
                    must(project, "deploy", "--release", absent());
                }
                target = before().orElseThrow();
            }
            case SETUP -> makeSetupNecessary();
            case FIRST_SETUP -> {
                others = OTHERS.incrementAndGet();
                // What has been built of the app by its other name.
                Path shelf = SampleProject.releases();
                Files.createSymbolicLink(
                        shelf.resolveSibling("first" + others), shelf.getFileName());
                other.config(toml("name = \"first" + others + "\"\n", 4100, "deploy" + others));
            }
        }
    }

    Operator begin(Crash.Operation operation) throws IOException {
        return Operator.start(
                switch (operation) {
                    case DEPLOY, PRUNE ->
                            project.apart(decant.java(), "deploy", "--release", target);
                    case ROLLBACK -> project.apart(decant.java(), "rollback");
                    case SETUP -> project.apart(decant.java(), "setup");
                    case FIRST_SETUP -> other.apart(decant.java(), "setup");
                });
    }

    /// A release that is to be sent, and that makes one too many.
    private String absent() throws IOException, InterruptedException {
        int now = releases.indexOf(current());
        for (int i = 1; i < releases.size(); i++) {
            String release = releases.get((now + i) % releases.size());
            if (!Files.exists(disk("/srv/counter/releases/" + release))) {
                return release;
            }
        }
        String release = releases.get((now + 1) % releases.size());
        host.ssh("rm -rf /srv/counter/releases/" + release);
        return release;
    }

    private Optional<String> before() throws IOException {
        String live = Files.readString(disk("/var/lib/decant/counter/live")).strip();
        Path deployments = disk("/var/lib/decant/counter/deployments");
        String before = Files.readString(deployments.resolve(live + "/before")).strip();
        Path release = deployments.resolve(before + "/release");
        return before.isEmpty() || Files.notExists(release)
                ? Optional.empty()
                : Optional.of(Files.readString(release).strip());
    }

    private void makeSetupNecessary() throws IOException, InterruptedException {
        for (String file :
                List.of(
                        "/usr/local/lib/decant/decant-host",
                        "/etc/systemd/system/counter.service",
                        "/etc/systemd/system/counter-eval@.service",
                        "/etc/systemd/system/decant-counter-recover.service")) {
            Files.writeString(disk(file), "# Older.\n", StandardOpenOption.APPEND);
        }
        host.ssh(
                "rm /etc/sudoers.d/decant-counter; chmod 755 /srv/counter/releases; gpasswd -d"
                        + " deploy systemd-journal; systemctl -q disable decant-counter-recover");
    }

    // ---- what there is

    /// The release that `current` names, or nothing.
    String current() throws IOException {
        Path link = disk("/srv/counter/current");
        return Files.isSymbolicLink(link)
                ? Files.readSymbolicLink(link).getFileName().toString()
                : "";
    }

    String target() {
        return target;
    }

    /// Until nothing is being activated any more.
    boolean settles() throws InterruptedException {
        return Seen.within(
                Duration.ofSeconds(45),
                () -> !Files.exists(disk("/var/lib/decant/counter/activating")));
    }

    void currentIsComplete() throws IOException {
        assertThat(current()).as("what current names").isIn(releases);
        assertThat(new ReleaseOnDisk(disk("/srv/counter/releases/" + current())).wrong())
                .as("current release")
                .isEmpty();
    }

    /// The version that answers, once one does.
    String serves() throws InterruptedException {
        List<String> answers = new ArrayList<>();
        Seen.within(
                Duration.ofSeconds(20),
                () -> {
                    answers.add(seen.version());
                    return answers.getLast().matches("\\d+\\.\\d+\\.\\d+");
                });
        return answers.getLast();
    }

    /// As [#serves()] has it.
    static String version(String release) {
        return release.replaceFirst("^[^-]*-([^-]*)-.*", "$1");
    }

    // ---- afterwards

    /// What a person does next succeeds: deploys what did not get there, or else another release.
    void goOn(Crash crash) throws IOException, InterruptedException {
        if (crash.operation() == Crash.Operation.FIRST_SETUP) {
            goOnAfterFirstSetup();
            return;
        }
        if (crash.operation() == Crash.Operation.SETUP) {
            must(project, "setup");
        }
        String next = current().equals(target) ? absent() : target;
        Duration lease = crash.fault() == Crash.Fault.OPERATOR_LOST ? LEASE : TO_LET_GO;
        Instant end = Instant.now().plus(lease);
        Ran ran = run(project, "deploy", "--release", next);
        while (ran.err().contains("by someone else") && Instant.now().isBefore(end)) {
            Thread.sleep(500);
            ran = run(project, "deploy", "--release", next);
        }
        assertThat(ran.status()).as("the next deploy: %s", ran.all()).isZero();
        assertThat(current()).isEqualTo(next);
        assertThat(serves()).isEqualTo(version(next));
    }

    void goOnAfterFirstSetup() throws IOException, InterruptedException {
        must(other, "setup");
        assertThat(must(other, "setup").out()).contains("nothing to change");
        must(other, "deploy", "--release", releases.getFirst());
        forgetTheOther();
    }

    private void forgetTheOther() throws InterruptedException {
        host.ssh(
                """
                a=first%1$d
                systemctl -q disable --now $a decant-$a-recover
                rm -rf /srv/$a /etc/$a /var/lib/decant/$a /etc/systemd/system/*$a*
                rm -f /etc/sudoers.d/decant-$a /etc/decant/ports/$a
                userdel -r deploy%1$d
                userdel $a
                systemctl daemon-reload
                """
                        .formatted(others));
    }

    /// Every release there is complete, nothing half-made is left, and secrets are root's.
    void isTidy() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(disk("/srv/counter/releases"))) {
            for (Path release : all) {
                if (release.getFileName().toString().startsWith(".")) {
                    wrong.add("left: " + release);
                } else {
                    wrong.addAll(new ReleaseOnDisk(release).wrong());
                }
            }
        }
        glob("/srv/counter/incoming", "{*.part,head}").forEach(path -> wrong.add("left: " + path));
        glob("/var/lib/decant/counter/deployments", ".*").forEach(p -> wrong.add("left: " + p));
        assertThat(glob("/var/lib/decant/counter/deployments", "*")).hasSizeLessThan(40);
        secret(disk("/etc/counter/secrets"), wrong);
        secret(disk("/etc/counter/cookie"), wrong);
        for (Path deployment : glob("/var/lib/decant/counter/deployments", "*")) {
            secret(deployment.resolve("secrets"), wrong);
        }
        assertThat(wrong).isEmpty();
    }

    private List<Path> glob(String folder, String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(disk(folder), pattern)) {
            all.forEach(found::add);
        }
        return found;
    }

    private static void secret(Path path, List<String> wrong) throws IOException {
        var attributes = Files.readAttributes(path, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) attributes.getOrDefault("mode", 0) & 0777;
        if (mode != 0600 || !Integer.valueOf(0).equals(attributes.get("uid"))) {
            wrong.add("%s has mode %o".formatted(path, mode));
        }
    }

    @Override
    public void close() {
        relay.close();
        try {
            project.close();
            other.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            host.close();
        }
    }
}
