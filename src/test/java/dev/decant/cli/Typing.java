package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;

/// Somebody at a terminal, who reads and then types.
final class Typing {

    private final Process process;
    private final StringWriter heard = new StringWriter();

    Typing(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        try {
            for (int c = process.inputReader().read(); c >= 0; c = process.inputReader().read()) {
                heard.append((char) c);
            }
        } catch (IOException e) {
            // It is gone.
        }
    }

    String heard() {
        return heard.toString();
    }

    /// Waits until something is to be read, and types something else.
    void after(String read, String text) throws Exception {
        assertThat(Seen.within(Duration.ofSeconds(30), () -> heard().contains(read)))
                .as("%s in: %s", read, heard)
                .isTrue();
        process.outputWriter().write(text);
        process.outputWriter().flush();
    }
}
