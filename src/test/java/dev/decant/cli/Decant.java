package dev.decant.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What one command line did.
record Decant(int status, String out, String err) {

    /// @param folder where it is given
    static Decant run(Path folder, String... args) {
        return run(folder, Map.of(), args);
    }

    /// @param more of its environment
    static Decant run(Path folder, Map<String, String> more, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment =
                new HashMap<>(
                        Map.of("USER", "alice", "HOSTNAME", "laptop", "HOME", folder.toString()));
        environment.putAll(more);
        Wiring wiring =
                new Wiring(new PrintWriter(out), new PrintWriter(err), environment, false, folder);
        int status = Main.run(wiring, args);
        return new Decant(status, out.toString(), err.toString());
    }

    /// All of it, for a golden file.
    ///
    /// @param folder is shown as `FOLDER`
    String shown(Path folder) {
        return ("exit status " + status + "\n---- out\n" + out + "---- err\n" + err)
                .replace(folder.toAbsolutePath().toString(), "FOLDER");
    }
}
