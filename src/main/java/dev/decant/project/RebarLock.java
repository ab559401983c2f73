package dev.decant.project;

import dev.decant.io.Digest;
import dev.decant.problem.Failure;
import dev.decant.release.Dependency;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// rebar.lock, as rebar3 writes it: a list of what is locked, in newer ones with a version of the
/// format in front of it and checksums behind.
///
/// rebar3 reads it as data as well. Source: its `rebar_config:consult_lock_file/1`.
public final class RebarLock {

    public static final String FILE_NAME = "rebar.lock";

    private final String text;
    private final Map<String, Digest> inner = new HashMap<>();
    private final Map<String, Digest> outer = new HashMap<>();

    private RebarLock(String text) {
        this.text = text;
    }

    /// @param folder of the project
    /// @return sorted by app; none where there is no lock, which rebar3 writes only where there is
    ///   something to be locked
    /// @throws Failure with a [ProjectProblem]
    public static List<Dependency> read(Path folder) throws IOException {
        Path lock = folder.resolve(FILE_NAME);
        return Files.isRegularFile(lock)
                ? parse(new String(Files.readAllBytes(lock), StandardCharsets.UTF_8))
                : List.of();
    }

    /// @param text the whole lock
    /// @return sorted by app
    /// @throws Failure with a [ProjectProblem]
    public static List<Dependency> parse(String text) {
        try {
            return new RebarLock(text).dependencies(ErlangTerms.read(text));
        } catch (ErlangTerms.Unreadable e) {
            throw unclear(text, e.at(), e.reason());
        }
    }

    private List<Dependency> dependencies(List<Term> terms) {
        if (terms.isEmpty()) {
            throw unclear(0, "The file is empty. A lock of nothing is [].");
        }
        Term first = terms.getFirst();
        // {"1.2.0", [...]}. [{pkg_hash, [...]}, {pkg_hash_ext, [...]}].
        Term locked =
                first instanceof Term.Tuple(_, List<Term> fields) && fields.size() == 2
                        ? fields.getLast()
                        : first;
        for (Term more : terms.subList(1, terms.size())) {
            for (Term kind : list(more)) {
                List<Term> pair = tuple(kind, 2);
                checksums(pair.getLast(), name(pair.getFirst()).equals("pkg_hash") ? inner : outer);
            }
        }
        List<Dependency> dependencies = new ArrayList<>();
        for (Term entry : list(locked)) {
            try {
                dependencies.add(dependency(tuple(entry, 3)));
            } catch (IllegalArgumentException notSo) {
                throw unclear(entry.at(), String.valueOf(notSo.getMessage()));
            }
        }
        dependencies.sort(Comparator.comparing(Dependency::app));
        for (int i = 1; i < dependencies.size(); i++) {
            if (dependencies.get(i).app().equals(dependencies.get(i - 1).app())) {
                throw unclear(locked.at(), dependencies.get(i).app() + " is locked twice.");
            }
        }
        return List.copyOf(dependencies);
    }

    private void checksums(Term list, Map<String, Digest> into) {
        for (Term entry : list(list)) {
            List<Term> pair = tuple(entry, 2);
            try {
                into.put(
                        text(pair.getFirst()),
                        new Digest(text(pair.getLast()).toLowerCase(Locale.ROOT)));
            } catch (IllegalArgumentException _) {
                throw unclear(entry.at(), "A checksum is a SHA-256: 64 hexadecimal digits.");
            }
        }
    }

    /// `{App, Source, Level}`.
    private Dependency dependency(List<Term> entry) {
        String app = text(entry.getFirst());
        List<Term> source = tuple(entry.get(1), 0);
        String kind = name(source.getFirst());
        return switch (kind) {
            case "pkg" -> {
                if (source.size() < 3) {
                    throw unclear(entry.get(1).at(), "A package has a name and a version.");
                }
                yield new Dependency.Hex(
                        app,
                        text(source.get(1)),
                        text(source.get(2)),
                        Dependency.Hex.PUBLIC_REPO,
                        Optional.ofNullable(inner.get(app)),
                        Optional.ofNullable(outer.get(app)),
                        List.of());
            }
            case "git", "git_subdir" -> {
                if (source.size() < 3) {
                    throw unclear(entry.get(1).at(), "A repository has a URL and a revision.");
                }
                // What was asked for, a tag or a branch, rebar3 does not keep here.
                yield new Dependency.Git(
                        app,
                        text(source.get(1)),
                        text(tuple(source.get(2), 2).getLast()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
            }
            default -> new Dependency.Other(app, kind);
        };
    }

    private List<Term> list(Term term) {
        if (term instanceof Term.Items(_, List<Term> items)) {
            return items;
        }
        throw unclear(term.at(), "A list should be here.");
    }

    /// @param size of the tuple; 0 for any but none
    private List<Term> tuple(Term term, int size) {
        if (term instanceof Term.Tuple(_, List<Term> fields)
                && (size == 0 ? !fields.isEmpty() : fields.size() == size)) {
            return fields;
        }
        throw unclear(term.at(), "A tuple" + (size == 0 ? "" : " of " + size) + " should be here.");
    }

    private String text(Term term) {
        if (term instanceof Term.Text(_, String value)) {
            return value;
        }
        throw unclear(term.at(), "A text in quotes should be here.");
    }

    private String name(Term term) {
        if (term instanceof Term.Atom(_, String name)) {
            return name;
        }
        throw unclear(term.at(), "An atom should be here.");
    }

    private Failure unclear(int at, String reason) {
        return unclear(text, at, reason);
    }

    private static Failure unclear(String text, int at, String reason) {
        Place place = Place.of(text, at);
        return new Failure(
                new ProjectProblem.RebarLockUnclear(place.line(), place.column(), reason));
    }
}
