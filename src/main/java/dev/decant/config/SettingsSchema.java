package dev.decant.config;

import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A JSON Schema of decant.toml for editors, made of `reference.toml`: which keys there are, of
/// which type, and what they mean. What it lets through [ConfigReader] may still refuse; never the
/// other way round.
public final class SettingsSchema {

    private static final Pattern DURATION = Pattern.compile("[0-9]{1,9}(ms|s|m|h)");
    private static final Pattern DEFAULT =
            Pattern.compile("Default: (\"([^\"]*)\"|-?[0-9]+|true|false)[.]$");

    /// What stands for any name in `reference.toml`.
    private static final String ANY = "NAME";

    private static final Map<String, List<String>> WORDS =
            Map.ofEntries(
                    Map.entry("kind", words(Kind.values())),
                    Map.entry("privilege", words(Privilege.values())),
                    Map.entry("service.strategy", words(Strategy.values())),
                    Map.entry("service.distribution", List.of("none", "local", "cluster")),
                    Map.entry("public.firewall", List.of("refuse", "beside")),
                    Map.entry("rollout.on_failure", words(RolloutConfig.OnFailure.values())),
                    Map.entry("hardening.level", words(Hardening.values())),
                    Map.entry("health.check", words(HealthConfig.Check.values())),
                    Map.entry("unit.restart", List.of("on-failure", "always")),
                    Map.entry("unit.directories", words(UnitConfig.Directory.values())),
                    Map.entry("limits.oom_policy", List.of("continue", "stop", "kill")),
                    Map.entry("sources.command.format", List.of("dotenv", "json", "toml", "yaml")),
                    Map.entry("sources.vault.kv", List.of("1", "2")));

    private static final List<String> AT = List.of("deploy", "boot");

    private static final Map<String, List<Integer>> NUMBERS =
            Map.ofEntries(
                    Map.entry("keep_releases", List.of(2, 100)),
                    Map.entry("ssh.port", List.of(1, 65_535)),
                    Map.entry("service.port", List.of(1, 65_535)),
                    Map.entry("service.slot_offset", List.of(1, 10_000)),
                    Map.entry("service.distribution_port", List.of(1, 65_535)),
                    Map.entry("public.maintenance_port", List.of(1, 65_535)),
                    Map.entry("health.attempts", List.of(0, 10_000)),
                    Map.entry("health.successes", List.of(1, 1_000)),
                    Map.entry("rollout.canary", List.of(0, 1_000)),
                    Map.entry("limits.cpu_weight", List.of(1, 10_000)),
                    Map.entry("limits.oom_score", List.of(-1_000, 1_000)));

    private final String text = ConfigReader.reference();
    private final List<String> lines = text.lines().toList();
    private final TomlTable reference = Toml.parse(text);

    private SettingsSchema() {}

    /// Of one setting, or of a table of them.
    ///
    /// @param path such as `service`, `port`
    /// @param table rather than a single value
    /// @param about what `reference.toml` says of it; may be empty
    /// @param example as TOML, such as `port = 4000`; empty for a table
    public record Setting(List<String> path, boolean table, String about, String example) {

        /// Such as `service.port`.
        public String name() {
            return String.join(".", path);
        }
    }

    /// The settings that there are, in their order.
    public static List<Setting> settings() {
        SettingsSchema schema = new SettingsSchema();
        List<Setting> all = new ArrayList<>();
        schema.collect(schema.reference, List.of(), all);
        return all;
    }

    /// As objects, lists and plain values.
    public static Map<String, Object> json() {
        SettingsSchema schema = new SettingsSchema();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("$schema", "http://json-schema.org/draft-07/schema#");
        json.put("title", "decant.toml");
        json.putAll(schema.table(schema.reference, List.of()));
        json.put("required", List.of("app"));
        return json;
    }

    private void collect(TomlTable table, List<String> path, List<Setting> all) {
        for (String key : keys(table)) {
            List<String> longer = ConfigReader.join(path, key);
            int line = line(table, key);
            if (table.get(List.of(key)) instanceof TomlTable inner) {
                if (isHeader(line, longer)) {
                    all.add(new Setting(longer, true, about(line), ""));
                }
                collect(inner, longer, all);
            } else {
                all.add(new Setting(longer, false, about(line), lines.get(line)));
            }
        }
    }

    private Map<String, Object> table(TomlTable table, List<String> path) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "object");
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String key : keys(table)) {
            Object value = Objects.requireNonNull(table.get(List.of(key)));
            Map<String, Object> property = value(value, ConfigReader.join(path, key));
            int line = line(table, key);
            boolean own =
                    !(value instanceof TomlTable) || isHeader(line, ConfigReader.join(path, key));
            String about = about(line);
            if (own && !about.isEmpty()) {
                property.put("description", about);
            }
            byDefault(property, about);
            properties.put(key, property);
        }
        Object any = properties.remove(ANY);
        if (!properties.isEmpty()) {
            json.put("properties", properties);
        }
        json.put("additionalProperties", any == null ? false : any);
        return json;
    }

    private Map<String, Object> value(Object value, List<String> path) {
        String name = String.join(".", path);
        Map<String, Object> json = new LinkedHashMap<>();
        switch (value) {
            case TomlTable _ when name.equals("environments." + ANY) -> json.putAll(environment());
            case TomlTable inner when name.equals("hosts") -> {
                Map<String, Object> word = new LinkedHashMap<>();
                word.put("type", "string");
                word.put("pattern", "^(elsewhere|ansible:.+)$");
                json.put("anyOf", List.of(table(inner, path), word));
            }
            case TomlTable inner -> json.putAll(table(inner, path));
            case TomlArray _ -> {
                Map<String, Object> items = new LinkedHashMap<>();
                items.put("type", "string");
                words(name, items);
                json.put("type", "array");
                json.put("items", items);
            }
            case Long _ -> {
                json.put("type", "integer");
                List<Integer> range = NUMBERS.getOrDefault(name, List.of());
                if (!range.isEmpty()) {
                    json.put("minimum", range.getFirst());
                    json.put("maximum", range.getLast());
                }
            }
            case Boolean _ -> json.put("type", "boolean");
            case String _ when ConfigReader.LIST_TOO.contains(name) -> {
                json.put("type", List.of("string", "array"));
                json.put("items", Map.of("type", "string"));
            }
            case String text -> {
                json.put("type", "string");
                if (DURATION.matcher(text).matches()) {
                    json.put("pattern", "^" + DURATION + "$");
                }
                words(name, json);
            }
            // A date. Editors do not agree on what it is in JSON.
            default -> {}
        }
        return json;
    }

    private static void words(String name, Map<String, Object> json) {
        List<String> words =
                name.matches("sources[.][a-z0-9-]+[.]at")
                        ? AT
                        : WORDS.getOrDefault(name, List.of());
        if (!words.isEmpty()) {
            json.put("enum", words);
        }
    }

    /// All but what is the same everywhere, as it is above.
    private Map<String, Object> environment() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String key : keys(reference)) {
            if (!ConfigReader.SAME_EVERYWHERE.contains(key)) {
                properties.put(key, Map.of("$ref", "#/properties/" + key));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "object");
        json.put("properties", properties);
        json.put("additionalProperties", false);
        return json;
    }

    private static void byDefault(Map<String, Object> property, String about) {
        Matcher found = DEFAULT.matcher(about);
        if (!found.find() || property.containsKey("properties")) {
            return;
        }
        String value = found.group(1);
        Object type = property.get("type");
        if (value.startsWith("\"") && "string".equals(type)) {
            property.put("default", found.group(2));
        } else if (value.matches("-?[0-9]+") && "integer".equals(type)) {
            property.put("default", Long.valueOf(value));
        } else if ("boolean".equals(type) && value.matches("true|false")) {
            property.put("default", Boolean.valueOf(value));
        }
    }

    private static List<String> words(Enum<?>[] constants) {
        return Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /// In the order of the file.
    private static List<String> keys(TomlTable table) {
        return table.keySet().stream()
                .sorted(
                        Comparator.comparingInt((String key) -> line(table, key))
                                .thenComparing(key -> key))
                .toList();
    }

    /// From 0.
    private static int line(TomlTable table, String key) {
        TomlPosition at = ConfigReader.position(table, key);
        return at.line() - 1;
    }

    private boolean isHeader(int line, List<String> path) {
        return lines.get(line).equals("[" + String.join(".", path) + "]");
    }

    /// The comment above it, or above those that it shares it with.
    private String about(int line) {
        int end = line;
        while (end > 0 && !lines.get(line).startsWith("[") && isSetting(lines.get(end - 1))) {
            end--;
        }
        int start = end;
        while (start > 0 && lines.get(start - 1).startsWith("#")) {
            start--;
        }
        StringBuilder about = new StringBuilder();
        for (String each : lines.subList(start, end)) {
            String said = each.substring(1);
            boolean listed = said.startsWith("  ");
            about.append(about.isEmpty() ? "" : listed ? "\n" : " ").append(said.strip());
        }
        return about.toString();
    }

    private static boolean isSetting(String line) {
        return line.matches("[A-Za-z_]+ = .*");
    }
}
