package dev.decant.host;

/// Debian and Ubuntu have dash.
class DashHostTest extends ShellHost {
    DashHostTest() {
        super("dash");
    }
}
