package dev.decant.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The /24 that hosts are in: `10.SECOND.0.0/24`, where `.1` is this machine.
///
/// @param second 77 to 254
record Subnet(int second) {

    private static final int FIRST = 77;
    private static final int LAST = 254;

    private static final Pattern NUMBERS =
            Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)(?:/(\\d+))?");
    private static final Pattern OF_ADDRESS = Pattern.compile("\\binet (\\S+)");
    private static final Pattern OF_ROUTE = Pattern.compile("^(?:[a-z]+ )?(\\d\\S*)");

    Subnet {
        if (second < FIRST || second > LAST) {
            throw new IllegalArgumentException(
                    "10." + second + ".0.0/24 is not a network for lab hosts");
        }
    }

    /// Any part of the address space that is in use.
    private record Block(long base, int bits) {
        boolean meets(Block other) {
            int shift = 32 - Math.min(bits, other.bits);
            return base >>> shift == other.base >>> shift;
        }

        static Optional<Block> parse(String text) {
            Matcher parts = NUMBERS.matcher(text);
            if (!parts.matches()) {
                return Optional.empty();
            }
            long base = 0;
            for (int i = 1; i <= 4; i++) {
                base = base << 8 | Long.parseLong(parts.group(i));
            }
            return Optional.of(
                    new Block(
                            base, parts.group(5) == null ? 32 : Integer.parseInt(parts.group(5))));
        }
    }

    /// @param addresses what `ip -o -4 addr show` prints
    /// @param routes what `ip -4 route show table all` prints; a default route takes nothing
    static Optional<Subnet> free(List<String> addresses, List<String> routes) {
        List<Block> used = new ArrayList<>();
        addresses.forEach(line -> found(OF_ADDRESS, line).ifPresent(used::add));
        routes.forEach(line -> found(OF_ROUTE, line).ifPresent(used::add));
        return IntStream.rangeClosed(FIRST, LAST)
                .mapToObj(Subnet::new)
                .filter(subnet -> used.stream().noneMatch(subnet.block()::meets))
                .findFirst();
    }

    private static Optional<Block> found(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Block.parse(matcher.group(1)) : Optional.empty();
    }

    private Block block() {
        return new Block(10L << 24 | (long) second << 16, 24);
    }

    /// @param number 1 for this machine, 2 to 254 for hosts
    String address(int number) {
        return "10." + second + ".0." + number;
    }

    /// Always the same for an address, or else a host that comes back is not found until the old
    /// answer to "who has that address?" has aged away.
    String mac(int number) {
        return "02:dc:0a:%02x:00:%02x".formatted(second, number);
    }
}
