package dev.decant.cli;

import dev.decant.exec.Program;
import dev.decant.lab.BaseRoot;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.LabProblem;
import dev.decant.lab.Suite;
import dev.decant.problem.Failure;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `decant lab`: hosts to try things on, without touching those that serve.
@Command(
        name = "lab",
        description = {
            "Makes throw-away hosts on this machine to try deploys on: a Debian each, with its own"
                    + " systemd, sshd, disk and address, up in about a second.",
            "Needs root. They reach one another and this machine, and nothing beyond."
        },
        subcommands = {
            LabCommand.Up.class,
            LabCommand.Down.class,
            LabCommand.Show.class,
            LabCommand.Ssh.class,
            LabCommand.Kill.class,
            LabCommand.Boot.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class LabCommand implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine command = line(spec);
        throw new CommandLine.ParameterException(
                command, "Which of " + command.getSubcommands().keySet() + "?");
    }

    private static CommandLine line(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("Commands are run by picocli.");
        }
        return spec.commandLine();
    }

    /// Progress is for the person, not for who reads the output: what a root's making prints stays
    /// unsaid.
    private record Progress(PrintWriter err) implements LabLog {
        @Override
        public void making(String root) {
            err.println("Making the root " + root + ", once; this takes a minute or so.");
            err.flush();
        }

        @Override
        public void line(String text) {}

        @Override
        public void note(String text) {
            err.println(text);
            err.flush();
        }
    }

    abstract static class Step implements Callable<Integer> {

        @Spec private @Nullable CommandSpec spec;

        abstract int call(Lab lab) throws Exception;

        final PrintWriter out() {
            return line(spec).getOut();
        }

        @Override
        public final Integer call() throws Exception {
            try (Lab lab = Lab.persistent(new Progress(line(spec).getErr()))) {
                return call(lab);
            } finally {
                out().flush();
            }
        }
    }

    @Command(
            name = "up",
            description = "Makes and boots hosts. They stay until `lab down` removes them.")
    static final class Up extends Step {

        @Parameters(
                paramLabel = "NAME",
                arity = "1..*",
                description = "What to call them: web1 web2.")
        private List<String> names = new ArrayList<>();

        @Option(
                names = "--suite",
                paramLabel = "SUITE",
                defaultValue = "bookworm",
                description =
                        "Which Debian: bullseye (systemd 247), bookworm (252) or trixie (257). "
                                + "Default: ${DEFAULT-VALUE}.")
        private String suite = "bookworm";

        @Option(
                names = "--with",
                paramLabel = "PACKAGE",
                split = ",",
                description =
                        "Debian packages to have on them, such as postgresql; commas between."
                                + " Default: none more.")
        private List<String> packages = new ArrayList<>();

        @Override
        int call(Lab lab) throws Exception {
            BaseRoot base = BaseRoot.of(Suite.named(suite)).with(packages);
            List<LabHost> hosts = lab.boot(names, base);
            for (LabHost host : hosts) {
                out().println(
                                host.name()
                                        + " is up at "
                                        + host.address()
                                        + " ("
                                        + base.name()
                                        + ").");
            }
            out().println();
            out().println(
                            "Reach one:        ssh -F "
                                    + lab.sshConfig()
                                    + " "
                                    + hosts.getFirst().name());
            out().println("In decant.toml:");
            for (LabHost host : hosts) {
                out().println("    [hosts." + host.name() + "]");
            }
            out().println("    [ssh]");
            out().println("    config = \"" + lab.sshConfig() + "\"");
            return 0;
        }
    }

    @Command(name = "down", description = "Removes hosts with their disks.")
    static final class Down extends Step {

        @ArgGroup(multiplicity = "1")
        private Which which = new Which();

        static final class Which {
            @Parameters(paramLabel = "NAME", arity = "1..*", description = "The hosts to remove.")
            private List<String> names = new ArrayList<>();

            @Option(names = "--all", description = "Every host that `lab up` made.")
            private boolean all;
        }

        @Override
        int call(Lab lab) throws Exception {
            List<LabHost> hosts = new ArrayList<>();
            if (which.all) {
                hosts.addAll(lab.hosts());
            }
            // All of them first, so that a wrong name removes nothing.
            for (String name : which.names) {
                hosts.add(mine(lab, name));
            }
            for (LabHost host : hosts) {
                host.close();
                out().println(host.name() + " is gone.");
            }
            return 0;
        }
    }

    @Command(
            name = "list",
            description = "Lists the hosts on this machine, those of running tests too.")
    static final class Show extends Step {

        @Option(
                names = "--json",
                description = "As JSON: a list of name, address, suite, running, owner.")
        private boolean json;

        @Override
        int call(Lab lab) throws Exception {
            List<LabHost> hosts = lab.everyHost();
            if (json) {
                List<Map<String, Object>> all = new ArrayList<>();
                for (LabHost host : hosts) {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("name", host.name());
                    fields.put("address", host.address());
                    fields.put("suite", host.suite().codename());
                    fields.put("running", host.running());
                    host.owner().ifPresent(owner -> fields.put("owner", owner));
                    all.add(fields);
                }
                out().println(JsonMapper.builder().build().writeValueAsString(all));
                return 0;
            }
            if (hosts.isEmpty()) {
                out().println("There are no lab hosts. To have one:  decant lab up web1");
            }
            for (LabHost host : hosts) {
                String owner = host.owner().map(pid -> "  goes with process " + pid).orElse("");
                out().println(
                                "%-16s %-14s %-9s %s%s"
                                        .formatted(
                                                host.name(),
                                                host.address(),
                                                host.suite().codename(),
                                                host.running() ? "on" : "off",
                                                owner));
            }
            return 0;
        }
    }

    @Command(
            name = "ssh",
            description = {
                "Opens a shell on a host as root, or runs a command line there and ends with its"
                        + " status.",
                "Put -- before the words where one of them begins with a dash."
            })
    static final class Ssh extends Step {

        @Parameters(index = "0", paramLabel = "NAME", description = "The host.")
        private String name = "";

        @Parameters(
                index = "1..*",
                paramLabel = "WORD",
                description = "What to run there. Default: a shell.")
        private List<String> words = new ArrayList<>();

        @Override
        int call(Lab lab) throws Exception {
            LabHost host = mine(lab, name);
            List<String> all =
                    new ArrayList<>(
                            List.of("ssh", "-F", host.sshConfig().toString(), host.name(), "--"));
            all.addAll(words);
            return Program.of(all).runHere();
        }
    }

    @Command(
            name = "kill",
            description = "Cuts a host's power. Its disk stays, and `lab boot` brings it back.")
    static final class Kill extends Step {

        @Parameters(paramLabel = "NAME", description = "The host.")
        private String name = "";

        @Override
        int call(Lab lab) throws Exception {
            mine(lab, name).kill();
            out().println(name + " is off.");
            return 0;
        }
    }

    @Command(
            name = "boot",
            description = "Switches a host on again after `lab kill` or a shutdown.")
    static final class Boot extends Step {

        @Parameters(paramLabel = "NAME", description = "The host.")
        private String name = "";

        @Override
        int call(Lab lab) throws Exception {
            LabHost host = mine(lab, name);
            host.boot();
            out().println(name + " is up at " + host.address() + ".");
            return 0;
        }
    }

    /// A host of the persistent lab; one of a running test is told from one that is not there.
    private static LabHost mine(Lab lab, String name) throws InterruptedException {
        List<LabHost> mine = lab.hosts();
        if (mine.stream().noneMatch(host -> host.name().equals(name))) {
            Optional<Long> owner =
                    lab.everyHost().stream()
                            .filter(host -> host.name().equals(name))
                            .findFirst()
                            .flatMap(LabHost::owner);
            if (owner.isPresent()) {
                throw new Failure(new LabProblem.HostOfAnother(name, owner.get()));
            }
        }
        return lab.host(name);
    }
}
