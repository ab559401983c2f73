package dev.decant.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Where values of the app come from: one table of `[sources]`.
///
/// @param line of the table in decant.toml, from 1
/// @param boot it is the host that asks, when it boots; otherwise Decant does, when it deploys
/// @param timeout for all that is asked
/// @param only names of variables that are taken from it; empty for all that it has
/// @param access what is asked, and how
public record SourceConfig(
        int line, boolean boot, Duration timeout, List<String> only, Access access) {

    public SourceConfig {
        only = List.copyOf(only);
    }

    /// The name of its table, by which people know it, such as `vault`.
    public String word() {
        return access.word();
    }

    /// One for each table that `[sources]` may have.
    public sealed interface Access {

        String word();
    }

    /// Variables of the process that runs Decant, by the names in `secrets`.
    public record Environment() implements Access {

        @Override
        public String word() {
            return "environment";
        }
    }

    /// @param files at least one, each with a name that [Format#of] knows; the later goes before
    ///   the earlier
    public record Files(List<Path> files) implements Access {

        public Files {
            files = List.copyOf(files);
        }

        @Override
        public String word() {
            return "files";
        }
    }

    /// What cloud-init has written down of the machine when it booted; the host itself looks.
    ///
    /// @param variables where more of it is found, by their names: a path such as
    ///   `ds.meta_data.tags.role`
    public record CloudInit(SortedMap<String, String> variables) implements Access {

        public static final String WORD = "cloud-init";

        @Override
        public String word() {
            return WORD;
        }
    }

    /// Files that age has encrypted, beside the project's other files.
    ///
    /// @param files at least one, each with a name that [Format#of] knows without its `.age`
    /// @param recipients the file of those that they are encrypted for, as `age -R` takes it
    /// @param identity the file of the key that opens them; empty for Decant's own
    public record Age(List<Path> files, Path recipients, Optional<Path> identity)
            implements Access {

        public static final String END = ".age";

        public Age {
            files = List.copyOf(files);
        }

        @Override
        public String word() {
            return "age";
        }

        /// How the text in such a file has its values.
        public static Optional<Format> format(Path file) {
            String name = file.getFileName().toString();
            return name.endsWith(END)
                    ? Format.of(name.substring(0, name.length() - END.length()))
                    : Optional.empty();
        }
    }

    /// Programs, run in the folder of decant.toml.
    ///
    /// @param document one whose output has values by their names; empty where there is none
    /// @param variables those whose output is a value, by its name
    public record Command(Optional<Run> document, SortedMap<String, List<String>> variables)
            implements Access {

        /// @param words the program and its arguments
        public record Run(List<String> words, Format format) {

            public Run {
                words = List.copyOf(words);
            }
        }

        public Command {
            variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
        }

        @Override
        public String word() {
            return "command";
        }
    }

    /// etcd 3.
    ///
    /// @param endpoints URLs, at least one; asked in turn until one answers
    /// @param prefix of the keys, with a slash at its end
    /// @param user whose password is in the environment; empty where etcd knows no users
    /// @param ca certificates that are trusted in place of Java's
    public record Etcd(
            List<String> endpoints, String prefix, Optional<String> user, Optional<Path> ca)
            implements Access {

        public Etcd {
            endpoints = List.copyOf(endpoints);
        }

        @Override
        public String word() {
            return "etcd";
        }
    }

    /// Consul's store of keys and values.
    ///
    /// @param address a URL
    /// @param prefix of the keys, with a slash at its end and none before it
    /// @param datacenter empty for the agent's own
    /// @param ca certificates that are trusted in place of Java's
    public record Consul(
            String address, String prefix, Optional<String> datacenter, Optional<Path> ca)
            implements Access {

        @Override
        public String word() {
            return "consul";
        }
    }

    /// HashiCorp's Vault, or OpenBao: secrets of a KV engine.
    ///
    /// @param address a URL
    /// @param versioned the engine is of version 2
    /// @param paths below the mount, at least one; one that ends in a slash is all below it
    /// @param role of AppRole; empty for a token
    /// @param ca certificates that are trusted in place of Java's
    public record Vault(
            String address,
            String mount,
            boolean versioned,
            List<String> paths,
            Optional<String> namespace,
            Optional<String> role,
            Optional<Path> ca)
            implements Access {

        public Vault {
            paths = List.copyOf(paths);
        }

        @Override
        public String word() {
            return "vault";
        }
    }

    /// AWS Systems Manager Parameter Store.
    ///
    /// @param paths at least one, such as `/shop/production`; the later goes before the earlier
    public record ParameterStore(List<String> paths, AwsAccess aws) implements Access {

        public ParameterStore {
            paths = List.copyOf(paths);
        }

        @Override
        public String word() {
            return "ssm";
        }
    }

    /// AWS Secrets Manager.
    ///
    /// @param ids at least one, names or ARNs; the later goes before the earlier
    public record AwsSecrets(List<String> ids, AwsAccess aws) implements Access {

        public AwsSecrets {
            ids = List.copyOf(ids);
        }

        @Override
        public String word() {
            return "secretsmanager";
        }
    }

    /// S3, or what speaks like it.
    ///
    /// @param prefix of the names of the objects, with `/` at its end; empty for the whole bucket
    public record S3(String bucket, String prefix, AwsAccess aws) implements Access {

        @Override
        public String word() {
            return "s3";
        }
    }

    /// How a text has its values.
    public enum Format {
        /// Lines `NAME=value`.
        DOTENV,
        JSON,
        TOML,
        YAML;

        /// By the end of a file's name; `.env.production` is one, too.
        ///
        /// @return empty where it says nothing
        public static Optional<Format> of(String fileName) {
            if (fileName.startsWith(".env.")) {
                return Optional.of(DOTENV);
            }
            String end = fileName.substring(fileName.lastIndexOf('.') + 1);
            return switch (end) {
                case "env" -> Optional.of(DOTENV);
                case "json" -> Optional.of(JSON);
                case "toml" -> Optional.of(TOML);
                case "yaml", "yml" -> Optional.of(YAML);
                default -> Optional.empty();
            };
        }
    }
}
