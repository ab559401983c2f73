package dev.decant.lab;

import java.nio.file.Path;
import java.util.Map;

/// Where the lab keeps what it has.
///
/// @param cache the roots, which any host can be made of; may be deleted while there is no host
/// @param state the hosts, their disks and keys, for root only; on a disk and not under `/run`,
///   because a disk of a host has to outlive a power cut of this machine as well, and an overlay
///   needs a real file system
/// @param aptSources `/etc/apt`, but for tests
record Places(Path cache, Path state, Path aptSources) {

    /// @param environment of this process
    static Places standard(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches =
                cache.startsWith("/")
                        ? Path.of(cache)
                        : Path.of(System.getProperty("user.home"), ".cache");
        return new Places(
                caches.resolve("decant/lab"), Path.of("/var/lib/decant-lab"), Path.of("/etc/apt"));
    }

    Path hosts() {
        return state.resolve("hosts");
    }

    Path host(int number) {
        return hosts().resolve(Integer.toString(number));
    }

    Path labs() {
        return state.resolve("labs");
    }

    Path key() {
        return state.resolve("key");
    }

    /// Held while hosts are counted, added and taken away, and while the bridge is.
    Path lock() {
        return state.resolve("locks/lab");
    }

    /// Held while one host is changed. Taken before [#lock()], never after.
    Path lock(int number) {
        return state.resolve("locks/host-" + number);
    }
}
