package dev.decant.problem;

import java.util.List;

/// Stops the command because of one or more problems. Anything else that reaches `Main` is a bug.
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public Failure(Problem problem) {
        this(List.of(problem));
    }

    /// @param problems at least one, in the order in which they are to be read
    public Failure(List<? extends Problem> problems) {
        super(problems.getFirst().what());
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /// The status of the first problem.
    public ExitStatus status() {
        return problems.getFirst().status();
    }
}
