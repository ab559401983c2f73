package dev.decant.project;

import dev.decant.config.Kind;
import dev.decant.project.FoundProject.Edit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks at a project of Mix: one app or an umbrella, with Phoenix or without.
final class FoundMix {

    private static final Pattern ENDPOINT =
            Pattern.compile(
                    "defmodule\\s+([A-Z][\\w.]*)\\s+do\\s+use\\s+Phoenix\\.Endpoint,\\s*otp_app:\\s*:(\\w+)");
    private static final Pattern REPO =
            Pattern.compile(
                    "defmodule\\s+([A-Z][\\w.]*)\\s+do\\s+use\\s+Ecto\\.Repo,\\s*otp_app:\\s*:(\\w+)");

    /// What is worth a word, by the name of its package.
    private static final Map<String, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("phoenix", "Phoenix");
        KNOWN.put("phoenix_live_view", "LiveView");
        KNOWN.put("ecto_sql", "Ecto");
    }

    private static final String RUNTIME = "config/runtime.exs";

    /// A module that uses something of a library's.
    ///
    /// @param file it stands in
    /// @param app whose configuration it has
    private record Using(Path file, String module, String app) {}

    private final Path folder;
    private final Optional<String> wanted;
    private final List<Path> apps;
    private final MixProject mix;
    private final String mixExs;
    private final List<String> found = new ArrayList<>();
    private final List<String> assumed = new ArrayList<>();
    private final List<Edit> edits = new ArrayList<>();

    private FoundMix(Path folder, Optional<String> wanted) throws IOException {
        this.folder = folder;
        this.wanted = wanted;
        this.mix = MixProject.read(folder);
        this.mixExs = Files.readString(folder.resolve("mix.exs"));
        this.apps =
                Umbrella.apps(folder, Source.of("mix.exs", mixExs)).stream()
                        .filter(app -> Files.isRegularFile(app.resolve("mix.exs")))
                        .toList();
    }

    static FoundProject in(Path folder, Optional<String> release) throws IOException {
        return new FoundMix(folder.toAbsolutePath().normalize(), release).read();
    }

    private FoundProject read() throws IOException {
        Optional<String> named = FoundProject.chosen("mix.exs", mix.releases(), wanted);
        String app = apps.isEmpty() ? single() : named.orElseGet(this::umbrellaName);
        String release = named.orElse(app);
        describe(app, release);
        if (!mix.makesTarball()) {
            tarball(release);
        }
        Optional<Using> endpoint = using(ENDPOINT);
        if (endpoint.isPresent()) {
            server(endpoint.get());
        }
        Optional<String> migrate = migrator().map(module -> module + ".migrate()");
        Optional<String> offered = migrate.isPresent() ? Optional.empty() : migratorToBe();
        Optional<String> health = healthPath();
        assumed.addAll(FoundProject.assumedHealth(health));
        if (!Files.exists(folder.resolve(".tool-versions"))
                && !Files.exists(folder.resolve("mise.toml"))) {
            assumed.add(
                    "it is built with the Erlang and Elixir of whoever builds: no .tool-versions"
                            + " and no mise.toml names others");
        }
        if (!Files.exists(folder.resolve(MixLock.FILE_NAME))) {
            assumed.add("mix.lock will be there, and committed: mix deps.get makes it");
        }
        String prod = code("config/prod.exs") + code(RUNTIME);
        boolean forcesTls = prod.contains("force_ssl:") && prod.contains(":x_forwarded_proto");
        return new FoundProject(
                Kind.MIX,
                app,
                Optional.of(release),
                migrate,
                offered,
                mix.secrets(),
                code(RUNTIME).contains("\"PHX_HOST\"") ? List.of("PHX_HOST") : List.of(),
                health,
                forcesTls ? List.of("X-Forwarded-Proto: https") : List.of(),
                Optional.empty(),
                found,
                assumed,
                edits);
    }

    private String single() {
        return FoundProject.named(mix.app(), folder.resolve("mix.exs"), "app: :a_name");
    }

    /// As Phoenix names the two apps of its umbrellas; or else the first one.
    private String umbrellaName() {
        List<String> names = names();
        return names.stream()
                .filter(name -> names.contains(name + "_web"))
                .findFirst()
                .orElse(names.getFirst());
    }

    private List<String> names() {
        return apps.stream().map(app -> app.getFileName().toString()).toList();
    }

    private void describe(String app, String release) throws IOException {
        StringBuilder all = new StringBuilder(ElixirCode.withoutComments(mixExs));
        for (Path each : apps) {
            all.append(ElixirCode.withoutComments(Files.readString(each.resolve("mix.exs"))));
        }
        String deps = all.toString();
        List<String> parts = new ArrayList<>();
        KNOWN.forEach(
                (name, word) -> {
                    if (deps.matches("(?s).*\\{\\s*:" + name + "\\b.*")) {
                        parts.add(word);
                    }
                });
        Assets assets = Assets.read(folder);
        if (!assets.deploys().isEmpty()) {
            parts.add("assets (mix " + Assets.ALIAS + " is part of the build)");
        }
        found.add(
                (apps.isEmpty()
                                ? "a project of Mix, the app " + app
                                : "an umbrella of the apps " + String.join(", ", names()))
                        + (parts.isEmpty() ? "" : ", with " + String.join(", ", parts)));
        if (!mix.releases().isEmpty()) {
            found.add(
                    "the release "
                            + release
                            + (mix.releases().size() > 1
                                    ? ", of " + String.join(", ", mix.releases())
                                    : "")
                            + " in mix.exs");
        } else if (!apps.isEmpty()) {
            assumed.add(
                    "one release, "
                            + release
                            + ", of all apps: mix.exs defines none, which an umbrella has to");
        }
        if (!assets.unlocked().isEmpty()) {
            assumed.add(
                    "a lock beside "
                            + shown(assets.unlocked())
                            + " will be there: a build installs only what one pins");
        }
        if (!assets.others().isEmpty()) {
            assumed.add(
                    "mix "
                            + Assets.ALIAS
                            + " installs its packages itself: "
                            + shown(assets.others())
                            + " is not npm's");
        }
    }

    private static String shown(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private void tarball(String release) {
        Optional<String> edited = MixExsEdit.withTarball(mixExs, release, names());
        if (edited.isPresent()) {
            edits.add(
                    new Edit(
                            "mix.exs",
                            mixExs,
                            edited.get(),
                            "so that mix release makes a tarball, which is what is deployed"));
        } else {
            found.add(
                    "no tarball made by mix.exs, nor a place in it that is plain to see: add there "
                            + " releases: ["
                            + release
                            + ": [steps: [:assemble, :tar]]]");
        }
    }

    /// Decant sets PHX_SERVER and PORT.
    private void server(Using endpoint) throws IOException {
        String runtime = code(RUNTIME);
        String all = runtime + code("config/prod.exs") + code("config/config.exs");
        boolean serves = all.contains("PHX_SERVER") || all.matches("(?s).*\\bserver:\\s*true\\b.*");
        boolean listens = runtime.contains("\"PORT\"");
        if (serves && listens) {
            return;
        }
        String config = "config :" + endpoint.app() + ", " + endpoint.module();
        StringBuilder added = new StringBuilder();
        if (!serves) {
            added.append(
                    """

                    if System.get_env("PHX_SERVER") do
                      %s, server: true
                    end
                    """
                            .formatted(config));
        }
        if (!listens) {
            added.append(
                    """

                    if config_env() == :prod do
                      %s,
                        http: [port: String.to_integer(System.get_env("PORT") || "4000")]
                    end
                    """
                            .formatted(config));
        }
        Path file = folder.resolve(RUNTIME);
        boolean there = Files.isRegularFile(file);
        String before = there ? Files.readString(file) : "";
        edits.add(
                new Edit(
                        RUNTIME,
                        before,
                        (there ? before.stripTrailing() + "\n" : "import Config\n") + added,
                        serves
                                ? "so that it listens where PORT says, which differs between slots"
                                : listens
                                        ? "so that its endpoint serves, as in a release it does not"
                                                + " by itself"
                                        : "so that its endpoint serves, and where PORT says"));
    }

    /// The code of a file of the project; empty where there is none.
    private String code(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.isRegularFile(path) ? ElixirCode.withoutComments(Files.readString(path)) : "";
    }

    private Optional<String> migrator() throws IOException {
        Optional<String> module = mix.migrator();
        for (Path app : apps) {
            if (module.isEmpty()) {
                module = MixProject.read(app).migrator();
            }
        }
        module.ifPresent(name -> found.add("migrations, by " + name));
        return module;
    }

    private Optional<String> healthPath() throws IOException {
        Optional<String> path = mix.healthPath();
        for (Path app : apps) {
            if (path.isEmpty()) {
                path = MixProject.read(app).healthPath();
            }
        }
        path.ifPresent(it -> found.add("a path to ask for its health, " + it));
        return path;
    }

    /// The module that `mix phx.gen.release` would make.
    private Optional<String> migratorToBe() throws IOException {
        Optional<Using> repo = using(REPO);
        if (repo.isEmpty()) {
            return Optional.empty();
        }
        String module = repo.get().module().replaceFirst("\\.[A-Z]\\w*$", "") + ".Release";
        Path file = repo.get().file().resolveSibling("release.ex");
        edits.add(
                new Edit(
                        folder.relativize(file).toString(),
                        "",
                        """
                        defmodule %s do
                          @moduledoc \"""
                          What is done with a database where there is no Mix: in a release.
                          \"""

                          @app :%s

                          def migrate do
                            for repo <- repos() do
                              {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))
                            end
                          end

                          def rollback(repo, version) do
                            load()
                            {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :down, to: version))
                          end

                          defp repos do
                            load()
                            Application.fetch_env!(@app, :ecto_repos)
                          end

                          defp load do
                            # Databases are often reached by TLS only.
                            Application.ensure_all_started(:ssl)
                            Application.ensure_loaded(@app)
                          end
                        end
                        """
                                .formatted(module, repo.get().app()),
                        "so that a deploy can migrate"));
        return Optional.of(module + ".migrate()");
    }

    /// The first module of the project's that is one.
    private Optional<Using> using(Pattern pattern) throws IOException {
        for (Path app : apps.isEmpty() ? List.of(folder) : apps) {
            Path lib = app.resolve("lib");
            if (!Files.isDirectory(lib)) {
                continue;
            }
            List<Path> files;
            try (Stream<Path> walk = Files.walk(lib)) {
                files = walk.filter(path -> path.toString().endsWith(".ex")).sorted().toList();
            }
            for (Path file : files) {
                Matcher matcher =
                        pattern.matcher(ElixirCode.withoutComments(Files.readString(file)));
                if (matcher.find()) {
                    return Optional.of(new Using(file, matcher.group(1), matcher.group(2)));
                }
            }
        }
        return Optional.empty();
    }
}
