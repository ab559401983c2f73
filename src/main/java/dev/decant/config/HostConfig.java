package dev.decant.config;

import java.util.List;

/// One `[hosts.NAME]`.
///
/// @param name how output calls it; unique; pattern `[A-Za-z0-9][A-Za-z0-9._-]*`
/// @param address what ssh is given; [#LOCAL] is this machine, without ssh
public record HostConfig(String name, String address, List<String> roles) {

    public static final String LOCAL = "local";

    public HostConfig {
        roles = List.copyOf(roles);
    }

    public boolean local() {
        return address.equals(LOCAL);
    }
}
