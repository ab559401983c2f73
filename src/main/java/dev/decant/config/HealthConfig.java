package dev.decant.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `[health]`: how a new release is judged.
///
/// @param path begins with `/`
/// @param least the lowest status that is good, 100 to 599
/// @param most the highest
/// @param match what the answer has to have in it; empty for anything
/// @param host by which name it is asked; empty for its address
/// @param headers lines `Name: value` to ask with
/// @param tls it is asked over TLS, whatever its certificate
/// @param command a line of shell that ends with 0 where it is healthy; empty where that is not
///   asked
/// @param interval from one question to the next
/// @param attempts how often it may be found unhealthy; 0 for as often as there is time for
/// @param successes how often in a row it has to be found healthy, from 1
/// @param timeout how long all that may take
/// @param confirmTimeout how long it waits, once healthy, for Decant's word over a new connection;
///   0 for none
public record HealthConfig(
        Check check,
        String path,
        int least,
        int most,
        String match,
        Optional<String> host,
        List<String> headers,
        boolean tls,
        String command,
        Duration interval,
        int attempts,
        int successes,
        Duration timeout,
        Duration confirmTimeout) {

    public HealthConfig {
        headers = List.copyOf(headers);
    }

    /// What is asked.
    public enum Check {
        /// An HTTP request.
        HTTP,
        /// Whether someone listens on its port.
        TCP,
        /// Whether it has told systemd that it is ready (sd_notify).
        NOTIFY,
        /// A command on the host.
        COMMAND;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean byNotify() {
        return check == Check.NOTIFY;
    }
}
