package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.host.HostFacts;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.secrets.Secret;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Makes up the secrets that nobody has a value of yet, and that decant.toml lets Decant make up.
public final class GeneratedSecrets {

    private static final int BYTES = 64;

    private GeneratedSecrets() {}

    /// @param config on the hosts that are worked on
    /// @param whole these are all hosts of the app
    /// @param given those that have a value on this side
    /// @param facts of those hosts
    /// @return what was given, and what was made up; that is the same for all hosts
    /// @throws Failure where some hosts have a value, which others cannot be given, or may have one
    public static List<Secret> with(
            Config config, boolean whole, List<Secret> given, Map<String, HostFacts> facts) {
        List<Problem> problems = new ArrayList<>();
        List<Secret> secrets = new ArrayList<>(given);
        for (String name : config.generate()) {
            List<String> having = new ArrayList<>();
            List<String> lacking = new ArrayList<>();
            facts.values().stream()
                    .filter(HostChecks::isSetUp)
                    .forEach(
                            host -> (host.secrets().has(name) ? having : lacking).add(host.host()));
            if (given.stream().anyMatch(secret -> secret.name().equals(name))
                    || lacking.isEmpty()) {
                continue;
            }
            if (having.isEmpty() && whole) {
                secrets.add(new Secret(name, value()));
            } else {
                problems.add(new DeployProblem.NotGenerated(name, having, lacking));
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return List.copyOf(secrets);
    }

    private static String value() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
