package dev.decant.ui;

import dev.decant.config.Strategy;
import dev.decant.deploy.Step;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/// How amounts and steps are said.
public final class Words {

    private Words() {}

    /// Such as `1.4 s`, or `2 min 5 s` from a minute on.
    public static String of(Duration duration) {
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    /// Such as `17.2 kB`, `5.5 MB` or `74.7 GB`.
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        if (bytes < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    /// Such as `1 file` or `2 files`.
    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static String beside(Step.Beside slot, String confirm) {
        String then = "\n" + " ".repeat(16);
        String end =
                slot.warm().isZero()
                        ? "drain " + slot.old()
                        : "keep " + slot.old() + " ready for " + whole(slot.warm()) + ", drain it";
        return "activate    start "
                + slot.unit()
                + " on port "
                + slot.port()
                + (slot.old().isEmpty() ? "" : " while " + slot.old() + " serves")
                + ", wait for health"
                + then
                + switch (slot.strategy()) {
                    case SOCKET -> "share ";
                    case NGINX -> "have nginx lead ";
                    case CADDY -> "have Caddy lead ";
                    default -> "lead ";
                }
                + slot.publicPorts().stream()
                        .map(
                                port ->
                                        slot.strategy() == Strategy.SOCKET
                                                ? Integer.toString(port.port())
                                                : port.port() + " to " + port.to())
                        .collect(Collectors.joining(", "))
                + confirm
                + (slot.old().isEmpty() ? "" : then + end + " for up to " + whole(slot.drain()));
    }

    /// A time as a setting has it: `40 s`, `10 min`.
    private static String whole(Duration duration) {
        return duration.toSeconds() % 60 == 0 && !duration.isZero()
                ? duration.toMinutes() + " min"
                : duration.toSeconds() + " s";
    }

    /// What a step will do, for a plan.
    static String of(Step step) {
        return switch (step) {
            case Step.Settle() ->
                    "settle      the deploy that was cut short: what served before it is put back";
            case Step.Send(_, var delta, boolean fetched) ->
                    (fetched ? "fetch       from the store: " : "send        ")
                            + count(delta.contents().size(), "file")
                            + ", "
                            + bytes(delta.size())
                            + " before compression"
                            + delta.base().map(base -> "; the rest from " + base).orElse("");
            case Step.Prepare(_, var given, var kept) ->
                    "prepare     settings"
                            + (given.isEmpty()
                                    ? ""
                                    : "; secrets from here: " + String.join(", ", given))
                            + (kept.isEmpty() ? "" : "; secrets kept: " + String.join(", ", kept));
            case Step.Preflight() ->
                    "preflight   the new release reads its configuration while the old one serves";
            case Step.Migrate(String expression) -> "migrate     " + expression;
            case Step.Activate(var release, var confirmWithin, var beside) -> {
                String confirm =
                        confirmWithin.isZero()
                                ? ""
                                : ", confirm over a new connection within " + whole(confirmWithin);
                yield beside.map(slot -> beside(slot, confirm))
                        .orElse(
                                "activate    current -> releases/"
                                        + release
                                        + ", restart, wait for health"
                                        + confirm);
            }
            case Step.Prune(int keep) -> "prune       keep " + keep + " releases";
        };
    }
}
