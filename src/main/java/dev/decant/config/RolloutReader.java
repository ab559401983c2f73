package dev.decant.config;

import dev.decant.config.HooksConfig.Moment;
import dev.decant.config.RolloutConfig.OnFailure;
import dev.decant.config.RolloutConfig.Share;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `[rollout]`, `[hooks]` and `[notify]`.
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
                program("rollout.check"),
                values.oneOf("rollout.on_failure", OnFailure.TAKE_BACK),
                share("rollout.max_unavailable"));
    }

    HooksConfig hooks() {
        Map<Moment, List<String>> programs = new EnumMap<>(Moment.class);
        for (Moment moment : Moment.values()) {
            List<String> program = program("hooks." + moment.word());
            if (!program.isEmpty()) {
                programs.put(moment, program);
            }
        }
        return new HooksConfig(programs);
    }

    NotifyConfig notifications() {
        NotifyConfig notify =
                new NotifyConfig(
                        values.some("notify.webhook", "[^\\p{Cntrl}]+", "a URL"),
                        values.some(
                                "notify.webhook_secret",
                                ConfigReader.VARIABLE,
                                "the name of a variable"));
        if (notify.webhook().filter(url -> !url.matches(NotifyConfig.URL)).isPresent()) {
            // What is nearly one is not to be shown either.
            values.wrong(
                    values.find("notify.webhook").orElseThrow().at(),
                    "'notify.webhook' is not a URL",
                    "It should begin with https:// and have no blanks.");
        }
        return notify;
    }

    private List<String> program(String key) {
        return values.words(key, "[^\\p{Cntrl}]+", "a program and its arguments");
    }

    private Optional<Share> share(String key) {
        String text = values.text(key, "", Share.PATTERN, Share.EXPECTED);
        return text.isEmpty() ? Optional.empty() : Optional.of(Share.of(text));
    }
}
