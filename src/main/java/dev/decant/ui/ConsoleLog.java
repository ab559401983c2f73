package dev.decant.ui;

import dev.decant.deploy.RolloutEvent;
import dev.decant.ui.LiveView.Colour;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells on a terminal what is going on, a line for each host that changes in place, and in a log
/// file what has ended, and every now and then what has not.
public final class ConsoleLog implements CommandLog {

    private static final int PERCENT = 100;

    private static final Duration FRAME = Duration.ofMillis(150);

    /// Between two lines that say how far a long step is, where no line can change.
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);

    private final PrintWriter err;
    private final Map<String, String> environment;
    private final boolean verbose;
    private final Optional<Screen> screen;
    private final LiveView view = new LiveView();
    private TerminalSize size = new TerminalSize(80, 24);

    /// Draws while there is something to be seen.
    private @Nullable Thread drawing;

    /// @param terminal there is someone to see a line change
    /// @param environment of the process, which may want no colours
    /// @param verbose show what the build's programs print
    public ConsoleLog(
            PrintWriter err, boolean terminal, Map<String, String> environment, boolean verbose) {
        this.err = err;
        this.environment = Map.copyOf(environment);
        this.verbose = verbose;
        this.screen =
                terminal
                        ? Optional.of(
                                new Screen(err, environment.getOrDefault("NO_COLOR", "").isEmpty()))
                        : Optional.empty();
    }

    @Override
    public void step(String what) {
        begin("build", what, "");
    }

    @Override
    public void line(String text) {
        if (verbose) {
            print("       | " + text, Colour.NONE);
        }
    }

    @Override
    public synchronized void done(String what, Duration took) {
        view.end("build");
        print(columns("build", what, took), Colour.NONE);
    }

    @Override
    public void note(String text) {
        print("note   " + text, Colour.NONE);
    }

    @Override
    public void downloading(String what, long bytes, long all) {
        begin(
                "tools",
                what,
                all > 0 ? bytes * PERCENT / all + " % of " + Words.bytes(all) : Words.bytes(bytes));
    }

    @Override
    public synchronized void installed(String what, Duration took) {
        view.end("tools");
        print(String.format("%-7s%s  %s", "tools", what, Words.of(took)), Colour.NONE);
    }

    private synchronized void begin(String name, String step, String text) {
        view.begin(name, step, text, Instant.now());
        draw();
    }

    @Override
    public synchronized void tell(RolloutEvent event) {
        boolean followed =
                screen.isPresent()
                        && event instanceof RolloutEvent.StepDone(_, String host, _, _, _)
                        && view.follows(host);
        view.tell(event);
        switch (event) {
            case RolloutEvent.StepDone(_, String host, String step, Duration took, _) -> {
                if (!followed) {
                    print(columns(host, step, took), Colour.NONE);
                }
            }
            case RolloutEvent.StepFailed(_, String host, String step, Duration took) ->
                    print(columns(host, step, took) + "  failed", Colour.RED);
            case RolloutEvent.Note(_, String host, String text) ->
                    print(String.format("%-6s %s", host, text), Colour.NONE);
            default -> {
                // It is drawn, or the report says it at the end.
            }
        }
        draw();
    }

    private static String columns(String who, String what, Duration took) {
        return String.format("%-6s %-14s %s", who, what, Words.of(took));
    }

    private synchronized void print(String text, Colour colour) {
        screen.ifPresentOrElse(
                it -> it.print(text, colour),
                () -> {
                    err.println(text);
                    err.flush();
                });
    }

    private void draw() {
        if (drawing == null && !view.isEmpty()) {
            drawing = Thread.ofVirtual().start(screen.isPresent() ? this::drawAll : this::say);
        }
    }

    private void drawAll() {
        try {
            List<LiveView.Line> last = List.of();
            for (; ; Thread.sleep(FRAME)) {
                if (!lines().equals(last)) {
                    // A narrower terminal has broken in two what is there.
                    TerminalSize now = TerminalSize.ask(environment);
                    synchronized (this) {
                        size = now;
                        last = frame();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<LiveView.Line> lines() {
        return view.lines(size.columns(), size.rows() - 1, Instant.now());
    }

    private synchronized List<LiveView.Line> frame() {
        List<LiveView.Line> lines = lines();
        if (Thread.currentThread().equals(drawing)) {
            screen.ifPresent(it -> it.show(lines, size.columns()));
        }
        return lines;
    }

    private void say() {
        try {
            while (true) {
                Thread.sleep(LINE_EVERY);
                synchronized (this) {
                    if (Thread.currentThread().equals(drawing)) {
                        view.still(LINE_EVERY.minus(FRAME), Instant.now())
                                .forEach(line -> print(line, Colour.NONE));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void clear() {
        if (drawing != null) {
            drawing.interrupt();
            drawing = null;
        }
        view.clear();
        screen.ifPresent(Screen::clear);
    }
}
