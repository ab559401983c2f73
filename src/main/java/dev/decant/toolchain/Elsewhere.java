package dev.decant.toolchain;

import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What version managers have installed: asdf and mise in a folder for each version, kerl wherever
/// it was told, which it keeps a list of.
///
/// @param environment of this process, in which they say where that is
record Elsewhere(Map<String, String> environment) {

    Optional<Installation> find(ToolVersion wanted) throws IOException {
        for (Map.Entry<String, Path> manager : managers().entrySet()) {
            Path folder =
                    manager.getValue()
                            .resolve("installs")
                            .resolve(wanted.tool().word())
                            .resolve(wanted.folderName());
            Installation there = new Installation(wanted.tool(), folder, manager.getKey());
            if (isIt(there, wanted)) {
                return Optional.of(there);
            }
        }
        for (Path folder : wanted.tool() == Tool.ERLANG ? kerls() : List.<Path>of()) {
            Installation there = new Installation(wanted.tool(), folder, "kerl");
            if (wanted.kind() == ToolVersion.Kind.EXACT && isIt(there, wanted)) {
                return Optional.of(there);
            }
        }
        return Optional.empty();
    }

    /// A commit may call itself anything.
    private static boolean isIt(Installation there, ToolVersion wanted) throws IOException {
        Optional<String> version = there.version();
        return wanted.kind() == ToolVersion.Kind.REF
                ? version.isPresent()
                : version.filter(wanted.version()::equals).isPresent();
    }

    /// Where they are looked for, for an error.
    List<String> looked() {
        List<String> looked = new ArrayList<>();
        managers().forEach((name, folder) -> looked.add(folder.resolve("installs").toString()));
        kerl().ifPresent(folder -> looked.add(folder.toString()));
        return looked;
    }

    private Map<String, Path> managers() {
        Map<String, Path> managers = new LinkedHashMap<>();
        variable("ASDF_DATA_DIR")
                .or(() -> home(".asdf"))
                .ifPresent(folder -> managers.put("asdf", folder));
        variable("MISE_DATA_DIR")
                .or(() -> variable("XDG_DATA_HOME").map(data -> data.resolve("mise")))
                .or(() -> home(".local/share/mise"))
                .ifPresent(folder -> managers.put("mise", folder));
        return managers;
    }

    private Optional<Path> kerl() {
        return variable("KERL_BASE_DIR").or(() -> home(".kerl"));
    }

    /// Each line has the name of a build and the folder that it was installed to.
    private List<Path> kerls() throws IOException {
        Optional<Path> list = kerl().map(folder -> folder.resolve("otp_installations"));
        if (list.isEmpty() || !Files.isReadable(list.get())) {
            return List.of();
        }
        return Files.readAllLines(list.get()).stream()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2)
                .map(words -> Path.of(words[1].strip()))
                .toList();
    }

    private Optional<Path> home(String below) {
        return variable("HOME").map(home -> home.resolve(below));
    }

    private Optional<Path> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> value.startsWith("/"))
                .map(Path::of);
    }
}
