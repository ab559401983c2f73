package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rest of it is tested with hosts.
class RolloutTest {

    private static final Problem PROBLEM = new DeployProblem.CannotSettle("web2", List.of());

    @Test
    void a_problem_stays_with_its_host_and_the_others_are_untouched() {
        var outcomes = Rollout.untouched(List.of("web2", "web3"), Map.of("web2", PROBLEM));

        DeployReport report =
                new DeployReport(Samples.NEW, List.copyOf(outcomes.values()), List.of());
        assertThat(report.problems()).containsExactly(PROBLEM);
        assertThat(report.status()).isEqualTo(ExitStatus.INCOMPLETE);
        assertThat(outcomes.get("web3"))
                .isEqualTo(new HostOutcome.Untouched("web3", Optional.empty()));
    }
}
