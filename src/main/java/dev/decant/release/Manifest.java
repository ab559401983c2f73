package dev.decant.release;

import dev.decant.io.Digest;

import java.util.Optional;

/// What a release says of itself: `.decant/manifest.json` on a host, `manifest.json` on the shelf.
///
/// It names neither itself nor a time, so that two builds of a commit that come to the same files
/// have the same manifest; its digest is the release's digest, and what is signed.
///
/// @param format 2
/// @param app as mix.exs has it
/// @param version as the built release says it
/// @param commit the full git commit that it was built from
/// @param dirty the tree was not as committed
/// @param lock SHA-256 of mix.lock; empty where it was made elsewhere, by a lock that is not known
/// @param elixir empty where there is none in it
/// @param otp the exact version of Erlang/OTP, such as `25.2.3`, empty where there is none; only
///   the first number where it was made elsewhere
/// @param erts the version of the Erlang runtime in it, such as `13.1.5`; empty where there is none
/// @param filesSha256 of the [FileList] as text
/// @param filesBytes of all files, unpacked
/// @param sbomSha256 of the bill of materials beside it
public record Manifest(
        int format,
        String app,
        String release,
        String version,
        String commit,
        boolean dirty,
        Optional<Digest> lock,
        String elixir,
        String otp,
        String erts,
        String mixEnv,
        Target target,
        Digest filesSha256,
        int filesCount,
        long filesBytes,
        Digest sbomSha256) {

    public static final int FORMAT = 2;

    /// What in the release speaks for the machine that it needs: the Erlang VM, or for one that has
    /// none words for what it has.
    public String emulator() {
        return erts.isEmpty() ? "Its program" : "erts-" + erts + "/bin/beam.smp";
    }
}
