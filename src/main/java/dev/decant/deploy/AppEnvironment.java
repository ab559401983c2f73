package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.host.HostFacts;
import dev.decant.host.HostFiles;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.HostLayout;
import dev.decant.systemd.EnvironmentFile;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What an app finds in its environment on one host, besides what systemd itself and the release's
/// start script add, and why.
///
/// @param variables in the order of their names
/// @param notes what is to be known of files besides
public record AppEnvironment(String host, List<Variable> variables, List<Note> notes) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// A systemd that knows all.
    private static final int NEWEST = 999;

    private static final Pattern ASSIGNED =
            Pattern.compile("(?:^|[\\s\"'])([A-Za-z_][A-Za-z0-9_]*)=");

    /// Some only where the unit asks for it.
    private static final Set<String> OF_SYSTEMD =
            Set.of(
                    "HOME",
                    "USER",
                    "LOGNAME",
                    "SHELL",
                    "PATH",
                    "INVOCATION_ID",
                    "JOURNAL_STREAM",
                    "NOTIFY_SOCKET",
                    "WATCHDOG_USEC",
                    "LISTEN_FDS",
                    "LISTEN_PID",
                    "RUNTIME_DIRECTORY",
                    "STATE_DIRECTORY",
                    "CACHE_DIRECTORY",
                    "LOGS_DIRECTORY",
                    "CONFIGURATION_DIRECTORY",
                    "BINDIR",
                    "ROOTDIR",
                    "EMU",
                    "PROGNAME");

    public AppEnvironment {
        variables = List.copyOf(variables);
        notes = List.copyOf(notes);
    }

    /// @param value empty where it is not to be shown
    /// @param secret it is one of the app's secrets
    /// @param from the file whose value it has, or the unit
    /// @param over those whose value it would have otherwise, the next in line first
    public record Variable(
            String name, Optional<String> value, boolean secret, String from, List<String> over) {

        public Variable {
            over = List.copyOf(over);
        }
    }

    public record Note(String file, What what) {}

    public enum What {
        /// The deploy user may not read it, so that what it says is not known here.
        UNREAD,
        /// systemd takes nothing from it, since it is not UTF-8.
        REFUSED,
        /// It is newer than the app's start.
        CHANGED
    }

    /// Names of the variables that an app has on every host without anybody's doing there: those of
    /// the unit, of a deploy and of secrets, and those that systemd and the VM add.
    public static Set<String> names(Config config) {
        Set<String> names = new TreeSet<>(OF_SYSTEMD);
        names.addAll(config.secrets());
        EnvironmentFile.read(
                        Settings.of(config).environment().getBytes(StandardCharsets.UTF_8), NEWEST)
                .ifPresent(variables -> names.addAll(variables.keySet()));
        HostFiles files = Settings.files(config, config.migrationHost().name(), NEWEST, "");
        String unit = config.names().unit();
        Stream<String> dropIns =
                files.more().entrySet().stream()
                        .filter(file -> file.getKey().matches(unit + "@?[.]service[.]d/.*"))
                        .map(Map.Entry::getValue);
        Stream.concat(Stream.of(files.service(), files.slot()), dropIns)
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Environment="))
                .flatMap(
                        line -> ASSIGNED.matcher(line.substring("Environment=".length())).results())
                .forEach(assigned -> names.add(assigned.group(1)));
        return names;
    }

    /// Asks all hosts at once. Values come only from what deploys and units say; from other files
    /// only where they are asked for; of secrets never.
    ///
    /// @param values of the machine's own files as well
    /// @throws Failure with a problem for each host that serves nothing
    public static List<AppEnvironment> of(Fleet fleet, Config config, boolean values)
            throws InterruptedException {
        Map<String, HostFacts> all = fleet.facts();
        return fleet.each(
                name -> {
                    Verb verb = new Verb.Environment();
                    Reply reply = fleet.get(name).ask(verb);
                    if (reply.status() == Reply.NO_SUCH) {
                        throw new Failure(new DeployProblem.NothingDeployed(name));
                    }
                    fleet.get(name).must(verb, reply);
                    return of(config, Objects.requireNonNull(all.get(name)), reply, values);
                });
    }

    /// @param reply to [Verb.Environment]
    static AppEnvironment of(Config config, HostFacts facts, Reply reply, boolean values) {
        HostLayout layout = new HostLayout(config.names().unit());
        Set<String> secrets = new HashSet<>(config.secrets());
        secrets.addAll(facts.secrets().names());
        secrets.addAll(reply.all("fetched"));
        secrets.add("RELEASE_COOKIE");
        Layers layers = new Layers(secrets);
        String unit = reply.value("unit").orElse("");
        layers.add(unit, unitLines(reply.value("lines").orElse("")), true);
        List<Note> notes = new ArrayList<>();
        for (String line : reply.all("file")) {
            String text = line.substring(0, line.indexOf(' '));
            String path = line.substring(text.length() + 1);
            if (path.equals(layout.cookie())) {
                layers.add(path, List.of("RELEASE_COOKIE"));
                continue;
            }
            if (path.equals(layout.secrets()) || ofSlot(layout, path, "secrets")) {
                layers.add(path, facts.secrets().names());
                continue;
            }
            if (path.equals(layout.fetched())) {
                layers.add(path, reply.all("fetched"));
                continue;
            }
            byte[] bytes = text.equals("-") ? new byte[0] : Base64.getDecoder().decode(text);
            // A slot has the file of its deployment, and this one is only to be the same.
            boolean other =
                    ofSlot(layout, path, "environment")
                            && !facts.environment().equals(Optional.of(Digest.of(bytes)));
            if (text.equals("-") || other) {
                notes.add(new Note(path, What.UNREAD));
                continue;
            }
            boolean decants =
                    path.equals(layout.environment()) || path.startsWith(layout.slotSettings());
            EnvironmentFile.read(bytes, facts.systemd())
                    .ifPresentOrElse(
                            variables -> layers.add(path, variables, decants || values),
                            () -> notes.add(new Note(path, What.REFUSED)));
        }
        reply.all("changed").forEach(path -> notes.add(new Note(path, What.CHANGED)));
        return new AppEnvironment(facts.host(), layers.variables(), notes);
    }

    private static boolean ofSlot(HostLayout layout, String path, String file) {
        return path.startsWith(layout.slotSettings() + "/") && path.endsWith("/" + file);
    }

    /// @param property `Environment` of a unit, as busctl(1) has it
    private static Map<String, String> unitLines(String property) {
        Map<String, String> variables = new TreeMap<>();
        for (JsonNode each : JSON.readTree(property).path("data")) {
            String line = each.asString("");
            int equals = line.indexOf('=');
            if (equals > 0) {
                variables.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return variables;
    }

    /// Each goes before those that were added before it.
    private static final class Layers {

        private final Set<String> secrets;
        private final Map<String, Variable> variables = new TreeMap<>();

        Layers(Set<String> secrets) {
            this.secrets = secrets;
        }

        void add(String from, Map<String, String> layer, boolean shown) {
            layer.forEach(
                    (name, value) ->
                            add(from, name, shown ? Optional.of(value) : Optional.empty()));
        }

        void add(String from, Collection<String> names) {
            names.forEach(name -> add(from, name, Optional.empty()));
        }

        private void add(String from, String name, Optional<String> value) {
            boolean secret = secrets.contains(name);
            List<String> over = new ArrayList<>();
            Variable before = variables.get(name);
            if (before != null) {
                over.add(before.from());
                over.addAll(before.over());
            }
            variables.put(
                    name,
                    new Variable(name, secret ? Optional.empty() : value, secret, from, over));
        }

        List<Variable> variables() {
            return List.copyOf(variables.values());
        }
    }
}
