package dev.decant.host;

import dev.decant.exec.Program;
import dev.decant.problem.Failure;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// A host: one session that is held open for a whole run. Requests go one after the other,
/// whichever thread they come from.
public final class Host implements AutoCloseable {

    private static final int SPOKEN_AT_MOST = 40;
    private static final int KEPT_AT_MOST = 10_000;

    private final String name;
    private final Transport transport;
    private final Transport.Entry entry;
    private final Process process;
    private final InputStream from;
    private final OutputStream to;
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
    private final Thread listener;
    private final ReentrantLock busy = new ReentrantLock();

    /// Whether the host program has said that it is there.
    private boolean reached;

    private Host(String name, Transport transport, Transport.Entry entry, Process process) {
        this.name = name;
        this.transport = transport;
        this.entry = entry;
        this.process = process;
        this.from = new BufferedInputStream(process.getInputStream());
        this.to = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
        this.listener = Thread.ofVirtual().start(this::listen);
    }

    /// As [#begin(String, String, Transport, Transport.Entry)], and waits until the host is
    /// reached.
    ///
    /// @throws Failure with a [HostProblem]
    public static Host connect(
            String name, String unit, Transport transport, Transport.Entry entry) {
        Host host = begin(name, unit, transport, entry);
        host.reach();
        return host;
    }

    /// Begins to connect. What is asked meanwhile is on its way as soon as there is a way.
    ///
    /// @param name how output calls it
    /// @param unit the app's name on the host
    /// @throws Failure with a [HostProblem] if there is nothing to begin with
    public static Host begin(String name, String unit, Transport transport, Transport.Entry entry) {
        Program program = transport.session(entry);
        Host host;
        try {
            host = new Host(name, transport, entry, program.converse());
        } catch (IOException e) {
            throw new Failure(
                    transport.explain(entry, 127, List.of(String.valueOf(e.getMessage()))));
        }
        if (entry == Transport.Entry.BROUGHT) {
            try {
                byte[] bytes = HostProgram.bytes();
                host.to.write((bytes.length + " " + unit + "\n").getBytes(StandardCharsets.UTF_8));
                host.to.write(bytes);
                host.to.flush();
            } catch (IOException e) {
                throw host.unreached();
            }
        }
        return host;
    }

    /// Waits until it is reached, if it is not yet.
    ///
    /// @throws Failure with a [HostProblem]
    public void reach() {
        if (!reached) {
            try {
                Reply greeting = read(_ -> {});
                reached = true;
                checkProtocol(greeting.value("decant_host").orElse(""));
            } catch (IOException e) {
                throw unreached();
            }
        }
    }

    /// @param theirs what the host program says when a session begins
    private void checkProtocol(String theirs) {
        int ours = HostProgram.protocol();
        // A host program of any age says a number there.
        int number = theirs.matches("[0-9]{1,6}") ? Integer.parseInt(theirs) : 0;
        if (number != ours) {
            end();
            throw new Failure(
                    number > ours
                            ? HostProblem.NewerHost.of(name, number, ours)
                            : new HostProblem.OlderHost(name, number, ours));
        }
    }

    private Failure unreached() {
        int exit = end();
        List<String> said = new ArrayList<>(said());
        HostProblem problem = transport.explain(entry, exit, said);
        if (problem instanceof HostProblem.Unreachable
                || problem instanceof HostProblem.KeyRefused) {
            said.addAll(transport.effective());
            problem = transport.explain(entry, exit, said);
        }
        return new Failure(problem);
    }

    public String name() {
        return name;
    }

    /// Opens a console of the app's VM on this process's terminal, over a connection of its own,
    /// and waits until it is left.
    ///
    /// @return the exit status
    /// @throws Failure if this machine cannot do it
    public int console() throws InterruptedException {
        Program program = transport.console();
        try {
            return program.runHere();
        } catch (IOException e) {
            throw new Failure(
                    transport.explain(entry, 127, List.of(String.valueOf(e.getMessage()))));
        }
    }

    /// As [#ask(Verb, Consumer, LongConsumer)], without listening.
    public Reply ask(Verb verb) {
        return ask(verb, _ -> {}, _ -> {});
    }

    /// Asks and waits for the reply.
    ///
    /// @param printed is handed each line that something on the host has printed, as it comes
    /// @param sent is told how many bytes of a large payload have gone out
    /// @throws Failure with [HostProblem.Lost] if the session ends before the reply does, or with
    ///   [HostProblem.SudoRefused]
    public Reply ask(Verb verb, Consumer<String> printed, LongConsumer sent) {
        Reply reply;
        busy.lock();
        try {
            reach();
            reply = answer(verb, printed, sent);
        } catch (IOException e) {
            throw lost(verb);
        } finally {
            busy.unlock();
        }
        if (reply.status() == Reply.NO_ROOT) {
            throw noRoot(reply);
        }
        if (reply.status() == Reply.NEWER) {
            throw new Failure(new HostProblem.NewerHost(name, reply.text()));
        }
        return reply;
    }

    /// Asks several things in one round trip: all of them are on their way before the first answer
    /// is read. Not for verbs with contents.
    ///
    /// @param heard is told each answer when it is there
    /// @return the answers, of whatever status
    /// @throws Failure with [HostProblem.Lost] if the session ends before, or as [#reach()]
    public List<Reply> ask(List<Verb> verbs, BiConsumer<Verb, Reply> heard) {
        List<Reply> replies = new ArrayList<>();
        busy.lock();
        try {
            try {
                for (Verb verb : verbs) {
                    write(verb, _ -> {});
                }
                to.flush();
            } finally {
                // Why there is no way to write is known to whoever could not be reached.
                reach();
            }
            for (Verb verb : verbs) {
                Reply reply = read(_ -> {});
                replies.add(reply);
                heard.accept(verb, reply);
            }
            return replies;
        } catch (IOException e) {
            throw lost(verbs.get(Math.min(replies.size(), verbs.size() - 1)));
        } finally {
            busy.unlock();
        }
    }

    /// Asks unless another request is under way. Nobody is told where it fails: whoever asks for
    /// something next is.
    public void askInPassing(Verb verb) {
        if (busy.tryLock()) {
            try {
                ask(verb);
            } catch (Failure failure) {
                // See above.
            } finally {
                busy.unlock();
            }
        }
    }

    private Reply answer(Verb verb, Consumer<String> printed, LongConsumer sent)
            throws IOException {
        try {
            send(verb, sent);
        } catch (IOException e) {
            // The host may have said why before it hung up: a full disk does.
            Reply last = lastReply(printed);
            if (last == null) {
                throw e;
            }
            return last;
        }
        return read(printed);
    }

    private @Nullable Reply lastReply(Consumer<String> printed) {
        try {
            return read(printed);
        } catch (IOException e) {
            return null;
        }
    }

    /// As [#ask(Verb)], for what has no reason to fail.
    ///
    /// @throws Failure with [HostProblem.Refused] if the status is not 0
    public Reply must(Verb verb) {
        return must(verb, ask(verb));
    }

    /// As [#must(Verb)], for an answer that is there already.
    ///
    /// @throws Failure if the status is not 0
    public Reply must(Verb verb, Reply reply) {
        if (reply.status() == Reply.NO_ROOT) {
            throw noRoot(reply);
        }
        if (!reply.ok()) {
            throw new Failure(
                    new HostProblem.Refused(name, verb.name(), reply.status(), reply.text()));
        }
        return reply;
    }

    private Failure noRoot(Reply reply) {
        return new Failure(
                new HostProblem.SudoRefused(
                        name,
                        "the deploy user",
                        reply.text().isEmpty() ? List.of("sudo said nothing.") : reply.text()));
    }

    private Failure lost(Verb verb) {
        end();
        List<String> said = said();
        return new Failure(
                new HostProblem.Lost(
                        name, verb.name(), said.isEmpty() ? List.of("The session ended.") : said));
    }

    private void send(Verb verb, LongConsumer sent) throws IOException {
        write(verb, sent);
        to.flush();
    }

    private void write(Verb verb, LongConsumer sent) throws IOException {
        List<String> words = verb.words();
        Payload payload = Payloads.of(verb);
        StringBuilder frame =
                new StringBuilder(verb.name() + " " + words.size() + " " + payload.size() + "\n");
        for (String word : words) {
            if (word.indexOf('\n') >= 0 || word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("A word of " + verb.name() + " has a line end.");
            }
            frame.append(word).append('\n');
        }
        to.write(frame.toString().getBytes(StandardCharsets.UTF_8));
        try (InputStream in = payload.source().open()) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                to.write(buffer, 0, count);
                total += count;
                sent.accept(total);
            }
        }
    }

    private Reply read(Consumer<String> printed) throws IOException {
        List<Reply.Value> values = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = line();
            String rest = line.length() > 2 ? line.substring(2) : "";
            if (line.startsWith("= ")) {
                int equals = rest.indexOf('=');
                if (equals > 0) {
                    values.add(
                            new Reply.Value(rest.substring(0, equals), rest.substring(equals + 1)));
                }
            } else if (line.startsWith(". ") && rest.matches("[0-9]{1,3}")) {
                return new Reply(Integer.parseInt(rest), values, lines);
            } else if (!line.isEmpty()) {
                // A login shell may greet; whatever has no mark is for people.
                boolean marked = line.startsWith("| ") || line.startsWith("> ");
                String words = marked ? rest : line;
                // Whoever follows a log for a week hears each, and keeps none.
                if (lines.size() < KEPT_AT_MOST) {
                    lines.add(words);
                }
                if (line.startsWith("> ")) {
                    printed.accept(words);
                }
            }
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = from.read(); b != '\n'; b = from.read()) {
            if (b < 0) {
                throw new IOException("The session ended.");
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void listen() {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (errors.size() < SPOKEN_AT_MOST && !line.isBlank()) {
                    errors.add(line.strip());
                }
            }
        } catch (IOException e) {
            // The process is gone; what it said until then is there.
        }
    }

    private List<String> said() {
        return List.copyOf(errors);
    }

    /// Closes the session and waits a moment for its end.
    private int end() {
        try {
            to.close();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            listener.join(1000);
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return 255;
        }
    }

    /// Ends the session at once, and waits for nothing: whoever waits for an answer has lost it.
    public void cut() {
        process.destroy();
    }

    /// Ends the session; the lock goes with it.
    @Override
    public void close() {
        end();
    }
}
