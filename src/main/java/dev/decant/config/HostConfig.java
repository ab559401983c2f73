package dev.decant.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One `[hosts.NAME]`.
///
/// @param name how output calls it; unique; pattern `[A-Za-z0-9][A-Za-z0-9._-]*`
/// @param address what ssh is given; [#LOCAL] is this machine, without ssh
/// @param nodeAddress where other Erlang nodes reach the app, if they may; [#LOOPBACK] where only
///   those on the same machine may
/// @param access how it is reached otherwise than the others
public record HostConfig(
        String name, String address, List<String> roles, String nodeAddress, Access access) {

    /// What an inventory says of one host, in place of `[ssh]`.
    ///
    /// @param setupUser whom `setup` connects as
    /// @param options words for ssh, such as `-o`, `ProxyJump=bastion`
    public record Access(Optional<String> setupUser, OptionalInt port, List<String> options) {

        static final Access AS_OTHERS =
                new Access(Optional.empty(), OptionalInt.empty(), List.of());

        public Access {
            options = List.copyOf(options);
        }
    }

    public static final String LOCAL = "local";
    public static final String LOOPBACK = "127.0.0.1";

    /// Stands for machines that Decant does not reach: `hosts = "elsewhere"`.
    public static final HostConfig ELSEWHERE =
            new HostConfig("elsewhere", "elsewhere", List.of(), LOOPBACK);

    public HostConfig(String name, String address, List<String> roles, String nodeAddress) {
        this(name, address, roles, nodeAddress, Access.AS_OTHERS);
    }

    public HostConfig {
        roles = List.copyOf(roles);
    }

    /// Stands for those of an inventory of Ansible's until that is read.
    ///
    /// @param clustered whether nodes on other machines may connect to their apps
    static HostConfig inventory(AnsibleInventory inventory, boolean clustered) {
        return new HostConfig("inventory", inventory.word(), List.of(), clustered ? "" : LOOPBACK);
    }

    /// Whether nodes on other machines may connect to the app.
    public boolean clustered() {
        return !nodeAddress.equals(LOOPBACK);
    }

    public boolean local() {
        return address.equals(LOCAL);
    }
}
