package dev.decant.systemd;

import dev.decant.config.AppNames;
import dev.decant.config.Config;
import dev.decant.config.FileConfig;
import dev.decant.config.Hardening;
import dev.decant.config.HostConfig;
import dev.decant.config.LimitsConfig;
import dev.decant.config.ProcessConfig;
import dev.decant.config.Strategy;
import dev.decant.config.UnitConfig;
import dev.decant.config.UnitConfig.Directory;
import dev.decant.release.HostLayout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The units of an app, as text for `/etc/systemd/system`.
///
/// Where nothing is excepted, the sandbox is the tightest under which a release with the JIT was
/// seen to boot and serve; `systemd-analyze security` rates it 1.1 on systemd 252 and 257.
///
/// @param host on which they are to be
/// @param dropIn what is added to what is written here
/// @param systemd the host's version, such as `252`
public record Units(Config config, HostConfig host, DropIn dropIn, int systemd) {

    /// What the VM takes to end beyond what the app takes to drain: `init:stop` waits a second.
    private static final Duration TO_END = Duration.ofSeconds(5);

    /// From this version on a folder of the app's own may be within another.
    private static final int NESTED = 235;

    /// @param host as [#host()]
    /// @param systemd as [#systemd()]
    /// @throws dev.decant.problem.Failure if a file that is added cannot be read
    public static Units of(Config config, HostConfig host, int systemd) {
        return new Units(config, host, DropIn.of(config.unit()), systemd);
    }

    private Stream<ProcessConfig> processes(boolean timed) {
        return config.processes().stream()
                .filter(process -> process.on(host))
                .filter(process -> process.schedule().isPresent() == timed);
    }

    private AppNames names() {
        return config.names();
    }

    private UnitConfig unit() {
        return config.unit();
    }

    private HostLayout layout() {
        return new HostLayout(names().unit());
    }

    /// The app itself, where it runs alone.
    public String service() {
        UnitText text = head(names().unit(), names().app() + ", deployed by Decant");
        processes(false).forEach(process -> text.set("Wants", name(process) + ".service"));
        alone(text);
        app(text, "tmp", settingsAlone(), layout().current());
        return text.text();
    }

    private void alone(UnitText text) {
        text.comment("A host that was set up and never deployed to boots without a failed unit.");
        text.set("ConditionPathExists", layout().current());
        text.comment("While the app runs in slots, it does not run here.");
        text.set("ConditionDirectoryNotEmpty", "!" + layout().slots());
    }

    private List<String> settingsAlone() {
        return List.of(layout().environment(), layout().secrets());
    }

    /// The app in one of two slots, between which traffic is switched; the instance is the slot, 1
    /// or 2.
    public String slot() {
        UnitText text =
                head(names().unit() + "@", names().app() + " in slot %i, deployed by Decant");
        if (bySocket()) {
            text.set("Requires", names().unit() + ".socket");
            text.set("After", names().unit() + ".socket");
        }
        processes(false).forEach(process -> text.set("Wants", name(process) + "@%i.service"));
        inSlot(text);
        app(text, "%i", settingsInSlot(), layout().slots() + "/%i");
        return text.text();
    }

    private void inSlot(UnitText text) {
        text.comment("A slot that nothing was put into, or that has had its time, does not start.");
        text.set("ConditionPathExists", layout().slots() + "/%i");
    }

    private List<String> settingsInSlot() {
        String settings = layout().slotSettings() + "/%i";
        return List.of(settings + "/environment", settings + "/secrets");
    }

    /// Another process of the release that the app runs from, which starts and ends with it.
    private String process(ProcessConfig process) {
        boolean beside = config.service().beside();
        String instance = beside ? "@" : "";
        UnitText text =
                head(
                        name(process) + instance,
                        "%s of %s%s, deployed by Decant"
                                .formatted(
                                        process.name(),
                                        names().app(),
                                        beside ? " in slot %i" : ""));
        text.comment("Whatever stops or restarts the app does so with this.");
        text.set("PartOf", names().unit() + (beside ? "@%i" : "") + ".service");
        if (beside) {
            inSlot(text);
        } else {
            alone(text);
        }
        startLimit(text, "Unit");
        text.section("Service");
        startLimit(text, "Service");
        text.set("Type", systemd >= 240 ? "exec" : "simple");
        String own = process.name() + (beside ? "-%i" : "");
        identity(text, own, name(process));
        crashDump(text, own, "." + own);
        directories(text, crashes());
        settings(text, beside ? settingsInSlot() : settingsAlone());
        files(text, beside ? layout().slotSettings() + "/%i" : layout().deployment());
        String place = beside ? layout().slots() + "/%i" : layout().current();
        text.set("WorkingDirectory", place);
        text.set("ExecStart", launch().process(process, place));
        stopping(text, false, own);
        restarting(text, unit().restart());
        confined(text);
        process.extra().forEach(line -> text.set(line.split("=", 2)[0], line.split("=", 2)[1]));
        return text.text();
    }

    /// What runs at a time: the host program finds out first in which release.
    private String timed(ProcessConfig process) {
        String run = "/run/decant/" + names().unit() + "/timers/" + process.name();
        UnitText text =
                head(
                        name(process),
                        "%s of %s, deployed by Decant".formatted(process.name(), names().app()));
        text.comment("Not before the first deploy.");
        text.set("ConditionPathExists", "/var/lib/decant/" + names().unit() + "/live");
        text.section("Service").set("Type", "oneshot");
        identity(text, process.name(), name(process));
        launch().withoutDump(text);
        directories(text, false);
        settings(text, List.of("-" + run + "/environment", "-" + run + "/secrets"));
        files(text, layout().deployment());
        text.comment("The release that serves now, with its settings.");
        text.set(
                "ExecStartPre",
                "+%s timed %s %s"
                        .formatted(HostLayout.HOST_PROGRAM, names().unit(), process.name()));
        text.set("WorkingDirectory", "-" + run + "/release");
        text.set("ExecStart", launch().process(process, run + "/release"));
        text.comment("It takes as long as it takes.");
        text.set("TimeoutStartSec", "infinity").set("KillMode", "mixed");
        confined(text);
        process.extra().forEach(line -> text.set(line.split("=", 2)[0], line.split("=", 2)[1]));
        return text.text();
    }

    private String timer(ProcessConfig process) {
        ProcessConfig.Schedule schedule = process.schedule().orElseThrow();
        UnitText text = new UnitText(systemd);
        text.comment("Written by `decant setup`.");
        text.section("Unit").set("Description", process.name() + " of " + names().app());
        text.section("Timer").set("OnCalendar", schedule.calendar());
        text.set("Persistent", schedule.persistent() ? "yes" : "no");
        if (!schedule.delay().isZero()) {
            text.set("RandomizedDelaySec", seconds(schedule.delay()));
        }
        text.section("Install").set("WantedBy", "timers.target");
        return text.text();
    }

    /// As one word of a command line of systemd, taken as it is.
    static String word(String text) {
        return text.matches("[A-Za-z0-9_./:=@,+-]+")
                ? text
                : "\""
                        + text.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("%", "%%")
                                .replace("$", "$$")
                        + "\"";
    }

    /// No app has a dot in its name.
    private String name(ProcessConfig process) {
        return names().unit() + "." + process.name();
    }

    private UnitText head(String unit, String description) {
        UnitText text = new UnitText(systemd);
        text.comment(
                """
                Written by `decant setup`, which also brings it up to date. Changes of your own belong into decant.toml,
                under [unit.extra], or into a drop-in:
                  systemctl edit %s\
                """
                        .formatted(unit));
        text.section("Unit").set("Description", description);
        String after = "network.target decant-" + names().unit() + "-recover.service";
        if (!config.bootSources().isEmpty()) {
            text.set("Wants", layout().fetch());
            after += " " + layout().fetch();
        }
        return text.set("After", String.join(" ", words(after, unit().after())));
    }

    private static List<String> words(String first, List<String> more) {
        List<String> words = new ArrayList<>(List.of(first));
        words.addAll(more);
        return words;
    }

    private void app(UnitText text, String runtime, List<String> settings, String place) {
        boolean slot = runtime.equals("%i");
        startLimit(text, "Unit");
        text.section("Service");
        startLimit(text, "Service");
        type(text);
        identity(text, runtime, names().unit());
        crashDump(text, runtime, slot ? ".%i" : "");
        directories(text, crashes());
        launch().distribution(text, slot);
        settings(text, settings);
        files(text, slot ? layout().slotSettings() + "/%i" : layout().deployment());
        if (slot) {
            text.comment("A slot has ports of its own.");
            text.set("EnvironmentFile", layout().slotSettings() + "/%i/slot.env");
            if (bySocket()) {
                text.comment(
                        "Both slots accept from it, and whatever starts says anew for both that"
                                + " nobody waits in there.");
                text.set("Sockets", names().unit() + ".socket");
                text.set("NonBlocking", "yes");
            }
        }
        text.set("WorkingDirectory", place);
        unit().startPre().forEach(program -> text.set("ExecStartPre", program));
        text.set("ExecStart", launch().app(place));
        stopping(text, config.health().byNotify(), runtime);
        spokenWith(text);
        restarting(text, config.service().restartFlag() ? "always" : unit().restart());
        confined(text);
        text.section("Install").set("WantedBy", "multi-user.target");
    }

    /// @param ready it has said so before this is run
    /// @param runtime as in [#runtime(String)]; systemd makes it anew at each start
    private void stopping(UnitText text, boolean ready, String runtime) {
        launch().stop(text, ready, runtime(runtime));
        text.comment("Programs that the app has started may finish while it drains.");
        text.set("KillMode", "mixed");
        text.set("TimeoutStopSec", config.service().drainTimeout().plus(TO_END).toSeconds());
    }

    /// What the modules of [ElixirModule] need.
    private void spokenWith(UnitText text) {
        if (!config.service().watchdog().isZero()) {
            launch().watchdog(text, config.service().watchdog());
        }
        if (config.service().restartFlag()) {
            text.comment("The app stops when this file is touched, and is started again.");
            text.set("Environment", "RESTART_FLAG=" + layout().restartFlag());
        }
    }

    private void restarting(UnitText text, String when) {
        text.set("Restart", when);
        text.set("RestartSec", seconds(unit().restartDelay()));
    }

    private void confined(UnitText text) {
        limits(text);
        text.blank();
        sandbox(text);
    }

    private void settings(UnitText text, List<String> files) {
        if (config.kind().hasErlang()) {
            text.comment(
                    "The later file wins: this machine's cookie, what the deployment says, its"
                            + " secrets, then what this machine says.");
            text.set("EnvironmentFile", layout().cookie());
        } else {
            text.comment(
                    "The later file wins: what the deployment says, its secrets, then what this"
                            + " machine says.");
        }
        files.forEach(file -> text.set("EnvironmentFile", file));
        if (!config.bootSources().isEmpty()) {
            text.comment("What the sources say that this host asks itself.");
            text.set("EnvironmentFile", layout().fetched());
        }
        text.set("EnvironmentFile", "-" + layout().machineEnvironment());
        text.set("EnvironmentFile", "-" + layout().runEnvironment());
    }

    /// @param deployment its folder
    private void files(UnitText text, String deployment) {
        if (config.files().isEmpty()) {
            return;
        }
        text.comment(
                "The app finds them in CREDENTIALS_DIRECTORY; a deployment from before there was"
                        + " one has an empty line in its place.");
        for (FileConfig file : config.files()) {
            text.set("LoadCredential", file.name() + ":" + deployment + "/secret/" + file.name());
            text.set("SetCredential", file.name() + ":\\n");
        }
    }

    /// It was moved from one section to the other.
    private void startLimit(UnitText text, String section) {
        if (section.equals(systemd >= 230 ? "Unit" : "Service")) {
            text.comment(
                    config.kind().hasErlang()
                            ? "A VM that dies at boot takes about two seconds to do so: five such"
                                    + " starts fit into this minute."
                            : "What dies five times within this minute is left alone.");
            text.set("StartLimitIntervalSec", 60).set("StartLimitBurst", 5);
        }
    }

    private static String seconds(Duration time) {
        return time.toMillisPart() == 0 ? Long.toString(time.toSeconds()) : time.toMillis() + "ms";
    }

    private void type(UnitText text) {
        if (!config.health().byNotify()) {
            text.set("Type", systemd >= 240 ? "exec" : "simple");
            return;
        }
        text.comment("It says by itself when it is ready.");
        text.set("Type", "notify").set("NotifyAccess", "main");
        text.set("TimeoutStartSec", config.health().timeout().toSeconds());
        launch().beforeReady(text);
    }

    private void identity(UnitText text, String runtime, String identifier) {
        text.set("User", names().unit()).set("Group", names().unit());
        text.set("SyslogIdentifier", identifier);
        text.set("RuntimeDirectory", names().unit() + (systemd >= NESTED ? "/" : "-") + runtime);
        text.set("RuntimeDirectoryMode", "0700");
        launch().environment(text, runtime(runtime));
    }

    private Launch launch() {
        return config.generic().isPresent()
                ? new ProgramLaunch(config.generic().get())
                : new ErlangLaunch(config, host);
    }

    /// A writable folder of the unit's own, in memory.
    private String runtime(String name) {
        return systemd >= NESTED ? layout().runtime(name) : "/run/" + names().unit() + "-" + name;
    }

    /// It has all that the VM had in its memory, and is big: for the app and root only, on disk,
    /// and one at most.
    private void crashDump(UnitText text, String runtime, String whose) {
        if (!crashes()) {
            launch().withoutDumpEver(text);
            return;
        }
        String folder = text.knows("StateDirectory") ? layout().crashes() : runtime(runtime);
        text.set(
                "Environment",
                "ERL_CRASH_DUMP=%s/erl_crash%s.dump ERL_CRASH_DUMP_BYTES=%d"
                        .formatted(folder, whose, unit().limits().crashDump()));
    }

    private boolean crashes() {
        return config.kind().hasErlang() && unit().limits().crashDump() > 0;
    }

    /// The folders that systemd makes; those that hold them are the app's as well only where it has
    /// asked for them.
    private void directories(UnitText text, boolean crashes) {
        SortedSet<Directory> own = unit().directories();
        List<String> state = new ArrayList<>();
        if (own.contains(Directory.STATE)) {
            state.add(names().unit());
        }
        if (crashes) {
            state.add(names().unit() + "/crash");
        }
        if (!state.isEmpty()) {
            text.set("StateDirectory", String.join(" ", state)).set("StateDirectoryMode", "0700");
        }
        if (own.contains(Directory.STATE)) {
            text.set("Environment", "STATE_DIRECTORY=/var/lib/" + names().unit());
        }
        if (own.contains(Directory.CACHE)) {
            text.set("CacheDirectory", names().unit()).set("CacheDirectoryMode", "0700");
        }
        if (own.contains(Directory.LOGS)) {
            text.set("LogsDirectory", names().unit()).set("LogsDirectoryMode", "0750");
        }
        if (own.contains(Directory.CONFIGURATION)) {
            text.set("Environment", "CONFIGURATION_DIRECTORY=" + layout().configuration());
        }
        if (own.contains(Directory.TMP)) {
            text.comment("Its own, and empty at each start.");
            text.set("Environment", "TMPDIR=/var/tmp");
            if (!applies("PrivateTmp")) {
                text.set("PrivateTmp", "yes");
            }
        }
    }

    private void limits(UnitText text) {
        LimitsConfig limits = unit().limits();
        text.set("LimitNOFILE", limits.files()).set("LimitCORE", limits.core());
        limits.memory().ifPresent(most -> text.set("MemoryMax", most));
        limits.memoryHigh().ifPresent(most -> text.set("MemoryHigh", most));
        limits.cpu().ifPresent(percent -> text.set("CPUQuota", percent + "%"));
        limits.cpuWeight().ifPresent(weight -> text.set("CPUWeight", weight));
        limits.tasks().ifPresent(most -> text.set("TasksMax", most));
        limits.oomScore().ifPresent(score -> text.set("OOMScoreAdjust", score));
        text.set("OOMPolicy", limits.oomPolicy());
    }

    private void sandbox(UnitText text) {
        unit().except()
                .forEach(
                        (name, reason) ->
                                text.comment("%s is not here: %s".formatted(name, reason)));
        text.set("UMask", unit().umask());
        for (Hardening.Directive directive : unit().hardening().directives()) {
            if (applies(directive.name())) {
                text.set(directive.name(), value(directive));
            }
        }
        paths(text, "ReadWritePaths", unit().writable());
        paths(text, "ReadOnlyPaths", unit().readOnly());
        paths(text, "InaccessiblePaths", unit().inaccessible());
    }

    private boolean applies(String name) {
        return !unit().except().containsKey(name)
                && unit().hardening().directives().stream()
                        .anyMatch(directive -> directive.name().equals(name));
    }

    private String value(Hardening.Directive directive) {
        if (directive.name().equals("ProtectSystem") && systemd < 232) {
            return "full";
        }
        // Secrets and the cookie are root's, and not to be read whatever the folder is.
        boolean reads =
                directive.name().equals("InaccessiblePaths")
                        && unit().directories().contains(Directory.CONFIGURATION);
        return reads
                ? "-%s -%s -%s".formatted(layout().secrets(), layout().fetched(), layout().cookie())
                : directive.value().replace("APP", names().unit());
    }

    private static void paths(UnitText text, String name, List<String> paths) {
        if (!paths.isEmpty()) {
            text.set(name, String.join(" ", paths));
        }
    }

    /// Runs one expression in a release that does not serve yet; the instance is the release's id.
    /// The host program leaves the settings of the deployment, and the expression, in
    /// `/run/decant`.
    public String eval() {
        String run = "/run/decant/" + names().unit() + "/%i";
        String place = layout().releases() + "/%i";
        UnitText text = new UnitText(systemd);
        text.comment(
                "Written by `decant setup`. Runs an expression in a release: before it serves, and"
                        + " to migrate.");
        text.section("Unit").set("Description", names().app() + ", an expression in %i");
        text.set("After", "network.target");
        text.section("Service").set("Type", "oneshot");
        identity(text, "eval", names().unit());
        launch().unheard(text, names().unit() + "-eval@127.0.0.1");
        launch().withoutDump(text);
        directories(text, false);
        settings(text, List.of(run + "/environment", run + "/secrets"));
        files(text, run);
        text.comment("As its service has them; last, what is to be run.");
        text.set("EnvironmentFile", "-" + run + "/slot.env");
        text.set("EnvironmentFile", run + "/eval");
        text.set("WorkingDirectory", place);
        text.set("ExecStart", launch().expression(place));
        text.comment("A migration takes as long as it takes.");
        text.set("TimeoutStartSec", "infinity").set("KillMode", "mixed");
        text.comment("Whoever waits for it is shown all that it says.");
        text.set("LogRateLimitIntervalSec", 0);
        confined(text);
        return text.text();
    }

    /// What else there is, by its path below `/etc/systemd/system`.
    public SortedMap<String, String> more() {
        SortedMap<String, String> more = new TreeMap<>();
        String instance = config.service().beside() ? "@" : "";
        put(more, names().unit() + instance + ".service.d/50-decant.conf", dropIn.text());
        put(more, names().unit() + "-eval@.service.d/50-decant.conf", dropIn.forExpressions());
        processes(false)
                .forEach(
                        process -> {
                            String file = name(process) + instance + ".service";
                            put(more, file, process(process));
                            put(more, file + ".d/50-decant.conf", dropIn.forExpressions());
                        });
        processes(true)
                .forEach(
                        process -> {
                            String file = name(process) + ".service";
                            put(more, file, timed(process));
                            put(more, file + ".d/50-decant.conf", dropIn.forExpressions());
                            put(more, name(process) + ".timer", timer(process));
                        });
        put(more, layout().fetch(), FetchUnit.of(config, systemd));
        if (config.service().redirects()) {
            put(more, names().unit() + "-maintenance.socket", maintenanceSocket());
            put(more, names().unit() + "-maintenance@.service", maintenance());
        }
        return more;
    }

    private static void put(SortedMap<String, String> files, String path, String text) {
        if (!text.isEmpty()) {
            files.put(path, text);
        }
    }

    private boolean bySocket() {
        return config.service().strategy() == Strategy.SOCKET;
    }

    /// What listens on the public ports for both slots.
    public String socket() {
        return """
        # Written by `decant setup`. The slots of %1$s share what listens here, and start and end without it noticing.
        [Unit]
        Description=Public ports of %1$s

        [Socket]
        %2$s
        BindIPv6Only=both
        Backlog=4096
        # Only where none runs: it is then started, unless nothing is to run in it.
        Service=%1$s@1.service

        [Install]
        WantedBy=sockets.target
        """
                .formatted(
                        names().unit(),
                        config.service().publicPorts().stream()
                                .map(port -> "ListenStream=" + port.port())
                                .collect(Collectors.joining("\n")));
    }

    private String maintenanceSocket() {
        return """
        # Written by `decant setup`. While `decant maintenance` is on, the public ports of %1$s lead here.
        [Unit]
        Description=Maintenance page of %1$s

        [Socket]
        ListenStream=%2$d
        BindIPv6Only=both
        Accept=yes
        Backlog=4096
        # Beyond, a connection is closed unanswered.
        MaxConnections=512
        # However many come, it stays.
        TriggerLimitIntervalSec=0
        """
                .formatted(names().unit(), config.service().maintenancePort());
    }

    private String maintenance() {
        return """
        # Written by `decant setup`. Says to one visitor that there is maintenance.
        [Unit]
        Description=Maintenance page of %1$s, to one visitor
        CollectMode=inactive-or-failed

        [Service]
        ExecStart=%2$s page %1$s
        StandardInput=socket
        StandardOutput=socket
        StandardError=journal
        # A line for each visitor would be too much.
        LogLevelMax=notice
        # Who does not ask in this time has lost.
        RuntimeMaxSec=10
        TimeoutStopSec=1
        Nice=10
        TasksMax=10
        MemoryMax=32M

        # Only what costs next to nothing: file systems of its own would take four times as long as all the rest.
        User=daemon
        NoNewPrivileges=yes
        CapabilityBoundingSet=
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        RestrictAddressFamilies=AF_UNIX
        RestrictNamespaces=yes
        RestrictRealtime=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallErrorNumber=EPERM
        """
                .formatted(names().unit(), HostLayout.HOST_PROGRAM);
    }

    /// Settles, before the app starts at boot, a deploy that a power cut has cut short.
    public String recover() {
        // There is more to do at boot then: which slot starts, and where public ports lead.
        boolean everyTime = config.service().beside() || !config.service().publicPorts().isEmpty();
        return """
        # Written by `decant setup`. If the machine went down in the middle of a deploy, the release that served
        # before it is put back, before the app starts.%4$s
        [Unit]
        Description=Decant settles an unfinished deploy of %1$s
        %3$s

        [Service]
        Type=oneshot
        ExecStart=%2$s recover %1$s

        [Install]
        WantedBy=multi-user.target
        """
                .formatted(
                        names().unit(),
                        HostLayout.HOST_PROGRAM,
                        !everyTime
                                ? """
                                Before=%1$s.service
                                ConditionPathExists=/var/lib/decant/%1$s/activating\
                                """
                                        .formatted(names().unit())
                                : config.service().strategy().proxied()
                                        ? "Before=%1$s@1.service %1$s@2.service %2$s.service"
                                                .formatted(
                                                        names().unit(),
                                                        config.service().strategy().word())
                                        : """
                                        Before=%1$s.service %1$s@1.service %1$s@2.service
                                        # Whatever loads the firewall's rules may begin by dropping all that there are.
                                        After=nftables.service netfilter-persistent.service ufw.service firewalld.service\
                                        """
                                                .formatted(names().unit()),
                        everyTime ? " Public ports are led to it." : "");
    }

    /// A drop-in for nftables.service, whose every start, reload and stop drops all rules of the
    /// host.
    public String keeper() {
        return """
        # Written by `decant setup`. The public ports of %1$s are led to it again after the rules were loaded anew.
        [Service]
        ExecStartPost=-%2$s publish %1$s
        ExecReload=-%2$s publish %1$s
        ExecStopPost=-%2$s publish %1$s
        """
                .formatted(names().unit(), HostLayout.HOST_PROGRAM);
    }

    /// Watches for requests of the deploy user, where there is no sudo for it.
    public String watch() {
        return """
        # Written by `decant setup`. What the deploy user wants root to do is a file in a folder; this looks for one.
        [Unit]
        Description=Decant waits for requests for %1$s
        # It looks at what is there, not only at what happens, so that it misses nothing; and it never gives up.
        StartLimitIntervalSec=0

        [Path]
        DirectoryNotEmpty=/run/decant/%1$s/requests
        %2$s
        [Install]
        WantedBy=paths.target
        """
                .formatted(names().unit(), systemd >= 250 ? "TriggerLimitIntervalSec=0\n" : "");
    }

    /// Carries such requests out.
    public String requests() {
        return """
        # Written by `decant setup`. Ends when there are no more requests.
        [Unit]
        Description=Decant carries out requests for %1$s
        StartLimitIntervalSec=0

        [Service]
        Type=oneshot
        ExecStart=%2$s requests %1$s
        # A migration takes as long as it takes.
        TimeoutStartSec=infinity
        """
                .formatted(names().unit(), HostLayout.HOST_PROGRAM);
    }
}
