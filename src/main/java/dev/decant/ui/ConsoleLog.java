package dev.decant.ui;

import dev.decant.build.BuildLog;
import dev.decant.deploy.RolloutEvent;
import dev.decant.deploy.RolloutLog;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Tells on a terminal or in a log file what is being done: a line for each step that has ended,
/// and on a terminal a last line that says what is going on.
public final class ConsoleLog implements RolloutLog, BuildLog {

    private static final int PERCENT = 100;

    /// Seconds between two lines that say how far a long step is, where no line can change.
    private static final int LINE_EVERY = 10;

    private static final int WIDTH = 78;

    private final PrintWriter err;
    private final boolean terminal;
    private final boolean verbose;
    private boolean liveLine;
    private final Map<String, Sent> sending = new ConcurrentHashMap<>();

    /// Where a step's first news came from.
    private record Sent(long bytes, long at, AtomicInteger lines) {
        Sent(long bytes, long at) {
            this(bytes, at, new AtomicInteger());
        }
    }

    /// @param terminal there is someone to see a line change
    /// @param verbose show what the build's programs print
    public ConsoleLog(PrintWriter err, boolean terminal, boolean verbose) {
        this.err = err;
        this.terminal = terminal;
        this.verbose = verbose;
    }

    @Override
    public void step(String what) {
        live("build  " + what);
    }

    @Override
    public synchronized void line(String text) {
        if (verbose) {
            print("       | " + text);
        }
    }

    @Override
    public void done(String what, Duration took) {
        print(columns("build", what, took));
    }

    @Override
    public void note(String text) {
        print("note   " + text);
    }

    @Override
    public void downloading(String what, long bytes, long all) {
        String part =
                all > 0 ? bytes * PERCENT / all + " % of " + Words.bytes(all) : Words.bytes(bytes);
        live("tools  " + what + "  " + part);
    }

    @Override
    public void installed(String what, Duration took) {
        print(String.format("%-7s%s  %s", "tools", what, Words.of(took)));
    }

    @Override
    public void tell(RolloutEvent event) {
        switch (event) {
            case RolloutEvent.StepBegan(_, String host, String step) -> live(host + "  " + step);
            case RolloutEvent.Sent sent -> sending(sent);
            case RolloutEvent.Doing(_, String host, String text) -> live(host + "  " + text);
            case RolloutEvent.StepDone(_, String host, String step, Duration took, _) -> {
                sending.remove(host);
                print(columns(host, step, took));
            }
            case RolloutEvent.StepFailed(_, String host, String step, Duration took) ->
                    print(columns(host, step, took) + "  failed");
            case RolloutEvent.Note(_, String host, String text) ->
                    print(String.format("%-6s %s", host, text));
            case RolloutEvent.Began _,
                    RolloutEvent.BatchBegan _,
                    RolloutEvent.HostEnded _,
                    RolloutEvent.TakingBack _,
                    RolloutEvent.Ended _ -> {
                // The report says it at the end.
            }
        }
    }

    private void sending(RolloutEvent.Sent sent) {
        String host = sent.host();
        long bytes = sent.bytes();
        Sent began = sending.computeIfAbsent(host, _ -> new Sent(bytes, System.nanoTime()));
        double seconds = (System.nanoTime() - began.at()) / 1e9;
        String rate =
                seconds < 1
                        ? ""
                        : ", " + Words.bytes((long) ((bytes - began.bytes()) / seconds)) + "/s";
        String text =
                "send  "
                        + bytes * PERCENT / Math.max(1, sent.all())
                        + " % of "
                        + Words.bytes(sent.all())
                        + rate;
        live(host + "  " + text);
        if (!terminal && seconds > LINE_EVERY * (began.lines().get() + 1)) {
            began.lines().incrementAndGet();
            note(host, text);
        }
    }

    private static String columns(String who, String what, Duration took) {
        return String.format("%-7s%-15s%s", who, what, Words.of(took));
    }

    private synchronized void live(String text) {
        if (terminal) {
            err.print("\r\033[K" + text.substring(0, Math.min(WIDTH, text.length())));
            err.flush();
            liveLine = true;
        }
    }

    private synchronized void print(String text) {
        clear();
        err.println(text);
        err.flush();
    }

    /// Takes the changing line away, before something else is printed.
    public synchronized void clear() {
        if (liveLine) {
            err.print("\r\033[K");
            err.flush();
            liveLine = false;
        }
    }
}
