package dev.decant.release;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// The software bill of materials: everything that a release is made of, for those who look for
/// known weaknesses in it, and for comparing two releases.
///
/// What counts is what is there: a dependency of mix.lock that has no folder in the release's `lib`
/// (one for tests, say) is not in it.
///
/// @param app the app that is deployed
/// @param version of the release
/// @param commit the full git commit that it was built from
/// @param elixir version, such as `1.14.0`
/// @param otp the exact version of Erlang/OTP, such as `25.2.3`
/// @param erts the version of the Erlang runtime, such as `13.1.5`
/// @param dependencies all of mix.lock
/// @param applications what is in `lib`
public record Sbom(
        String app,
        String version,
        String commit,
        String elixir,
        String otp,
        String erts,
        List<Dependency> dependencies,
        List<Application> applications) {

    /// An OTP application in a release.
    ///
    /// @param version the `vsn` of its `.app` file, which need not be that of its package
    public record Application(String name, String version) {

        static final Comparator<Application> ORDER =
                Comparator.comparing(Application::name).thenComparing(Application::version);

        /// @param folder its name below `lib`: `NAME-VSN`
        /// @return empty where it is not one of an application
        public static Optional<Application> of(String folder) {
            int dash = folder.indexOf('-');
            return dash > 0 && dash < folder.length() - 1
                    ? Optional.of(
                            new Application(folder.substring(0, dash), folder.substring(dash + 1)))
                    : Optional.empty();
        }

        /// The name of its folder.
        String folder() {
            return name + "-" + version;
        }
    }

    public Sbom {
        dependencies = List.copyOf(dependencies);
        applications = applications.stream().distinct().sorted(Application.ORDER).toList();
    }

    /// CycloneDX 1.6, as JSON. The same bill gives the same bytes: it has no time in it, and its
    /// serial number is made from what it says.
    public byte[] json() {
        return SbomJson.write(this);
    }

    /// What [#json()] has listed, the app itself left out.
    ///
    /// @return version by name; of a git repository, its revision is the version
    /// @throws IOException if it is not CycloneDX in JSON
    public static SortedMap<String, String> components(byte[] json) throws IOException {
        return SbomJson.components(json);
    }
}
