package dev.decant.advisory;

/// A version that its authors have taken back. It can still be fetched, so that what was locked can
/// be built.
///
/// @param name of the package
/// @param reason `other`, `invalid`, `security`, `deprecated` or `renamed`, or a number that came
///   later
/// @param message of its authors; may be empty
public record Retirement(String name, String version, String reason, String message)
        implements Notice {

    @Override
    public String id() {
        return name + "@" + version;
    }

    @Override
    public String said() {
        return "retired (" + reason + ")" + (message.isEmpty() ? "" : ": " + message);
    }

    @Override
    public String link() {
        return "https://hex.pm/packages/" + name + "/" + version;
    }
}
