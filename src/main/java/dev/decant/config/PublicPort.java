package dev.decant.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A port that the world connects to, and the app's own port that the host leads it to.
///
/// @param port 1 to 65535
/// @param to 1 to 65535, another one
public record PublicPort(int port, int to) {

    private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,4}):([1-9][0-9]{0,4})");

    /// Reads `80:4000`.
    ///
    /// @return empty where it is no such thing
    static Optional<PublicPort> of(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        PublicPort port =
                new PublicPort(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        return port.port() > 65535 || port.to() > 65535 || port.port() == port.to()
                ? Optional.empty()
                : Optional.of(port);
    }

    /// The variable that tells the app where to listen for it.
    public String variable() {
        return "PORT_" + port;
    }

    /// @param offset of a slot
    public PublicPort shifted(int offset) {
        return new PublicPort(port, to + offset);
    }

    @Override
    public String toString() {
        return port + ":" + to;
    }
}
