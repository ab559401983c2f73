package dev.decant.release;

/// Where an app's files are on a host. The host program has the same list, in its header.
///
/// @param unit the app's name on a host
public record HostLayout(String unit) {

    public static final String HOST_PROGRAM = "/usr/local/lib/decant/decant-host";

    public String home() {
        return "/srv/" + unit;
    }

    public String current() {
        return home() + "/current";
    }

    public String releases() {
        return home() + "/releases";
    }

    public String environment() {
        return home() + "/etc/environment";
    }

    public String secrets() {
        return "/etc/" + unit + "/secrets";
    }

    /// What sources say that the host asks itself; written by the unit [#fetch()].
    public String fetched() {
        return "/etc/" + unit + "/fetched";
    }

    public String fetch() {
        return unit + "-fetch.service";
    }

    public String cookie() {
        return "/etc/" + unit + "/cookie";
    }

    /// The machine's own overrides.
    public String machineEnvironment() {
        return "/etc/" + unit + "/environment";
    }

    /// What the machine finds out at boot.
    public String runEnvironment() {
        return "/run/" + unit + "/environment";
    }

    /// A writable folder of the service's own, in memory.
    public String runtime(String name) {
        return "/run/" + unit + "/" + name;
    }

    /// Where the VM leaves what it had in its memory when it crashed.
    public String crashes() {
        return "/var/lib/" + unit + "/crash";
    }

    /// Files that the app may read.
    public String configuration() {
        return "/etc/" + unit + "/config";
    }

    /// The app stops when it is touched.
    public String restartFlag() {
        return home() + "/flags/restart";
    }

    /// While it is there, the app's health is to say that it is going.
    public String draining() {
        return "/run/" + unit + "/draining";
    }

    /// As long as there is maintenance; beside it, with `.html`, what visitors see.
    public String maintenance() {
        return "/var/lib/decant/" + unit + "/maintenance";
    }

    /// What the units of its slots see: a link to the release, and one to its deployment.
    public String slots() {
        return home() + "/slots";
    }

    public String slotSettings() {
        return "/var/lib/decant/" + unit + "/slots";
    }

    /// A link to the deployment that serves.
    public String deployment() {
        return "/var/lib/decant/" + unit + "/current";
    }

    public String service() {
        return unit + ".service";
    }

    /// @param slot 1 or 2
    public String service(int slot) {
        return unit + "@" + slot + ".service";
    }
}
