package dev.decant.lab;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.io.Guard;
import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The roots that have been made; each is made once and never changed, since the disks of hosts lie
/// over it.
///
/// @param places where they are kept, and where Debian comes from
record RootShelf(Places places, LabLog log) {

    /// No curl, rsync, zstd or python: a host that one rents has them not either.
    private static final List<String> PACKAGES =
            List.of(
                    "systemd",
                    "systemd-sysv",
                    "dbus",
                    "openssh-server",
                    "ca-certificates",
                    "sudo",
                    "libncurses6",
                    "openssl",
                    "iproute2",
                    "procps",
                    "nftables");

    /// Ask questions of nobody, reach for a network that is not there, or start at odd hours.
    private static final List<String> MASKED =
            List.of(
                    "systemd-firstboot.service",
                    "systemd-networkd-wait-online.service",
                    "console-getty.service",
                    "apt-daily.timer",
                    "apt-daily-upgrade.timer",
                    "e2scrub_all.timer",
                    "e2scrub_reap.service",
                    "fstrim.timer",
                    "dpkg-db-backup.timer");

    /// The root's directory, made first if need be.
    Path get(BaseRoot base) throws IOException, InterruptedException {
        Path made = places.cache().resolve(base.name());
        if (Files.isDirectory(made)) {
            return made;
        }
        Path below = base.packages().isEmpty() ? made : get(BaseRoot.of(base.suite()));
        Path lock = places.cache().resolve("." + base.name() + ".lock");
        try (Guard _ =
                Guard.take(
                        lock,
                        () ->
                                log.note(
                                        "Waiting for another process that makes "
                                                + base.name()
                                                + "."))) {
            if (Files.isDirectory(made)) {
                return made;
            }
            log.making(base.name());
            Path beside = places.cache().resolve("." + base.name() + ".making");
            // What a killed process left: with the lock in hand, nobody is using it.
            delete(beside);
            if (base.packages().isEmpty()) {
                bootstrap(base, beside);
            } else {
                add(base, below, beside);
            }
            Files.move(beside, made, StandardCopyOption.ATOMIC_MOVE);
            return made;
        }
    }

    private void bootstrap(BaseRoot base, Path root) throws IOException, InterruptedException {
        String mirror =
                AptSources.mirror(places.aptSources())
                        .orElseThrow(
                                () -> new Failure(new LabProblem.NoMirror(places.aptSources())));
        // In namespaces of its own, a debootstrap that is killed leaves neither mounts nor
        // processes.
        Program debootstrap =
                Program.of(
                                "unshare",
                                "--mount",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "debootstrap",
                                "--variant=minbase",
                                "--include=" + String.join(",", PACKAGES),
                                base.suite().codename(),
                                root.toString(),
                                mirror)
                        .env(Map.of("LC_ALL", "C", "DEBIAN_FRONTEND", "noninteractive"));
        must(base, "debootstrap", debootstrap, root);
        // A frozen mirror goes on serving lists that have expired.
        Files.writeString(
                root.resolve("etc/apt/apt.conf.d/90decant-lab"),
                "Acquire::Check-Valid-Until \"false\";\n");
        for (String unit : MASKED) {
            Path link = root.resolve("etc/systemd/system").resolve(unit);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of("/dev/null"));
        }
        Files.writeString(
                root.resolve("etc/ssh/sshd_config.d/decant-lab.conf"),
                "PermitRootLogin prohibit-password\n");
        Files.writeString(root.resolve("etc/hosts"), "127.0.0.1 localhost\n::1 localhost\n");
        finish(root);
    }

    private void add(BaseRoot base, Path below, Path root)
            throws IOException, InterruptedException {
        Must.run("cp", "-a", "--reflink=auto", below.toString(), root.toString());
        Files.copy(
                Path.of("/etc/resolv.conf"),
                root.resolve("etc/resolv.conf"),
                StandardCopyOption.REPLACE_EXISTING);
        // Services start when a host boots, not while its disk is made: see policy-rc.d in the
        // Debian policy.
        Path policy = root.resolve("usr/sbin/policy-rc.d");
        Files.writeString(policy, "#!/bin/sh\nexit 101\n");
        Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rwxr-xr-x"));
        Container container = new Container("decant-lab-" + ProcessHandle.current().pid(), root);
        try {
            must(
                    base,
                    "apt-get update",
                    container.command(List.of("apt-get", "-q", "update")),
                    root);
            List<String> install =
                    Stream.concat(
                                    Stream.of(
                                            "apt-get",
                                            "-q",
                                            "-y",
                                            "--no-install-recommends",
                                            "install"),
                                    base.packages().stream())
                            .toList();
            must(base, "apt-get install", container.command(install), root);
        } finally {
            container.forget();
        }
        Files.delete(policy);
        finish(root);
    }

    private void must(BaseRoot base, String step, Program program, Path root)
            throws IOException, InterruptedException {
        Result result = program.run(log::line);
        if (!result.ok()) {
            List<String> said = result.lastWords(20);
            delete(root);
            throw new Failure(new LabProblem.RootNotMade(base.name(), step, said));
        }
    }

    /// Whatever must not be the same on two hosts goes, and what would be done at the first boot is
    /// done here.
    private static void finish(Path root) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(root.resolve("etc/ssh"))) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("ssh_host_")) {
                    Files.delete(file);
                }
            }
        }
        Files.writeString(root.resolve("etc/machine-id"), "uninitialized\n");
        Path busId = root.resolve("var/lib/dbus/machine-id");
        if (Files.exists(busId, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(busId);
            Files.createSymbolicLink(busId, Path.of("/etc/machine-id"));
        }
        Files.deleteIfExists(root.resolve("etc/hostname"));
        // No name server: an answer of "no" at once rather than after a time-out.
        Files.deleteIfExists(root.resolve("etc/resolv.conf"));
        Files.writeString(root.resolve("etc/resolv.conf"), "");
        Must.run("chroot", root.toString(), "apt-get", "clean");
        delete(root.resolve("var/lib/apt/lists"));
        Files.createDirectories(root.resolve("var/lib/apt/lists"));
        // As old as /usr: then systemd does not look through the system for what an update of it
        // changed.
        for (String stamp : List.of("etc/.updated", "var/.updated")) {
            Files.writeString(root.resolve(stamp), "");
            Files.setLastModifiedTime(
                    root.resolve(stamp), Files.getLastModifiedTime(root.resolve("usr")));
        }
    }

    /// Stays on one file system: should something be mounted in there after all, that is left
    /// alone.
    static void delete(Path tree) throws IOException, InterruptedException {
        if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            Must.run("rm", "-rf", "--one-file-system", tree.toString());
        }
    }
}
