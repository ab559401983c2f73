package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Samples;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class DeployReportTest {

    private static final Problem PROBLEM = new DeployProblem.TakenBack("web1", "web2");

    private static DeployReport report(String outcomes) {
        List<HostOutcome> all = new ArrayList<>();
        for (String word : outcomes.split(" ")) {
            String host = "web" + (all.size() + 1);
            all.add(
                    switch (word) {
                        case "deployed" -> new HostOutcome.Deployed(host, Optional.empty());
                        case "unchanged" -> new HostOutcome.Unchanged(host);
                        case "back" -> new HostOutcome.WentBack(host, PROBLEM);
                        case "untouched" -> new HostOutcome.Untouched(host, Optional.empty());
                        case "refused" -> new HostOutcome.Untouched(host, Optional.of(PROBLEM));
                        case "doubt" -> new HostOutcome.InDoubt(host, PROBLEM);
                        default -> throw new IllegalArgumentException(word);
                    });
        }
        return new DeployReport(Samples.NEW, all, List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "deployed, DONE",
        "unchanged, DONE",
        "deployed unchanged, DONE",
        "refused, REFUSED",
        "unchanged refused, REFUSED",
        "untouched refused, REFUSED",
        "back, WENT_BACK",
        "back untouched, WENT_BACK",
        "back back unchanged, WENT_BACK",
        "deployed back, INCOMPLETE",
        "deployed untouched, INCOMPLETE",
        "doubt, INCOMPLETE",
        "back doubt, INCOMPLETE",
        "deployed doubt, INCOMPLETE",
        "unchanged doubt untouched, INCOMPLETE",
    })
    void the_exit_status_says_where_the_fleet_stands(String outcomes, ExitStatus status) {
        assertThat(report(outcomes).status()).isEqualTo(status);
    }

    @Test
    void problems_come_in_the_order_of_the_hosts() {
        assertThat(report("deployed back untouched refused doubt unchanged").problems())
                .containsExactly(PROBLEM, PROBLEM, PROBLEM);
    }
}
