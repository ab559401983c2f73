package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.host.Host;
import dev.decant.host.HostFacts;
import dev.decant.host.HostProblem;
import dev.decant.host.Reply;
import dev.decant.host.Verb;
import dev.decant.problem.Failure;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Makes hosts ready to be deployed to: users, folders, the host program, its sudo rules and the
/// units; doing it again changes only what differs. And takes all that away again.
public final class Setup {

    private Setup() {}

    /// What was, or would be, changed on a host.
    ///
    /// @param changed files, folders, users and units
    /// @param edits of files that are there, where it is a rehearsal
    /// @param exposures of the units that change
    public record Changes(List<String> changed, List<Edit> edits, List<Exposure> exposures) {}

    /// @param before lines that it has
    /// @param after lines that it would have
    public record Edit(String file, List<String> before, List<String> after) {

        /// @param line `BEFORE AFTER FILE`, the first two in base64
        private static Edit of(String line) {
            String[] words = line.split(" ", 3);
            return new Edit(words[2], lines(words[0]), lines(words[1]));
        }

        private static List<String> lines(String base64) {
            byte[] text = Base64.getDecoder().decode(base64);
            return new String(text, StandardCharsets.UTF_8).lines().toList();
        }
    }

    /// How much of the machine a unit can reach, from 0 to 10, as `systemd-analyze security` rates
    /// it.
    ///
    /// @param before empty where there was none
    public record Exposure(String unit, Optional<String> before, String after) {

        private static Exposure of(String line) {
            String[] words = line.split(" ");
            return new Exposure(
                    words[0], Optional.of(words[1]).filter(score -> !score.equals("-")), words[2]);
        }
    }

    /// @param signers lines for the hosts' allowed_signers; empty to leave it as it is
    /// @param by such as `alice@laptop`
    /// @param rehearse change nothing, and only say what would be
    /// @return what changed on each host
    /// @throws Failure with the problems of all hosts that it failed on
    public static Map<String, Changes> run(
            Config config, String signers, String by, boolean rehearse, RolloutLog log)
            throws InterruptedException {
        return onEach(config, host -> host(config, host, signers, by, rehearse, log));
    }

    /// Takes the app away from its hosts, with all that this and deploys have brought there.
    ///
    /// @param rehearse change nothing, and only say what would go
    /// @return what went on each host
    /// @throws Failure with the problems of all hosts that it failed on
    public static Map<String, List<String>> remove(Config config, boolean rehearse, RolloutLog log)
            throws InterruptedException {
        return onEach(
                config,
                host -> {
                    log.step(host.name(), "remove");
                    return host.must(new Verb.Remove(rehearse)).all("changed");
                });
    }

    private static <T> Map<String, T> onEach(Config config, Function<Host, T> work)
            throws InterruptedException {
        Map<String, T> changes = new LinkedHashMap<>();
        try (Fleet fleet = Fleet.connectAsRoot(config)) {
            List<T> all = Fleet.each(fleet.names(), name -> work.apply(fleet.get(name)));
            for (int i = 0; i < all.size(); i++) {
                changes.put(fleet.names().get(i), all.get(i));
            }
        }
        return changes;
    }

    private static Changes host(
            Config config, Host host, String signers, String by, boolean rehearse, RolloutLog log) {
        HostFacts facts = HostFacts.of(host, List.of());
        log.step(host.name(), "set up");
        Reply reply =
                host.ask(
                        new Verb.Setup(
                                config.ssh().user(),
                                by,
                                rehearse,
                                config.privilege(),
                                Settings.files(config, host.name(), facts.systemd(), signers)));
        if (reply.status() == Reply.LACKING) {
            throw new Failure(
                    new HostProblem.Lacking(
                            host.name(), reply.value("lacks").orElse("something"), reply.text()));
        }
        if (reply.status() == Reply.IN_THE_WAY) {
            throw new Failure(PortsProblem.of(host.name(), reply, config));
        }
        if (reply.status() == Reply.WRONG_CONTENTS && !reply.all("odd").isEmpty()) {
            throw new Failure(new HostProblem.OddUnit(host.name(), reply.all("odd")));
        }
        if (!reply.ok()) {
            throw new Failure(
                    new HostProblem.Refused(
                            host.name(), "be set up", reply.status(), reply.text()));
        }
        return new Changes(
                reply.all("changed"),
                reply.all("edit").stream().map(Edit::of).toList(),
                reply.all("exposure").stream().map(Exposure::of).toList());
    }
}
