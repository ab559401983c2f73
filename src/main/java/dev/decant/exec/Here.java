package dev.decant.exec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class Here implements Machine {

    @Override
    public Optional<String> name() {
        return Optional.empty();
    }

    @Override
    public String path() {
        return Program.path();
    }

    @Override
    public Path home() {
        return Path.of(System.getProperty("user.home", "/"));
    }

    @Override
    public Program program(List<String> words, Path folder, Map<String, String> environment) {
        List<String> all = new ArrayList<>(words);
        String path = environment.get("PATH");
        if (path != null && !words.getFirst().contains("/")) {
            // Java looks in the PATH of its own process.
            Program.find(words.getFirst(), path).ifPresent(found -> all.set(0, found.toString()));
        }
        return Program.of(all).in(folder).env(environment);
    }
}
