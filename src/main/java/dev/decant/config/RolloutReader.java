package dev.decant.config;

import dev.decant.config.RolloutConfig.OnFailure;
import dev.decant.config.RolloutConfig.Share;

import java.time.Duration;
import java.util.Optional;

/// Reads `[rollout]`.
final class RolloutReader {

    private final ConfigReader values;

    RolloutReader(ConfigReader values) {
        this.values = values;
    }

    RolloutConfig rollout() {
        return new RolloutConfig(
                share("rollout.batch").orElse(new Share(1, false)),
                values.number("rollout.canary", 0, 0, 1000),
                values.duration("rollout.soak", Duration.ZERO, Duration.ZERO),
                values.duration("rollout.pause", Duration.ZERO, Duration.ZERO),
                values.words("rollout.check", "[^\\p{Cntrl}]+", "a program and its arguments"),
                values.oneOf("rollout.on_failure", OnFailure.TAKE_BACK),
                share("rollout.max_unavailable"));
    }

    private Optional<Share> share(String key) {
        String text = values.text(key, "", Share.PATTERN, Share.EXPECTED);
        return text.isEmpty() ? Optional.empty() : Optional.of(Share.of(text));
    }
}
