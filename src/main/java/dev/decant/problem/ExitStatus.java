package dev.decant.problem;

/// How a `decant` command ends. The numbers are a promise to scripts and CI; `decant --help` lists
/// them.
public enum ExitStatus {
    DONE(0, "Done."),
    DIFFERENT(1, "Differences were found; only where --exit-code asks for it."),
    USAGE(2, "The command line or decant.toml is wrong. Nothing was changed."),
    REFUSED(3, "Not possible as things are. Nothing that serves was changed."),
    WENT_BACK(4, "The new release failed. The old one is serving again."),
    INCOMPLETE(
            5,
            "A host is left in a state that needs a person. The output says which and what to do."),
    BUG(70, "Decant itself failed. Please report what it printed."),
    INTERRUPTED(130, "Stopped by Ctrl-C. A rollout says where each host stands.");

    private final int number;
    private final String meaning;

    ExitStatus(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /// The process exit status, 0 to 255.
    public int number() {
        return number;
    }

    /// One or two sentences for the documentation.
    public String meaning() {
        return meaning;
    }
}
