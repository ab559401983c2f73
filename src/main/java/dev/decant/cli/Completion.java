package dev.decant.cli;

import dev.decant.config.Config;
import dev.decant.config.ConfigReader;
import dev.decant.config.HostConfig;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.release.ReleaseId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What could stand where a person presses the key that completes words. Shells ask `decant
/// __complete WORD…`, of which the last is the one that is being typed, and get lines: `words`, and
/// then on each a word and, behind a tab, what it means; or `files`; or `folders`.
///
/// Nothing is said where decant.toml cannot be read: a line that is being typed is no place for
/// problems. Nobody is asked over the network, and no program is run.
final class Completion {

    /// No command of the user's.
    static final String WORD = "__complete";

    private static final int DESCRIPTION_LENGTH = 72;

    private final Wiring wiring;
    private final List<String> lines = new ArrayList<>();

    /// What the command line has so far.
    private CommandSpec command;

    private final Set<OptionSpec> given = new HashSet<>();
    private int positionals;
    private @Nullable OptionSpec pending;
    private boolean onlyWords;
    private Optional<String> folder = Optional.empty();
    private Optional<String> environment = Optional.empty();

    private Completion(Wiring wiring, CommandSpec command) {
        this.wiring = wiring;
        this.command = command;
    }

    /// @param words those after `decant`
    /// @return the exit status
    static int print(Wiring wiring, List<String> words) {
        answer(wiring, words).forEach(line -> wiring.out().print(line + "\n"));
        wiring.out().flush();
        return ExitStatus.DONE.number();
    }

    private static List<String> answer(Wiring wiring, List<String> words) {
        List<String> before = new ArrayList<>(words);
        String typed = before.isEmpty() ? "" : before.removeLast();
        // Where bash takes --hosts=web1 apart, the name and the value are words of their own.
        before.removeIf("="::equals);
        boolean named =
                !before.isEmpty()
                        && Main.listed(wiring).getSubcommands().containsKey(before.getFirst());
        CommandLine line =
                named ? Main.commandLine(wiring, before.getFirst()) : Main.listed(wiring);
        Completion completion = new Completion(wiring, line.getCommandSpec());
        before.forEach(completion::read);
        completion.complete(typed.equals("=") ? "" : typed);
        return completion.lines;
    }

    private void read(String word) {
        if (pending != null) {
            value(pending, word);
            pending = null;
        } else if (onlyWords || !word.startsWith("-")) {
            CommandLine inner = command.subcommands().get(word);
            if (inner != null && !onlyWords) {
                command = inner.getCommandSpec();
            } else {
                positionals++;
            }
        } else if (word.equals("--")) {
            onlyWords = true;
        } else {
            int equals = word.indexOf('=');
            OptionSpec option = command.findOption(equals < 0 ? word : word.substring(0, equals));
            if (option != null) {
                given.add(option);
                if (equals >= 0) {
                    value(option, word.substring(equals + 1));
                } else if (option.arity().max() > 0) {
                    pending = option;
                }
            }
        }
    }

    /// Which project is meant decides which hosts there are.
    private void value(OptionSpec option, String word) {
        if (option.longestName().equals("--directory")) {
            folder = Optional.of(word);
        } else if (option.longestName().equals("--environment")) {
            environment = Optional.of(word);
        }
    }

    private void complete(String typed) {
        int equals = typed.indexOf('=');
        if (pending != null) {
            values(pending, "", typed);
        } else if (!onlyWords && typed.startsWith("--") && equals > 0) {
            OptionSpec option = command.findOption(typed.substring(0, equals));
            if (option != null) {
                values(option, typed.substring(0, equals + 1), typed.substring(equals + 1));
            }
        } else if (!onlyWords && typed.startsWith("-")) {
            options(typed);
        } else if (!command.subcommands().isEmpty()) {
            words(typed, commands());
        } else {
            PositionalParamSpec parameter = parameter();
            if (parameter != null) {
                values(parameter, "", typed);
            } else if (!onlyWords) {
                options(typed);
            }
        }
    }

    private Map<String, String> commands() {
        Map<String, String> all = new LinkedHashMap<>();
        command.subcommands()
                .forEach(
                        (name, line) -> {
                            if (!line.getCommandSpec().usageMessage().hidden()) {
                                all.put(
                                        name,
                                        first(line.getCommandSpec().usageMessage().description()));
                            }
                        });
        return all;
    }

    private @Nullable PositionalParamSpec parameter() {
        return command.positionalParameters().stream()
                .filter(each -> each.index().contains(positionals))
                .findFirst()
                .orElse(null);
    }

    private void options(String typed) {
        Map<String, String> all = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            if (!option.hidden() && (!given.contains(option) || option.isMultiValue())) {
                all.put(option.longestName(), first(option.description()));
            }
        }
        words(typed, all);
    }

    /// @param before what stands in front of the value in the same word: `--hosts=`
    private void values(ArgSpec arg, String before, String typed) {
        // Of web1,web2 the last is being typed.
        int from = arg.splitRegex().equals(",") ? typed.lastIndexOf(',') + 1 : 0;
        String whole = before + typed.substring(0, from);
        List<String> chosen = List.of(typed.substring(0, from).split(",", -1));
        switch (kind(arg)) {
            case FILE -> lines.add("files");
            case FOLDER -> lines.add("folders");
            case HOST -> words(whole, typed.substring(from), without(chosen, hosts()));
            case ROLE -> words(whole, typed.substring(from), without(chosen, roles()));
            case ENVIRONMENT -> words(whole, typed.substring(from), environments());
            case RELEASE -> words(whole, typed.substring(from), releases());
            case OTHER -> {
                Map<String, String> all = new LinkedHashMap<>();
                if (arg.completionCandidates() != null) {
                    arg.completionCandidates().forEach(each -> all.put(each, ""));
                }
                words(whole, typed.substring(from), all);
            }
        }
    }

    private static Map<String, String> without(List<String> some, Map<String, String> all) {
        all.keySet().removeAll(some);
        return all;
    }

    private enum Kind {
        FILE,
        FOLDER,
        HOST,
        ROLE,
        ENVIRONMENT,
        RELEASE,
        OTHER
    }

    /// What `--help` calls it is what it is. Lab hosts and services have other names.
    private Kind kind(ArgSpec arg) {
        return switch (arg.paramLabel()) {
            case "FILE", "FILE.tgz|FOLDER" -> Kind.FILE;
            case "DIR", "FOLDER" -> Kind.FOLDER;
            case "HOST" -> Kind.HOST;
            case "ROLE" -> Kind.ROLE;
            case "ENV" -> Kind.ENVIRONMENT;
            case "ID", "RELEASE", "A", "B" -> Kind.RELEASE;
            default -> Kind.OTHER;
        };
    }

    private Path project() {
        return wiring.folder().resolve(folder.orElse("")).normalize();
    }

    private List<String> environmentNames() {
        try {
            return ConfigReader.environments(project());
        } catch (Failure e) {
            return List.of();
        }
    }

    private Map<String, String> environments() {
        Map<String, String> all = new LinkedHashMap<>();
        environmentNames().forEach(name -> all.put(name, ""));
        return all;
    }

    /// Of the environment that was named, or else of all.
    private List<Config> configs() {
        List<String> names = environment.map(List::of).orElseGet(this::environmentNames);
        List<Config> all = new ArrayList<>();
        if (names.isEmpty()) {
            config(Optional.empty()).ifPresent(all::add);
        }
        names.forEach(name -> config(Optional.of(name)).ifPresent(all::add));
        return all;
    }

    private Optional<Config> config(Optional<String> name) {
        try {
            return Optional.of(ConfigReader.read(project(), name));
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    /// Those of an inventory of Ansible's are not among them: who reads it may ask a cloud.
    private List<HostConfig> hostConfigs() {
        return configs().stream()
                .filter(config -> config.inventory().isEmpty())
                .flatMap(config -> config.hosts().stream())
                .toList();
    }

    private Map<String, String> hosts() {
        Map<String, String> all = new LinkedHashMap<>();
        for (HostConfig host : hostConfigs()) {
            String address = host.address().equals(host.name()) ? "" : host.address() + " ";
            all.put(host.name(), (address + String.join(", ", host.roles())).strip());
        }
        return all;
    }

    private Map<String, String> roles() {
        Map<String, String> all = new LinkedHashMap<>();
        for (HostConfig host : hostConfigs()) {
            host.roles().forEach(role -> all.merge(role, host.name(), Completion::joined));
        }
        return all;
    }

    private static String joined(String one, String other) {
        return List.of(one.split(", ", -1)).contains(other) ? one : one + ", " + other;
    }

    private Map<String, String> releases() {
        Map<String, String> all = new LinkedHashMap<>();
        try {
            for (Config config : configs()) {
                for (ReleaseId id : BuildOptions.shelf(config, wiring).all()) {
                    all.put(id.value(), "");
                }
            }
        } catch (IOException e) {
            // Then none is known.
        }
        return all;
    }

    private void words(String typed, Map<String, String> all) {
        words("", typed, all);
    }

    private void words(String before, String typed, Map<String, String> all) {
        lines.add("words");
        all.forEach(
                (word, meaning) -> {
                    if (word.startsWith(typed)) {
                        lines.add(before + word + (meaning.isEmpty() ? "" : "\t" + meaning));
                    }
                });
    }

    /// The first sentence, as plain text on a line.
    static String first(String[] description) {
        String text =
                String.join(" ", description)
                        .replaceAll("@\\|\\S+ |\\|@", "")
                        .replace("%n", " ")
                        .replace("%%", "%")
                        .replaceAll("\\s+", " ")
                        .replaceFirst("(?<=\\w\\w)[.:;] .*", "")
                        .replaceFirst("\\.$", "")
                        .strip();
        return text.length() <= DESCRIPTION_LENGTH
                ? text
                : text.substring(0, DESCRIPTION_LENGTH - 3).strip() + "...";
    }
}
