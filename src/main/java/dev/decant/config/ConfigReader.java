package dev.decant.config;

import dev.decant.io.Template;
import dev.decant.problem.Failure;
import dev.decant.problem.Nearest;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads `decant.toml`: first its shape against `reference.toml`, then its values. Reports all that
/// is wrong in one go, each with its place.
public final class ConfigReader {

    public static final String FILE_NAME = "decant.toml";

    /// In `reference.toml`, a key of this name stands for any key.
    private static final String ANY = "NAME";

    private static final String REQUIRED = "requires_decant";

    static final Set<String> SAME_EVERYWHERE =
            Set.of("app", "release", "name", "kind", REQUIRED, "toolchain", "environments");

    /// In a generic app these are programs and their arguments.
    static final Set<String> LIST_TOO = Set.of("migrate", "seed");

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final String HOST_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
    static final String ADDRESS = "[A-Za-z0-9][A-Za-z0-9._:%-]*";
    static final String USER = "[a-z_][a-z0-9_-]{0,31}";

    /// What the nodes of a cluster know each other by.
    private static final String COOKIE = "RELEASE_COOKIE";

    static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";
    private static final Pattern NO_CHARACTER = Pattern.compile("\\p{IsNoncharacter_Code_Point}");

    private final Path file;
    private final TomlTable root;
    private final List<TomlTable> layers;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ConfigReader(Path file, TomlTable root, List<TomlTable> layers) {
        this.file = file;
        this.root = root;
        this.layers = layers;
    }

    /// The commented reference, as it is checked against.
    public static String reference() {
        return Template.text(ConfigReader.class, "reference.toml");
    }

    /// What is in a file that a setting names.
    ///
    /// @throws Failure if it cannot be read
    public static String text(String key, Path file) {
        try {
            String text = Files.readString(file);
            return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
        } catch (IOException e) {
            throw new Failure(new ConfigProblem.NoFile(key, file, String.valueOf(e.getMessage())));
        }
    }

    /// Whether a host's `address` may be so.
    public static boolean isAddress(String text) {
        return text.matches(ADDRESS);
    }

    /// @param folder the project
    /// @param environment what `-e` said; empty where it was not given
    /// @throws Failure with one or more [ConfigProblem]s
    public static Config read(Path folder, Optional<String> environment) {
        ConfigReader reader = parse(folder);
        ConfigReader layered =
                new ConfigReader(reader.file, reader.root, reader.layers(environment));
        return layered.config(reader.chosen(environment));
    }

    /// The names in `[environments]`.
    ///
    /// @param folder the project
    /// @throws Failure with one or more [ConfigProblem]s
    public static List<String> environments(Path folder) {
        return parse(folder).environments();
    }

    /// What of a project's settings is about Erlang and Elixir, the same in all its environments.
    ///
    /// @param folder need not have a decant.toml
    /// @throws Failure with one or more [ConfigProblem]s
    public static ToolchainConfig toolchain(Path folder) {
        if (!Files.isRegularFile(folder.resolve(FILE_NAME))) {
            return ToolchainConfig.DEFAULT;
        }
        ConfigReader reader = parse(folder);
        ToolchainConfig toolchain = reader.toolchain();
        reader.stopIfWrong();
        return toolchain;
    }

    private ToolchainConfig toolchain() {
        return new ToolchainConfig(
                text(
                        "toolchain.mirror",
                        ToolchainConfig.DEFAULT.mirror(),
                        ToolchainConfig.MIRROR,
                        "a URL such as \"https://builds.hex.pm\""),
                Optional.of(
                                text(
                                        "toolchain.platform",
                                        "",
                                        "[a-z0-9]+-[0-9][0-9.]*",
                                        "an Ubuntu such as \"ubuntu-22.04\""))
                        .filter(platform -> !platform.isEmpty()),
                flag("toolchain.install"));
    }

    private static ConfigReader parse(Path folder) {
        return parse(folder, DecantVersion.own());
    }

    /// Its shape is right when this returns.
    ///
    /// @param own version of this Decant; empty where it is not known
    static ConfigReader parse(Path folder, Optional<String> own) {
        Path file = folder.resolve(FILE_NAME).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new Failure(new ConfigProblem.NoConfig(folder.toAbsolutePath().normalize()));
        }
        TomlParseResult toml;
        try {
            toml = Toml.parse(file);
        } catch (IOException e) {
            throw new Failure(
                    new ConfigProblem.Invalid(
                            FILE_NAME, 1, 1, "cannot be read: " + e.getMessage(), "ls -l " + file));
        }
        if (toml.hasErrors()) {
            throw notToml(FILE_NAME, toml);
        }
        ConfigReader reader = new ConfigReader(file, toml, List.of(toml));
        // First: what a later Decant has added is unknown here, and no slip of the pen.
        own.ifPresent(reader::checkRequired);
        reader.checkShape();
        reader.stopIfWrong();
        return reader;
    }

    static Failure notToml(String name, TomlParseResult toml) {
        return new Failure(
                toml.errors().stream()
                        .map(
                                error ->
                                        new ConfigProblem.Invalid(
                                                name,
                                                error.position().line(),
                                                error.position().column(),
                                                oneLine(error.getMessage()),
                                                "Mend the TOML there; https://toml.io has the"
                                                        + " grammar."))
                        .toList());
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "not TOML" : message.replace('\n', ' ').replaceAll("[.]$", "");
    }

    // ---- which environment

    private List<String> environments() {
        TomlTable table = root.getTable("environments");
        return table == null ? List.of() : table.keySet().stream().sorted().toList();
    }

    private Optional<String> chosen(Optional<String> asked) {
        List<String> known = environments();
        if (asked.isPresent() ? !known.contains(asked.get()) : known.size() > 1) {
            throw new Failure(
                    new ConfigProblem.WhichEnvironment(FILE_NAME, asked.orElse(""), known));
        }
        return asked.or(() -> known.stream().findFirst());
    }

    private List<TomlTable> layers(Optional<String> asked) {
        Optional<String> name = chosen(asked);
        if (name.isEmpty()) {
            return List.of(root);
        }
        TomlTable own = Objects.requireNonNull(root.getTable(List.of("environments", name.get())));
        return List.of(own, root);
    }

    // ---- shape

    /// @param own version of this Decant
    private void checkRequired(String own) {
        if (root.get(List.of(REQUIRED)) instanceof String wanted
                && wanted.matches(DecantVersion.PATTERN)
                && DecantVersion.isBefore(own, wanted)) {
            TomlPosition at = position(root, REQUIRED);
            throw new Failure(
                    new ConfigProblem.NewerDecant(FILE_NAME, at.line(), at.column(), wanted, own));
        }
    }

    private void checkShape() {
        TomlTable reference = Toml.parse(reference());
        checkTable(root, List.of(), reference, Set.of());
        for (String name : environments()) {
            List<String> path = List.of("environments", name);
            if (root.get(path) instanceof TomlTable own) {
                checkTable(own, path, reference, SAME_EVERYWHERE);
            }
        }
    }

    private void checkTable(
            TomlTable table, List<String> path, TomlTable reference, Set<String> notHere) {
        List<String> known =
                reference.keySet().stream().filter(key -> !notHere.contains(key)).toList();
        Object any = reference.get(List.of(ANY));
        for (String key : table.keySet()) {
            Object expected =
                    any != null ? any : known.contains(key) ? reference.get(List.of(key)) : null;
            TomlPosition at = position(table, key);
            if (expected == null) {
                problems.add(
                        invalid(
                                at,
                                "unknown key '" + key + "'" + where(path),
                                Nearest.hint(key, known)
                                        + " (decant config --reference has all.)"));
                continue;
            }
            Object value = Objects.requireNonNull(table.get(List.of(key)));
            if (key.equals("hosts") && value instanceof String) {
                continue;
            }
            if (path.size() % 2 == 0
                    && LIST_TOO.contains(key)
                    && value instanceof TomlArray array) {
                checkTexts(at, path, key, array, expected);
                continue;
            }
            if (!typeName(value).equals(typeName(expected))) {
                problems.add(
                        invalid(
                                at,
                                "'"
                                        + key
                                        + "'"
                                        + where(path)
                                        + " is "
                                        + typeName(value)
                                        + ", and should be "
                                        + typeName(expected),
                                "For example: " + example(path, key, expected)));
            } else if (value instanceof TomlTable inner
                    && !(path.isEmpty() && key.equals("environments"))) {
                checkTable(inner, join(path, key), (TomlTable) expected, Set.of());
            } else if (value instanceof TomlTable inner) {
                checkEnvironmentsAreTables(inner);
            } else if (value instanceof TomlArray array) {
                checkTexts(at, path, key, array, expected);
            }
        }
    }

    private void checkTexts(
            TomlPosition at, List<String> path, String key, TomlArray array, Object expected) {
        if (!array.toList().stream().allMatch(String.class::isInstance)) {
            problems.add(
                    invalid(
                            at,
                            "'" + key + "'" + where(path) + " should hold text only",
                            "For example: " + example(path, key, expected)));
        }
    }

    private void checkEnvironmentsAreTables(TomlTable environments) {
        for (String name : environments.keySet()) {
            if (!(environments.get(List.of(name)) instanceof TomlTable)) {
                problems.add(
                        invalid(
                                position(environments, name),
                                "'" + name + "' in [environments] is not a table",
                                "For example: [environments." + name + "]"));
            }
        }
    }

    private static String where(List<String> path) {
        return path.isEmpty() ? "" : " in [" + String.join(".", path) + "]";
    }

    static List<String> join(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private static String typeName(@Nullable Object value) {
        return switch (value) {
            case String _ -> "text";
            case Long _ -> "a whole number";
            case Double _ -> "a number";
            case Boolean _ -> "true or false";
            case TomlArray _ -> "a list";
            case TomlTable _ -> "a table";
            case null, default -> "a date or time";
        };
    }

    private static String example(List<String> path, String key, Object expected) {
        return switch (expected) {
            case String text -> key + " = \"" + text + "\"";
            case TomlArray array ->
                    key
                            + " = "
                            + array.toJson()
                                    .replace("\n", "")
                                    .replaceAll(" +", " ")
                                    .replace("[ ", "[")
                                    .trim();
            case TomlTable _ -> "[" + String.join(".", join(path, key)) + "]";
            default -> key + " = " + expected;
        };
    }

    // ---- values

    private Config config(Optional<String> environment) {
        text(REQUIRED, "", DecantVersion.PATTERN, "the oldest version, such as \"0.2\"");
        Kind kind = kind();
        String app =
                kind == Kind.GENERIC
                        ? text("app", "", AppNames.ANY, "a letter, then letters, digits, _ and -")
                        : text("app", "", AppNames.APP, "a name as mix.exs has it after `app:`");
        if (app.isEmpty() && problems.isEmpty()) {
            problems.add(
                    new ConfigProblem.Invalid(
                            FILE_NAME,
                            1,
                            1,
                            "there is no 'app'",
                            "Add the name from mix.exs, for example: app = \"shop\""));
        }
        String release =
                text("release", app, AppNames.APP, "a name as mix.exs has it under `releases:`");
        String unit =
                text(
                        "name",
                        AppNames.unitOf(app),
                        AppNames.UNIT,
                        "1 to 31 of a-z, 0-9 and -, a letter first");
        if (!app.isEmpty() && !unit.matches(AppNames.UNIT)) {
            problems.add(
                    invalid(
                            position(root, "app"),
                            "'" + unit + "' is too long for a name on a host",
                            "Add a shorter one, of at most 31 characters:  name = \"shop\""));
        }
        GenericReader programs = new GenericReader(this, kind);
        Optional<String> migrate = programs.command("migrate");
        Optional<String> seed = programs.command("seed");
        Optional<GenericConfig> generic = programs.generic();
        int keepReleases = number("keep_releases", 5, 2, 100);
        List<HostConfig> hosts = hosts();
        SshConfig ssh =
                new SshConfig(
                        text("ssh.user", "deploy", USER, "a user name"),
                        text("ssh.setup_user", "root", USER, "a user name"),
                        find("ssh.port").isPresent()
                                ? OptionalInt.of(number("ssh.port", 22, 1, 65535))
                                : OptionalInt.empty(),
                        file("ssh.config"),
                        duration("ssh.connect_timeout", Duration.ofSeconds(10)),
                        duration("ssh.reconnect_timeout", Duration.ofMinutes(1)));
        ServiceConfig service = service();
        HealthConfig health = health();
        checkWatchdog(service, health);
        ProxyReader proxies = new ProxyReader(this);
        NginxConfig nginx = proxies.nginx();
        CaddyConfig caddy = proxies.caddy(service);
        BalancerConfig balancer =
                new BalancerConfig(
                        words("balancer.before", "[^\\p{Cntrl}]+", "a program and its arguments"),
                        words("balancer.after", "[^\\p{Cntrl}]+", "a program and its arguments"),
                        duration("balancer.drain_wait", Duration.ZERO, Duration.ZERO));
        BuildConfig build =
                new BuildConfig(
                        text(
                                "build.mix_env",
                                BuildConfig.MIX_ENV,
                                "[a-z][a-z0-9_]*",
                                "the name of a Mix environment"),
                        BuildServer.of(
                                text(
                                        "build.server",
                                        BuildServer.HERE,
                                        BuildServer.PATTERN,
                                        BuildServer.EXPECTED)),
                        flag("build.tests"),
                        flag("build.warnings_as_errors"));
        checkBuild(kind);
        DepsConfig deps = deps();
        Privilege privilege = oneOf("privilege", Privilege.SUDO);
        Map<String, String> env = env();
        List<String> generate = secrets("generate", env);
        List<String> secrets =
                Stream.concat(secrets("secrets", env).stream(), generate.stream())
                        .sorted()
                        .distinct()
                        .toList();
        List<ProcessConfig> processes = new ProcessReader(this, kind).processes();
        checkCluster(service, secrets, hosts);
        SourceReader reader = new SourceReader(this);
        List<SourceConfig> sources = reader.sources();
        List<FileConfig> files = reader.files(sources);
        UnitConfig unitConfig = new UnitReader(this).unit();
        ToolchainConfig toolchain = toolchain();
        SortedMap<LintRule, String> acknowledged = acknowledged();
        BucketReader buckets = new BucketReader(this);
        Optional<AssetsConfig> assets = buckets.assets();
        RolloutReader rolling = new RolloutReader(this);
        RolloutConfig rollout = rolling.rollout();
        HooksConfig hooks = rolling.hooks();
        NotifyConfig notifications = rolling.notifications();
        CodeDeployConfig codeDeploy = buckets.codeDeploy();
        Optional<StoreConfig> store = buckets.store(environment);
        stopIfWrong();
        return new Config(
                file,
                environment,
                new AppNames(app, release, unit),
                kind,
                generic,
                migrate,
                seed,
                keepReleases,
                file("signing_key"),
                file("signers"),
                privilege,
                hosts,
                ssh,
                build,
                toolchain,
                deps,
                service,
                health,
                nginx,
                caddy,
                balancer,
                rollout,
                hooks,
                notifications,
                codeDeploy,
                unitConfig,
                processes,
                env,
                secrets,
                generate,
                sources,
                files,
                assets,
                store,
                acknowledged);
    }

    /// As it is said, or else by the files beside decant.toml.
    private Kind kind() {
        Path folder = Objects.requireNonNull(file.getParent());
        Kind kind = oneOf("kind", Kind.of(folder));
        boolean mix = Files.isRegularFile(folder.resolve("mix.exs"));
        boolean rebar3 = Files.isRegularFile(folder.resolve("rebar.config"));
        if ((kind == Kind.MIX && rebar3 && !mix) || (kind == Kind.REBAR3 && mix && !rebar3)) {
            wrong(
                    find("kind").orElseThrow().at(),
                    kind == Kind.MIX
                            ? "kind is \"mix\", and there is a rebar.config here and no mix.exs"
                            : "kind is \"rebar3\", and there is a mix.exs here and no rebar.config",
                    "Take it out: which of the two it is can be seen.");
        }
        return kind;
    }

    /// What a setting would have of Mix, and rebar3 has elsewhere.
    private void checkBuild(Kind kind) {
        if (kind == Kind.REBAR3 && flag("build.warnings_as_errors")) {
            wrong(
                    find("build.warnings_as_errors").orElseThrow().at(),
                    "'build.warnings_as_errors' is for Mix, and this is a project of rebar3",
                    "In rebar.config:  {erl_opts, [warnings_as_errors]}.");
        }
    }

    private DepsConfig deps() {
        Map<String, DepsConfig.Acknowledged> acknowledged = new TreeMap<>();
        find("deps.acknowledged")
                .map(found -> (TomlTable) found.value())
                .ifPresent(
                        table -> {
                            for (String id : table.keySet()) {
                                acknowledged(table, id)
                                        .ifPresent(exception -> acknowledged.put(id, exception));
                            }
                        });
        DepsConfig deps =
                new DepsConfig(
                        file("deps.advisories"),
                        Optional.of(
                                        text(
                                                "deps.registry",
                                                "",
                                                ToolchainConfig.MIRROR,
                                                "a URL such as \"https://repo.hex.pm\""))
                                .filter(url -> !url.isEmpty()),
                        file("deps.registry_key"),
                        flag("deps.gate"),
                        acknowledged);
        if (deps.gate() && deps.advisories().isEmpty() && deps.registry().isEmpty()) {
            problems.add(
                    invalid(
                            find("deps.gate").orElseThrow().at(),
                            "'deps.gate' is true, and there are neither advisories nor a registry",
                            "Say where they are, for example:  deps.advisories ="
                                    + " \"~/elixir-security-advisories\"  or  deps.registry ="
                                    + " \"https://repo.hex.pm\""));
        }
        return deps;
    }

    private Optional<DepsConfig.Acknowledged> acknowledged(TomlTable all, String id) {
        TomlTable table = Objects.requireNonNull(all.getTable(List.of(id)));
        String reason = table.getString(List.of("reason"), () -> "");
        if (reason.isBlank() || !(table.get(List.of("until")) instanceof LocalDate until)) {
            problems.add(
                    invalid(
                            position(all, id),
                            "the exception '" + id + "' does not say why, and until which day",
                            "For example:  reason = \"We do not parse what users send\"  and  until"
                                    + " = 2027-01-31"));
            return Optional.empty();
        }
        return Optional.of(new DepsConfig.Acknowledged(reason, until));
    }

    private ServiceConfig service() {
        List<PublicPort> publicPorts = publicPorts();
        int port = number("service.port", 4000, 1, 65535);
        ServiceConfig service =
                new ServiceConfig(
                        port,
                        oneOf(
                                "service.strategy",
                                publicPorts.isEmpty() ? Strategy.RESTART : Strategy.SLOTS),
                        number("service.slot_offset", 10, 1, 10_000),
                        duration("service.keep_warm", Duration.ZERO, Duration.ZERO),
                        duration("service.drain_timeout", Duration.ofSeconds(40)),
                        publicPorts,
                        distribution(port),
                        number("public.maintenance_port", near(port, 370), 1, 65535),
                        oneOf("public.firewall", "refuse", List.of("refuse", "beside"))
                                .equals("beside"),
                        duration("service.watchdog", Duration.ZERO, Duration.ZERO),
                        flag("service.restart_flag"));
        if (service.beside() && publicPorts.isEmpty()) {
            problems.add(
                    invalid(
                            find("service.strategy").orElseThrow().at(),
                            "'service.strategy' is \""
                                    + service.strategy().word()
                                    + "\", and there is no public port to switch",
                            "Say which the world connects to, for example:  public.ports ="
                                    + " [\"80:"
                                    + service.port()
                                    + "\"]"));
        }
        if (service.beside()) {
            checkPortsOfSlots(service);
        }
        if (service.redirects()) {
            checkMaintenancePort(service);
        }
        return service;
    }

    /// Whoever does not say when it is ready does not say either that it is alive.
    private void checkWatchdog(ServiceConfig service, HealthConfig health) {
        if (!service.watchdog().isZero() && !health.byNotify()) {
            problems.add(
                    invalid(
                            find("service.watchdog").orElseThrow().at(),
                            "'service.watchdog' is for apps that speak to systemd, and"
                                    + " 'health.check' is \""
                                    + health.check().word()
                                    + "\"",
                            "With  health.check = \"notify\"  and a module in the app that does"
                                    + " so:  decant generate notify"));
        }
    }

    private OptionalInt distribution(int servicePort) {
        boolean listens =
                !oneOf("service.distribution", "none", List.of("none", "local", "cluster"))
                        .equals("none");
        int port = number("service.distribution_port", near(servicePort, 371), 1, 65535);
        return listens ? OptionalInt.of(port) : OptionalInt.empty();
    }

    private static int near(int port, int distance) {
        return port + distance <= 65535 ? port + distance : port - distance;
    }

    List<String> words(String key, String pattern, String expected) {
        Optional<Found> found = find(key);
        List<String> words = found.map(list -> strings((TomlArray) list.value())).orElse(List.of());
        for (String word : words) {
            if (!word.matches(pattern)) {
                problems.add(
                        invalid(
                                found.orElseThrow().at(),
                                "'" + key + "' has \"" + word + "\"",
                                "It should be " + expected + "."));
            }
        }
        return words;
    }

    private HealthConfig health() {
        String[] good =
                text(
                                "health.status",
                                "200-299",
                                "[1-5][0-9]{2}(-[1-5][0-9]{2})?",
                                "a status or a range, such as \"204\" or \"200-399\"")
                        .split("-");
        String command = text("health.command", "", "[^\\p{Cntrl}]+", "a command on one line");
        HealthConfig.Check check =
                oneOf(
                        "health.check",
                        command.isEmpty() ? HealthConfig.Check.HTTP : HealthConfig.Check.COMMAND);
        if (check == HealthConfig.Check.COMMAND && command.isEmpty()) {
            problems.add(
                    invalid(
                            find("health.check").orElseThrow().at(),
                            "'health.check' is \"command\", and there is no command",
                            "For example:  health.command = \"curl -fs"
                                    + " http://127.0.0.1:$PORT/ready\""));
        }
        return new HealthConfig(
                check,
                text("health.path", "/", "/[!-~]*", "a path that begins with /, without spaces"),
                Integer.parseInt(good[0]),
                Integer.parseInt(good[good.length - 1]),
                text("health.match", "", "[^\\p{Cntrl}]+", "text on one line"),
                Optional.of(text("health.host", "", "[A-Za-z0-9.:_-]+", "the name of a host"))
                        .filter(name -> !name.isEmpty()),
                words(
                        "health.headers",
                        "[A-Za-z0-9-]+: [ -~]*",
                        "a header, such as \"X-Forwarded-Proto: https\""),
                flag("health.tls"),
                command,
                duration("health.interval", Duration.ofMillis(100), Duration.ofMillis(10)),
                number("health.attempts", 0, 0, 10_000),
                number("health.successes", 1, 1, 1_000),
                duration("health.timeout", Duration.ofSeconds(60)),
                duration("health.confirm_timeout", Duration.ofSeconds(30), Duration.ZERO));
    }

    boolean flag(String key) {
        return find(key).map(found -> (Boolean) found.value()).orElse(false);
    }

    private List<PublicPort> publicPorts() {
        Optional<Found> found = find("public.ports");
        if (found.isEmpty()) {
            return List.of();
        }
        List<PublicPort> ports = new ArrayList<>();
        for (String written : strings((TomlArray) found.get().value())) {
            Optional<PublicPort> port = PublicPort.of(written);
            if (port.isEmpty()) {
                problems.add(
                        invalid(
                                found.get().at(),
                                "'public.ports' has \"" + written + "\"",
                                "It should be a public port and another one of the app, such as"
                                        + " \"80:4000\"."));
            } else if (ports.stream().anyMatch(other -> other.port() == port.get().port())) {
                problems.add(
                        invalid(
                                found.get().at(),
                                "'public.ports' leads "
                                        + port.get().port()
                                        + " to more than one port",
                                "Take all but one of them out."));
            } else {
                ports.add(port.get());
            }
        }
        return ports;
    }

    /// A port that both slots, or the world and a slot, would have.
    private void checkPortsOfSlots(ServiceConfig service) {
        Set<Integer> first = new TreeSet<>(Set.of(service.port()));
        service.publicPorts().forEach(port -> first.add(port.to()));
        service.distribution().ifPresent(first::add);
        Set<Integer> taken = new TreeSet<>(first);
        service.publicPorts().forEach(port -> taken.add(port.port()));
        for (int port : first) {
            int second = port + service.slotOffset();
            if (second > 65535 || taken.contains(second)) {
                problems.add(
                        invalid(
                                find("service.slot_offset")
                                        .or(() -> find("public.ports"))
                                        .orElseThrow()
                                        .at(),
                                "the second slot would listen on "
                                        + second
                                        + " for "
                                        + port
                                        + (second > 65535
                                                ? ", which is no port"
                                                : ", which is taken"),
                                "Change how much higher its ports are, for example: "
                                        + " service.slot_offset = 100"));
            }
        }
    }

    private void checkMaintenancePort(ServiceConfig service) {
        Set<Integer> taken = new TreeSet<>(Set.of(service.port()));
        service.publicPorts().forEach(port -> taken.add(port.to()));
        service.distribution().ifPresent(taken::add);
        if (service.beside()) {
            List.copyOf(taken).forEach(port -> taken.add(port + service.slotOffset()));
        }
        service.publicPorts().forEach(port -> taken.add(port.port()));
        if (taken.contains(service.maintenancePort())) {
            problems.add(
                    invalid(
                            find("public.maintenance_port")
                                    .or(() -> find("public.ports"))
                                    .orElseThrow()
                                    .at(),
                            "visitors would be led to "
                                    + service.maintenancePort()
                                    + " during maintenance, which is taken",
                            "Choose another, for example:  public.maintenance_port = 4399"));
        }
    }

    /// A constant by its name in small letters.
    <E extends Enum<E>> E oneOf(String key, E otherwise) {
        Map<String, E> constants = new LinkedHashMap<>();
        for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
            constants.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        String word =
                oneOf(
                        key,
                        otherwise.name().toLowerCase(Locale.ROOT),
                        List.copyOf(constants.keySet()));
        return constants.getOrDefault(word, otherwise);
    }

    String oneOf(String key, String otherwise, List<String> words) {
        return text(key, otherwise, String.join("|", words), "one of " + String.join(", ", words));
    }

    private Optional<Path> file(String key) {
        return Optional.of(text(key, "", "[^\\p{Cntrl}]+", "a file"))
                .filter(path -> !path.isEmpty())
                .map(this::path);
    }

    Path path(String written) {
        if (written.startsWith("~/")) {
            return Path.of(System.getProperty("user.home"), written.substring(2));
        }
        return file.resolveSibling(written).normalize();
    }

    private List<HostConfig> hosts() {
        List<HostConfig> hosts = new ArrayList<>();
        Optional<Found> found = find("hosts");
        if (found.isEmpty()
                || (found.get().value() instanceof TomlTable table && table.isEmpty())) {
            problems.add(
                    new ConfigProblem.Invalid(
                            FILE_NAME,
                            1,
                            1,
                            "there is no host",
                            "For example:  [hosts.web1]  and below it  address ="
                                    + " \"web1.example.com\""));
            return hosts;
        }
        if (found.get().value() instanceof String word) {
            Optional<AnsibleInventory> inventory =
                    AnsibleInventory.of(word, Objects.requireNonNull(file.getParent()));
            if (inventory.isPresent()) {
                return List.of(HostConfig.inventory(inventory.get(), isCluster()));
            }
            if (!word.equals(HostConfig.ELSEWHERE.name())) {
                problems.add(
                        invalid(
                                found.get().at(),
                                "hosts is \"" + word + "\"",
                                "It should be a table for each host, such as [hosts.web1], or"
                                        + " \"ansible:FILE\" for those of an inventory, or"
                                        + " \"elsewhere\" for machines that something else"
                                        + " brings releases to."));
            }
            return List.of(HostConfig.ELSEWHERE);
        }
        TomlTable table = (TomlTable) found.get().value();
        // A table's keys come in no certain order; the order of the file is what a person expects.
        List<String> names =
                table.keySet().stream()
                        .sorted(
                                (a, b) ->
                                        Integer.compare(
                                                position(table, a).line(),
                                                position(table, b).line()))
                        .toList();
        for (String name : names) {
            TomlTable host = Objects.requireNonNull(table.getTable(List.of(name)));
            if (!name.matches(HOST_NAME)) {
                problems.add(
                        invalid(
                                position(table, name),
                                "'" + name + "' is no name for a host",
                                "Use letters, digits, . _ and -, for example [hosts.web1]"));
            }
            String address = host.getString(List.of("address"), () -> name);
            if (!isAddress(address)) {
                problems.add(
                        invalid(
                                position(host, "address"),
                                "'" + address + "' is no address",
                                "A host name or an address only: user and port have their own"
                                        + " settings under [ssh]."));
            }
            hosts.add(
                    new HostConfig(
                            name,
                            address,
                            strings(host.getArray(List.of("roles"))),
                            nodeAddress(table, name, address)));
        }
        return hosts;
    }

    private boolean isCluster() {
        return find("service.distribution")
                .filter(found -> found.value().equals("cluster"))
                .isPresent();
    }

    /// A node is named by it, and all others have to see it as it is written there.
    private String nodeAddress(TomlTable hosts, String name, String address) {
        TomlTable host = Objects.requireNonNull(hosts.getTable(List.of(name)));
        Optional<String> told = Optional.ofNullable(host.getString(List.of("cluster_address")));
        if (!isCluster() && told.isEmpty()) {
            return HostConfig.LOOPBACK;
        }
        String at = told.orElse(address);
        if (!isReachable(at)) {
            problems.add(
                    invalid(
                            told.isPresent()
                                    ? position(host, "cluster_address")
                                    : position(hosts, name),
                            "'" + at + "' is no address at which the other nodes reach " + name,
                            "Say which of its IPv4 addresses is, for example:  cluster_address ="
                                    + " \"10.0.0.1\""));
        }
        return isCluster() ? at : HostConfig.LOOPBACK;
    }

    /// Nodes are named by IPv4 addresses; for IPv6 the VM would need another way to connect.
    static boolean isReachable(String text) {
        try {
            Inet4Address address = Inet4Address.ofLiteral(text);
            return address.getHostAddress().equals(text)
                    && !address.isLoopbackAddress()
                    && !address.isAnyLocalAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void checkCluster(ServiceConfig service, List<String> secrets, List<HostConfig> hosts) {
        if (!isCluster()) {
            return;
        }
        TomlPosition at = find("service.distribution").orElseThrow().at();
        if (service.beside()) {
            problems.add(
                    invalid(
                            at,
                            "'service.distribution' is \"cluster\", and with the strategy \""
                                    + service.strategy().word()
                                    + "\" two nodes of it run on a host, of which the others would"
                                    + " find one",
                            "Replace one after the other:  service.strategy = \"restart\""));
        }
        if (hosts.contains(HostConfig.ELSEWHERE)) {
            problems.add(
                    invalid(
                            at,
                            "'service.distribution' is \"cluster\", and where the nodes of hosts"
                                    + " are that Decant does not reach is not known here",
                            "Leave it out, and have the app itself find its nodes; or name the"
                                    + " hosts, each with its cluster_address."));
        }
        if (!secrets.contains(COOKIE)) {
            problems.add(
                    invalid(
                            at,
                            "'service.distribution' is \"cluster\", and there is no cookie that"
                                    + " its nodes have in common",
                            "Add it to the secrets, for example:  secrets = [\"" + COOKIE + "\"]"));
        }
    }

    private Map<String, String> env() {
        Map<String, String> env = new TreeMap<>();
        for (TomlTable layer : layers.reversed()) {
            TomlTable table = layer.getTable("env");
            if (table == null) {
                continue;
            }
            for (String name : table.keySet()) {
                String value = Objects.requireNonNull(table.getString(List.of(name)));
                if (!name.matches(VARIABLE)) {
                    problems.add(
                            invalid(
                                    position(table, name),
                                    "'" + name + "' is no name for a variable",
                                    "Use letters, digits and _, a letter first."));
                } else if (value.indexOf('\0') >= 0 || value.contains("\n")) {
                    problems.add(
                            invalid(
                                    position(table, name),
                                    "the value of '" + name + "' has more than one line",
                                    "Put long values into a file of the release."));
                } else if (NO_CHARACTER.matcher(value).find()) {
                    problems.add(
                            invalid(
                                    position(table, name),
                                    "the value of '"
                                            + name
                                            + "' has what Unicode calls no character",
                                    "systemd would refuse all of the app's settings for it."));
                }
                env.put(name, value);
            }
        }
        return env;
    }

    private List<String> secrets(String key, Map<String, String> env) {
        Optional<Found> found = find(key);
        if (found.isEmpty()) {
            return List.of();
        }
        List<String> names = strings((TomlArray) found.get().value());
        for (String name : names) {
            if (!name.matches(VARIABLE)) {
                problems.add(
                        invalid(
                                found.get().at(),
                                "'" + name + "' is no name for a secret",
                                "Use the name of a variable: letters, digits and _."));
            } else if (env.containsKey(name)) {
                problems.add(
                        invalid(
                                found.get().at(),
                                "'" + name + "' is a secret and also stands in [env]",
                                "Take it out of [env]: that is written where others can read it."));
            }
        }
        return names.stream().sorted().distinct().toList();
    }

    private SortedMap<LintRule, String> acknowledged() {
        Map<String, LintRule> known = new LinkedHashMap<>();
        for (LintRule rule : LintRule.values()) {
            known.put(rule.word(), rule);
        }
        SortedMap<LintRule, String> acknowledged = new TreeMap<>();
        for (String written :
                words(
                        "doctor.ignore",
                        "[a-z-]+: *[^\\p{Cntrl} ][^\\p{Cntrl}]*",
                        "a rule and why it does not matter here, such as \"proc-access: nobody"
                                + " asks os_mon\"")) {
            String[] parts = written.split(": *", 2);
            LintRule rule = known.get(parts[0]);
            if (rule != null) {
                acknowledged.put(rule, parts[parts.length - 1]);
            } else if (parts.length == 2) {
                wrong(
                        find("doctor.ignore").orElseThrow().at(),
                        "'doctor.ignore' has '" + parts[0] + "', which is no rule",
                        Nearest.hint(parts[0], known.keySet()));
            }
        }
        return acknowledged;
    }

    static List<String> strings(@Nullable TomlArray array) {
        return array == null ? List.of() : array.toList().stream().map(Object::toString).toList();
    }

    // ---- one value

    record Found(Object value, TomlPosition at) {}

    Optional<Found> find(String dotted) {
        List<String> path = List.of(dotted.split("[.]"));
        for (TomlTable layer : layers) {
            Object value = layer.get(path);
            if (value != null) {
                TomlPosition at = layer.inputPositionOf(path);
                return Optional.of(
                        new Found(value, at == null ? TomlPosition.positionAt(1, 1) : at));
            }
        }
        return Optional.empty();
    }

    /// As [#text], for what need not be there.
    Optional<String> some(String key, String pattern, String expected) {
        return Optional.of(text(key, "", pattern, expected)).filter(text -> !text.isEmpty());
    }

    String text(String key, String otherwise, String pattern, String expected) {
        return value(
                key,
                otherwise,
                value -> {
                    String text = (String) value;
                    return text.matches(pattern) ? Optional.of(text) : Optional.empty();
                },
                expected);
    }

    int number(String key, int otherwise, int least, int most) {
        return value(
                key,
                otherwise,
                value -> {
                    long number = (Long) value;
                    return number >= least && number <= most
                            ? Optional.of((int) number)
                            : Optional.empty();
                },
                "a whole number from " + least + " to " + most);
    }

    private Duration duration(String key, Duration otherwise) {
        return duration(key, otherwise, Duration.ofSeconds(1));
    }

    Duration duration(String key, Duration otherwise, Duration least) {
        return value(
                key,
                otherwise,
                value ->
                        duration((String) value)
                                .filter(time -> time.compareTo(least) >= 0)
                                .filter(
                                        time ->
                                                least.toMillisPart() > 0
                                                        || time.toMillisPart() == 0)
                                .filter(time -> time.compareTo(Duration.ofHours(24)) <= 0),
                "a time from "
                        + (least.toMillisPart() > 0
                                ? least.toMillis() + "ms"
                                : least.toSeconds() + "s")
                        + " to 24h, such as \"30s\" or \"2m\"");
    }

    /// Reads a time as settings and options have it, such as `30s`, `2m` or `1h`.
    ///
    /// @return empty where it is none
    public static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                });
    }

    <T> T value(String key, T otherwise, Function<Object, Optional<T>> check, String expected) {
        Optional<Found> found = find(key);
        if (found.isEmpty()) {
            return otherwise;
        }
        Optional<T> value = check.apply(found.get().value());
        if (value.isEmpty()) {
            problems.add(
                    invalid(
                            found.get().at(),
                            "'" + key + "' is " + shown(found.get().value()),
                            "It should be " + expected + "."));
        }
        return value.orElse(otherwise);
    }

    private static String shown(Object value) {
        return value instanceof String text ? "\"" + text + "\"" : value.toString();
    }

    static TomlPosition position(TomlTable table, String key) {
        TomlPosition at = table.inputPositionOf(List.of(key));
        return at == null ? TomlPosition.positionAt(1, 1) : at;
    }

    void wrong(TomlPosition at, String message, String hint) {
        problems.add(invalid(at, message, hint));
    }

    private static ConfigProblem invalid(TomlPosition at, String message, String hint) {
        return new ConfigProblem.Invalid(FILE_NAME, at.line(), at.column(), message, hint);
    }

    private void stopIfWrong() {
        if (!problems.isEmpty()) {
            throw new Failure(
                    problems.stream()
                            .sorted(
                                    (a, b) ->
                                            a instanceof ConfigProblem.Invalid x
                                                            && b instanceof ConfigProblem.Invalid y
                                                    ? x.line() != y.line()
                                                            ? Integer.compare(x.line(), y.line())
                                                            : Integer.compare(
                                                                    x.column(), y.column())
                                                    : 0)
                            .toList());
        }
    }
}
