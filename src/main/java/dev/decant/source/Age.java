package dev.decant.source;

import com.exceptionfactory.jagged.DecryptingChannelFactory;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.armor.ArmoredDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.armor.ArmoredEncryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;

import dev.decant.exec.Program;
import dev.decant.problem.Failure;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;

/// Encrypts and decrypts as age does. What is for age's own keys is done here; for those of ssh and
/// of plugins the program is run.
final class Age {

    private static final String WORD = "age";
    private static final String ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";
    private static final String NATIVE = "age1[a-z0-9]{58}";

    private Age() {}

    /// @param file of whose contents the text is asked
    /// @param name what messages call it
    /// @throws Failure with a [SourceProblem] if it cannot be opened
    static String decrypt(Path file, String name, AgeIdentity identity)
            throws InterruptedException {
        try {
            if (!Files.exists(file)) {
                throw new Failure(new SourceProblem.Nothing(WORD, name, "is not there"));
            }
            return identity.isNative()
                    ? text(opened(Files.readAllBytes(file), identity))
                    : byProgram(
                            List.of("-d", "-i", "-", file.toString()),
                            String.join("\n", identity.keys()) + "\n",
                            "the key in " + identity.where() + " is not age's own");
        } catch (UnsupportedRecipientStanzaException e) {
            throw new Failure(
                    new SourceProblem.Refused(
                            WORD,
                            name,
                            "the key in " + identity.where() + " does not open it",
                            List.of(
                                    "It is encrypted for others, or with a passphrase. One of those"
                                            + " who can open it adds",
                                    "your public key to the file of recipients, and runs:",
                                    "decant secrets rotate")));
        } catch (CharacterCodingException e) {
            throw unreadable(name, "what is encrypted is not UTF-8");
        } catch (GeneralSecurityException | IOException e) {
            throw unreadable(name, "is not of age, or is damaged");
        }
    }

    private static Failure unreadable(String name, String cause) {
        return new Failure(new SourceProblem.Unreadable(WORD, name, cause));
    }

    private static List<RecipientStanzaReader> readers(AgeIdentity identity) {
        List<RecipientStanzaReader> readers = new ArrayList<>();
        try {
            for (String key : identity.keys()) {
                readers.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(key));
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            readers.clear();
        }
        if (readers.isEmpty()) {
            throw new Failure(
                    new SourceProblem.Refused(
                            WORD,
                            identity.where(),
                            "has no key, or one that was mistyped",
                            List.of("A line AGE-SECRET-KEY-1… is one; take it from your copy.")));
        }
        return readers;
    }

    private static byte[] opened(byte[] file, AgeIdentity identity)
            throws GeneralSecurityException, IOException {
        List<RecipientStanzaReader> readers = readers(identity);
        boolean armored = new String(file, StandardCharsets.ISO_8859_1).startsWith(ARMOR);
        DecryptingChannelFactory channels =
                armored
                        ? new ArmoredDecryptingChannelFactory()
                        : new StandardDecryptingChannelFactory();
        try (ReadableByteChannel channel =
                channels.newDecryptingChannel(
                        Channels.newChannel(new ByteArrayInputStream(file)), readers)) {
            return Channels.newInputStream(channel).readAllBytes();
        } catch (RuntimeException e) {
            // The library checks less than what can be wrong with a file.
            throw new IOException("damaged", e);
        }
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /// @param recipients a file, as `age -R` takes it
    /// @return armored
    static String encrypt(String text, Path recipients) throws IOException, InterruptedException {
        List<String> keys =
                Files.readAllLines(recipients).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList();
        if (keys.isEmpty()) {
            throw new Failure(new AgeProblem.NoRecipients(recipients));
        }
        if (!keys.stream().allMatch(key -> key.matches(NATIVE))) {
            return byProgram(
                    List.of("-e", "-a", "-R", recipients.toString()),
                    text,
                    recipients + " has keys that are not age's own");
        }
        ByteArrayOutputStream armored = new ByteArrayOutputStream();
        try {
            List<RecipientStanzaWriter> writers = new ArrayList<>();
            for (String key : keys) {
                writers.add(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(key));
            }
            try (WritableByteChannel channel =
                    new ArmoredEncryptingChannelFactory()
                            .newEncryptingChannel(Channels.newChannel(armored), writers)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Failure(new AgeProblem.NoRecipients(recipients));
        }
        return armored.toString(StandardCharsets.US_ASCII);
    }

    /// @param why age's own program is needed
    private static String byProgram(List<String> words, String input, String why)
            throws IOException, InterruptedException {
        if (Program.find(WORD).isEmpty()) {
            throw new Failure(new AgeProblem.NeedsAge(why));
        }
        List<String> all = new ArrayList<>(List.of(WORD));
        all.addAll(words);
        Program.Output output = Program.of(all).input(input).output();
        if (!output.ok()) {
            throw new Failure(
                    new SourceProblem.Ended(
                            WORD, String.join(" ", all), output.status(), output.err()));
        }
        return output.out();
    }

    /// A new one of age's own, as `age-keygen` prints it.
    ///
    /// @param secret a line
    /// @param recipient its public part
    record Key(String secret, String recipient) {

        static Key make() {
            try {
                KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
                return new Key(pair.getPrivate().toString(), pair.getPublic().toString());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every Java has X25519.", e);
            }
        }

        @Override
        public String toString() {
            return recipient;
        }
    }
}
