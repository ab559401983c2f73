package dev.decant.lab;

/// What the lab tells while it works. May be called from several threads at once.
public interface LabLog {

    /// A root is being made, which takes a minute or so and happens once.
    ///
    /// @param root its name, such as `bookworm` or `bookworm+postgresql`
    void making(String root);

    /// A line that a program printed while a root was made; hundreds for each root.
    void line(String text);

    /// A sentence about something worth knowing, such as waiting for another process.
    void note(String text);

    /// Says nothing.
    static LabLog nop() {
        return new LabLog() {
            @Override
            public void making(String root) {}

            @Override
            public void line(String text) {}

            @Override
            public void note(String text) {}
        };
    }
}
