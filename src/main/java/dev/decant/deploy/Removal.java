package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes an app away from its hosts, with all that `setup` and deploys have brought there.
public final class Removal {

    private Removal() {}

    /// @param rehearse change nothing, and only say what would go
    /// @return what went on each host
    /// @throws Failure with the problems of all hosts that it failed on
    public static Map<String, List<String>> run(Config config, boolean rehearse, RolloutLog log)
            throws InterruptedException {
        Map<String, List<String>> changes = new LinkedHashMap<>();
        try (Fleet fleet = Fleet.connectAsRoot(config)) {
            List<List<String>> all =
                    Fleet.each(
                            fleet.names(),
                            name -> {
                                log.step(name, "remove");
                                return fleet.get(name)
                                        .must(new Verb.Remove(rehearse))
                                        .all("changed");
                            });
            for (int i = 0; i < all.size(); i++) {
                changes.put(fleet.names().get(i), all.get(i));
            }
        }
        return changes;
    }
}
