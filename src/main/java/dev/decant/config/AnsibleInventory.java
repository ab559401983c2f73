package dev.decant.config;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/// `hosts = "ansible:FILE#GROUP"`. It is `ansible-inventory` that reads it, so that it is as
/// Ansible has it: groups, `host_vars`, vaults, scripts.
///
/// A host's groups are its roles. Of its variables those count that say how ssh gets to it; a
/// variable with a template in it would need Ansible to be worked out, and is refused.
///
/// @param file absolute
/// @param group empty for all hosts
public record AnsibleInventory(Path file, Optional<String> group) {

    private static final String SCHEME = "ansible:";
    private static final String PROGRAM = "ansible-inventory";
    private static final JsonMapper JSON = new JsonMapper();

    /// What [#word()] makes.
    static Optional<AnsibleInventory> of(String word) {
        return of(word, Path.of("/"));
    }

    /// @param project what the file is relative to
    /// @return empty where the word is none of this kind
    static Optional<AnsibleInventory> of(String word, Path project) {
        if (!word.startsWith(SCHEME) || word.length() == SCHEME.length()) {
            return Optional.empty();
        }
        String[] parts = word.substring(SCHEME.length()).split("#", 2);
        return Optional.of(
                new AnsibleInventory(
                        project.resolve(parts[0]).normalize(),
                        parts.length == 1 ? Optional.empty() : Optional.of(parts[1])));
    }

    String word() {
        return SCHEME + file + group.map(name -> "#" + name).orElse("");
    }

    /// Reads it.
    ///
    /// @param clustered whether each host needs an address at which the others reach it
    /// @throws Failure with [ConfigProblem]s
    List<HostConfig> hosts(boolean clustered) throws InterruptedException {
        JsonNode all = read();
        Set<String> names = new LinkedHashSet<>();
        collect(all, group.orElse("all"), names);
        if (group.isPresent() && !all.has(group.get())) {
            throw new Failure(new ConfigProblem.NoGroup(file, group.get(), groups(all)));
        }
        if (names.isEmpty()) {
            throw new Failure(new ConfigProblem.NoGroup(file, group.orElse("all"), groups(all)));
        }
        List<HostConfig> hosts = new ArrayList<>();
        for (String name : names) {
            hosts.add(host(all, name, clustered));
        }
        return hosts;
    }

    private JsonNode read() throws InterruptedException {
        if (!Files.exists(file)) {
            throw new Failure(
                    new ConfigProblem.NoFile("hosts", file, "There is no such file or folder."));
        }
        if (Program.find(PROGRAM).isEmpty()) {
            throw new Failure(new ConfigProblem.NoAnsible(file));
        }
        // In its folder, whose ansible.cfg may say where a vault's password is.
        Path folder = Objects.requireNonNull(file.getParent());
        try {
            Result said =
                    Program.of(PROGRAM, "-i", file.toString(), "--list")
                            .in(folder)
                            .env(
                                    Map.of(
                                            // Of what it cannot read it would only warn.
                                            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED",
                                            "true",
                                            "ANSIBLE_NOCOLOR",
                                            "1"))
                            .run();
            JsonNode all = said.ok() ? JSON.readTree(said.text()) : JSON.createObjectNode();
            if (!said.ok() || !all.path("_meta").has("hostvars")) {
                throw new Failure(new ConfigProblem.OddInventory(file, said.lastWords(12)));
            }
            return all;
        } catch (IOException | JacksonException e) {
            throw new Failure(
                    new ConfigProblem.OddInventory(file, List.of(String.valueOf(e.getMessage()))));
        }
    }

    private static void collect(JsonNode all, String group, Set<String> names) {
        all.path(group).path("hosts").forEach(host -> names.add(host.asString()));
        all.path(group).path("children").forEach(child -> collect(all, child.asString(), names));
    }

    private static List<String> groups(JsonNode all) {
        return all.propertyNames().stream().filter(name -> !name.equals("_meta")).sorted().toList();
    }

    /// Those that it is in, itself or by others.
    private static List<String> groupsOf(JsonNode all, String host) {
        Set<String> of = new TreeSet<>();
        for (String group : groups(all)) {
            Set<String> members = new LinkedHashSet<>();
            collect(all, group, members);
            if (members.contains(host) && !group.equals("all") && !group.equals("ungrouped")) {
                of.add(group);
            }
        }
        return List.copyOf(of);
    }

    private HostConfig host(JsonNode all, String name, boolean clustered) {
        JsonNode variables = all.path("_meta").path("hostvars").path(name);
        String address =
                text(name, variables, "ansible_connection").filter("local"::equals).isPresent()
                        ? HostConfig.LOCAL
                        : text(name, variables, "ansible_host").orElse(name);
        if (!ConfigReader.isAddress(address)) {
            throw odd(name, "ansible_host", address, "It should be a host name or an address.");
        }
        String node =
                clustered
                        ? text(name, variables, "decant_cluster_address").orElse(address)
                        : HostConfig.LOOPBACK;
        if (clustered && !ConfigReader.isReachable(node)) {
            throw odd(
                    name,
                    "decant_cluster_address",
                    node,
                    "It should be one of the host's IPv4 addresses, since distribution is"
                            + " \"cluster\".");
        }
        return new HostConfig(name, address, groupsOf(all, name), node, access(name, variables));
    }

    private HostConfig.Access access(String name, JsonNode variables) {
        OptionalInt port = OptionalInt.empty();
        Optional<String> written = text(name, variables, "ansible_port");
        if (written.isPresent()) {
            if (!written.get().matches("[1-9][0-9]{0,4}")) {
                throw odd(name, "ansible_port", written.get(), "It should be a port.");
            }
            port = OptionalInt.of(Integer.parseInt(written.get()));
        }
        List<String> options = new ArrayList<>();
        text(name, variables, "ansible_ssh_private_key_file")
                .ifPresent(key -> options.addAll(List.of("-i", key)));
        for (String key : List.of("ansible_ssh_common_args", "ansible_ssh_extra_args")) {
            text(name, variables, key).ifPresent(line -> options.addAll(words(line)));
        }
        return new HostConfig.Access(text(name, variables, "ansible_user"), port, options);
    }

    private Optional<String> text(String host, JsonNode variables, String key) {
        JsonNode value = variables.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String text = value.asString("");
        if (!value.isValueNode() || text.contains("{{") || text.contains("{%")) {
            throw odd(
                    host,
                    key,
                    value.isValueNode() ? text : "what a vault has encrypted",
                    "Decant needs it as it is, without a template and in the open.");
        }
        return Optional.of(text).filter(given -> !given.isBlank());
    }

    private Failure odd(String host, String key, String value, String hint) {
        return new Failure(new ConfigProblem.OddHost(file, host, key, value, hint));
    }

    /// As Ansible takes such a line apart, which is as a shell would: by blanks outside of quotes.
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        char quote = 0;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '\\' && quote != '\'' && at + 1 < line.length()) {
                at++;
                word.append(line.charAt(at));
                within = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                within = true;
            } else if (Character.isWhitespace(c)) {
                if (within) {
                    words.add(word.toString());
                    word.setLength(0);
                    within = false;
                }
            } else {
                word.append(c);
                within = true;
            }
        }
        if (within) {
            words.add(word.toString());
        }
        return words;
    }
}
