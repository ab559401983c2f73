package dev.decant.web;

import dev.decant.release.ReleaseId;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A rollout as its page has it.
///
/// @param before what most hosts served before; empty where that is nothing, or not known
/// @param changes between that and the new one; empty where one of them is not on this machine
public record Rollup(
        Recorded.Header header,
        Timeline timeline,
        Optional<ReleaseId> before,
        Optional<Changes> changes) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    public static Rollup of(
            Recorded recorded, Instant now, boolean underWay, Optional<Changes> changes) {
        return new Rollup(
                recorded.header(),
                Timeline.of(recorded, now, underWay),
                recorded.before(),
                changes);
    }

    public String title() {
        String what = header.what();
        return what.substring(0, 1).toUpperCase(Locale.ROOT)
                + what.substring(1)
                + " of "
                + header.app()
                + (header.environment().isEmpty() ? "" : " (" + header.environment() + ")");
    }

    public String began() {
        return time(header.at());
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    /// Such as `6: 5 done, 1 went back`.
    public String hosts() {
        var counts = timeline.counts();
        String words =
                counts.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey().word())
                        .collect(Collectors.joining(", "));
        return counts.isEmpty()
                ? "none"
                : counts.size() == 1 ? words : timeline.lanes().size() + ": " + words;
    }

    /// In a sentence, for whoever listens rather than looks.
    public String said() {
        String hosts =
                timeline.lanes().stream()
                        .filter(lane -> lane.state() != Timeline.State.WAITING)
                        .map(lane -> lane.host() + " " + lane.state().word())
                        .collect(Collectors.joining(", "));
        return title()
                + ": "
                + timeline.state().word()
                + (hosts.isEmpty() ? "." : ". " + hosts + ".");
    }
}
