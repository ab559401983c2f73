package dev.decant;

import dev.decant.exec.Program;
import dev.decant.exec.Result;

import java.io.IOException;
import java.nio.file.Path;

/// SSH keys to sign with.
public final class SshKeys {

    private SshKeys() {}

    /// Makes one without a passphrase.
    ///
    /// @param owner its comment, such as `alice@laptop`
    /// @return the private key's file, named by what is before the @
    public static Path make(Path folder, String owner) throws IOException, InterruptedException {
        Path file = folder.resolve(owner.replaceAll("@.*", ""));
        Result made =
                Program.of(
                                "ssh-keygen",
                                "-q",
                                "-t",
                                "ed25519",
                                "-N",
                                "",
                                "-C",
                                owner,
                                "-f",
                                file.toString())
                        .run();
        if (!made.ok()) {
            throw new IOException(String.join(" ", made.lastWords(3)));
        }
        return file;
    }
}
