package dev.decant.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What Hex writes of a package into the folder that it unpacks it to, as `.hex`.
///
/// Shape: `{{:hex, 2, _}, map}` in Erlang's external term format.
///
/// @param inner SHA-256 of its contents, as the lock has it
/// @param outer SHA-256 of the package as it was downloaded
record HexManifest(
        String name, String version, String repo, Optional<String> inner, Optional<String> outer) {

    static final String FILE_NAME = ".hex";

    private static final int MAX_SIZE = 1 << 16;
    private static final int MAX_DEPTH = 8;

    private record Atom(String name) {}

    /// @return empty where there is none, or none that can be read
    static Optional<HexManifest> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(MAX_SIZE));
        }
    }

    static Optional<HexManifest> parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            return unsigned(buffer.get()) == 131
                    ? of(term(buffer, 0)).filter(_ -> !buffer.hasRemaining())
                    : Optional.empty();
        } catch (BufferUnderflowException | IllegalArgumentException notSo) {
            return Optional.empty();
        }
    }

    private static Optional<HexManifest> of(Object term) {
        if (term instanceof List<?> whole
                && whole.size() == 2
                && whole.getFirst() instanceof List<?> format
                && format.size() == 3
                && format.subList(0, 2).equals(List.of(new Atom("hex"), 2L))
                && whole.getLast() instanceof Map<?, ?> map
                && map.get(new Atom("name")) instanceof String name
                && map.get(new Atom("version")) instanceof String version
                && map.get(new Atom("repo")) instanceof String repo) {
            return Optional.of(
                    new HexManifest(
                            name,
                            version,
                            repo,
                            text(map, "inner_checksum"),
                            text(map, "outer_checksum")));
        }
        return Optional.empty();
    }

    private static Optional<String> text(Map<?, ?> map, String key) {
        return map.get(new Atom(key)) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /// The few kinds of terms that it consists of. Tuples and lists are both lists here.
    private static Object term(ByteBuffer buffer, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("Too deep.");
        }
        int tag = unsigned(buffer.get());
        return switch (tag) {
            case 97 -> (long) unsigned(buffer.get());
            case 98 -> (long) buffer.getInt();
            case 100, 118 -> new Atom(text(buffer, buffer.getShort() & 0xffff));
            case 115, 119 -> new Atom(text(buffer, unsigned(buffer.get())));
            case 109 -> text(buffer, buffer.getInt());
            case 106 -> List.of();
            case 104 -> terms(buffer, unsigned(buffer.get()), depth);
            case 108 -> {
                List<Object> items = terms(buffer, buffer.getInt(), depth);
                if (unsigned(buffer.get()) != 106) {
                    throw new IllegalArgumentException("Not a proper list.");
                }
                yield items;
            }
            case 116 -> {
                Map<Object, Object> map = new HashMap<>();
                for (int pairs = buffer.getInt(); pairs > 0; pairs--) {
                    map.put(term(buffer, depth + 1), term(buffer, depth + 1));
                }
                yield map;
            }
            default -> throw new IllegalArgumentException("Not a term for it: " + tag);
        };
    }

    private static List<Object> terms(ByteBuffer buffer, int count, int depth) {
        List<Object> terms = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            terms.add(term(buffer, depth + 1));
        }
        return terms;
    }

    private static String text(ByteBuffer buffer, int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int unsigned(byte one) {
        return one & 0xff;
    }
}
