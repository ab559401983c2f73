package dev.decant;

import dev.decant.io.Digest;
import dev.decant.release.Delta;
import dev.decant.release.FileList;
import dev.decant.release.Manifest;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.Target;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Releases that nobody has built, for what only looks at their descriptions.
public final class Samples {

    public static final ReleaseId OLDER = new ReleaseId("20261121T080000Z-0.1.0-aaaaaaa");
    public static final ReleaseId OLD = new ReleaseId("20261122T090000Z-0.1.1-bbbbbbb");
    public static final ReleaseId NEW = new ReleaseId("20261123T191500Z-0.2.0-1f3a9c2");

    public static final Target DEBIAN_12 =
            new Target(
                    "Linux",
                    "x86_64",
                    "glibc",
                    "2.34",
                    List.of("libcrypto.so.3"),
                    new TreeMap<>(
                            Map.of(
                                    "glibc",
                                    "erts-13.1.5/bin/beam.smp",
                                    "libcrypto.so.3",
                                    "lib/crypto-5.1/priv/lib/crypto.so")));

    private Samples() {}

    public static final FileList FILES =
            new FileList(
                    List.of(
                            new FileList.File(
                                    "bin/shop_web", true, 5_000_000, Digest.of("a script")),
                            new FileList.File(
                                    "erts-13.1.5/bin/beam.smp",
                                    true,
                                    15_000_000,
                                    Digest.of("an emulator"))));

    public static Manifest manifest(Target target) {
        return new Manifest(
                Manifest.FORMAT,
                "shop_web",
                "shop_web",
                "0.2.0",
                "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567",
                false,
                Optional.of(Digest.of("a mix.lock")),
                "1.14.0",
                "25.2.3",
                "13.1.5",
                "prod",
                target,
                FILES.digest(),
                FILES.files().size(),
                FILES.size(),
                Digest.of("a bill of materials"));
    }

    /// Its files are not there.
    public static Release release(ReleaseId id, Target target) {
        return new Release(
                id, Digest.of("a manifest"), manifest(target), FILES, Path.of("/nowhere"));
    }

    public static Release release(ReleaseId id) {
        return release(id, DEBIAN_12);
    }

    /// What a host lacks that has nothing.
    public static Delta all() {
        return Delta.of(FILES, Map.of(), Set.of());
    }

    /// What a host lacks that has an old release, with another script in it.
    public static Delta some() {
        FileList old =
                new FileList(
                        List.of(
                                new FileList.File("bin/shop_web", true, 4, Digest.of("old")),
                                FILES.files().getLast()));
        return Delta.of(FILES, Map.of(OLD, old), Set.of());
    }
}
