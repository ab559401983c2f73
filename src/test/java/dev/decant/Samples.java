package dev.decant;

import dev.decant.io.Digest;
import dev.decant.release.Manifest;
import dev.decant.release.Release;
import dev.decant.release.ReleaseId;
import dev.decant.release.Target;

import java.nio.file.Path;
import java.util.List;

/// Releases that nobody has built, for what only looks at their descriptions.
public final class Samples {

    public static final ReleaseId OLDER = new ReleaseId("20261121T080000Z-0.1.0-aaaaaaa");
    public static final ReleaseId OLD = new ReleaseId("20261122T090000Z-0.1.1-bbbbbbb");
    public static final ReleaseId NEW = new ReleaseId("20261123T191500Z-0.2.0-1f3a9c2");

    public static final Target DEBIAN_12 =
            new Target("Linux", "x86_64", "glibc", "2.34", List.of("libcrypto.so.3"));

    private Samples() {}

    public static Manifest manifest(ReleaseId id, Target target) {
        return new Manifest(
                Manifest.FORMAT,
                id,
                "shop_web",
                "shop_web",
                "0.2.0",
                "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567",
                false,
                Digest.of("a mix.lock"),
                "1.14.0",
                "25.2.3",
                "13.1.5",
                "prod",
                target,
                List.of(
                        new Manifest.Entry(
                                "bin/shop_web", Digest.of("a script"), "0750", 5_000_000),
                        new Manifest.Entry(
                                "erts-13.1.5/bin/beam.smp",
                                Digest.of("an emulator"),
                                "0750",
                                15_000_000)));
    }

    /// Its archive is not there.
    public static Release release(ReleaseId id, Target target) {
        return new Release(
                manifest(id, target),
                Path.of("/nowhere/release.tar.gz"),
                Digest.of("an archive"),
                5_500_000);
    }

    public static Release release(ReleaseId id) {
        return release(id, DEBIAN_12);
    }
}
