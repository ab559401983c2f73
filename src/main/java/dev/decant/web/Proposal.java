package dev.decant.web;

import dev.decant.deploy.Rollback;
import dev.decant.host.Deployment;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A rollback as somebody is asked for it. Pure.
///
/// @param rows all hosts, and what becomes of each
/// @param given the release that was chosen; empty for what served before
/// @param choices releases to go to instead
/// @param to where it goes; empty where it cannot be done
/// @param problems why it cannot be done
public record Proposal(
        List<Row> rows,
        String given,
        List<String> choices,
        String to,
        List<String> warnings,
        List<Problem> problems) {

    /// @param serves now; empty where nothing does or nobody knows
    /// @param chosen it is to go back, too
    /// @param reached it can be chosen
    public record Row(String host, String serves, boolean chosen, boolean reached) {}

    public long chosen() {
        return rows.stream().filter(Row::chosen).count();
    }

    /// @param facts of the hosts that can be reached
    /// @param hosts all there are, in their order
    /// @param chosen those of them that are to go back
    static Proposal of(
            Map<String, HostFacts> facts,
            List<String> hosts,
            List<String> chosen,
            Optional<String> given) {
        Map<String, HostFacts> going = new LinkedHashMap<>(facts);
        going.keySet().retainAll(chosen);
        List<Problem> problems = new ArrayList<>();
        String to = "";
        List<String> warnings = List.of();
        try {
            if (going.isEmpty()) {
                throw new Failure(new WebProblem.NotKnown(""));
            }
            Rollback rollback = Rollback.plan(going, given);
            to = rollback.release().value();
            warnings = rollback.warnings();
        } catch (Failure failure) {
            problems.addAll(failure.problems());
        }
        return new Proposal(
                hosts.stream().map(host -> row(host, facts, going)).toList(),
                given.orElse(""),
                choices(going),
                to,
                warnings,
                problems);
    }

    private static Row row(
            String host, Map<String, HostFacts> facts, Map<String, HostFacts> going) {
        return new Row(
                host,
                Optional.ofNullable(facts.get(host)).map(Proposal::serves).orElse(""),
                going.containsKey(host),
                facts.containsKey(host));
    }

    static String serves(HostFacts facts) {
        return facts.liveDeployment().map(live -> live.release().value()).orElse("");
    }

    /// What has served on some of them and is kept, newest first.
    private static List<String> choices(Map<String, HostFacts> going) {
        Set<String> choices = new LinkedHashSet<>();
        for (HostFacts facts : going.values()) {
            for (Deployment deployment : facts.deployments()) {
                ReleaseId release = deployment.release();
                if (deployment.verdict().equals(Optional.of(Deployment.Verdict.LIVE))
                        && facts.releases().contains(release)
                        && !serves(facts).equals(release.value())) {
                    choices.add(release.value());
                }
            }
        }
        return List.copyOf(choices);
    }
}
