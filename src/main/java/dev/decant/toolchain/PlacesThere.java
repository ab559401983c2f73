package dev.decant.toolchain;

import dev.decant.exec.Machine;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The usual folders of a user on another machine. What is found there is only run, and has to say
/// that it is what is wanted.
record PlacesThere(Machine machine) implements Places {

    @Override
    public Optional<Installation> find(ToolVersion wanted)
            throws IOException, InterruptedException {
        if (wanted.isSystem()) {
            return Optional.empty();
        }
        Map<String, Installation> programs = new LinkedHashMap<>();
        for (Installation each : candidates(wanted)) {
            String name = each.tool() == Tool.ERLANG ? "erl" : "elixir";
            programs.put(each.bin().resolve(name).toString(), each);
        }
        List<String> words = new ArrayList<>(List.of("ls", "-d", "--"));
        words.addAll(programs.keySet());
        List<String> there = machine.program(words, machine.home(), Map.of()).run().out();
        return programs.entrySet().stream()
                .filter(each -> there.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private List<Installation> candidates(ToolVersion wanted) {
        if (wanted.kind() == ToolVersion.Kind.PATH) {
            return wanted.folder().stream()
                    .map(folder -> new Installation(wanted.tool(), folder, wanted.text()))
                    .toList();
        }
        List<Installation> candidates = new ArrayList<>();
        folders()
                .forEach(
                        (whose, folder) -> {
                            boolean own = whose.equals(Installation.DECANT);
                            Path place =
                                    folder.resolve(wanted.tool().word())
                                            .resolve(own ? wanted.text() : wanted.folderName());
                            candidates.add(new Installation(wanted.tool(), place, whose));
                        });
        return candidates;
    }

    private Map<String, Path> folders() {
        Map<String, Path> folders = new LinkedHashMap<>();
        Path home = machine.home();
        folders.put(Installation.DECANT, home.resolve(".local/share/decant/toolchains"));
        folders.put("asdf", home.resolve(".asdf/installs"));
        folders.put("mise", home.resolve(".local/share/mise/installs"));
        return folders;
    }

    @Override
    public List<String> looked() {
        return folders().values().stream().map(Path::toString).toList();
    }
}
