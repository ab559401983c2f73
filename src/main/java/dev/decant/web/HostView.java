package dev.decant.web;

import dev.decant.host.Deployment;
import dev.decant.host.HostFacts;
import dev.decant.problem.Problem;
import dev.decant.ui.Words;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A host as the dashboard shows it.
///
/// @param tone as [Timeline.State#tone()]
/// @param state in a word or two
/// @param stale what is shown is what it said before it could not be reached any more
/// @param release that serves; empty where none does, or it is not known
/// @param since when it was deployed
/// @param by whom
/// @param notes what somebody should know of it
/// @param problem why it cannot be asked
public record HostView(
        String host,
        String address,
        String tone,
        String state,
        boolean stale,
        String release,
        String since,
        String by,
        String service,
        String memory,
        String free,
        String os,
        List<String> notes,
        Optional<Problem> problem) {

    /// It is time to say that nothing comes.
    private static final Duration LONG = Duration.ofSeconds(8);

    public boolean reached() {
        return problem.isEmpty() && !state.equals("asking") && !state.equals("no answer");
    }

    static HostView of(HostWatch.Known known, Instant now) {
        Optional<HostFacts> facts = known.facts();
        boolean silent =
                known.since()
                        .filter(since -> Duration.between(since, now).compareTo(LONG) > 0)
                        .isPresent();
        String[] state =
                known.problem().isPresent()
                        ? new String[] {"bad", "not reached"}
                        : silent
                                ? new String[] {"warn", "no answer"}
                                : facts.map(HostView::state)
                                        .orElse(new String[] {"wait", "asking"});
        HostFacts.Service service = facts.map(HostFacts::service).orElse(null);
        Optional<Deployment> live = facts.flatMap(HostFacts::liveDeployment);
        return new HostView(
                known.host().name(),
                known.host().local() ? "this machine" : known.host().address(),
                state[0],
                state[1],
                facts.isPresent() && (known.problem().isPresent() || silent),
                live.map(it -> it.release().value()).orElse(""),
                live.map(Deployment::at).orElse(""),
                live.map(Deployment::by).orElse(""),
                service == null ? "" : service(service),
                service == null || service.bytes() == 0 ? "" : Words.bytes(service.bytes()),
                facts.map(it -> Words.bytes(it.freeBytes())).orElse(""),
                facts.map(HostFacts::osRelease).orElse(""),
                facts.map(HostView::notes).orElse(List.of()),
                known.problem());
    }

    private static String service(HostFacts.Service service) {
        return service.state()
                + (service.slot() == 0 ? "" : " (slot " + service.slot() + ")")
                + (service.restarts() == 0
                        ? ""
                        : service.restarts() == 1
                                ? ", restarted once by itself"
                                : ", restarted " + service.restarts() + " times by itself");
    }

    private static String[] state(HostFacts facts) {
        if (!facts.setUp()) {
            return new String[] {"warn", "not set up"};
        }
        if (facts.applying()) {
            return new String[] {"work", "switching"};
        }
        if (facts.activating().isPresent()) {
            return new String[] {"warn", "cut short"};
        }
        if (facts.live().isEmpty()) {
            return new String[] {"calm", "nothing deployed"};
        }
        if (!facts.service().running()) {
            return new String[] {"bad", facts.service().state()};
        }
        if (facts.maintenance().isPresent()) {
            return new String[] {"warn", "maintenance"};
        }
        boolean whole =
                facts.unpublished().isEmpty()
                        && facts.processes().stream().allMatch(HostFacts.OtherUnit::running);
        return whole ? new String[] {"good", "serving"} : new String[] {"warn", "serving in part"};
    }

    private static List<String> notes(HostFacts facts) {
        List<String> notes = new ArrayList<>();
        if (facts.activating().isPresent() && !facts.applying()) {
            notes.add(
                    "Deployment "
                            + facts.activating().getAsInt()
                            + " was cut short: decant repair, or the next deploy, puts back what"
                            + " served before it.");
        }
        facts.unpublished()
                .forEach(
                        ports ->
                                notes.add(
                                        "The firewall no longer leads "
                                                + ports.replace(" ", " to ")
                                                + ": decant repair."));
        facts.processes().stream()
                .filter(process -> !process.running())
                .forEach(process -> notes.add(process.unit() + " is " + process.state() + "."));
        facts.maintenance()
                .ifPresent(it -> notes.add("Visitors see the maintenance page, " + it + "."));
        return notes;
    }
}
