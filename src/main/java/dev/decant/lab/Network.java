package dev.decant.lab;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A bridge on this machine, and for each host a network namespace with one end of a cable in the
/// bridge.
///
/// Nothing is forwarded to anywhere: hosts reach one another and this machine.
final class Network {

    static final String BRIDGE = "decant-lab";

    private Network() {}

    static String namespace(int number) {
        return "decant-lab-" + number;
    }

    static Path namespaceFile(int number) {
        return Path.of("/run/netns", namespace(number));
    }

    private static String cable(int number) {
        return BRIDGE + "-" + number;
    }

    /// To be called with the lab's lock held.
    static Subnet choose() throws IOException, InterruptedException {
        List<String> addresses = Must.run("ip", "-o", "-4", "addr", "show").out();
        List<String> routes = Must.run("ip", "-4", "route", "show", "table", "all").out();
        Optional<Subnet> free = Subnet.free(others(addresses), others(routes));
        return free.orElseThrow(() -> new Failure(new LabProblem.NoFreeNetwork(routes)));
    }

    /// Without a bridge that was left over, whose network is ours to take again.
    private static List<String> others(List<String> lines) {
        return lines.stream().filter(line -> !line.matches(".*\\b" + BRIDGE + "\\b.*")).toList();
    }

    /// To be called with the lab's lock held.
    static void bridge(Subnet subnet) throws IOException, InterruptedException {
        String address = subnet.address(1) + "/24";
        Result there = Program.of("ip", "-o", "-4", "addr", "show", "dev", BRIDGE).run();
        if (there.ok() && there.text().contains("inet " + address)) {
            return;
        }
        if (there.ok()) {
            removeBridge();
        }
        // With an address of its own, or else it takes that of one of its cables: with that cable
        // it
        // goes, and the hosts that are left talk to nobody for up to a quarter of a minute.
        ip(
                """
                link add name %1$s address %3$s type bridge forward_delay 0 stp_state 0
                addr add %2$s dev %1$s
                link set %1$s up
                """
                        .formatted(BRIDGE, address, subnet.mac(1)));
    }

    static void removeBridge() throws IOException, InterruptedException {
        Program.of("ip", "link", "delete", BRIDGE).run();
    }

    /// Anew each time, so that nothing of a killed host's network lives on: no connection, no rule.
    static void plug(Subnet subnet, int number) throws IOException, InterruptedException {
        unplug(number);
        Must.run("ip", "netns", "add", namespace(number));
        ip(
                """
                link add name %1$s type veth peer name eth0 address %2$s netns %3$s
                link set %1$s master %4$s up
                """
                        .formatted(cable(number), subnet.mac(number), namespace(number), BRIDGE));
        Must.run(
                Program.of("ip", "-n", namespace(number), "-batch", "-")
                        .input(
                                """
                                addr add %s/24 dev eth0
                                link set eth0 up
                                link set lo up
                                """
                                        .formatted(subnet.address(number))));
    }

    /// The cable goes first: whoever talks to a host that loses power hears nothing more, no
    /// goodbye either.
    static void pull(int number) throws IOException, InterruptedException {
        Program.of("ip", "link", "delete", cable(number)).run();
    }

    static void unplug(int number) throws IOException, InterruptedException {
        pull(number);
        if (Files.exists(namespaceFile(number))) {
            Program.of("ip", "netns", "delete", namespace(number)).run();
        }
    }

    private static void ip(String commands) throws IOException, InterruptedException {
        Must.run(Program.of("ip", "-batch", "-").input(commands));
    }
}
