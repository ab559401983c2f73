package dev.decant.project;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Dependency;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// mix.lock, read as the data that it should be.
///
/// Mix runs it: whatever code stands in a lock is executed by every Mix command, and a lock that is
/// not Elixir at all is silently taken for an empty one. So this refuses all but one map of
/// literals, in any layout that Elixir takes, and says where.
///
/// Source: the shapes of Mix's `Mix.SCM.Git` and Hex's `Hex.SCM`.
public final class MixLock {

    public static final String FILE_NAME = "mix.lock";

    /// In bytes; a lock of five hundred packages has a sixth of it. What is read takes some twenty
    /// times as much memory.
    static final int MAX_SIZE = 1 << 20;

    /// Anywhere, as for Mix, which refuses a lock that has one; and those of `merge.conflictStyle =
    /// diff3`.
    private static final Pattern CONFLICT =
            Pattern.compile("(?m)<{7}|={7}|>{7}|^\\|{7}(?=[ \\r]|$)");

    private final String text;

    private MixLock(String text) {
        this.text = text;
    }

    /// @param folder of the project
    /// @return sorted by app
    /// @throws Failure with a [ProjectProblem] if there is no lock or it is not data
    public static List<Dependency> read(Path folder) throws IOException {
        MixProject.mustUseItsOwnLock(folder);
        Path lock = folder.resolve(FILE_NAME);
        if (!Files.isRegularFile(lock)) {
            throw new Failure(new ProjectProblem.NoMixLock(folder.toAbsolutePath().normalize()));
        }
        try (InputStream in = Files.newInputStream(lock)) {
            byte[] bytes = in.readNBytes(MAX_SIZE + 1);
            String text = decode(bytes);
            if (bytes.length > MAX_SIZE) {
                throw new Failure(
                        new ProjectProblem.LockUnreadable(
                                Place.of(text, text.length()),
                                "It goes on here, after " + (MAX_SIZE >> 20) + " MiB."));
            }
            return parse(text);
        }
    }

    /// @param text the whole lock
    /// @return sorted by app
    /// @throws Failure with a [ProjectProblem] if it is not data
    public static List<Dependency> parse(String text) {
        Matcher conflict = CONFLICT.matcher(text);
        if (conflict.find()) {
            throw new Failure(new ProjectProblem.LockConflict(Place.of(text, conflict.start())));
        }
        return new MixLock(text).dependencies(TermReader.read(text));
    }

    private static String decode(byte[] bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean wrong =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes), text, bytes.length <= MAX_SIZE)
                        .isError();
        String read = text.flip().toString();
        if (wrong) {
            throw new Failure(
                    new ProjectProblem.LockUnreadable(
                            Place.of(read, read.length()), "From here on it is not UTF-8."));
        }
        return read;
    }

    private List<Dependency> dependencies(Term.Pairs map) {
        Map<String, Term> seen = new HashMap<>();
        List<Dependency> dependencies = new ArrayList<>();
        for (Term.Pair pair : map.pairs()) {
            if (!(pair.key() instanceof Term.Atom(int at, String app))) {
                throw unclear(pair.key().at(), "What is locked must be an atom.");
            }
            Dependency dependency = dependency(app, at, pair.value());
            Term before = seen.put(app, pair.key());
            if (before != null) {
                throw new Failure(
                        new ProjectProblem.LockedTwice(
                                app, Place.of(text, before.at()), Place.of(text, at)));
            }
            dependencies.add(dependency);
        }
        dependencies.sort(Comparator.comparing(Dependency::app));
        return List.copyOf(dependencies);
    }

    private Dependency dependency(String app, int at, Term value) {
        if (value instanceof Term.Tuple(int start, List<Term> fields)
                && !fields.isEmpty()
                && fields.getFirst() instanceof Term.Atom kind) {
            try {
                return switch (kind.name()) {
                    case "hex" -> hex(app, start, fields);
                    case "git" -> git(app, start, fields);
                    default -> new Dependency.Other(app, kind.name());
                };
            } catch (IllegalArgumentException notSo) {
                throw unclear(at, String.valueOf(notSo.getMessage()));
            }
        }
        throw unclear(value.at(), "An entry is a tuple such as {:hex, … or {:git, ….");
    }

    /// `{:hex, name, version, inner, managers, deps, repo, outer}`, of which old locks have the
    /// first four and newer ones may have more than eight.
    private Dependency hex(String app, int at, List<Term> fields) {
        if (fields.size() < 4) {
            throw unclear(
                    at,
                    "A package of Hex has four fields at least; here are " + fields.size() + ".");
        }
        return new Dependency.Hex(
                app,
                atom(fields.get(1), "The package's name"),
                string(fields.get(2), "The package's version"),
                field(fields, 6)
                        .map(repo -> string(repo, "The package's repository"))
                        .orElse(Dependency.Hex.PUBLIC_REPO),
                field(fields, 3).map(this::digest),
                field(fields, 7).map(this::digest),
                field(fields, 5).map(it -> needs(it, false)).orElse(List.of()),
                field(fields, 5).map(it -> needs(it, true)).orElse(List.of()));
    }

    /// `{:git, url, revision, options}`.
    private Dependency git(String app, int at, List<Term> fields) {
        if (fields.size() < 3) {
            throw unclear(at, "A git repository has three fields at least.");
        }
        Map<String, Term> options = new HashMap<>();
        for (Term option : field(fields, 3).map(term -> list(term, "Options")).orElse(List.of())) {
            if (option instanceof Term.Tuple(_, List<Term> pair)
                    && pair.size() == 2
                    && pair.getFirst() instanceof Term.Atom(_, String key)) {
                options.putIfAbsent(key, pair.getLast());
            } else {
                throw unclear(option.at(), "An option is a key and a value.");
            }
        }
        return new Dependency.Git(
                app,
                string(fields.get(1), "The repository's URL"),
                string(fields.get(2), "The revision"),
                Optional.ofNullable(options.get("branch")).map(term -> string(term, "A branch")),
                Optional.ofNullable(options.get("ref")).map(term -> string(term, "A ref")),
                Optional.ofNullable(options.get("tag")).map(term -> string(term, "A tag")));
    }

    /// @param optional those that it can do without, and no others
    private List<String> needs(Term term, boolean optional) {
        List<String> needs = new ArrayList<>();
        for (Term need : list(term, "The package's dependencies")) {
            if (need instanceof Term.Tuple(_, List<Term> fields)
                    && !fields.isEmpty()
                    && fields.getFirst() instanceof Term.Atom(_, String app)) {
                if (!optional || isOptional(fields.getLast())) {
                    needs.add(app);
                }
            } else {
                throw unclear(need.at(), "A package's dependency is a tuple with its app first.");
            }
        }
        return needs;
    }

    private static boolean isOptional(Term options) {
        return options instanceof Term.Items(_, List<Term> items)
                && items.stream()
                        .anyMatch(
                                option ->
                                        option instanceof Term.Tuple(_, List<Term> pair)
                                                && pair.size() == 2
                                                && isAtom(pair.getFirst(), "optional")
                                                && isAtom(pair.getLast(), "true"));
    }

    private static Optional<Term> field(List<Term> fields, int index) {
        return fields.size() <= index || isNil(fields.get(index))
                ? Optional.empty()
                : Optional.of(fields.get(index));
    }

    private static boolean isNil(Term term) {
        return isAtom(term, "nil");
    }

    private static boolean isAtom(Term term, String name) {
        return term instanceof Term.Atom(_, String found) && found.equals(name);
    }

    private Digest digest(Term term) {
        String hex = string(term, "A checksum");
        try {
            return new Digest(hex);
        } catch (IllegalArgumentException _) {
            throw unclear(term.at(), "A checksum is a SHA-256: 64 lower-case hexadecimal digits.");
        }
    }

    private String atom(Term term, String noun) {
        if (term instanceof Term.Atom(_, String name) && !isNil(term)) {
            return name;
        }
        throw unclear(term.at(), noun + " is an atom.");
    }

    private String string(Term term, String noun) {
        if (term instanceof Term.Text(_, String value)) {
            return value;
        }
        throw unclear(term.at(), noun + " is a text in quotes.");
    }

    private List<Term> list(Term term, String noun) {
        if (term instanceof Term.Items(_, List<Term> items)) {
            return items;
        }
        throw unclear(term.at(), noun + " are a list.");
    }

    private Failure unclear(int at, String reason) {
        return new Failure(new ProjectProblem.LockUnclear(Place.of(text, at), reason));
    }
}
