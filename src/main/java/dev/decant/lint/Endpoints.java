package dev.decant.lint;

import dev.decant.lint.Sources.Found;
import dev.decant.project.Piece;
import dev.decant.project.Source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Phoenix's endpoints of a project, and the web servers that serve them.
record Endpoints(Sources project, String mixEnv) {

    static final String BANDIT = "Bandit";
    static final String COWBOY = "Cowboy";

    /// @param server [#BANDIT] or [#COWBOY]
    private record Adapter(String server, String said) {}

    /// Where a module of lib says `use Phoenix.Endpoint`, with the module's name.
    List<Found<Piece.Alias>> modules() {
        List<Found<Piece.Alias>> endpoints = new ArrayList<>();
        for (Source source : project.lib()) {
            Code.lists(
                    source.pieces(),
                    list -> {
                        for (int i = 0; i + 2 < list.size(); i++) {
                            if (Code.isWord(list, i, "defmodule")
                                    && list.get(i + 1) instanceof Piece.Alias module
                                    && uses(Code.inside(list.get(i + 2)), "Phoenix.Endpoint")) {
                                endpoints.add(new Found<>(source, module));
                            }
                        }
                    });
        }
        return endpoints;
    }

    private static boolean uses(List<Piece> body, String module) {
        for (int i = 0; i + 1 < body.size(); i++) {
            if (Code.isWord(body, i, "use")
                    && body.get(i + 1) instanceof Piece.Alias(_, String name)
                    && name.equals(module)) {
                return true;
            }
        }
        return false;
    }

    /// What the settings say of endpoints.
    List<Found<Code.Setting>> settings() {
        Set<String> known =
                modules().stream().map(found -> found.what().name()).collect(Collectors.toSet());
        List<Found<Code.Setting>> settings = new ArrayList<>();
        for (Source source : project.config()) {
            for (Code.Setting setting : Code.settings(source.pieces())) {
                String module = setting.module().orElse("");
                if (known.contains(module) || module.endsWith("Endpoint")) {
                    settings.add(new Found<>(source, setting));
                }
            }
        }
        return settings;
    }

    /// Lists of options that a web server is started with, of endpoints and of servers without
    /// Phoenix, by the module that serves.
    ///
    /// @param said why this one serves
    record Served(Source source, String server, String said, List<Code.Pair> options) {}

    List<Served> served() {
        List<Served> all = new ArrayList<>();
        Optional<Adapter> adapter = adapter();
        if (adapter.isPresent()) {
            for (Found<Code.Setting> found : settings()) {
                for (Code.Pair pair : found.what().pairs()) {
                    if (pair.is("http") || pair.is("https")) {
                        all.add(
                                new Served(
                                        found.source(),
                                        adapter.get().server(),
                                        adapter.get().said(),
                                        pair.pairs()));
                    }
                }
            }
        }
        for (Source source : project.lib()) {
            for (Piece piece : Code.all(source.pieces())) {
                if (piece instanceof Piece.Group group
                        && group.bracket() == Piece.Bracket.CURLY
                        && !group.pieces().isEmpty()
                        && group.pieces().getFirst() instanceof Piece.Alias(int at, String name)
                        && (name.equals("Bandit") || name.equals("Plug.Cowboy"))) {
                    List<Code.Pair> options = new ArrayList<>();
                    for (List<Piece> part : Code.split(group.pieces())) {
                        options.addAll(Code.pairs(part));
                    }
                    options.stream()
                            .filter(pair -> pair.is("options"))
                            .findFirst()
                            .ifPresent(inner -> options.addAll(inner.pairs()));
                    all.add(
                            new Served(
                                    source,
                                    name.equals(BANDIT) ? BANDIT : COWBOY,
                                    Finding.place(source, at) + " starts " + name + ".",
                                    options));
                }
            }
        }
        return all;
    }

    /// The last one that is said counts. Where none is, Phoenix takes Cowboy, and fails where the
    /// project has none.
    private Optional<Adapter> adapter() {
        Optional<Adapter> adapter =
                project.dependsOn("plug_cowboy", mixEnv)
                        ? Optional.of(
                                new Adapter(
                                        COWBOY,
                                        "No adapter is named, and Cowboy is Phoenix's default."))
                        : Optional.empty();
        for (Found<Code.Setting> found : settings()) {
            for (Code.Pair pair : found.what().pairs()) {
                if (pair.is("adapter")
                        && pair.value().size() == 1
                        && pair.value().getFirst() instanceof Piece.Alias(int at, String name)) {
                    String place = Finding.place(found.source(), at);
                    adapter =
                            Optional.of(
                                    new Adapter(
                                            name.startsWith(BANDIT) ? BANDIT : COWBOY,
                                            place + " says  adapter: " + name));
                }
            }
        }
        return adapter;
    }
}
