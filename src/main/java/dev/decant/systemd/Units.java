package dev.decant.systemd;

import dev.decant.config.AppNames;
import dev.decant.config.Config;
import dev.decant.config.PublicPort;
import dev.decant.config.Strategy;
import dev.decant.release.HostLayout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// The units of an app, as text for `/etc/systemd/system`.
///
/// The sandbox is the tightest under which a release with the JIT was seen to boot and serve;
/// `systemd-analyze security` rates it 1.1 on systemd 252 and 257. Directives that the host's
/// systemd does not know are left out.
///
/// @param publicPorts that the world connects to
/// @param readyWithin how long the app may take to tell systemd that it is ready; empty where it
///   does not
/// @param distribution the port on which it takes connections of other Erlang nodes; empty where it
///   takes none
/// @param systemd the host's version, such as `252`
public record Units(
        AppNames names,
        Strategy strategy,
        List<Integer> publicPorts,
        Duration drainTimeout,
        Optional<Duration> readyWithin,
        OptionalInt distribution,
        int systemd) {

    /// What the VM takes to end beyond what the app takes to drain: `init:stop` waits a second.
    private static final Duration TO_END = Duration.ofSeconds(5);

    private static final String SANDBOX =
            """
            NoNewPrivileges=yes
            CapabilityBoundingSet=
            AmbientCapabilities=
            ProtectSystem=strict
            ProtectHome=yes
            PrivateTmp=yes
            PrivateDevices=yes
            DevicePolicy=closed
            PrivateUsers=yes
            PrivateMounts=yes
            ProtectControlGroups=yes
            ProtectKernelModules=yes
            ProtectKernelTunables=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            RemoveIPC=yes
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            KeyringMode=private
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallFilter=~@privileged @resources
            SystemCallErrorNumber=EPERM
            UMask=0077
            """;

    /// @param systemd as [#systemd()]
    public static Units of(Config config, int systemd) {
        return new Units(
                config.names(),
                config.service().strategy(),
                config.service().publicPorts().stream().map(PublicPort::port).toList(),
                config.service().drainTimeout(),
                config.health().byNotify()
                        ? Optional.of(config.health().timeout())
                        : Optional.empty(),
                config.service().distribution(),
                systemd);
    }

    /// The app itself, where it runs alone.
    public String service() {
        HostLayout layout = new HostLayout(names.unit());
        return app(
                names.app() + ", deployed by Decant",
                """
                # A host that was set up and never deployed to boots without a failed unit.
                ConditionPathExists=%s
                # While the app runs in slots, it does not run here.
                ConditionDirectoryNotEmpty=!%s\
                """
                        .formatted(layout.current(), layout.slots()),
                "tmp",
                """
                EnvironmentFile=%s
                EnvironmentFile=%s\
                """
                        .formatted(layout.environment(), layout.secrets()),
                "",
                layout.current());
    }

    /// The app in one of two slots, between which traffic is switched; the instance is the slot, 1
    /// or 2.
    public String slot() {
        HostLayout layout = new HostLayout(names.unit());
        String settings = layout.slotSettings() + "/%i";
        return app(
                names.app() + " in slot %i, deployed by Decant",
                """
                %s# A slot that nothing was put into, or that has had its time, does not start.
                ConditionPathExists=%s/%%i\
                """
                        .formatted(
                                bySocket()
                                        ? "Requires=%1$s.socket\nAfter=%1$s.socket\n"
                                                .formatted(names.unit())
                                        : "",
                                layout.slots()),
                "%i",
                """
                EnvironmentFile=%1$s/environment
                EnvironmentFile=%1$s/secrets\
                """
                        .formatted(settings),
                "# A slot has ports of its own.\nEnvironmentFile="
                        + settings
                        + "/slot.env\n"
                        + sharedSocket(),
                layout.slots() + "/%i");
    }

    private String sharedSocket() {
        return !bySocket()
                ? ""
                : """
                # Both slots accept from it, and whatever starts says anew for both that nobody waits in there.
                Sockets=%s.socket
                NonBlocking=yes
                """
                        .formatted(names.unit());
    }

    private String app(
            String description,
            String conditions,
            String runtime,
            String settings,
            String ports,
            String place) {
        HostLayout layout = new HostLayout(names.unit());
        return """
        # Written by `decant setup`, which also brings it up to date. Changes of your own belong in a drop-in:
        #   systemctl edit %1$s
        [Unit]
        Description=%2$s
        After=network.target decant-%3$s-recover.service
        %4$s
        # A VM that dies at boot takes about two seconds to do so: five such starts fit into this minute.
        StartLimitIntervalSec=60
        StartLimitBurst=5

        [Service]
        %5$s
        %6$s
        Environment=LANG=C.UTF-8 RELEASE_TMP=%7$s
        Environment=ERL_CRASH_DUMP=%7$s/erl_crash.dump ERL_CRASH_DUMP_BYTES=50000000
        %18$s
        # The later file wins: the deployment's, its secrets, then what this machine says.
        %8$s
        EnvironmentFile=%9$s
        EnvironmentFile=-%10$s
        EnvironmentFile=-%11$s
        %12$sWorkingDirectory=%13$s
        ExecStart=%13$s/bin/%14$s start
        # A VM loses a SIGTERM that reaches it in the first half of its boot, so while it is young it is sent again.
        ExecStop=/bin/sh -c 'n=0; kill -TERM $MAINPID; while kill -0 $MAINPID; do sleep 0.1; n=$((n + 1)); [ $((n %%%% 10)) -eq 0 ] || continue; s=$(stat -c %%%%Y /proc/$MAINPID) || break; [ $(($(date +%%%%s) - s)) -ge 60 ] || kill -TERM $MAINPID; done 2>/dev/null; exit 0'
        # Programs that the app has started may finish while it drains.
        KillMode=mixed
        %17$sTimeoutStopSec=%15$d
        Restart=on-failure
        # The crash dump of the VM that died is still there when the next one runs.
        RuntimeDirectoryPreserve=restart
        RestartSec=1
        LimitNOFILE=65536

        %16$s
        [Install]
        WantedBy=multi-user.target
        """
                .formatted(
                        names.unit() + (runtime.equals("%i") ? "@" : ""),
                        description,
                        names.unit(),
                        conditions,
                        type(),
                        identity(runtime),
                        layout.runtime(runtime),
                        settings,
                        layout.cookie(),
                        layout.machineEnvironment(),
                        layout.runEnvironment(),
                        ports,
                        place,
                        names.release(),
                        drainTimeout.plus(TO_END).toSeconds(),
                        sandbox(layout),
                        readyWithin.isPresent()
                                ? "# Until it is ready systemd sends only this; a SIGTERM would be"
                                        + " lost.\n"
                                        + "KillSignal=SIGKILL\n"
                                : "",
                        distribution(runtime.equals("%i")));
    }

    /// Where nobody is to connect, nothing listens. A slot has its port with its other ports.
    private String distribution(boolean slot) {
        if (distribution.isEmpty()) {
            return "Environment=RELEASE_DISTRIBUTION=none";
        }
        String node = names.unit() + (slot ? "-%i" : "") + "@127.0.0.1";
        String named = "Environment=RELEASE_DISTRIBUTION=name RELEASE_NODE=" + node;
        return slot
                ? named
                : named
                        + "\nEnvironment=\"ERL_ZFLAGS=-start_epmd false -erl_epmd_port "
                        + distribution.getAsInt()
                        + " -kernel inet_dist_use_interface {127,0,0,1}\"";
    }

    /// Runs one expression in a release that does not serve yet; the instance is the release's id.
    /// The host program leaves the settings of the deployment, and the expression, in
    /// `/run/decant`.
    public String eval() {
        HostLayout layout = new HostLayout(names.unit());
        String run = "/run/decant/" + names.unit() + "/%i";
        return """
        # Written by `decant setup`. Runs an expression in a release: before it serves, and to migrate.
        [Unit]
        Description=%1$s, an expression in %%i
        After=network.target

        [Service]
        Type=oneshot
        %2$s
        Environment=LANG=C.UTF-8 RELEASE_DISTRIBUTION=none RELEASE_TMP=%3$s
        # Why it ends is in the journal.
        Environment=ERL_CRASH_DUMP_SECONDS=0
        EnvironmentFile=%4$s/environment
        EnvironmentFile=%4$s/secrets
        EnvironmentFile=%5$s
        EnvironmentFile=-%6$s
        EnvironmentFile=-%7$s
        EnvironmentFile=%4$s/eval
        WorkingDirectory=%8$s/%%i
        ExecStart=%8$s/%%i/bin/%9$s $DECANT_VERB ${DECANT_EVAL}
        # A migration takes as long as it takes.
        TimeoutStartSec=infinity
        KillMode=mixed
        LimitNOFILE=65536

        %10$s\
        """
                .formatted(
                        names.app(),
                        identity("eval"),
                        layout.runtime("eval"),
                        run,
                        layout.cookie(),
                        layout.machineEnvironment(),
                        layout.runEnvironment(),
                        layout.releases(),
                        names.release(),
                        sandbox(layout));
    }

    private boolean bySocket() {
        return strategy == Strategy.SOCKET;
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
                        names.unit(),
                        publicPorts.stream()
                                .map(port -> "ListenStream=" + port)
                                .collect(Collectors.joining("\n")));
    }

    /// Settles, before the app starts at boot, a deploy that a power cut has cut short.
    public String recover() {
        // There is more to do at boot then: which slot starts, and where public ports lead.
        boolean everyTime = strategy.beside() || !publicPorts.isEmpty();
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
                        names.unit(),
                        HostLayout.HOST_PROGRAM,
                        !everyTime
                                ? """
                                Before=%1$s.service
                                ConditionPathExists=/var/lib/decant/%1$s/activating\
                                """
                                        .formatted(names.unit())
                                : strategy == Strategy.NGINX
                                        ? "Before=%1$s@1.service %1$s@2.service nginx.service"
                                                .formatted(names.unit())
                                        : """
                                        Before=%1$s.service %1$s@1.service %1$s@2.service
                                        # Whatever loads the firewall's rules may begin by dropping all that there are.
                                        After=nftables.service netfilter-persistent.service ufw.service firewalld.service\
                                        """
                                                .formatted(names.unit()),
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
                .formatted(names.unit(), HostLayout.HOST_PROGRAM);
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
                .formatted(names.unit(), systemd >= 250 ? "TriggerLimitIntervalSec=0\n" : "");
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
                .formatted(names.unit(), HostLayout.HOST_PROGRAM);
    }

    private String type() {
        return readyWithin
                .map(
                        time ->
                                """
                                # It says by itself when it is ready.
                                Type=notify
                                NotifyAccess=main
                                TimeoutStartSec=%d\
                                """
                                        .formatted(time.toSeconds()))
                .orElse("Type=" + (systemd >= 240 ? "exec" : "simple"));
    }

    private String identity(String runtime) {
        return """
        User=%1$s
        Group=%1$s
        SyslogIdentifier=%1$s
        RuntimeDirectory=%1$s/%2$s
        RuntimeDirectoryMode=0700\
        """
                .formatted(names.unit(), runtime);
    }

    private String sandbox(HostLayout layout) {
        StringBuilder text = new StringBuilder(SANDBOX);
        if (systemd >= 242) {
            text.append("ProtectHostname=yes\n");
        }
        if (systemd >= 244) {
            text.append("ProtectKernelLogs=yes\n");
        }
        if (systemd >= 245) {
            text.append("ProtectClock=yes\n");
        }
        if (systemd >= 247) {
            text.append("ProtectProc=invisible\nProcSubset=pid\n");
        }
        if (systemd >= 248) {
            text.append("PrivateIPC=yes\n");
            text.append("NoExecPaths=/tmp /var/tmp /dev/shm /run/")
                    .append(layout.unit())
                    .append('\n');
        }
        text.append("InaccessiblePaths=-/etc/").append(layout.unit()).append('\n');
        return text.toString();
    }
}
