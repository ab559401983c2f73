package dev.decant.config;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `[hooks]`: programs that are run here at moments of a deploy.
///
/// @param programs each with its arguments; none for a moment at which nothing is run
public record HooksConfig(Map<Moment, List<String>> programs) {

    /// In the order in which a deploy comes to them.
    public enum Moment {
        /// All is planned and locked, and no host has changed.
        BEFORE_DEPLOY,
        /// All hosts have the release and can start it.
        AFTER_UPLOAD,
        /// A migration has run, and no host has switched.
        AFTER_MIGRATE,
        /// All hosts serve the release.
        AFTER_DEPLOY,
        /// It has ended in another way.
        ON_FAILURE;

        /// As decant.toml has it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public HooksConfig {
        EnumMap<Moment, List<String>> ordered = new EnumMap<>(Moment.class);
        ordered.putAll(programs);
        programs = Collections.unmodifiableMap(ordered);
    }

    /// @return a program and its arguments; empty for nothing
    public List<String> at(Moment moment) {
        return programs.getOrDefault(moment, List.of());
    }
}
