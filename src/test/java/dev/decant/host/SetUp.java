package dev.decant.host;

import dev.decant.Configs;
import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.config.Privilege;
import dev.decant.config.SshConfig;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Digest;
import dev.decant.lab.LabHost;
import dev.decant.problem.Failure;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.Signer;
import dev.decant.secrets.Secret;
import dev.decant.systemd.EnvironmentFile;
import dev.decant.systemd.Units;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// A lab host that was set up for an app, and what one does to it.
///
/// The release that goes there is a script that stands in for the VM: only the host program is
/// under test. It answers HTTP on `$PORT` with its release and `$ANSWER`; `$MODE` makes it sick
/// (503), mute (never listens), dead (ends at once), picky (knows one name and one header only) tls
/// (serves TLS with /etc/stand-in.pem) or ready (tells systemd that it is).
///
/// @param unit the app's name, a user of the host as well
/// @param port where the app listens
/// @param ports lines for its ports, such as `public=80:4000`; where there are some, it runs in
///   slots, the second 10 ports higher
/// @param privilege how the deploy user has things done by root
/// @param signer signs releases and orders; empty where nobody asks for it
record SetUp(
        LabHost machine,
        String unit,
        int port,
        List<String> ports,
        Privilege privilege,
        Optional<Signer> signer) {

    static final String DEPLOY = "deploy";

    SetUp(LabHost machine, String unit, int port) {
        this(machine, unit, port, Privilege.SUDO, Optional.empty());
    }

    SetUp(LabHost machine, String unit, int port, Privilege privilege, Optional<Signer> signer) {
        this(machine, unit, port, List.of(), privilege, signer);
    }

    SetUp(LabHost machine, String unit, int port, List<String> ports) {
        this(machine, unit, port, ports, Privilege.SUDO, Optional.empty());
    }

    private static final String STAND_IN =
            """
            #!/usr/bin/perl
            use strict; use warnings; use Socket;
            $| = 1;
            my ($command, $expression) = @ARGV;
            if ($command eq "eval") {
                print "evaluated $expression as ", scalar getpwuid($<), "\\n";
                print "line $_\\n" for 1 .. ($expression =~ /^(\\d+)/ ? $1 : 0);
                if ($expression =~ /slow/) { sleep 6; print "after a while\\n"; }
                exit($expression =~ /fail/ ? 3 : 0);
            }
            my $mode = $ENV{MODE} // "";
            print "starts in mode '$mode'\\n";
            exit 1 if $mode eq "dead";
            sleep 1000 while $mode eq "mute";
            exec qw(openssl s_server -www -quiet -cert /etc/stand-in.pem -accept), $ENV{PORT} if $mode eq "tls";
            my $release = readlink "/proc/self/cwd";
            $release =~ s{.*/}{};
            my $text = "$release " . ($ENV{ANSWER} // "") . " " . ($ENV{SECRET} // "");
            my $status = $mode eq "sick" ? "503 Sick" : "200 OK";
            socket(my $server, PF_INET, SOCK_STREAM, getprotobyname("tcp")) or die;
            setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
            bind($server, sockaddr_in($ENV{PORT}, INADDR_ANY)) or die "bind: $!";
            listen($server, 100) or die;
            if ($mode eq "ready") {
                socket(my $notify, PF_UNIX, SOCK_DGRAM, 0) or die;
                send($notify, "READY=1", 0, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die "notify: $!";
            }
            while (accept(my $client, $server)) {
                sysread $client, my $request, 4096;
                my $known = $request =~ /^Host: shop[.]example\r/m && $request =~ /^X-Probe: yes\r/m;
                $status = $known ? "200 OK" : "404 Not Found" if $mode eq "picky";
                syswrite $client, "HTTP/1.1 $status\\r\\nContent-Length: " . length($text)
                    . "\\r\\nConnection: close\\r\\n\\r\\n$text";
                close $client;
            }
            """;

    /// A release whose script stands in for the VM.
    ///
    /// @param number makes it another one
    static Release standIn(Path folder, int number) throws IOException {
        ReleaseId id = new ReleaseId("20261123T19150" + number + "Z-0." + number + ".0-1f3a9c2");
        return Archives.packed(folder, id, Map.of("bin/shop", STAND_IN));
    }

    /// Sets a host up, over ssh as root.
    static SetUp of(LabHost machine, String unit, int port) {
        SetUp host = new SetUp(machine, unit, port);
        host.setUp(false);
        return host;
    }

    /// @return what it says has changed
    List<String> setUp(boolean rehearse) {
        Reply reply = settingUp(rehearse);
        if (!reply.ok()) {
            throw new Failure(
                    new HostProblem.Refused(machine.name(), "setup", reply.status(), reply.text()));
        }
        return reply.all("changed");
    }

    Reply settingUp(boolean rehearse) {
        boolean slots = !ports.isEmpty();
        Config config =
                Configs.of(
                        "app = \"shop\"\nname = \""
                                + unit
                                + "\"\n[hosts.web1]\n[service]\ndrain_timeout = \"5s\"\n"
                                + (slots
                                        ? "[public]\nports = [\"80:4000\"]\nmaintenance_port = "
                                                + (port + 70)
                                                + "\n"
                                        : ""));
        Units units = Units.of(config, config.host("web1"), machine.suite().systemd());
        StringBuilder text = new StringBuilder("strategy=" + (slots ? "slots" : "restart") + "\n");
        text.append("port=" + port + "\noffset=" + (slots ? 10 : 0) + "\n");
        ports.forEach(line -> text.append(line + "\n"));
        if (slots) {
            text.append("maintenance=" + (port + 70) + "\n");
        }
        HostFiles files =
                new HostFiles(
                        slots ? "" : units.service(),
                        slots ? units.slot() : "",
                        units.eval(),
                        units.recover(),
                        privilege == Privilege.NONE ? units.watch() : "",
                        privilege == Privilege.NONE ? units.requests() : "",
                        signers(),
                        text.toString(),
                        slots ? units.keeper() : "",
                        "",
                        "",
                        units.more());
        try (Host root = asRoot()) {
            return root.ask(new Verb.Setup(DEPLOY, "me@here", rehearse, privilege, files));
        }
    }

    private String signers() {
        try {
            return signer.isPresent() ? signer.get().allowed() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Transport transport(String user) {
        SshConfig ssh =
                new SshConfig(
                        user,
                        "root",
                        OptionalInt.empty(),
                        Optional.of(machine.sshConfig()),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1));
        HostConfig config =
                new HostConfig(machine.name(), machine.name(), List.of(), HostConfig.LOOPBACK);
        return new SshTransport(config, ssh, user, unit);
    }

    private Host connect(String user, Transport.Entry entry) {
        return Host.connect(machine.name(), unit, transport(user), entry);
    }

    /// A session as setup has it.
    Host asRoot() {
        return connect("root", Transport.Entry.BROUGHT);
    }

    /// A session as a deploy has it.
    Host session() {
        return connect(DEPLOY, Transport.Entry.INSTALLED);
    }

    /// Runs a line of shell there as root.
    Result root(String script) throws InterruptedException {
        return machine.ssh("sh", "-c", quoted(script));
    }

    /// Runs a line of shell there as another user, who has come by ssh.
    Result as(String user, String script) throws IOException, InterruptedException {
        return Program.of(
                        "ssh",
                        "-F",
                        machine.sshConfig().toString(),
                        "-o",
                        "BatchMode=yes",
                        "-l",
                        user,
                        machine.name(),
                        "--",
                        script)
                .run();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /// Settings under which the stand-in answers.
    Settings settings(Map<String, String> more) {
        return new Settings(port, 3, more);
    }

    /// @param seconds how long it may take to become healthy
    /// @param more lines of settings
    record Settings(int port, int seconds, Map<String, String> environment, String more) {

        Settings(int port, int seconds, Map<String, String> environment) {
            this(port, seconds, environment, "");
        }

        /// With one more line.
        Settings and(String line) {
            return new Settings(port, seconds, environment, more + line + "\n");
        }

        /// With an expression to migrate by.
        Settings migrating(String expression) {
            return and("migrate=" + expression);
        }

        Settings within(int time) {
            return new Settings(port, time, environment, more);
        }

        String environmentText() {
            Map<String, String> all = new TreeMap<>(environment);
            all.put("PORT", Integer.toString(port));
            return EnvironmentFile.text(all);
        }

        String text() {
            return "port="
                    + port
                    + "\nhealth_path=/health\n"
                    + "health_seconds="
                    + seconds
                    + "\n"
                    + more;
        }
    }

    /// Puts a release there, unless it is there.
    void send(Host host, Release release) {
        try {
            if (signer.isPresent()) {
                signer.get().sign(release, _ -> {});
            }
            host.must(Archives.all(release));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes a deployment.
    ///
    /// @param secrets a name with a value, or without one to keep what is there
    Reply prepare(Host host, ReleaseId release, Settings settings, Map<String, String> secrets) {
        List<Verb.SecretValue> values = new ArrayList<>();
        new TreeMap<>(secrets)
                .forEach(
                        (name, value) ->
                                values.add(
                                        new Verb.SecretValue(
                                                name,
                                                Optional.of(value)
                                                        .filter(text -> !text.isEmpty())
                                                        .map(text -> new Secret(name, text)))));
        Verb.Prepare prepare =
                new Verb.Prepare(
                        release,
                        "me@here",
                        settings.environmentText(),
                        settings.text(),
                        "",
                        values);
        return host.ask(signer.isPresent() ? prepare.signed(signature(prepare)) : prepare);
    }

    /// The signature of an order.
    String signature(Verb.Prepare prepare) {
        try {
            String manifest =
                    root("sha256sum </srv/"
                                    + unit
                                    + "/releases/"
                                    + prepare.release()
                                    + "/.decant/manifest.json")
                            .text();
            return signer.orElseThrow()
                    .signOrder(prepare.order(new Digest(manifest.substring(0, 64))), _ -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int prepared(Host host, ReleaseId release, Settings settings) {
        Reply reply = prepare(host, release, settings, Map.of("SECRET", "s3cret"));
        return Integer.parseInt(reply.value("deployment").orElseThrow());
    }

    /// Sends, prepares and activates.
    ///
    /// @return how it ended
    Reply deploy(Release release, Map<String, String> environment) throws InterruptedException {
        return deploy(release, environment, 10);
    }

    /// As [#deploy(Release, Map)].
    ///
    /// @param seconds how long it may take to become healthy
    Reply deploy(Release release, Map<String, String> environment, int seconds)
            throws InterruptedException {
        try (Host host = session()) {
            send(host, release);
            int number = prepared(host, release.id(), settings(environment).within(seconds));
            host.must(new Verb.Activate(number, Duration.ZERO));
            return ending(host, number);
        }
    }

    /// Waits for the verdict.
    Reply ending(Host host, int number) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            Reply progress = host.must(new Verb.Progress(number, ""));
            if (progress.value("verdict").isPresent()) {
                return progress;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("No verdict: " + progress);
            }
            Thread.sleep(50);
        }
    }

    /// Waits until an activation is asking for health.
    void awaitHealthPhase(Host host, int number) throws InterruptedException {
        awaitPhase(host, number, "health");
    }

    void awaitPhase(Host host, int number, String phase) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            if (host.must(new Verb.Progress(number, ""))
                    .value("phase")
                    .equals(Optional.of(phase))) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("It never comes to " + phase + ".");
    }

    /// What the app answers there; empty where it does not.
    String answer() throws InterruptedException {
        return answer(port);
    }

    String answer(int at) throws InterruptedException {
        String get =
                "timeout 5 perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(\"127.0.0.1:"
                        + at
                        + "\") or exit; print $s \"GET / HTTP/1.0\\r\\n\\r\\n\"; local $/;"
                        + " ($h,$b)=split /\\r\\n\\r\\n/, <$s>; print $b'";
        return root(get).text();
    }

    /// As [#answer()], once it is there or has not come for some seconds.
    String awaitAnswer() throws InterruptedException {
        String answer = answer();
        for (int i = 0; i < 40 && answer.isEmpty(); i++) {
            Thread.sleep(100);
            answer = answer();
        }
        return answer;
    }
}
