package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.release.ReleaseId;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A plan that was written down, and is to be carried out as it stands there or not at all.
///
/// It is what `decant plan --json` prints. All of it counts but for what may change by itself: what
/// is only estimated, and what is only noted.
///
/// @param name of the file, as it was typed
public record PlanFile(String name, JsonNode plan) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<String> NOT_COMPARED = Set.of("notes", "estimate");

    /// Differences that are told of one host.
    private static final int TOLD = 6;

    private static final int WIDTH = 100;

    /// @param plan as JSON
    /// @throws Failure with [DeployProblem.PlanNotWritten]
    public static void write(Path file, String plan) {
        try {
            Trees.write(file.toAbsolutePath(), plan.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Failure(new DeployProblem.PlanNotWritten(file.toString(), e.toString()));
        }
    }

    /// @throws Failure with [DeployProblem.NoPlan]
    public static PlanFile read(Path file, String name) {
        try {
            JsonNode plan = JSON.readTree(Files.readString(file));
            if (ReleaseId.isOne(plan.path("release").asString(""))
                    && plan.path("hosts").isArray()
                    && !plan.path("hosts").isEmpty()) {
                return new PlanFile(name, plan);
            }
            throw new Failure(
                    new DeployProblem.NoPlan(name, "It has no release, or no hosts, in it."));
        } catch (JacksonException e) {
            throw new Failure(new DeployProblem.NoPlan(name, "It is not JSON."));
        } catch (IOException e) {
            throw new Failure(new DeployProblem.NoPlan(name, e.toString()));
        }
    }

    public ReleaseId release() {
        return new ReleaseId(plan.path("release").asString(""));
    }

    public boolean again() {
        return plan.path("again").asBoolean(false);
    }

    /// The same hosts as it.
    ///
    /// @throws Failure where decant.toml has not all of them
    public Config on(Config config) {
        List<HostConfig> hosts = new ArrayList<>();
        for (JsonNode each : plan.path("hosts")) {
            String host = each.path("host").asString("");
            hosts.add(
                    config.hosts().stream()
                            .filter(known -> known.name().equals(host))
                            .findFirst()
                            .orElseThrow(
                                    () -> outOfDate(List.of(host + " is not in decant.toml."))));
        }
        return config.on(hosts);
    }

    /// @param now the plan that would be made at this moment, as JSON
    /// @throws Failure with [DeployProblem.PlanOutOfDate] where it is another
    public void mustBe(String now) {
        JsonNode other = JSON.readTree(now);
        List<String> differences = new ArrayList<>();
        for (String key : keys(plan, other)) {
            JsonNode was = plan.path(key);
            JsonNode is = other.path(key);
            switch (key) {
                case "hosts" -> hosts(was, is, differences);
                case "decant_toml_sha256" -> told(was, is, "decant.toml has changed.", differences);
                case "release_sha256" ->
                        told(
                                was,
                                is,
                                "The release " + release() + " has other contents here.",
                                differences);
                default -> compare(key, was, is, differences);
            }
        }
        if (!differences.isEmpty()) {
            throw outOfDate(differences);
        }
    }

    private Failure outOfDate(List<String> differences) {
        return new Failure(new DeployProblem.PlanOutOfDate(name, differences));
    }

    private static void told(JsonNode was, JsonNode is, String words, List<String> differences) {
        if (!was.equals(is)) {
            differences.add(words);
        }
    }

    private static void hosts(JsonNode was, JsonNode is, List<String> differences) {
        for (int i = 0; i < Math.max(was.size(), is.size()); i++) {
            String host = (was.has(i) ? was : is).path(i).path("host").asString("?");
            List<String> all = new ArrayList<>();
            compare(host + ":", was.path(i), is.path(i), all);
            differences.addAll(all.subList(0, Math.min(TOLD, all.size())));
            if (all.size() > TOLD) {
                differences.add(host + ": and " + (all.size() - TOLD) + " more.");
            }
        }
    }

    private static void compare(String where, JsonNode was, JsonNode is, List<String> differences) {
        if (was.equals(is)) {
            return;
        }
        if (was instanceof ObjectNode && is instanceof ObjectNode) {
            for (String key : keys(was, is)) {
                if (!NOT_COMPARED.contains(key)) {
                    compare(where + " " + key, was.path(key), is.path(key), differences);
                }
            }
        } else if (was.isArray() && is.isArray() && was.size() == is.size()) {
            for (int i = 0; i < was.size(); i++) {
                compare(where, was.path(i), is.path(i), differences);
            }
        } else {
            differences.add(where + " was " + shown(was) + " and is " + shown(is) + " now.");
        }
    }

    private static Set<String> keys(JsonNode a, JsonNode b) {
        Set<String> keys = new TreeSet<>(a.propertyNames());
        keys.addAll(b.propertyNames());
        return keys;
    }

    private static String shown(JsonNode node) {
        String text =
                node.isMissingNode() || node.isNull()
                        ? "nothing"
                        : node.isString() ? node.asString() : node.toString();
        return text.isEmpty()
                ? "nothing"
                : text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "…";
    }
}
