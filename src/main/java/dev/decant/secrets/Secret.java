package dev.decant.secrets;

/// A name and a value that must not be seen.
///
/// @param name of the variable that the app finds it in, or of a file, which has a dot
public record Secret(String name, String value) {

    public boolean isFile() {
        return isFile(name);
    }

    public static boolean isFile(String name) {
        return name.indexOf('.') >= 0;
    }

    @Override
    public String toString() {
        return name + "=<hidden>";
    }
}
