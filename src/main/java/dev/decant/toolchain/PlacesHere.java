package dev.decant.toolchain;

import dev.decant.exec.Program;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What Decant has installed on this machine, or else what version managers have.
record PlacesHere(ToolchainShelf shelf, Elsewhere elsewhere) implements Places {

    @Override
    public Optional<Installation> find(ToolVersion wanted) throws IOException {
        return switch (wanted.kind()) {
            case SYSTEM -> Optional.empty();
            case PATH ->
                    wanted.folder()
                            .map(folder -> new Installation(wanted.tool(), folder, wanted.text()))
                            .filter(PlacesHere::hasProgram);
            case REF -> elsewhere.find(wanted);
            case EXACT -> {
                Optional<Installation> own = shelf.find(wanted);
                yield own.isPresent() ? own : elsewhere.find(wanted);
            }
        };
    }

    private static boolean hasProgram(Installation there) {
        return Program.find(there.tool() == Tool.ERLANG ? "erl" : "elixir", there.bin().toString())
                .isPresent();
    }

    @Override
    public List<String> looked() {
        List<String> looked = new ArrayList<>(List.of(shelf.folder().toString()));
        looked.addAll(elsewhere.looked());
        return looked;
    }
}
