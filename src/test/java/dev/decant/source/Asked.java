package dev.decant.source;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.Configs;
import dev.decant.problem.Failure;
import dev.decant.secrets.Secret;
import dev.decant.ui.ProblemPrinter;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;

/// What the sources of a decant.toml say.
final class Asked {

    private Asked() {}

    static Map<String, String> found(String sources, Map<String, String> environment)
            throws InterruptedException {
        Map<String, String> found = new TreeMap<>();
        for (Secret secret :
                Sources.find(
                                Configs.of(
                                        "app = \"shop\"\nhosts.web1.address = \"web1\"\n"
                                                + sources),
                                environment)
                        .secrets()) {
            found.put(secret.name(), secret.value());
        }
        return found;
    }

    /// What is printed where they cannot be asked.
    static String problem(String sources, Map<String, String> environment) {
        Failure failure = catchThrowableOfType(Failure.class, () -> found(sources, environment));
        StringWriter text = new StringWriter();
        ProblemPrinter.print(new PrintWriter(text), failure.problems());
        return text.toString();
    }
}
