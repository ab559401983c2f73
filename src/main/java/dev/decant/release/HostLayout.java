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

    /// The service's own writable folder, in memory.
    public String runtime() {
        return "/run/" + unit + "/tmp";
    }

    public String service() {
        return unit + ".service";
    }
}
