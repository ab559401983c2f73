package dev.decant.toolchain;

import dev.decant.problem.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// For what kind of machine an Erlang has been built. Official builds are for releases of Ubuntu
/// only: they are linked with its glibc and its OpenSSL.
///
/// @param arch `amd64` or `arm64`
/// @param system such as `ubuntu-22.04`
record Platform(String arch, String system) {

    private static final Path OS_RELEASE = Path.of("/etc/os-release");

    /// This machine's, unless a setting says another.
    ///
    /// @throws Failure with [ToolchainProblem.NoBuilds]
    static Platform here(Optional<String> chosen) throws IOException {
        return of(
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                Files.isReadable(OS_RELEASE) ? Files.readString(OS_RELEASE) : "",
                chosen);
    }

    /// @param name of the operating system, as Java has it
    /// @param machine likewise its architecture
    /// @param release the text of os-release(5)
    static Platform of(String name, String machine, String release, Optional<String> chosen) {
        Map<String, String> facts =
                release.lines()
                        .filter(line -> line.matches("[A-Z_]+=.*"))
                        .map(line -> line.split("=", 2))
                        .collect(
                                Collectors.toMap(
                                        fact -> fact[0],
                                        fact -> fact[1].replaceAll("^[\"']|[\"']$", ""),
                                        (first, _) -> first));
        String id = facts.getOrDefault("ID", "");
        String shown = facts.getOrDefault("PRETTY_NAME", name) + " on " + machine;
        String arch =
                switch (machine) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> "";
                };
        if (!name.equals("Linux") || arch.isEmpty() || id.equals("alpine")) {
            throw new Failure(new ToolchainProblem.NoBuilds(shown, false));
        }
        if (chosen.isPresent()) {
            return new Platform(arch, chosen.get());
        }
        String version = facts.getOrDefault("VERSION_ID", "");
        if (!id.equals("ubuntu") || version.isEmpty()) {
            throw new Failure(new ToolchainProblem.NoBuilds(shown, true));
        }
        return new Platform(arch, "ubuntu-" + version);
    }

    @Override
    public String toString() {
        return system + " on " + arch;
    }
}
