package dev.decant.cli;

import dev.decant.config.LintRule;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Explanation;
import dev.decant.problem.Nearest;
import dev.decant.ui.ExplanationPrinter;
import dev.decant.ui.Json;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "explain",
        description =
                "Say what a problem means, why it comes and what to do. Its id stands below what"
                        + " was printed.")
final class ExplainCommand implements Callable<Integer> {

    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            completionCandidates = Ids.class,
            description = "Such as host-unreachable. Without one, all that there are.")
    private String id = "";

    ExplainCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    /// For shells that complete.
    static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ids().iterator();
        }
    }

    @Override
    public Integer call() {
        if (id.isEmpty()) {
            List<Explanation> all = Explanation.all();
            if (output.json) {
                Json.print(
                        wiring.out(),
                        Json.ordered("problems", all.stream().map(Json::of).toList()));
            } else {
                ExplanationPrinter.list(wiring.out(), all);
            }
        } else {
            Explanation explanation = find(spec.commandLine(), id);
            if (output.json) {
                Json.print(wiring.out(), Json.of(explanation));
            } else {
                ExplanationPrinter.print(wiring.out(), explanation);
            }
        }
        return ExitStatus.DONE.number();
    }

    /// @throws ParameterException if there is none of that id
    static Explanation find(CommandLine line, String id) {
        if (Arrays.stream(LintRule.values()).anyMatch(rule -> rule.word().equals(id))) {
            throw new ParameterException(
                    line,
                    id
                            + " is a rule of decant doctor: docs/reference/doctor.md says what it"
                            + " is for.");
        }
        return Explanation.of(id)
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        line,
                                        "There is no problem '"
                                                + id
                                                + "'. "
                                                + Nearest.to(id, ids())
                                                        .map(near -> "Did you mean " + near + "?")
                                                        .orElse("decant explain lists all.")));
    }

    private static List<String> ids() {
        return Explanation.all().stream().map(Explanation::id).toList();
    }
}
