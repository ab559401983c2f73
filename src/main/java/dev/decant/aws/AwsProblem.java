package dev.decant.aws;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import java.util.List;

/// Why AWS, or what speaks as it does, has not done what it was asked for.
///
/// @param what in one sentence
/// @param where the name of what was asked for, such as `s3://shop/releases/`
/// @param cause what was seen
/// @param next what to do
public record AwsProblem(String id, String what, String where, String cause, List<String> next)
        implements Problem {

    public AwsProblem {
        next = List.copyOf(next);
    }

    /// @param subject begins a sentence, such as `The release store`
    /// @param table as [Complaint#table()]
    public static Complaint by(String subject, String table) {
        return new Complaint() {
            @Override
            public String table() {
                return table;
            }

            @Override
            public Failure noAnswer(String where, String cause) {
                return failure(
                        "aws-no-answer",
                        subject + " cannot be asked.",
                        where,
                        cause,
                        List.of("Once it answers, run the same command again."));
            }

            @Override
            public Failure nothing(String where, String cause) {
                return failure(
                        "aws-nothing",
                        subject + " does not have what was asked for.",
                        where,
                        cause,
                        List.of(
                                "Look at "
                                        + table
                                        + " in decant.toml: is it the right name, account and"
                                        + " region?"));
            }

            @Override
            public Failure unreadable(String where, String cause) {
                return failure(
                        "aws-unreadable",
                        subject + " has given what cannot be read.",
                        where,
                        cause,
                        List.of("Look at it, or write it anew."));
            }

            @Override
            public Failure refused(String where, String cause, List<String> remedy) {
                return failure(
                        "aws-refused", subject + " does not let you in.", where, cause, remedy);
            }
        };
    }

    private static Failure failure(
            String id, String what, String where, String cause, List<String> next) {
        return new Failure(new AwsProblem(id, what, where, cause, next));
    }

    @Override
    public List<String> why() {
        return List.of(where + ": " + cause);
    }

    @Override
    public ExitStatus status() {
        return ExitStatus.REFUSED;
    }
}
