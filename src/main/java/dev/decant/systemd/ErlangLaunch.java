package dev.decant.systemd;

import dev.decant.config.AppNames;
import dev.decant.config.Config;
import dev.decant.config.HostConfig;
import dev.decant.config.Kind;
import dev.decant.config.ProcessConfig;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A release of Mix's or of relx's, which is run by its own script.
record ErlangLaunch(Config config, HostConfig host) implements Launch {

    /// A node that has a name, as relx wants one, and that nobody can connect to.
    private static final String UNHEARD = "-start_epmd false -dist_listen false";

    private boolean rebar3() {
        return config.kind() == Kind.REBAR3;
    }

    private AppNames names() {
        return config.names();
    }

    @Override
    public void environment(UnitText text, String runtime) {
        if (rebar3()) {
            text.comment(
                    "relx writes what it makes of vm.args.src and sys.config.src, and Erlang a"
                            + " cookie where none is named: neither belongs into a release.");
            text.set(
                    "Environment",
                    "LANG=C.UTF-8 RELX_OUT_FILE_PATH=%1$s HOME=%1$s".formatted(runtime));
        } else {
            text.set("Environment", "LANG=C.UTF-8 RELEASE_TMP=" + runtime);
        }
    }

    /// Where nobody is to connect, nothing listens. A slot has its port with its other ports.
    @Override
    public void distribution(UnitText text, boolean slot) {
        String node = names().unit() + (slot ? "-%i" : "") + "@" + host.nodeAddress();
        if (config.service().distribution().isEmpty()) {
            unheard(text, node);
            return;
        }
        text.set(
                "Environment",
                (rebar3() ? "" : "RELEASE_DISTRIBUTION=name ") + "RELEASE_NODE=" + node);
        if (!slot) {
            text.set(
                    "Environment",
                    "\"ERL_ZFLAGS=-start_epmd false -erl_epmd_port "
                            + config.service().distribution().getAsInt()
                            + " -kernel inet_dist_use_interface {"
                            + host.nodeAddress().replace('.', ',')
                            + "}\"");
        }
    }

    /// @param node what relx may put into vm.args.src
    @Override
    public void unheard(UnitText text, String node) {
        if (rebar3()) {
            text.set("Environment", "RELEASE_NODE=" + node + " \"ERL_ZFLAGS=" + UNHEARD + "\"");
        } else {
            text.set("Environment", "RELEASE_DISTRIBUTION=none");
        }
    }

    @Override
    public void withoutDump(UnitText text) {
        text.comment("Why it ends is in the journal.");
        text.set("Environment", "ERL_CRASH_DUMP_SECONDS=0");
    }

    @Override
    public void withoutDumpEver(UnitText text) {
        text.set("Environment", "ERL_CRASH_DUMP_BYTES=0");
    }

    @Override
    public String app(String place) {
        return place + "/bin/" + names().release() + " " + config.kind().start();
    }

    /// A process does not serve, and no node connects to it, unless it says so.
    @Override
    public String process(ProcessConfig process, String place) {
        List<String> words = new ArrayList<>(List.of("/usr/bin/env"));
        boolean evaluates = rebar3() && process.command().getFirst().equals("eval");
        if (rebar3()) {
            words.add("RELEASE_NODE=" + names().unit() + "-" + process.name() + "@127.0.0.1");
            words.add(Units.word("ERL_ZFLAGS=" + UNHEARD));
        } else {
            words.addAll(List.of("-u", "PHX_SERVER", "RELEASE_DISTRIBUTION=none"));
        }
        process.env().forEach((name, value) -> words.add(Units.word(name + "=" + value)));
        if (evaluates) {
            String expression =
                    String.join(" ", process.command().subList(1, process.command().size()));
            words.add(Units.word("DECANT_EVAL=" + expression));
            words.add(RelxEval.command(place, names().release()));
        } else {
            words.add(place + "/bin/" + names().release());
            process.command().forEach(word -> words.add(Units.word(word)));
        }
        return String.join(" ", words);
    }

    @Override
    public String expression(String place) {
        return rebar3()
                ? RelxEval.command(place, names().release())
                : place + "/bin/" + names().release() + " $DECANT_VERB ${DECANT_EVAL}";
    }

    @Override
    public void stop(UnitText text, boolean ready, String runtime) {
        if (ready) {
            text.comment(
                    "It has said that it is ready, and loses no signal any more; what follows when"
                            + " this ends is a SIGKILL.");
            text.set(
                    "ExecStop",
                    "/bin/sh -c 'kill -TERM $MAINPID; while kill -0 $MAINPID; do sleep 0.1; done"
                            + " 2>/dev/null; exit 0'");
        } else {
            text.comment(
                    "A VM loses a SIGTERM that reaches it in the first half of its boot, so while"
                            + " it is young it is sent again. How old it is its folder tells: /proc"
                            + " shows nothing of it here.");
            text.set(
                    "ExecStop",
                    "/bin/sh -c 'n=0; kill -TERM $MAINPID; while kill -0 $MAINPID; do sleep 0.1;"
                            + " n=$((n + 1)); [ $((n %% 10)) -eq 0 ] || continue; s=$(stat -c %%Y "
                            + runtime
                            + ") || continue; [ $(($(date +%%s) - s)) -ge 60 ] || kill -TERM"
                            + " $MAINPID; done 2>/dev/null; exit 0'");
        }
    }

    @Override
    public void beforeReady(UnitText text) {
        text.comment("Until it is ready systemd sends only this; a SIGTERM would be lost.");
        text.set("KillSignal", "SIGKILL");
    }

    @Override
    public void watchdog(UnitText text, Duration most) {
        text.comment("A VM that is silent for longer is told to write a crash dump and end.");
        text.set("WatchdogSec", most.toSeconds());
        text.set("WatchdogSignal", "SIGUSR1");
        text.comment("One that cannot even do that need not have the time to drain.");
        text.set("TimeoutAbortSec", 20);
    }
}
