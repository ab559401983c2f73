package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.host.HostProblem;
import dev.decant.host.Reply;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Why an app cannot have its ports on a host. Seen by `setup`, before anything is changed.
public sealed interface PortsProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    /// What a host means that has refused.
    static Problem of(String host, Reply reply, Config config) {
        Optional<String> claimed = reply.value("claimed");
        if (claimed.isPresent()) {
            return new Claimed(
                    host,
                    config.names().unit(),
                    reply.all("claimed").stream()
                            .map(line -> line.split(" "))
                            .filter(words -> words.length == 2)
                            .map(words -> words[0] + " (" + words[1] + ")")
                            .toList());
        }
        Optional<String> listening = reply.value("listening");
        if (listening.isPresent()) {
            return new Listening(host, listening.get());
        }
        Optional<String> firewall = reply.value("managed").or(() -> reply.value("dropping"));
        if (firewall.isPresent()) {
            return new Filtered(
                    host, firewall.get(), reply.value("managed").isPresent(), appPorts(config));
        }
        return new HostProblem.Refused(host, "be set up", reply.status(), reply.text());
    }

    /// Where redirected traffic arrives: the app's own ports, in each slot.
    private static String appPorts(Config config) {
        IntStream offsets =
                config.service().beside()
                        ? IntStream.of(0, config.service().slotOffset())
                        : IntStream.of(0);
        return offsets.boxed()
                .flatMap(
                        offset ->
                                config.service().publicPorts().stream()
                                        .map(port -> port.shifted(offset).to()))
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }

    /// @param ports each with the app that has it
    record Claimed(String host, String app, List<String> ports) implements PortsProblem {
        public Claimed {
            ports = List.copyOf(ports);
        }

        @Override
        public String id() {
            return "port-claimed";
        }

        @Override
        public String what() {
            return app + " cannot have its ports on " + host + ": another app has them.";
        }

        @Override
        public List<String> why() {
            return List.of("Both want: " + String.join(", ", ports));
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Give one of them others:  service.port, service.slot_offset, public.ports  in"
                            + " decant.toml",
                    "cat /etc/decant/ports/*     on " + host + " says which app has which",
                    "An app that is gone from there leaves its file behind: remove it.");
        }
    }

    record Listening(String host, String port) implements PortsProblem {
        @Override
        public String id() {
            return "public-port-taken";
        }

        @Override
        public String what() {
            return "Port " + port + " of " + host + " is not free to be public.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Another program listens there. Redirected, its traffic would all go to the"
                            + " app.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "ss -ltnp sport = :" + port + "        on " + host + " says which program",
                    "Stop it for good, or take the port out of public.ports in decant.toml.");
        }
    }

    /// @param by `ufw`, `firewalld`, or the table and chain that drops
    /// @param manager whether that is a program
    /// @param ports at which redirected traffic arrives
    record Filtered(String host, String by, boolean manager, String ports) implements PortsProblem {
        @Override
        public String id() {
            return manager ? "firewall-managed" : "firewall-drops";
        }

        @Override
        public String what() {
            return manager
                    ? by
                            + " manages the firewall of "
                            + host
                            + ", and public ports need a redirect."
                    : "The firewall of " + host + " would drop what is redirected.";
        }

        @Override
        public List<String> why() {
            return manager
                    ? List.of(
                            "The redirect would stand beside its rules, which see that traffic at"
                                    + " port "
                                    + ports
                                    + ".")
                    : List.of(
                            by
                                    + " drops what it does not know, and sees that traffic at port "
                                    + ports
                                    + ".");
        }

        @Override
        public List<String> next() {
            String beside = "Then set  public.firewall = \"beside\"  in decant.toml.";
            return switch (by) {
                case "ufw" ->
                        List.of(
                                "Allow what was redirected, and no direct access to the app's"
                                        + " ports: add to /etc/ufw/before.rules and before6.rules,"
                                        + " above COMMIT:",
                                "  -A ufw-before-input -p tcp -m conntrack --ctstate DNAT -j"
                                        + " ACCEPT",
                                "  (ufw6-before-input in before6.rules), and  ufw reload",
                                beside);
                case "firewalld" ->
                        List.of(
                                "firewalld lets through what was redirected, whatever its zones"
                                        + " say: see that this is what you want.",
                                beside);
                case "iptables INPUT" ->
                        List.of(
                                "Allow what was redirected, and no direct access to the app's"
                                        + " ports:",
                                "  iptables -I INPUT -p tcp -m conntrack --ctstate DNAT -j ACCEPT"
                                        + "     and the same with ip6tables",
                                "  and have it come back at boot; then  decant setup  once more.");
                default ->
                        List.of(
                                "Allow what was redirected, and no direct access to the app's"
                                        + " ports:",
                                "  nft insert rule " + by + " ct status dnat accept",
                                "  and the same line in /etc/nftables.conf; then  decant setup "
                                        + " once more.");
            };
        }
    }
}
