package dev.decant.lab;

/// A process that has a lab host, prints where it is, and then waits to be killed.
final class LabOwner {

    private LabOwner() {}

    public static void main(String[] args) throws Exception {
        try (Lab lab = Lab.open(LabLog.nop())) {
            LabHost host = lab.boot(args[0], Suite.BOOKWORM);
            System.out.println(host.folder());
            Thread.sleep(600_000);
        }
    }
}
