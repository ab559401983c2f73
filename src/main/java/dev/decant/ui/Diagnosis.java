package dev.decant.ui;

import dev.decant.config.LintRule;
import dev.decant.lint.Finding;
import dev.decant.lint.Severity;
import dev.decant.problem.Problem;

import java.util.List;
import java.util.Map;

/// What `decant doctor` has found.
///
/// @param findings in the project
/// @param acknowledged those that are meant to be so
/// @param reasons why, by their rules
/// @param hosts what is wrong with them
/// @param hostsAsked whether they were asked
public record Diagnosis(
        List<Finding> findings,
        List<Finding> acknowledged,
        Map<LintRule, String> reasons,
        List<Problem> hosts,
        boolean hostsAsked) {

    /// @param all what rules have found
    /// @param reasons of rules that are not followed on purpose
    public static Diagnosis of(
            List<Finding> all,
            Map<LintRule, String> reasons,
            List<Problem> hosts,
            boolean hostsAsked) {
        return new Diagnosis(
                all.stream().filter(finding -> !reasons.containsKey(finding.rule())).toList(),
                all.stream().filter(finding -> reasons.containsKey(finding.rule())).toList(),
                reasons,
                hosts,
                hostsAsked);
    }

    /// What is wrong with a host is an error.
    public long count(Severity severity) {
        return findings.stream().filter(finding -> finding.severity() == severity).count()
                + (severity == Severity.ERROR ? hosts.size() : 0);
    }

    String reason(LintRule rule) {
        return reasons.getOrDefault(rule, "");
    }
}
