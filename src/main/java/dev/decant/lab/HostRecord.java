package dev.decant.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What is written down of a host, in the file `state` of its directory, once and for its life.
///
/// Shape: lines of `key=value`.
///
/// @param lab the lab that it belongs to, see [LabId]
/// @param number the last part of its address, and what everything of it on this machine is named
///   by
/// @param lower the root that its disk lies over
/// @param nonce tells this host from an earlier one of the same number
record HostRecord(
        String name, Suite suite, LabId lab, int number, Subnet subnet, Path lower, UUID nonce) {

    private static final String FILE = "state";

    String address() {
        return subnet.address(number);
    }

    /// @param folder the host's directory
    /// @return empty where the directory is none of a host, or of one that is being taken away
    static Optional<HostRecord> read(Path folder) {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(folder.resolve(FILE))) {
                String[] parts = line.split("=", 2);
                fields.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
            return Optional.of(
                    new HostRecord(
                            fields.getOrDefault("name", ""),
                            Suite.valueOf(fields.getOrDefault("suite", "")),
                            LabId.parse(fields.getOrDefault("lab", ""))
                                    .orElseThrow(IllegalArgumentException::new),
                            Integer.parseInt(fields.getOrDefault("number", "")),
                            new Subnet(Integer.parseInt(fields.getOrDefault("network", ""))),
                            Path.of(fields.getOrDefault("lower", "")),
                            UUID.fromString(fields.getOrDefault("nonce", ""))));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    void write(Path folder) throws IOException {
        String text =
                """
                name=%s
                suite=%s
                lab=%s
                number=%d
                network=%d
                lower=%s
                nonce=%s
                """
                        .formatted(
                                name,
                                suite.name(),
                                lab.text(),
                                number,
                                subnet.second(),
                                lower,
                                nonce);
        Path beside = folder.resolve(FILE + ".new");
        Files.writeString(beside, text);
        Files.move(beside, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
}
