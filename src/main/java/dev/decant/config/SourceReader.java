package dev.decant.config;

import dev.decant.config.SourceConfig.Access;
import dev.decant.config.SourceConfig.Format;

import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// Reads `[sources]` and `[files]`.
final class SourceReader {

    private static final String FILE = "(?=.{1,64}$)[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)+";

    /// What each table is read by.
    private static final Map<String, Function<Table, Access>> KINDS = new TreeMap<>();

    static {
        KINDS.put("environment", _ -> new SourceConfig.Environment());
        KINDS.put(
                SourceConfig.CloudInit.WORD,
                table ->
                        new SourceConfig.CloudInit(
                                table.map(
                                        "variables",
                                        "[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*",
                                        "a path such as \"v1.region\"")));
        KINDS.put("age", SourceReader::age);
        KINDS.put("command", SourceReader::command);
        KINDS.put("consul", SourceReader::consul);
        KINDS.put("vault", SourceReader::vault);
        KINDS.put("etcd", SourceReader::etcd);
        KINDS.put("files", SourceReader::files);
        KINDS.put("ssm", SourceReader::parameterStore);
        KINDS.put("secretsmanager", SourceReader::secretsManager);
        KINDS.put("s3", SourceReader::s3);
    }

    static final String URL = "https?://[A-Za-z0-9.:\\[\\]-]+/?";
    private static final String MOUNT = "[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*";
    private static final String PRINTED = "[^\\p{Cntrl}]+";

    private final ConfigReader values;

    SourceReader(ConfigReader values) {
        this.values = values;
    }

    /// In the order of the file, in which the later goes before the earlier.
    List<SourceConfig> sources() {
        Optional<TomlTable> found = values.find("sources").map(each -> (TomlTable) each.value());
        List<SourceConfig> sources = new ArrayList<>();
        for (String word : found.map(TomlTable::keySet).orElseGet(Set::of)) {
            TomlTable all = found.orElseThrow();
            sources.add(
                    source(
                            word,
                            new Table(
                                    word,
                                    ConfigReader.position(all, word),
                                    Objects.requireNonNull(all.getTable(List.of(word))))));
        }
        sources.sort(Comparator.comparingInt(SourceConfig::line));
        return sources;
    }

    /// In the order of their names.
    List<FileConfig> files(List<SourceConfig> sources) {
        Optional<TomlTable> found = values.find("files").map(each -> (TomlTable) each.value());
        List<FileConfig> files = new ArrayList<>();
        for (String name : found.map(TomlTable::keySet).orElseGet(Set::of)) {
            TomlTable all = found.orElseThrow();
            files.add(
                    file(
                            name,
                            ConfigReader.position(all, name),
                            Objects.requireNonNull(all.getTable(List.of(name))),
                            sources.stream()
                                    .filter(source -> !source.boot())
                                    .map(SourceConfig::word)
                                    .toList()));
        }
        files.sort(Comparator.comparing(FileConfig::name));
        return files;
    }

    private FileConfig file(String name, TomlPosition at, TomlTable table, List<String> sources) {
        if (!name.matches(FILE)) {
            values.wrong(
                    at,
                    "'" + name + "' is no name for a file that the app reads",
                    "Letters, digits, . _ and -, a dot within, 64 at most: [files.\"shop.toml\"]");
        }
        Optional<String> path = Optional.ofNullable(table.getString(List.of("path")));
        Optional<String> source = Optional.ofNullable(table.getString(List.of("source")));
        if (path.isPresent() == source.isPresent()) {
            values.wrong(
                    at,
                    "[files.\"" + name + "\"] is to have either a path or a source",
                    "For example:  path = \"deploy/" + name + "\"");
        }
        FileConfig file = new FileConfig(name, at.line(), path.map(values::path), source);
        if (source.isPresent() && !sources.contains(source.get())) {
            values.wrong(
                    ConfigReader.position(table, "source"),
                    "'source' is \"" + source.get() + "\", of which there is no table",
                    "Those that Decant asks when it deploys: "
                            + (sources.isEmpty() ? "none." : String.join(", ", sources) + "."));
        } else if (source.isPresent() && !source.get().equals("s3") && file.format().isEmpty()) {
            values.wrong(
                    at,
                    "how '" + name + "' is to be written is not known",
                    "What a source has becomes a file whose name ends in .json, .toml or .yaml; of"
                            + " s3, an object of that name is taken as it is.");
        }
        return file;
    }

    private static SourceConfig source(String word, Table table) {
        return new SourceConfig(
                table.at.line(),
                table.text("at", "deploy", "deploy|boot", "\"deploy\" or \"boot\"").equals("boot")
                        || word.equals(SourceConfig.CloudInit.WORD),
                table.duration("timeout", Duration.ofSeconds(10)),
                table.words("only", ConfigReader.VARIABLE, "names of variables"),
                Objects.requireNonNull(KINDS.get(word)).apply(table));
    }

    private static Access age(Table table) {
        List<Path> files =
                table.words("files", PRINTED, "names of files").stream().map(table::path).toList();
        if (files.isEmpty()) {
            table.wrong(
                    "files",
                    "[sources.age] names no file",
                    "For example:  files = [\"secrets/production.env.age\"]");
        }
        for (Path file : files) {
            if (SourceConfig.Age.format(file).isEmpty()) {
                table.wrong(
                        "files",
                        "the end of \"" + file.getFileName() + "\" does not say how to read it",
                        "It should be .env.age, .json.age, .toml.age or .yaml.age.");
            }
        }
        return new SourceConfig.Age(
                files,
                table.path(table.text("recipients", "age-recipients.txt", PRINTED, "a file")),
                table.some("identity", PRINTED, "a file").map(table::path));
    }

    private static Access command(Table table) {
        List<String> run = table.words("run", PRINTED, "a program and its arguments");
        String format =
                table.text("format", "json", "dotenv|json|toml|yaml", "dotenv, json, toml or yaml");
        SortedMap<String, List<String>> variables = table.variables("variables");
        if (run.isEmpty() && variables.isEmpty()) {
            table.wrong(
                    "run",
                    "[sources.command] names no program",
                    "For example:  variables.DATABASE_URL = [\"op\", \"read\","
                            + " \"op://shop/production/url\"]");
        }
        return new SourceConfig.Command(
                run.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new SourceConfig.Command.Run(
                                        run, Format.valueOf(format.toUpperCase(Locale.ROOT)))),
                variables);
    }

    private static Access etcd(Table table) {
        List<String> endpoints =
                table.words("endpoints", URL, "URLs such as \"https://etcd1.example.com:2379\"");
        String prefix =
                table.needed("prefix", PRINTED, "what keys begin with", "prefix = \"/shop/\"");
        table.notAtBoot("ca");
        return new SourceConfig.Etcd(
                endpoints.isEmpty() ? List.of("http://127.0.0.1:2379") : endpoints,
                prefix.endsWith("/") ? prefix : prefix + "/",
                table.some("user", PRINTED, "a user of etcd"),
                table.some("ca", PRINTED, "a file").map(table::path));
    }

    private static Access consul(Table table) {
        String prefix =
                table.needed(
                        "prefix",
                        "/*[^\\p{Cntrl}/][^\\p{Cntrl}]*",
                        "what keys begin with",
                        "prefix = \"shop/production/\"");
        table.notAtBoot("ca");
        table.notAtBoot("datacenter");
        return new SourceConfig.Consul(
                table.text("address", "http://127.0.0.1:8500", URL, "a URL"),
                prefix.replaceFirst("^/+", "").replaceFirst("/*$", "/"),
                table.some("datacenter", "[A-Za-z0-9_-]+", "the name of a datacenter"),
                table.some("ca", PRINTED, "a file").map(table::path));
    }

    private static Access vault(Table table) {
        List<String> paths =
                table.words("paths", "[^\\p{Cntrl}/][^\\p{Cntrl}]*", "a path without the mount");
        if (paths.isEmpty()) {
            table.wrong(
                    "paths",
                    "[sources.vault] names no path",
                    "For example:  paths = [\"shop/production\"]");
        }
        if (table.boot() && paths.stream().anyMatch(path -> path.endsWith("/"))) {
            table.wrong(
                    "paths",
                    "a host asks for single secrets, not for all below a path",
                    "Name them without a slash at the end, or take out  at = \"boot\".");
        }
        table.notAtBoot("ca");
        return new SourceConfig.Vault(
                table.needed(
                        "address", URL, "a URL", "address = \"https://vault.example.com:8200\""),
                table.text("mount", "secret", MOUNT, "the path of a mount"),
                table.text("kv", "2", "[12]", "\"1\" or \"2\"").equals("2"),
                paths,
                table.some("namespace", MOUNT, "a namespace"),
                table.some("role_id", "[!-~]+", "an id"),
                table.some("ca", PRINTED, "a file").map(table::path));
    }

    private static Access files(Table table) {
        List<String> files = table.words("files", PRINTED, "names of files");
        if (files.isEmpty()) {
            table.wrong(
                    "files", "[sources.files] names no file", "For example:  files = [\".env\"]");
        }
        for (String file : files) {
            if (Format.of(file.substring(file.lastIndexOf('/') + 1)).isEmpty()) {
                table.wrong(
                        "files",
                        "the end of \"" + file + "\" does not say how to read it",
                        "It should be .env, .json, .toml, .yaml or .yml, or the name"
                                + " .env.SOMETHING.");
            }
        }
        return new SourceConfig.Files(files.stream().map(table::path).toList());
    }

    private static Access parameterStore(Table table) {
        List<String> paths =
                table.someWords(
                        "paths",
                        "(/[A-Za-z0-9_.-]+)+/?",
                        "paths of parameters, each with / in front",
                        "paths = [\"/shop/production\"]");
        return new SourceConfig.ParameterStore(
                paths.stream().map(path -> path.replaceFirst("/$", "")).toList(), aws(table));
    }

    private static Access secretsManager(Table table) {
        List<String> ids =
                table.someWords(
                        "ids",
                        "[A-Za-z0-9/_+=.@:-]+",
                        "names or ARNs of secrets",
                        "ids = [\"shop/production\"]");
        return new SourceConfig.AwsSecrets(ids, aws(table));
    }

    private static Access s3(Table table) {
        String bucket =
                table.needed(
                        "bucket",
                        CodeDeployConfig.BUCKET,
                        "the name of a bucket",
                        "bucket = \"shop-config\"");
        String prefix = table.text("prefix", "", "[^\\p{Cntrl}]*", "the start of objects' names");
        // Or else `shop` would also be asked for what is below `shop-staging`.
        return new SourceConfig.S3(
                bucket,
                prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
                aws(table));
    }

    private static AwsAccess aws(Table table) {
        table.notAtBoot("profile");
        return new AwsAccess(
                table.some("region", AwsAccess.REGION, AwsAccess.A_REGION),
                table.some("profile", "[^\\p{Cntrl}]+", AwsAccess.A_PROFILE),
                table.url("endpoint"));
    }

    /// The settings of one source.
    final class Table {

        private final String word;
        private final TomlPosition at;
        private final TomlTable table;

        Table(String word, TomlPosition at, TomlTable table) {
            this.word = word;
            this.at = at;
            this.table = table;
        }

        /// @param otherwise where it is not there
        String text(String key, String otherwise, String pattern, String expected) {
            String text = table.getString(List.of(key));
            if (text == null) {
                return otherwise;
            }
            if (!text.matches(pattern)) {
                wrong(key, "'" + key + "' is \"" + text + "\"", "It should be " + expected + ".");
            }
            return text;
        }

        Optional<String> some(String key, String pattern, String expected) {
            return table.contains(List.of(key))
                    ? Optional.of(text(key, "", pattern, expected))
                    : Optional.empty();
        }

        /// One that it cannot do without.
        ///
        /// @param example such as `path = "/shop/production"`
        String needed(String key, String pattern, String expected, String example) {
            if (!table.contains(List.of(key))) {
                wrong(
                        key,
                        "[sources." + word + "] has no '" + key + "'",
                        "For example:  " + example);
            }
            return text(key, "", pattern, expected);
        }

        List<String> words(String key, String pattern, String expected) {
            List<String> words = ConfigReader.strings(table.getArray(List.of(key)));
            for (String each : words) {
                if (!each.matches(pattern)) {
                    wrong(
                            key,
                            "'" + key + "' has \"" + each + "\"",
                            "It should be " + expected + ".");
                }
            }
            return words;
        }

        /// Texts by names of variables.
        SortedMap<String, String> map(String key, String pattern, String expected) {
            SortedMap<String, String> map = new TreeMap<>();
            TomlTable own = table.getTable(List.of(key));
            if (own != null) {
                for (String name : own.keySet()) {
                    String text = Objects.requireNonNull(own.getString(List.of(name)));
                    if (!name.matches(ConfigReader.VARIABLE) || !text.matches(pattern)) {
                        values.wrong(
                                ConfigReader.position(own, name),
                                "'" + name + "' is \"" + text + "\"",
                                "It should be a variable's name, and " + expected + ".");
                    }
                    map.put(name, text);
                }
            }
            return map;
        }

        /// As [#words], of which it cannot do without one.
        List<String> someWords(String key, String pattern, String expected, String example) {
            List<String> words = words(key, pattern, expected);
            if (words.isEmpty()) {
                wrong(
                        key,
                        "[sources." + word + "] has no '" + key + "'",
                        "For example:  " + example);
            }
            return words;
        }

        Optional<URI> url(String key) {
            return some(key, URL, "a URL").filter(text -> text.matches(URL)).map(URI::create);
        }

        Duration duration(String key, Duration otherwise) {
            Optional<String> text = some(key, ".*", "a time");
            if (text.isEmpty()) {
                return otherwise;
            }
            Optional<Duration> time =
                    ConfigReader.duration(text.get()).filter(each -> !each.isZero());
            if (time.isEmpty()) {
                wrong(
                        key,
                        "'" + key + "' is \"" + text.get() + "\"",
                        "It should be a time such as \"10s\" or \"1m\".");
            }
            return time.orElse(otherwise);
        }

        /// Programs and their arguments by the names of variables.
        SortedMap<String, List<String>> variables(String key) {
            SortedMap<String, List<String>> variables = new TreeMap<>();
            TomlTable all = table.getTable(List.of(key));
            for (String name : all == null ? Set.<String>of() : all.keySet()) {
                List<String> words =
                        ConfigReader.strings(Objects.requireNonNull(all).getArray(List.of(name)));
                if (!name.matches(ConfigReader.VARIABLE)) {
                    values.wrong(
                            ConfigReader.position(all, name),
                            "'" + name + "' is no name for a variable",
                            "Use letters, digits and _, a letter first.");
                }
                if (words.isEmpty() || !words.stream().allMatch(word -> word.matches(PRINTED))) {
                    values.wrong(
                            ConfigReader.position(all, name),
                            "'" + name + "' is no program",
                            "It should be a program and its arguments.");
                }
                variables.put(name, words);
            }
            return variables;
        }

        /// A file by what is written for it, relative to decant.toml.
        Path path(String written) {
            return values.path(written);
        }

        /// It is a host that asks.
        boolean boot() {
            return "boot".equals(table.getString(List.of("at")));
        }

        void notAtBoot(String key) {
            if (boot() && table.contains(List.of(key))) {
                wrong(
                        key,
                        "'" + key + "' is not for a source that hosts ask",
                        key.equals("ca")
                                ? "A host trusts the certificates in its own /etc/ssl/certs."
                                : "Take it out, or  at = \"boot\".");
            }
        }

        /// Notes what is wrong, at the key's place, or else the table's.
        void wrong(String key, String message, String hint) {
            values.wrong(
                    table.contains(List.of(key)) ? ConfigReader.position(table, key) : at,
                    message,
                    hint);
        }
    }
}
