package dev.decant.cli;

/// How one run of the command line ended.
///
/// @param status exit status
/// @param out standard output
/// @param err standard error
record Ran(int status, String out, String err) {

    /// Everything that was said, for the message of a failed assertion.
    String all() {
        return "exit status " + status + "\n" + out + "\n" + err;
    }
}
