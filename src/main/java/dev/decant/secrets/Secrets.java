package dev.decant.secrets;

import java.util.List;
import java.util.Map;

/// Finds the values of secrets on the operator's side.
public final class Secrets {

    private Secrets() {}

    /// @param names as decant.toml lists them
    /// @param environment of this process
    /// @return those that have a value there, in the order of the names; an empty value counts as
    ///   none
    public static List<Secret> from(List<String> names, Map<String, String> environment) {
        return names.stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .map(name -> new Secret(name, environment.getOrDefault(name, "")))
                .toList();
    }
}
