package dev.decant.http;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.List;

/// The environment names a proxy that cannot be used. Its value may have a password in it, and is
/// not shown.
///
/// @param variable such as `HTTPS_PROXY`
/// @param seen what is wrong with its value, in a sentence
public record ProxyProblem(String variable, String seen) implements Problem {

    @Override
    public String id() {
        return "no-such-proxy";
    }

    @Override
    public String what() {
        return "What " + variable + " names is no proxy that Decant can use.";
    }

    @Override
    public List<String> why() {
        return List.of(seen);
    }

    @Override
    public List<String> next() {
        return List.of(
                "As it should be:  export " + variable + "=http://proxy.example.com:3128",
                "To do without:    export NO_PROXY=.example.com, for what is reached directly");
    }

    @Override
    public ExitStatus status() {
        return ExitStatus.REFUSED;
    }
}
