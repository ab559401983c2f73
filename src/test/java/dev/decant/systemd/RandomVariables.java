package dev.decant.systemd;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Environment files by chance, of what systemd's grammar has a use for. The same seed makes the
/// same.
final class RandomVariables {

    /// None that systemd itself sets.
    private static final List<String> NAMES = List.of("A", "b", "_", "C_1", "LONG_NAME_OF_ONE");

    private static final List<String> PIECES =
            List.of(
                    "x",
                    "two words",
                    " ",
                    "  ",
                    "\t",
                    "\n",
                    "\n\n",
                    "\r",
                    "\r\n",
                    "\"",
                    "'",
                    "\\",
                    "\\\\",
                    "\\\n",
                    "=",
                    "#",
                    ";",
                    "$",
                    "$A",
                    "${A}",
                    "`id`",
                    "%i",
                    "%%",
                    "A=y\n",
                    "ä",
                    "🐘",
                    "\u00a0",
                    "\u2003",
                    "\u0085",
                    "\u2028",
                    "\u0001",
                    "\u001b[31m",
                    "\u007f",
                    "\u000b",
                    "\u000c",
                    "\ufeff",
                    "\u0301");

    /// What begins a line, ends it, and what could be taken for either.
    private static final List<String> RAW =
            List.of(
                    "A=",
                    "A =",
                    " A=",
                    "B=",
                    "AB",
                    "export C=",
                    "2=",
                    "=",
                    "==",
                    "Ä=",
                    "\n",
                    "\n",
                    "\n",
                    "\n#",
                    "#",
                    ";",
                    "\n;",
                    "\\\n",
                    "\\\r\n",
                    "\\",
                    "\"",
                    "\"",
                    "'",
                    "'");

    private final RandomGenerator random;

    RandomVariables(long seed) {
        random = new SplittableRandom(seed);
    }

    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            variables.put(one(NAMES), value());
        }
        return variables;
    }

    /// A long one.
    ///
    /// @param length in characters, at least
    static String value(long seed, int length) {
        RandomVariables random = new RandomVariables(seed);
        StringBuilder value = new StringBuilder();
        while (value.length() < length) {
            value.append(random.one(PIECES));
        }
        return value.toString();
    }

    private String value() {
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            value.append(one(PIECES));
        }
        return value.toString();
    }

    /// Whatever somebody may have typed: mostly nonsense.
    byte[] text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = random.nextInt(24); i > 0; i--) {
            text.writeBytes(
                    one(random.nextInt(3) > 0 ? RAW : PIECES).getBytes(StandardCharsets.UTF_8));
        }
        // No UTF-8, no character, no text: each is for itself to refuse a whole file for.
        if (random.nextInt(12) == 0) {
            text.writeBytes(
                    one(
                            List.of(
                                    new byte[] {(byte) 0xe4},
                                    new byte[] {0},
                                    new byte[] {(byte) 0xef, (byte) 0xbf, (byte) 0xbf},
                                    new byte[] {(byte) 0xef, (byte) 0xb7, (byte) 0x90},
                                    new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                                    new byte[] {(byte) 0xc0, (byte) 0xaf})));
            text.writeBytes(one(RAW).getBytes(StandardCharsets.UTF_8));
        }
        return text.toByteArray();
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
