package dev.decant.lab;

import dev.decant.problem.Failure;

import java.util.Arrays;
import java.util.List;

/// A Debian release that a root can be made of.
public enum Suite {
    BULLSEYE("bullseye", 247),
    BOOKWORM("bookworm", 252),
    TRIXIE("trixie", 257),
    /// A place to build in, never a host: its systemd does not boot below that of older machines.
    SID("sid", 0);

    private final String codename;
    private final int systemd;

    Suite(String codename, int systemd) {
        this.codename = codename;
        this.systemd = systemd;
    }

    /// As it stands in an apt source.
    public String codename() {
        return codename;
    }

    /// The major version of its systemd; 0 where that changes from week to week.
    public int systemd() {
        return systemd;
    }

    /// Whether a host can be booted from it.
    public boolean boots() {
        return this != SID;
    }

    /// @throws Failure where there is no such suite
    public static Suite named(String codename) {
        return Arrays.stream(values())
                .filter(suite -> suite.codename.equals(codename))
                .findFirst()
                .orElseThrow(() -> new Failure(new LabProblem.UnknownSuite(codename, codenames())));
    }

    private static List<String> codenames() {
        return Arrays.stream(values()).map(Suite::codename).toList();
    }
}
