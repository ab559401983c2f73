package dev.decant.host;

/// Alpine has the ash of busybox.
class BusyboxHostTest extends ShellHost {
    BusyboxHostTest() {
        super("busybox", "ash");
    }
}
