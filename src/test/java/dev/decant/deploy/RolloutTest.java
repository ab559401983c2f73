package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The rest of it is tested with hosts.
class RolloutTest {

    private static final Problem PROBLEM = new DeployProblem.CannotSettle("web2", List.of());

    private static HostPlan host(String name, Step... steps) {
        return new HostPlan(
                name, "", Optional.empty(), OptionalInt.empty(), List.of(steps), List.of());
    }

    @Test
    void a_problem_stays_with_its_host_and_the_others_are_untouched() {
        var outcomes =
                Rollout.untouched(
                        List.of(
                                host("web1"),
                                host("web2", new Step.Preflight()),
                                host("web3", new Step.Preflight())),
                        Map.of("web2", PROBLEM));

        DeployReport report =
                new DeployReport(Samples.NEW, List.copyOf(outcomes.values()), List.of());
        assertThat(report.problems()).containsExactly(PROBLEM);
        assertThat(report.status()).isEqualTo(ExitStatus.INCOMPLETE);
        assertThat(outcomes.get("web1")).isEqualTo(new HostOutcome.Unchanged("web1"));
        assertThat(outcomes.get("web3"))
                .isEqualTo(new HostOutcome.Untouched("web3", Optional.empty()));
    }
}
