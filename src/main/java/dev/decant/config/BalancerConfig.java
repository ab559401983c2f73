package dev.decant.config;

import java.time.Duration;
import java.util.List;

/// `[balancer]`: how whoever spreads requests over the hosts learns that one of them is switched.
///
/// @param before a program and its arguments, run here before a host is switched; none for nothing
/// @param after likewise, when it serves again
/// @param drainWait how long a host says in its health that it is going before it is restarted
public record BalancerConfig(List<String> before, List<String> after, Duration drainWait) {

    public BalancerConfig {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
