package dev.decant.cli;

import dev.decant.exec.Result;
import dev.decant.lab.LabHost;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

/// What an observer sees of a lab host: from outside by HTTP, and inside as root.
///
/// @param port that is asked from outside
record Seen(LabHost host, int port) {

    Seen(LabHost host) {
        this(host, 4000);
    }

    /// The body of an answer, or a word for why there was none.
    String get(String path) throws InterruptedException {
        // Over a connection of its own: one that is kept stays with the release that it began with.
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create("http://" + host.address() + ":" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "no answer";
        }
    }

    /// The version that answers, such as `0.1.0`.
    String version() throws InterruptedException {
        String body = get("/");
        return body.startsWith("counter ")
                ? body.lines().findFirst().orElse("").substring(8)
                : body;
    }

    /// Waits until something is as it should be.
    static boolean within(Duration time, Check check) throws InterruptedException {
        Instant deadline = Instant.now().plus(time);
        while (Instant.now().isBefore(deadline)) {
            if (check.holds()) {
                return true;
            }
            Thread.sleep(100);
        }
        return check.holds();
    }

    interface Check {
        boolean holds() throws InterruptedException;
    }

    /// All that Decant may change on a host, as one text that differs if anything of it does:
    /// names, kinds, modes, owners, times, sizes and links, the running VM and the unit's state.
    /// The lock file is left out: taking the lock is how a run looks before it leaps.
    String everything() throws InterruptedException {
        Result files =
                host.ssh(
                        "find /srv /etc /usr/local /var/lib/decant /home -not -path '*/incoming'"
                            + " -not -path '*/incoming/lock*' -not -path '*/incoming/error' -not"
                            + " -name '*.pyc' -printf '%p %y %m %u:%g %T@ %s %l\\n"
                            + "' | sort");
        Result service =
                host.ssh("systemctl show counter.service -p MainPID -p ActiveState -p NRestarts");
        return files.text() + "\n" + service.text();
    }

    /// Runs a line of shell there as soon as the host has begun to switch.
    Thread onceActivating(String script) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                String activating = "test -e /var/lib/decant/counter/activating";
                                if (within(
                                        Duration.ofMinutes(1), () -> host.ssh(activating).ok())) {
                                    host.ssh(script);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    int pid() throws InterruptedException {
        return Integer.parseInt(
                host.ssh("systemctl show -p MainPID --value counter.service").text());
    }
}
