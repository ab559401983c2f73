package dev.decant.bundle;

import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.config.Privilege;
import dev.decant.deploy.Settings;
import dev.decant.host.HostFiles;
import dev.decant.host.HostProgram;
import dev.decant.host.Verb;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.release.Compression;
import dev.decant.release.Delta;
import dev.decant.release.Dictionary;
import dev.decant.release.Parcel;
import dev.decant.release.Release;
import dev.decant.release.Signer;
import dev.decant.release.Target;
import dev.decant.store.Link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All that a host needs to serve a release, as a folder: the two fixed programs, the release, its
/// settings, and the units for each systemd. `decant-bundle` in it does what Decant does over SSH.
/// It has no secrets, so whoever may see the code may see it.
///
/// ```
/// decant-bundle          what is run
/// decant-host            the host program
/// bundle                 `key=value` lines: what it is a bundle of
/// parcels/SHA256         the release, as it would be sent to a host that has nothing
/// deployment/            environment, settings, and their signature where hosts ask for one
/// setup/VERSION/         what setup brings a host with that systemd, or a newer one, to have
/// ```
public final class Bundle {

    /// What is run in it.
    public static final String PROGRAM = "decant-bundle";

    /// The oldest systemd that units are made for, and one beyond the newest that they differ for.
    private static final int OLDEST = 229;

    private static final int NEWEST = 270;

    private Bundle() {}

    /// Who makes it, and what for.
    ///
    /// @param by such as `alice@laptop`
    /// @param signers lines for hosts' allowed_signers; empty to leave them as they are
    public record About(String by, String signers) {}

    /// Makes it, or replaces one that is there: the folder appears whole.
    ///
    /// @param folder what lies beside it is not touched
    /// @throws Failure if the release is damaged or cannot be signed for, or with
    ///   [BundleProblem.InTheWay]
    public static void write(Config config, Release release, About about, Path folder)
            throws IOException, InterruptedException {
        if (config.hosts().stream().anyMatch(HostConfig::clustered)) {
            throw new Failure(new BundleProblem.Clustered());
        }
        mustBeReplaceable(folder, PROGRAM);
        Path beside = folder.resolveSibling(folder.getFileName() + ".new");
        Trees.delete(beside);
        Files.createDirectories(beside);
        fill(config, release, about, beside);
        Trees.delete(folder);
        Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Nothing, an empty folder, or one that was made before.
    ///
    /// @param mark a file that those have
    /// @throws Failure with [BundleProblem.InTheWay]
    static void mustBeReplaceable(Path folder, String mark) throws IOException {
        if (!Files.exists(folder) || Files.exists(folder.resolve(mark))) {
            return;
        }
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isEmpty()) {
                    return;
                }
            }
        }
        throw new Failure(new BundleProblem.InTheWay(folder, mark));
    }

    private static void fill(Config config, Release release, About about, Path folder)
            throws IOException, InterruptedException {
        Parcel parcel = parcel(release, Files.createDirectory(folder.resolve("parcels")));
        fill(config, release, List.of(Link.of(release, Optional.empty(), parcel)), about, folder);
    }

    /// Makes all of it but the parcels.
    ///
    /// @param parcels of which the last makes the release
    static void fill(Config config, Release release, List<Link> parcels, About about, Path folder)
            throws IOException, InterruptedException {
        program(folder.resolve(PROGRAM), resource(PROGRAM));
        program(folder.resolve("decant-host"), HostProgram.bytes());
        text(folder.resolve("bundle"), description(config, release, parcels, about));
        Path deployment = Files.createDirectory(folder.resolve("deployment"));
        Settings settings = Settings.of(config);
        text(deployment.resolve("environment"), settings.environment());
        text(deployment.resolve("settings"), settings.settings());
        text(deployment.resolve("order.sig"), order(config, release, settings, about));
        for (Map.Entry<Integer, HostFiles> files : setup(config, about.signers()).entrySet()) {
            Path version =
                    Files.createDirectories(
                            folder.resolve("setup").resolve(files.getKey().toString()));
            for (Map.Entry<String, String> part : files.getValue().parts().entrySet()) {
                text(version.resolve(part.getKey()), part.getValue());
            }
        }
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(Bundle.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }

    /// One that a host without zstd can read.
    private static Parcel parcel(Release release, Path folder) throws IOException {
        Parcel parcel =
                Parcel.write(
                        release,
                        Delta.of(release.files(), Map.of(), Set.of()),
                        Compression.GZIP,
                        Dictionary.NONE,
                        folder);
        Path file = folder.resolve(parcel.digest().hex());
        Files.move(parcel.file(), file, StandardCopyOption.ATOMIC_MOVE);
        return new Parcel(
                file, parcel.compression(), parcel.head(), parcel.size(), parcel.digest());
    }

    private static String description(
            Config config, Release release, List<Link> parcels, About about) {
        Target target = release.manifest().target();
        StringBuilder text = new StringBuilder();
        line(text, "app", config.names().unit());
        line(text, "release", release.id());
        line(text, "manifest", release.digest().hex());
        line(text, "by", about.by());
        line(text, "user", config.ssh().user());
        line(text, "privilege", config.privilege().word());
        line(text, "keep", config.keepReleases());
        line(text, "os", target.os());
        line(text, "arch", target.arch());
        line(text, "libc", target.libc());
        line(text, "libc_version", target.libcVersion());
        target.sonames().forEach(soname -> line(text, "soname", soname));
        config.secrets().forEach(name -> line(text, "secret", name));
        config.bootSources().forEach(source -> line(text, "asks", source.word()));
        parcels.forEach(link -> line(text, "parcel", link.text()));
        return text.toString();
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append(key).append('=').append(value).append('\n');
    }

    /// A strict host takes settings only as somebody has signed them; of secrets those that it has.
    private static String order(Config config, Release release, Settings settings, About about)
            throws IOException, InterruptedException {
        if (config.privilege() != Privilege.STRICT || config.signingKey().isEmpty()) {
            return "";
        }
        List<Verb.SecretValue> kept =
                config.secrets().stream()
                        .map(name -> new Verb.SecretValue(name, Optional.empty()))
                        .toList();
        String order =
                new Verb.Prepare(
                                release.id(),
                                about.by(),
                                settings.environment(),
                                settings.settings(),
                                "",
                                kept)
                        .order(release.digest());
        return new Signer(config.signingKey().get(), config.names().unit())
                .signOrder(order, _ -> {});
    }

    /// By the oldest systemd for which each is right.
    private static SortedMap<Integer, HostFiles> setup(Config config, String signers) {
        SortedMap<Integer, HostFiles> all = new TreeMap<>();
        for (int systemd = OLDEST; systemd < NEWEST; systemd++) {
            HostFiles files = Settings.files(config, HostConfig.ELSEWHERE, systemd, signers);
            if (all.isEmpty() || !files.equals(all.lastEntry().getValue())) {
                all.put(systemd, files);
            }
        }
        return all;
    }

    private static void text(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private static void program(Path file, byte[] program) throws IOException {
        Files.write(file, program);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
