package dev.decant.assets;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.util.ArrayList;
import java.util.List;

/// Why static files do not get into their bucket, or are not taken from it.
public record AssetsProblem(String id, String what, List<String> why, List<String> next)
        implements Problem {

    public AssetsProblem {
        why = List.copyOf(why);
        next = List.copyOf(next);
    }

    static Failure none(ReleaseId release, String folder) {
        return new Failure(
                new AssetsProblem(
                        "assets-none",
                        "The release has no static files with digests in their names.",
                        List.of(
                                release + " has none in lib/*/" + folder + ".",
                                "Without them a browser could not tell one version's from"
                                        + " another's."),
                        List.of(
                                "An alias assets.deploy in mix.exs is part of every build:"
                                        + " docs/concepts/building.md",
                                "Or, if they are elsewhere:  [assets]  from = \"priv/public\"")));
    }

    static Failure twice(ReleaseId release, String key) {
        return new Failure(
                new AssetsProblem(
                        "assets-twice",
                        "Two applications of the release have different files of one name.",
                        List.of(release + ": " + key),
                        List.of("In the bucket there can be one. Give one of them another name.")));
    }

    static Failure notInvalidated(List<String> words, String reason, List<String> said) {
        List<String> why = new ArrayList<>(List.of(String.join(" ", words), reason));
        why.addAll(said);
        return new Failure(
                new AssetsProblem(
                        "assets-not-invalidated",
                        "Static files are in their bucket, but what is to make them known failed.",
                        why,
                        List.of("No host was switched. Once that is mended, deploy again.")));
    }

    /// @param unknown releases that hosts have
    public static Failure unknown(List<String> unknown) {
        return new Failure(
                new AssetsProblem(
                        "assets-unknown-release",
                        "It is not known here which static files hosts still need.",
                        List.of(
                                "Hosts have releases that this machine does not: "
                                        + String.join(", ", unknown)
                                        + "."),
                        List.of(
                                "Nothing was removed. Run it where these were built, or once hosts"
                                        + " have let go of them.")));
    }

    @Override
    public ExitStatus status() {
        return ExitStatus.REFUSED;
    }
}
