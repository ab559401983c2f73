package dev.decant.bundle;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.config.RolloutConfig;
import dev.decant.io.Digest;
import dev.decant.io.Template;
import dev.decant.io.Trees;
import dev.decant.release.Release;
import dev.decant.release.Tarball;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/// A release for Ansible: a role that has the bundle of it, and playbooks. The role is Decant's,
/// and replaced whole; what lies beside it is written once, and the user's from then on.
///
/// ```
/// roles/decant_APP/files/bundle.tar.gz     the bundle without the release
/// roles/decant_APP/files/parcels/SHA256    the release
/// roles/decant_APP/library/decant_APP.py   runs its steps, and says what they change
/// deploy.yml, rollback.yml, setup.yml, ansible.cfg, inventory.yml
/// ```
public final class AnsibleProject {

    private static final List<String> ROLE =
            List.of(
                    "README.md",
                    "defaults/main.yml",
                    "meta/main.yml",
                    "tasks/bundle.yml",
                    "tasks/deploy.yml",
                    "tasks/leave.yml",
                    "tasks/main.yml",
                    "tasks/prepare.yml",
                    "tasks/rollback.yml",
                    "tasks/setup.yml",
                    "tasks/switch.yml",
                    "vars/main.yml");

    private static final List<String> BESIDE =
            List.of("ansible.cfg", "deploy.yml", "rollback.yml", "setup.yml");

    private static final JsonMapper JSON = new JsonMapper();

    private AnsibleProject() {}

    /// What there is now.
    ///
    /// @param role its folder
    /// @param kept files beside it that were there and are not what would have been written
    public record Written(Path role, List<String> kept) {}

    /// @param folder of the project; what else is in it is not touched
    /// @throws dev.decant.problem.Failure as [Bundle#write]
    public static Written write(Config config, Release release, Bundle.About about, Path folder)
            throws IOException, InterruptedException {
        String name = role(config);
        Path roles = Files.createDirectories(folder.resolve("roles"));
        Path beside = roles.resolve("." + name + ".new");
        Trees.delete(beside);
        Path files = Files.createDirectories(beside.resolve("files"));
        Path bundle = files.resolve("bundle");
        Bundle.write(config, release, about, bundle);
        Files.move(bundle.resolve("parcels"), files.resolve("parcels"));
        Path packed = files.resolve("bundle.tar.gz");
        Tarball.write(bundle, Bundle.PROGRAM, packed);
        Trees.delete(bundle);
        Map<String, String> values = values(config, release, Digest.of(packed));
        for (String file : ROLE) {
            put(beside.resolve(file), text("role/" + file, values));
        }
        // Under a name of its own, so that those of two apps are not taken for each other.
        put(
                beside.resolve("library/" + name + ".py"),
                text("role/library/decant_bundle.py", values));
        Path role = roles.resolve(name);
        Trees.delete(role);
        Files.move(beside, role, StandardCopyOption.ATOMIC_MOVE);

        Map<String, String> wanted = new LinkedHashMap<>();
        BESIDE.forEach(file -> wanted.put(file, text(file, values)));
        if (!config.hosts().contains(HostConfig.ELSEWHERE) && config.inventory().isEmpty()) {
            wanted.put("inventory.yml", inventory(config));
        }
        List<String> kept = new ArrayList<>();
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                put(path, file.getValue());
            } else if (!Files.readString(path).equals(file.getValue())) {
                kept.add(file.getKey());
            }
        }
        return new Written(role, kept);
    }

    /// What Ansible calls it: of letters, digits and `_` only.
    private static String role(Config config) {
        return "decant_" + group(config.names().unit());
    }

    /// @param word of decant.toml, which may have other characters than a name of Ansible's
    private static String group(String word) {
        return word.replaceAll("[^A-Za-z0-9_]", "_");
    }

    private static Map<String, String> values(Config config, Release release, Digest bundle) {
        return Map.of(
                "@APP@",
                config.names().unit(),
                "@ROLE@",
                role(config),
                "@GROUP@",
                group(config.names().unit()),
                "@RELEASE@",
                release.id().value(),
                "@BUNDLE@",
                bundle.hex().substring(0, 16),
                "@MIGRATES@",
                Boolean.toString(config.migrate().isPresent()),
                "@SECRETS@",
                config.secrets().isEmpty() ? "none." : String.join(", ", config.secrets()),
                "@SERIAL@",
                serial(config.rollout()));
    }

    /// `[rollout]` as Ansible's list of batches, of which the last is repeated.
    private static String serial(RolloutConfig rollout) {
        String batch = share(rollout.maxUnavailable().orElse(rollout.batch()));
        return rollout.canary() == 0
                ? "[" + batch + "]"
                : "[" + rollout.canary() + ", " + batch + "]";
    }

    private static String share(RolloutConfig.Share share) {
        return share.percent() ? "'" + share.number() + "%'" : Integer.toString(share.number());
    }

    /// The hosts of decant.toml, in a group for the app and one for each role.
    static String inventory(Config config) {
        StringBuilder text = new StringBuilder();
        text.append("---\n");
        text.append(
                "# Written once, by decant export ansible, and yours from then on. Decant reads it,"
                        + " too:\n");
        text.append("#   hosts = \"ansible:FOLDER/inventory.yml\"\n");
        text.append(group(config.names().unit())).append(":\n  hosts:\n");
        for (HostConfig host : config.hosts()) {
            text.append("    ").append(quoted(host.name())).append(":\n");
            if (host.local()) {
                text.append("      ansible_connection: local\n");
            } else {
                text.append("      ansible_host: ").append(quoted(host.address())).append('\n');
            }
            if (host.clustered()) {
                text.append("      decant_cluster_address: ")
                        .append(quoted(host.nodeAddress()))
                        .append('\n');
            }
        }
        text.append("  vars:\n");
        text.append("    ansible_user: ").append(quoted(config.ssh().setupUser())).append('\n');
        OptionalInt port = config.ssh().port();
        if (port.isPresent()) {
            text.append("    ansible_port: ").append(port.getAsInt()).append('\n');
        }
        config.ssh()
                .config()
                .ifPresent(
                        file ->
                                text.append("    ansible_ssh_common_args: ")
                                        .append(quoted("-F '" + file.toAbsolutePath() + "'"))
                                        .append('\n'));
        SortedSet<String> roles = new TreeSet<>();
        config.hosts().forEach(host -> roles.addAll(host.roles()));
        for (String role : roles) {
            text.append(group(role)).append(":\n  hosts:\n");
            for (HostConfig host : config.hosts()) {
                if (host.roles().contains(role)) {
                    text.append("    ").append(quoted(host.name())).append(":\n");
                }
            }
        }
        return text.toString();
    }

    /// What JSON writes is YAML as well.
    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    private static String text(String file, Map<String, String> values) {
        return Template.text(AnsibleProject.class, "ansible/" + file, values);
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
