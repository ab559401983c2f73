package dev.decant.secrets;

/// A name and a value that must not be seen.
///
/// @param name of the variable that the app finds it in
public record Secret(String name, String value) {

    @Override
    public String toString() {
        return name + "=<hidden>";
    }
}
