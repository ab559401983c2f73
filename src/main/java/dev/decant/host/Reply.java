package dev.decant.host;

import java.util.List;
import java.util.Optional;

/// What a host answered.
///
/// @param status as listed in the host program's header
/// @param values `key=value` lines; a key may come more than once
/// @param text lines for people, and what was printed
public record Reply(int status, List<Value> values, List<String> text) {

    public static final int WRONG_CONTENTS = 65;
    public static final int NO_SUCH = 66;
    public static final int LACKING = 69;
    public static final int NEWER = 72;
    public static final int CANNOT_WRITE = 73;
    public static final int BUSY = 75;
    public static final int IN_THE_WAY = 76;
    public static final int NO_ROOT = 77;
    public static final int NOT_SIGNED = 78;

    public Reply {
        values = List.copyOf(values);
        text = List.copyOf(text);
    }

    /// One `key=value` line.
    public record Value(String key, String value) {}

    public boolean ok() {
        return status == 0;
    }

    /// The first value of a key, if it is there and not empty.
    public Optional<String> value(String key) {
        return all(key).stream().filter(value -> !value.isEmpty()).findFirst();
    }

    public List<String> all(String key) {
        return values.stream().filter(value -> value.key().equals(key)).map(Value::value).toList();
    }
}
