package dev.decant.config;

import java.util.List;

/// One `[hosts.NAME]`.
///
/// @param name how output calls it; unique; pattern `[A-Za-z0-9][A-Za-z0-9._-]*`
/// @param address what ssh is given; [#LOCAL] is this machine, without ssh
/// @param nodeAddress where other Erlang nodes reach the app, if they may; [#LOOPBACK] where only
///   those on the same machine may
public record HostConfig(String name, String address, List<String> roles, String nodeAddress) {

    public static final String LOCAL = "local";
    public static final String LOOPBACK = "127.0.0.1";

    /// Stands for machines that Decant does not reach: `hosts = "elsewhere"`.
    public static final HostConfig ELSEWHERE =
            new HostConfig("elsewhere", "elsewhere", List.of(), LOOPBACK);

    public HostConfig {
        roles = List.copyOf(roles);
    }

    /// Whether nodes on other machines may connect to the app.
    public boolean clustered() {
        return !nodeAddress.equals(LOOPBACK);
    }

    public boolean local() {
        return address.equals(LOCAL);
    }
}
