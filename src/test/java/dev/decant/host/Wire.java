package dev.decant.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A session, spoken to byte by byte: for what Java would never send.
final class Wire implements AutoCloseable {

    private final Process process;
    private final BufferedReader from;
    private final OutputStream to;

    private Wire(Process process) {
        this.process = process;
        this.from =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.to = process.getOutputStream();
    }

    /// An installed session that has greeted.
    static Wire open(Transport transport) throws IOException {
        Wire wire = greeted(transport);
        var _ = wire.answer().orElseThrow();
        return wire;
    }

    /// An installed session whose greeting is still to be read.
    static Wire greeted(Transport transport) throws IOException {
        return new Wire(transport.session(Transport.Entry.INSTALLED).converse());
    }

    /// One whole answer.
    ///
    /// @param lines all before the status, with their marks
    record Answer(int status, List<String> lines) {}

    Wire send(String bytes) throws IOException {
        to.write(bytes.getBytes(StandardCharsets.UTF_8));
        to.flush();
        return this;
    }

    /// @return empty where the session ended first
    Optional<Answer> answer() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (line.startsWith(". ")) {
                return Optional.of(new Answer(Integer.parseInt(line.substring(2)), lines));
            }
            lines.add(line);
        }
        return Optional.empty();
    }

    Wire send(byte[] bytes) throws IOException {
        to.write(bytes);
        to.flush();
        return this;
    }

    /// Sends and reads the status.
    int ask(String bytes) throws IOException {
        return send(bytes).answer().orElseThrow().status();
    }

    /// As a lost machine: without a word.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Ends the input and waits for the session to end.
    @Override
    public void close() throws IOException {
        try {
            to.close();
        } catch (IOException ended) {
            // What was not sent yet is of no use to it.
        }
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("The session does not end.");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
