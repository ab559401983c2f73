package dev.decant.source;

import dev.decant.config.Config;
import dev.decant.config.FileConfig;
import dev.decant.config.SourceConfig;
import dev.decant.config.SourceConfig.Format;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.secrets.Secret;
import dev.decant.secrets.Secrets;
import dev.decant.systemd.EnvironmentFile;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Asks all sources of a project that are asked on this side.
public final class Sources {

    /// How many keys a store is asked for at a time, where it can be asked so.
    private static final int PAGE = 500;

    static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";

    private final Config config;
    private final Map<String, String> environment;

    private Sources(Config config, Map<String, String> environment) {
        this.config = config;
        this.environment = environment;
    }

    /// All values, and the settings that know of all their names.
    ///
    /// @param config whose [Config#secrets()] are those that were listed and those that were found
    /// @param secrets in the order of their names
    public record Found(Config config, List<Secret> secrets) {

        public Found {
            secrets = List.copyOf(secrets);
        }
    }

    /// Asks all at once, each for as long as it may take.
    ///
    /// @param environment of this process
    /// @throws Failure with a [SourceProblem] for each that could not be asked, or said what is of
    ///   no use
    public static Found find(Config config, Map<String, String> environment)
            throws InterruptedException {
        if (config.sources().isEmpty() && config.files().isEmpty()) {
            return new Found(config, Secrets.from(config.secrets(), environment));
        }
        return new Sources(config, environment).find();
    }

    /// Which names each source has, by the words of those that are asked on this side, in their
    /// order.
    ///
    /// @throws Failure as [#find(Config, Map)]
    public static Map<String, List<String>> names(Config config, Map<String, String> environment)
            throws InterruptedException {
        if (config.sources().isEmpty()) {
            return Map.of(
                    "environment",
                    Secrets.from(config.secrets(), environment).stream()
                            .map(Secret::name)
                            .sorted()
                            .toList());
        }
        Map<String, List<String>> names = new LinkedHashMap<>();
        new Sources(config, environment)
                .each()
                .forEach((source, found) -> names.put(source, List.copyOf(found.keySet())));
        return names;
    }

    private Found find() throws InterruptedException {
        SortedMap<String, Secret> secrets = new TreeMap<>();
        Map<String, String> from = new LinkedHashMap<>();
        each().forEach(
                        (source, found) ->
                                found.forEach(
                                        (name, secret) -> {
                                            secrets.put(name, secret);
                                            from.put(name, source);
                                        }));
        if (config.sources().isEmpty()) {
            Secrets.from(config.secrets(), environment)
                    .forEach(secret -> secrets.put(secret.name(), secret));
        }
        for (FileConfig file : config.files()) {
            file.path()
                    .map(path -> AppFile.read(file, path))
                    .ifPresent(secret -> secrets.put(secret.name(), secret));
        }
        List<Problem> problems = new ArrayList<>();
        from.forEach(
                (name, source) -> {
                    if (config.env().containsKey(name)) {
                        problems.add(new SourceProblem.InEnv(source, name));
                    }
                });
        stopIf(problems);
        TreeSet<String> names = new TreeSet<>(config.secrets());
        names.addAll(secrets.keySet());
        return new Found(config.withSecrets(List.copyOf(names)), List.copyOf(secrets.values()));
    }

    /// What each has, by the words of the sources, in their order.
    private Map<String, SortedMap<String, Secret>> each() throws InterruptedException {
        Map<String, SortedMap<String, Secret>> all = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        // Not a try: closing would wait for those that do not end.
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Map<SourceConfig, Future<SortedMap<String, Secret>>> asked = new LinkedHashMap<>();
            for (SourceConfig source : config.sources()) {
                if (!source.boot()) {
                    asked.put(source, threads.submit(() -> values(source)));
                }
            }
            long begun = System.nanoTime();
            for (Map.Entry<SourceConfig, Future<SortedMap<String, Secret>>> each :
                    asked.entrySet()) {
                SourceConfig source = each.getKey();
                try {
                    all.put(
                            source.word(),
                            each.getValue().get(left(source, begun), TimeUnit.NANOSECONDS));
                } catch (TimeoutException e) {
                    problems.add(new SourceProblem.TooSlow(source.word(), source.timeout()));
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof Failure failure)) {
                        throw new IllegalStateException("asking " + source.word(), e.getCause());
                    }
                    problems.addAll(failure.problems());
                }
            }
        } finally {
            threads.shutdownNow();
        }
        stopIf(problems);
        return all;
    }

    private static long left(SourceConfig source, long begun) {
        return source.timeout().minus(Duration.ofNanos(System.nanoTime() - begun)).toNanos();
    }

    private static void stopIf(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
    }

    private SortedMap<String, Secret> values(SourceConfig source) throws InterruptedException {
        SortedMap<String, Secret> values =
                switch (source.access()) {
                    case SourceConfig.Environment _ ->
                            named(source, fromEnvironment(), Function.identity());
                    case SourceConfig.Age access ->
                            values(source, new AgeSource(access, folder(), environment).fetch());
                    case SourceConfig.Command access ->
                            values(
                                    source,
                                    new CommandSource(access, folder(), environment).fetch());
                    case SourceConfig.Consul access ->
                            values(source, new ConsulSource(access, environment).fetch());
                    case SourceConfig.Vault access ->
                            values(
                                    source,
                                    new VaultSource(access, environment, source.timeout()).fetch());
                    case SourceConfig.Etcd access ->
                            values(source, new EtcdSource(access, environment, PAGE).fetch());
                    case SourceConfig.Files access ->
                            values(source, new FileSource(access, folder()).fetch());
                    case SourceConfig.CloudInit _ ->
                            throw new IllegalArgumentException("only the host has it");
                    case SourceConfig.ParameterStore access ->
                            values(
                                    source,
                                    new ParameterStoreSource(access, source.timeout()).fetch());
                    case SourceConfig.AwsSecrets access ->
                            values(
                                    source,
                                    new SecretsManagerSource(access, source.timeout()).fetch());
                    case SourceConfig.S3 access ->
                            values(source, new S3Source(access, source.timeout()).fetch());
                };
        if (values.keySet().stream().anyMatch(Secret::isFile)) {
            return values;
        }
        List<Problem> lacking = new ArrayList<>();
        for (String name : source.only()) {
            if (!values.containsKey(name)) {
                lacking.add(new SourceProblem.Lacks(source.word(), name));
            }
        }
        stopIf(lacking);
        return values;
    }

    /// What a source of another kind has: files that decant.toml names, or else variables.
    private SortedMap<String, Secret> values(SourceConfig source, Contents contents) {
        SortedMap<String, Secret> files = new TreeMap<>();
        Contents rest = contents;
        boolean written = false;
        for (FileConfig file : config.files()) {
            if (file.source().equals(Optional.of(source.word()))) {
                Optional<Contents.Document> itself = AppFile.itself(file, contents);
                if (itself.isEmpty() && file.format().isEmpty()) {
                    throw new Failure(new SourceProblem.Lacks(source.word(), file.name()));
                }
                files.put(
                        file.name(),
                        itself.map(document -> AppFile.of(file, document))
                                .orElseGet(() -> AppFile.of(file, source, contents)));
                written |= itself.isEmpty();
                rest = itself.map(rest::without).orElse(rest);
            }
        }
        if (!written) {
            files.putAll(variables(source, rest));
        }
        return files;
    }

    private static SortedMap<String, Secret> variables(SourceConfig source, Contents contents) {
        return switch (contents) {
            case Contents.Entries found -> named(source, found.entries(), Sources::variable);
            case Contents.Layers found -> {
                SortedMap<String, Secret> all = new TreeMap<>();
                found.layers().forEach(each -> all.putAll(variables(source, each)));
                yield all;
            }
            case Contents.Documents found -> {
                SortedMap<String, Secret> all = new TreeMap<>();
                for (Contents.Document each : found.documents()) {
                    all.putAll(
                            named(
                                    source,
                                    Formats.entries(source.word(), each),
                                    isDotenv(each) ? Function.identity() : Sources::variable));
                }
                all.putAll(named(source, found.variables(), Function.identity()));
                yield all;
            }
        };
    }

    /// The names of the variables that a text has.
    static List<String> names(String source, Contents.Document document) {
        return Formats.entries(source, document).stream()
                .map(Contents.Entry::key)
                .map(key -> isDotenv(document) ? key : variable(key))
                .toList();
    }

    private static boolean isDotenv(Contents.Document document) {
        return document.format().equals(Optional.of(Format.DOTENV));
    }

    /// What the value of a key is called, such as `DB_POOL_SIZE` of `db/pool-size`.
    static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /// The project's.
    private Path folder() {
        return Objects.requireNonNull(config.file().getParent());
    }

    private List<Contents.Entry> fromEnvironment() {
        return Secrets.from(config.secrets(), environment).stream()
                .map(secret -> new Contents.Entry(List.of(secret.name()), secret.value()))
                .toList();
    }

    /// Gives each value the name of its variable.
    ///
    /// @param naming from the parts of its key, with `/` between
    private static SortedMap<String, Secret> named(
            SourceConfig source, List<Contents.Entry> entries, Function<String, String> naming) {
        SortedMap<String, Secret> secrets = new TreeMap<>();
        Map<String, String> keys = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Contents.Entry entry : entries) {
            String name = naming.apply(entry.key());
            if (!source.only().isEmpty() && !source.only().contains(name)) {
                continue;
            }
            if (!name.matches(VARIABLE)) {
                problems.add(new SourceProblem.NoName(source.word(), entry.key()));
            } else if (keys.containsKey(name)) {
                problems.add(
                        new SourceProblem.SameName(
                                source.word(), keys.getOrDefault(name, ""), entry.key(), name));
            } else if (!EnvironmentFile.isTaken(entry.value())) {
                problems.add(new SourceProblem.NoValue(source.word(), entry.key()));
            } else {
                keys.put(name, entry.key());
                secrets.put(name, new Secret(name, entry.value()));
            }
        }
        stopIf(problems);
        return secrets;
    }
}
