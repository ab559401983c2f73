package dev.decant.release;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Signs releases with an SSH key, by the system's `ssh-keygen -Y sign`: files, agents and hardware
/// tokens work as they do for everything else.
///
/// What is signed is the manifest, which names the digest of the list of files, or an order: text
/// that says what a release is to run with. The namespace is `decant-APP` or `decant-APP-order`, so
/// that a signature for one app or purpose is none for another, and the machine's owner can say in
/// allowed_signers for which a key counts.
///
/// @param key a private key, or a public one whose private half an agent or a token has
/// @param unit the app's name on hosts
public record Signer(Path key, String unit) {

    private static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";
    private static final String END = "-----END SSH SIGNATURE-----";

    private String namespace() {
        return "decant-" + unit;
    }

    private String orders() {
        return namespace() + "-order";
    }

    /// Puts a signature beside the manifest.
    ///
    /// @param said is handed what ssh-keygen says meanwhile, such as that a token wants to be
    ///   touched
    /// @throws Failure with [ReleaseProblem.CannotSign]
    public void sign(Release release, Consumer<String> said)
            throws IOException, InterruptedException {
        String signature = signature(Files.readString(release.manifestFile()), namespace(), said);
        Trees.write(release.signatureFile(), signature.getBytes(StandardCharsets.UTF_8));
    }

    /// Signs what a release is to run with.
    ///
    /// @param said as for a release
    /// @return the signature, armored
    /// @throws Failure with [ReleaseProblem.CannotSign]
    public String signOrder(String order, Consumer<String> said)
            throws IOException, InterruptedException {
        return signature(order, orders(), said);
    }

    private String signature(String text, String purpose, Consumer<String> said)
            throws IOException, InterruptedException {
        if (!Files.isReadable(key)) {
            throw new Failure(
                    new ReleaseProblem.CannotSign(key, List.of("There is no such file.")));
        }
        List<String> signature = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Result result =
                Program.of("ssh-keygen", "-Y", "sign", "-f", key.toString(), "-n", purpose)
                        .input(text)
                        .run(
                                line -> {
                                    boolean within =
                                            !signature.isEmpty()
                                                    && !signature.getLast().equals(END);
                                    if (line.equals(BEGIN) || within) {
                                        signature.add(line);
                                    } else if (!line.isBlank() && !line.startsWith("Signing ")) {
                                        words.add(line);
                                        said.accept(line);
                                    }
                                });
        if (!result.ok() || signature.isEmpty() || !signature.getLast().equals(END)) {
            throw new Failure(new ReleaseProblem.CannotSign(key, words));
        }
        return String.join("\n", signature) + "\n";
    }

    /// Whether the signature of a release is one of its manifest, whoever made it.
    public boolean holds(Release release) throws IOException, InterruptedException {
        return Program.of(
                        "ssh-keygen",
                        "-Y",
                        "check-novalidate",
                        "-n",
                        namespace(),
                        "-s",
                        release.signatureFile().toString())
                .input(Files.readString(release.manifestFile()))
                .run()
                .ok();
    }

    /// The line of an allowed_signers file that lets the owner of the key sign this app's releases.
    ///
    /// @throws Failure with [ReleaseProblem.CannotSign] if there is no public key
    public String allowed() throws IOException {
        Path pub = key.toString().endsWith(".pub") ? key : Path.of(key + ".pub");
        if (!Files.isReadable(pub)) {
            throw new Failure(
                    new ReleaseProblem.CannotSign(key, List.of("There is no public key " + pub)));
        }
        String[] words = Files.readString(pub).strip().split("\\s+", 3);
        if (words.length < 2) {
            throw new Failure(
                    new ReleaseProblem.CannotSign(key, List.of(pub + " is not a public key.")));
        }
        String owner = words.length == 3 ? words[2].replaceAll("[^A-Za-z0-9@._+-]", "_") : "decant";
        return "%s namespaces=\"%s,%s\" %s %s\n"
                .formatted(owner, namespace(), orders(), words[0], words[1]);
    }
}
