package dev.decant.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What belongs to processes that are no more.
///
/// @param hosts theirs
/// @param remains numbers of hosts without a record: what someone did not finish taking away
/// @param labs the directories of their labs
record Orphans(List<HostRecord> hosts, List<Integer> remains, List<Path> labs) {

    static Orphans of(Places places, ProcessTable table) throws IOException {
        List<HostRecord> hosts = new ArrayList<>();
        List<Integer> remains = new ArrayList<>();
        for (Path folder : list(places.hosts())) {
            Optional<HostRecord> record = HostRecord.read(folder);
            String name = folder.getFileName().toString();
            if (record.isEmpty() && name.matches("\\d{1,3}")) {
                remains.add(Integer.parseInt(name));
            } else if (record.isPresent() && dead(record.get().lab(), table)) {
                hosts.add(record.get());
            }
        }
        List<Path> labs = new ArrayList<>();
        for (Path folder : list(places.labs())) {
            Optional<LabId> lab = LabId.parse(folder.getFileName().toString());
            if (lab.isPresent() && dead(lab.get(), table)) {
                labs.add(folder);
            }
        }
        return new Orphans(hosts, remains, labs);
    }

    private static boolean dead(LabId lab, ProcessTable table) throws IOException {
        return lab.owner().isPresent() && !table.alive(lab.owner().get());
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
