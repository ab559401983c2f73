package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.config.Privilege;
import dev.decant.config.SourceConfig;
import dev.decant.host.HostFacts;
import dev.decant.host.HostFiles;
import dev.decant.host.HostProblem;
import dev.decant.host.HostProgram;
import dev.decant.io.Digest;
import dev.decant.problem.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether a host is as decant.toml has it, whatever release it is to get.
///
/// @param given names of secrets that have a value on this side
record HostChecks(Config config, Set<String> given) {

    /// From this version on, systemd hands files to a service (LoadCredential=).
    private static final int CREDENTIALS = 247;

    /// All that setup and a deploy bring with them.
    List<Problem> settings(HostFacts facts) {
        List<Problem> problems = new ArrayList<>(setUp(facts));
        if (isSetUp(facts)) {
            problems.addAll(units(facts));
            problems.addAll(privilege(facts));
            problems.addAll(secrets(facts));
        }
        return problems;
    }

    static boolean isSetUp(HostFacts facts) {
        return facts.setUp() && facts.hostProgram().isPresent();
    }

    static List<Problem> setUp(HostFacts facts) {
        if (!isSetUp(facts)) {
            return List.of(new HostProblem.NotSetUp(facts.host()));
        }
        return serves(facts)
                ? List.of()
                : List.of(new DeployProblem.SetupIsOld(facts.host(), List.of("The host program")));
    }

    /// @param needed in bytes
    static List<Problem> room(HostFacts facts, long needed) {
        return isSetUp(facts) && facts.freeBytes() < needed
                ? List.of(new DeployProblem.DiskTooFull(facts.host(), needed, facts.freeBytes()))
                : List.of();
    }

    /// What the host asks itself is only known when the release is tried.
    List<Problem> secrets(HostFacts facts) {
        if (!config.bootSources().isEmpty()) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        List<String> missing =
                config.secrets().stream()
                        .filter(name -> !given.contains(name) && !facts.secrets().has(name))
                        .filter(name -> !config.generate().contains(name))
                        .toList();
        if (!missing.isEmpty()) {
            problems.add(
                    new DeployProblem.SecretMissing(
                            facts.host(),
                            missing,
                            config.sources().stream().map(SourceConfig::word).toList()));
        }
        return problems;
    }

    List<Problem> privilege(HostFacts facts) {
        if (!serves(facts)) {
            return List.of();
        }
        if (!facts.privilege().equals(config.privilege().word())) {
            return List.of(
                    new DeployProblem.SetupIsOld(
                            facts.host(), List.of("The privilege (" + facts.privilege() + ")")));
        }
        return config.privilege() == Privilege.STRICT && config.signingKey().isEmpty()
                ? List.of(new DeployProblem.NoKeyForOrders(facts.host()))
                : List.of();
    }

    List<Problem> units(HostFacts facts) {
        // Where the program is another, setup is needed anyway, and one reason will do.
        if (!serves(facts)) {
            return List.of();
        }
        if (!config.files().isEmpty() && facts.systemd() < CREDENTIALS) {
            return List.of(new DeployProblem.NoCredentials(facts.host(), facts.systemd()));
        }
        HostFiles files = Settings.files(config, facts.host(), facts.systemd(), "");
        boolean slots = config.service().beside();
        boolean unit =
                slots
                        ? isAt(facts.slotUnit(), files.slot())
                        : isAt(facts.serviceUnit(), files.service());
        List<String> old = new ArrayList<>();
        if (!unit || !isAt(facts.evalUnit(), files.eval())) {
            old.add("The unit " + config.names().unit() + (slots ? "@" : "") + ".service");
        }
        if (!isAt(facts.ports(), files.ports())) {
            old.add("What is known there of its ports");
        }
        if (!facts.moreUnits().equals(digest(files.moreText()))) {
            old.add(
                    "What else it has of units (drop-ins, processes, timers, the maintenance"
                            + " page)");
        }
        return old.isEmpty() ? List.of() : List.of(new DeployProblem.SetupIsOld(facts.host(), old));
    }

    private static Optional<Digest> digest(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Digest.of(text));
    }

    private static boolean isAt(Optional<Digest> there, String text) {
        return there.equals(Optional.of(Digest.of(text)));
    }

    /// Its host program is this Decant's, or that of a later edition, which another Decant has
    /// brought for another app of the host.
    private static boolean serves(HostFacts facts) {
        return facts.hostProgram().equals(Optional.of(HostProgram.digest()))
                || facts.edition() > HostProgram.edition();
    }
}
