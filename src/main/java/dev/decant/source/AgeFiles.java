package dev.decant.source;

import dev.decant.config.Config;
import dev.decant.config.SourceConfig;
import dev.decant.config.SourceConfig.Format;
import dev.decant.io.Trees;
import dev.decant.problem.Failure;
import dev.decant.systemd.EnvironmentFile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The encrypted files of a project, to be looked into and changed.
public final class AgeFiles {

    private static final Pattern PUBLIC = Pattern.compile("age1[a-z0-9]{58}");
    private static final String PRIVATE = "rw-------";
    private static final String PRIVATE_FOLDER = "rwx------";

    private final SourceConfig.Age access;
    private final Path folder;
    private final Map<String, String> environment;

    private AgeFiles(SourceConfig.Age access, Path folder, Map<String, String> environment) {
        this.access = access;
        this.folder = folder;
        this.environment = environment;
    }

    /// @param environment of this process
    /// @throws Failure with [AgeProblem.NoTable]
    public static AgeFiles of(Config config, Map<String, String> environment) {
        return config.sources().stream()
                .map(SourceConfig::access)
                .filter(SourceConfig.Age.class::isInstance)
                .map(SourceConfig.Age.class::cast)
                .map(
                        age ->
                                new AgeFiles(
                                        age,
                                        Objects.requireNonNull(config.file().getParent()),
                                        environment))
                .findFirst()
                .orElseThrow(() -> new Failure(new AgeProblem.NoTable()));
    }

    /// All that decant.toml names, those that are not there yet included.
    public List<Path> all() {
        return access.files();
    }

    /// As decant.toml has it.
    public String name(Path file) {
        return FileSource.name(file, folder);
    }

    /// The file of those who can read the others.
    public Path recipients() {
        return access.recipients();
    }

    /// @param name empty for the only one
    /// @throws Failure with [AgeProblem.WhichFile]
    public Path choose(Optional<String> name) {
        List<Path> meant =
                all().stream()
                        .filter(file -> name.isEmpty() || name.get().equals(name(file)))
                        .toList();
        if (meant.size() != 1) {
            throw new Failure(
                    new AgeProblem.WhichFile(
                            name.orElse(""), all().stream().map(this::name).toList()));
        }
        return meant.getFirst();
    }

    /// Makes a key for whoever has none, and the file of recipients where there is none.
    ///
    /// @return what was made, a line each
    /// @throws Failure if others have to do something first
    public List<String> prepare() throws IOException {
        boolean recipients = Files.exists(access.recipients());
        Path file = AgeIdentity.file(access, environment);
        if (AgeIdentity.exists(access, environment)) {
            if (recipients) {
                return List.of();
            }
            Matcher own = PUBLIC.matcher(Files.exists(file) ? Files.readString(file) : "");
            if (!own.find()) {
                throw new Failure(new AgeProblem.NoRecipients(access.recipients()));
            }
            writeRecipients(own.group());
            return List.of(
                    "Made " + name(access.recipients()) + " with your public key; commit it.");
        }
        Age.Key key = Age.Key.make();
        Files.createDirectories(
                Objects.requireNonNull(file.toAbsolutePath().getParent()),
                PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString(PRIVATE_FOLDER)));
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        Files.writeString(
                file,
                "# public key: " + key.recipient() + "\n" + key.secret() + "\n",
                StandardOpenOption.SYNC);
        if (recipients) {
            throw new Failure(new AgeProblem.NotYetOne(file, key.recipient(), access.recipients()));
        }
        writeRecipients(key.recipient());
        return List.of(
                "Made your key: " + file,
                "Keep a copy of it where you keep passwords: without it nobody can read the files.",
                "Made " + name(access.recipients()) + " with its public part; commit it.");
    }

    private void writeRecipients(String own) throws IOException {
        Files.createDirectories(
                Objects.requireNonNull(access.recipients().toAbsolutePath().getParent()));
        Trees.write(
                access.recipients(),
                ("# Who can read the secrets: a public key of age, or of ssh, a line. After a"
                                + " change: decant secrets rotate\n"
                                + own
                                + "\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /// What a file says, and what it was when it was read.
    ///
    /// @param text nothing of a file that is not there
    public record Opened(Path file, String text, Optional<String> encrypted) {

        @Override
        public String toString() {
            return file + " <hidden>";
        }
    }

    public Opened open(Path file) throws IOException, InterruptedException {
        if (!Files.exists(file)) {
            return new Opened(file, "", Optional.empty());
        }
        return new Opened(
                file,
                Age.decrypt(file, name(file), AgeIdentity.of(access, environment)),
                Optional.of(bytes(file)));
    }

    private static String bytes(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /// The names of what a text has.
    ///
    /// @throws Failure with [SourceProblem.Unreadable] if it cannot be read
    public List<String> names(Path file, String text) {
        Contents.Document document =
                new Contents.Document(
                        name(file), SourceConfig.Age.format(file).orElseThrow(), text);
        return Sources.names(access.word(), document);
    }

    /// Encrypts for those who are in the file of recipients.
    public void write(Opened before, String text) throws IOException, InterruptedException {
        names(before.file(), text);
        String encrypted = Age.encrypt(text, access.recipients());
        Optional<String> now =
                Files.exists(before.file()) ? Optional.of(bytes(before.file())) : Optional.empty();
        if (!now.equals(before.encrypted())) {
            throw new Failure(new AgeProblem.Changed(name(before.file())));
        }
        Files.createDirectories(Objects.requireNonNull(before.file().toAbsolutePath().getParent()));
        Trees.write(before.file(), encrypted.getBytes(StandardCharsets.US_ASCII));
    }

    /// Gives one variable a value.
    ///
    /// @param value UTF-8
    public void set(Opened before, String name, byte[] value)
            throws IOException, InterruptedException {
        if (SourceConfig.Age.format(before.file()).orElseThrow() != Format.DOTENV) {
            throw new Failure(new AgeProblem.OnlyDotenv(name(before.file())));
        }
        if (!name.matches(Sources.VARIABLE)) {
            throw new Failure(new AgeProblem.NoName(name));
        }
        String text = new String(value, StandardCharsets.UTF_8);
        boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), value);
        if (text.isEmpty() || !utf8 || !EnvironmentFile.isTaken(text)) {
            throw new Failure(new AgeProblem.NoValue(name));
        }
        write(before, DotenvReader.with(name(before.file()), before.text(), name, text));
    }

    /// Encrypts all anew for those who are in the file of recipients now.
    ///
    /// @return those files
    public List<Path> rotate() throws IOException, InterruptedException {
        // All are opened before the first is changed.
        List<Path> there = all().stream().filter(Files::exists).toList();
        List<Opened> opened = new ArrayList<>();
        for (Path file : there) {
            opened.add(open(file));
        }
        for (Opened each : opened) {
            write(each, each.text());
        }
        return there;
    }
}
