package dev.decant.host;

import dev.decant.exec.Program;
import dev.decant.release.HostLayout;

import java.util.List;
import java.util.stream.Stream;

/// This machine itself, for those who build and run on one server.
///
/// @param user the deploy user; root becomes it, everyone else must be it
/// @param unit the app's name on the host
public record LocalTransport(String host, String user, String unit) implements Transport {

    @Override
    public Program session(Entry entry) {
        return Program.of(
                switch (entry) {
                    case BROUGHT -> List.of("sh", "-c", HostProgram.bootstrap());
                    case INSTALLED, INSTALLED_ANEW -> asDeployUser("session");
                });
    }

    @Override
    public Program console() {
        return Program.of(asDeployUser("console"));
    }

    private List<String> asDeployUser(String mode) {
        List<String> words = List.of(HostLayout.HOST_PROGRAM, mode, unit);
        boolean root = System.getProperty("user.name").equals("root") && !user.equals("root");
        return root
                ? Stream.concat(Stream.of("runuser", "-u", user, "--"), words.stream()).toList()
                : words;
    }

    @Override
    public HostProblem explain(Entry entry, int exit, List<String> said) {
        return SshTransport.explainProgram(host, user, entry, exit, said);
    }
}
