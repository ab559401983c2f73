package dev.decant.lint;

import dev.decant.config.LintRule;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Holds a Mix project against every rule.
public final class Lint {

    private Lint() {}

    /// @return errors first, then by place
    public static List<Finding> check(Path folder, HostSettings hosts) throws IOException {
        Sources project = Sources.read(folder, hosts.mixEnv());
        List<Finding> findings = new ArrayList<>();
        for (LintRule rule : LintRule.values()) {
            findings.addAll(of(rule).check(project, hosts));
        }
        findings.sort(
                Comparator.comparing(Finding::severity)
                        .thenComparing(Finding::file)
                        .thenComparingInt(Finding::line)
                        .thenComparingInt(Finding::column)
                        .thenComparing(Finding::rule));
        return findings;
    }

    static Rule of(LintRule rule) {
        return switch (rule) {
            case UNREADABLE -> new Unreadable();
            case DISTILLERY -> new Distillery();
            case RELEASE_TARBALL -> new ReleaseTarball();
            case RELEASE_ERTS -> new ReleaseErts();
            case BUILD_TIME_ENV -> new BuildTimeEnv();
            case MISSING_ENV -> new MissingEnv();
            case HEAVY_RUNTIME -> new HeavyRuntime();
            case PHX_SERVER -> new PhxServer();
            case SERVER_OPTIONS -> new ServerOptions();
            case STATIC_MANIFEST -> new StaticManifest();
            case HEALTH_PATH -> new HealthPath();
            case DRAIN_TIMEOUT -> new DrainTimeout();
            case FILE_LIMIT -> new FileLimit();
            case TASK_LIMIT -> new TaskLimit();
            case PROC_ACCESS -> new ProcAccess();
            case RUNTIME_TOOLS -> new RuntimeTools();
        };
    }
}
