package dev.decant.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `[rollout]`: in which order hosts switch, and what becomes of the others if one fails.
///
/// @param batch how many switch at once
/// @param canary how many switch first, before the others; 0 for none
/// @param soak how long the first of all batches has to go on serving before the next begins
/// @param pause likewise, for those after it
/// @param check a program and its arguments, run here after each batch; none for nothing
/// @param maxUnavailable how many may be out of service at once: those that switch, and those that
///   failed; empty for as many as a batch has
public record RolloutConfig(
        Share batch,
        int canary,
        Duration soak,
        Duration pause,
        List<String> check,
        OnFailure onFailure,
        Optional<Share> maxUnavailable) {

    public RolloutConfig {
        check = List.copyOf(check);
    }

    /// What becomes of the others where a host does not get healthy. It goes back by itself.
    public enum OnFailure {
        /// Those that have switched go back, too.
        TAKE_BACK,
        /// All stay as they are.
        STOP,
        /// The rest goes on, as long as not too many are out of service.
        CONTINUE
    }

    /// A number of hosts, or a part of them.
    ///
    /// @param number of hosts, or percent
    public record Share(int number, boolean percent) {

        static final String PATTERN = "[1-9][0-9]{0,3}|([1-9][0-9]?|100)%";
        static final String EXPECTED = "a number of hosts or a part of them, \"2\" or \"25%\"";

        static Share of(String text) {
            boolean percent = text.endsWith("%");
            return new Share(Integer.parseInt(text.replace("%", "")), percent);
        }

        /// @return 1 at the least: nothing would ever switch
        public int of(int hosts) {
            return Math.max(1, percent ? hosts * number / 100 : Math.min(number, hosts));
        }
    }

    /// In batches, each of which switches at once.
    public List<List<String>> batches(List<String> hosts) {
        List<List<String>> batches = new ArrayList<>();
        int size = Math.min(batch.of(hosts.size()), maxUnavailable(hosts.size()));
        int at = 0;
        while (at < hosts.size()) {
            int count = at < canary ? Math.min(size, canary - at) : size;
            batches.add(List.copyOf(hosts.subList(at, Math.min(at + count, hosts.size()))));
            at += count;
        }
        return batches;
    }

    /// @param hosts how many there are
    public int maxUnavailable(int hosts) {
        return maxUnavailable.orElse(batch).of(hosts);
    }
}
