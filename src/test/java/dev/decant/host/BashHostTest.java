package dev.decant.host;

/// Fedora and Arch have bash.
class BashHostTest extends ShellHost {
    BashHostTest() {
        super("bash", "--posix");
    }
}
