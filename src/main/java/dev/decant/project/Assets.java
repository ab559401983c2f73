package dev.decant.project;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// How a project makes its static files: the alias `assets.deploy`, of its own or of apps of its
/// umbrella, and packages of npm that this needs. Folders are relative to the project, which itself
/// is the empty path.
///
/// @param deploys where `mix assets.deploy` is to be run
/// @param npm where packages are that a lock of npm pins
/// @param installs the alias has npm install them for itself
/// @param others locks of package managers that Decant does not run, such as `assets/yarn.lock`
/// @param unlocked package.json files with dependencies that no lock pins
/// @param unused package.json files of a project that has no such alias
public record Assets(
        List<Path> deploys,
        List<Path> npm,
        boolean installs,
        List<Path> others,
        List<Path> unlocked,
        List<Path> unused) {

    /// As Phoenix calls it.
    public static final String ALIAS = "assets.deploy";

    public static final String PACKAGE = "package.json";

    /// The first that is there counts, as with npm.
    public static final List<String> LOCKS = List.of("npm-shrinkwrap.json", "package-lock.json");

    private static final List<String> OTHER_LOCKS =
            List.of("yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb");
    private static final List<String> KINDS =
            List.of("dependencies", "devDependencies", "optionalDependencies");
    private static final Pattern INSTALLS =
            Pattern.compile("\\bnpm\\b.*\\s(ci|clean-install|install|i|add)\\b");

    public Assets {
        deploys = List.copyOf(deploys);
        npm = List.copyOf(npm);
        others = List.copyOf(others);
        unlocked = List.copyOf(unlocked);
        unused = List.copyOf(unused);
    }

    /// Reads the project's files and runs nothing.
    ///
    /// @param project a folder with a mix.exs
    public static Assets read(Path project) throws IOException {
        return new Reader(project.toAbsolutePath().normalize()).read();
    }

    /// What is found on the way.
    private static final class Reader {

        private final Path project;
        private final List<Path> deploys = new ArrayList<>();
        private final List<Path> npm = new ArrayList<>();
        private final List<Path> others = new ArrayList<>();
        private final List<Path> unlocked = new ArrayList<>();

        /// Those that install for themselves what they need.
        private boolean installs;

        Reader(Path project) {
            this.project = project;
        }

        Assets read() throws IOException {
            Source mixExs = source(project);
            List<Path> apps = new ArrayList<>(List.of(project));
            apps.addAll(Umbrella.apps(project, mixExs));
            for (Path app : apps) {
                MixAliases aliases = MixAliases.of(app.equals(project) ? mixExs : source(app));
                if (aliases.has(ALIAS)) {
                    deploys.add(project.relativize(app));
                    installs |=
                            aliases.steps(ALIAS).commands().stream()
                                    .anyMatch(command -> INSTALLS.matcher(command).find());
                    if (app.equals(project)) {
                        // Whoever wrote that one knows of the others.
                        break;
                    }
                }
            }
            List<Path> packages = new ArrayList<>();
            for (Path app : apps) {
                for (Path folder : List.of(app, app.resolve("assets"))) {
                    if (Files.isRegularFile(folder.resolve(PACKAGE))) {
                        packages.add(folder);
                    }
                }
            }
            if (deploys.isEmpty()) {
                return new Assets(
                        List.of(), List.of(), false, List.of(), List.of(), named(packages));
            }
            for (Path folder : packages) {
                add(folder);
            }
            return new Assets(deploys, npm, installs, others, unlocked, List.of());
        }

        private void add(Path folder) {
            if (has(folder, LOCKS)) {
                npm.add(project.relativize(folder));
            } else if (has(folder, OTHER_LOCKS)) {
                OTHER_LOCKS.stream()
                        .map(folder::resolve)
                        .filter(Files::isRegularFile)
                        .forEach(lock -> others.add(project.relativize(lock)));
            } else if (hasDependencies(folder) && !isInWorkspace(folder)) {
                unlocked.add(project.relativize(folder.resolve(PACKAGE)));
            }
        }

        private List<Path> named(List<Path> folders) {
            return folders.stream()
                    .map(folder -> project.relativize(folder.resolve(PACKAGE)))
                    .toList();
        }

        private static Source source(Path app) throws IOException {
            Path file = app.resolve("mix.exs");
            return Source.of("mix.exs", Files.isRegularFile(file) ? Files.readString(file) : "");
        }

        private static boolean has(Path folder, List<String> names) {
            return names.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
        }

        private static boolean hasDependencies(Path folder) {
            JsonNode json = json(folder);
            return KINDS.stream().anyMatch(kind -> !json.path(kind).isEmpty());
        }

        /// Those of a workspace share the lock of the folder that names them.
        private boolean isInWorkspace(Path folder) {
            @Nullable Path above = folder.getParent();
            while (above != null && above.startsWith(project)) {
                if (json(above).has("workspaces")) {
                    return has(above, LOCKS) || has(above, OTHER_LOCKS);
                }
                above = above.getParent();
            }
            return false;
        }

        /// npm says what is wrong with one that it cannot read; to know that something is wanted is
        /// not worth an error of its own.
        private static JsonNode json(Path folder) {
            JsonMapper mapper = new JsonMapper();
            try {
                Path file = folder.resolve(PACKAGE);
                return Files.isRegularFile(file)
                        ? mapper.readTree(file)
                        : mapper.createObjectNode();
            } catch (JacksonException e) {
                return mapper.createObjectNode();
            }
        }
    }
}
