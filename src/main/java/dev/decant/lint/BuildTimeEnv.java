package dev.decant.lint;

import dev.decant.config.LintRule;
import dev.decant.project.Piece;
import dev.decant.project.Source;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The environment of the build machine, read where an app's is meant.
final class BuildTimeEnv implements Rule {

    /// They run when a release is built, and not after.
    private static final Set<String> BUILD_TOOLS =
            Set.of("esbuild", "tailwind", "dart_sass", "bun", "elixir_make", "rustler_precompiled");

    @Override
    public List<Finding> check(Sources project, HostSettings hosts) {
        List<Finding> findings = new ArrayList<>();
        for (Source source : project.build()) {
            List<Code.Setting> ofTools =
                    Code.settings(source.pieces()).stream()
                            .filter(
                                    setting ->
                                            setting.app().filter(BUILD_TOOLS::contains).isPresent())
                            .toList();
            Code.calls(source.pieces()).stream()
                    .filter(BuildTimeEnv::reads)
                    .filter(
                            call ->
                                    ofTools.stream()
                                            .noneMatch(
                                                    tool ->
                                                            tool.at() < call.at()
                                                                    && call.at() < tool.end()))
                    .forEach(
                            call ->
                                    findings.add(
                                            finding(
                                                    source,
                                                    call,
                                                    "Move it to config/runtime.exs, which is read"
                                                            + " when the app boots.")));
        }
        for (Source source : project.lib()) {
            for (Code.Call call : inAttributes(source.pieces())) {
                findings.add(
                        finding(
                                source,
                                call,
                                "Read it in the function that needs it, or in config/runtime.exs"
                                        + " and ask there with Application.fetch_env!."));
            }
        }
        return findings;
    }

    private static boolean reads(Code.Call call) {
        return call.is("System", "get_env", "fetch_env", "fetch_env!");
    }

    /// What is set, `@name value`, and not what is asked for, `@name`.
    private static List<Code.Call> inAttributes(List<Piece> pieces) {
        List<Code.Call> calls = new ArrayList<>();
        Code.lists(
                pieces,
                list -> {
                    for (int i = 0; i + 2 < list.size(); i++) {
                        boolean begins =
                                Code.isSign(list, i, "@") && (i == 0 || Code.isLine(list, i - 1));
                        if (begins
                                && list.get(i + 1) instanceof Piece.Word name
                                && isValue(list.get(i + 2), name)) {
                            Code.calls(list.subList(i + 2, Code.end(list, i))).stream()
                                    .filter(BuildTimeEnv::reads)
                                    .forEach(calls::add);
                        }
                    }
                });
        return calls;
    }

    private static boolean isValue(Piece piece, Piece.Word name) {
        boolean index = piece.at() == name.at() + name.name().length();
        return !index && !(piece instanceof Piece.Line) && !(piece instanceof Piece.Sign);
    }

    private static Finding finding(Source source, Code.Call call, String next) {
        return Finding.at(
                source,
                call.at(),
                LintRule.BUILD_TIME_ENV,
                Severity.WARNING,
                call.shown() + " is read when the release is built.",
                List.of(
                        "What the build machine has for it, or that it has nothing, is in the"
                                + " release for good.",
                        "A value that is changed on a host changes nothing, and a secret that was"
                                + " there is in every copy of the release."),
                List.of(next));
    }
}
