package dev.decant.aws;

import dev.decant.problem.Failure;

import java.util.List;

/// How whoever asks AWS says to people that it went wrong.
public interface Complaint {

    /// What in decant.toml says how it is asked, such as `[sources.ssm]`.
    String table();

    /// @param where the name of what was asked for
    /// @param cause what was seen
    Failure noAnswer(String where, String cause);

    /// AWS knows of no such thing.
    Failure nothing(String where, String cause);

    /// What has come is not what it should be.
    Failure unreadable(String where, String cause);

    /// @param remedy what to do
    Failure refused(String where, String cause, List<String> remedy);
}
