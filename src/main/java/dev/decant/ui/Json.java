package dev.decant.ui;

import dev.decant.advisory.Advisory;
import dev.decant.advisory.Audit;
import dev.decant.advisory.Notice;
import dev.decant.advisory.Retirement;
import dev.decant.config.DepsConfig;
import dev.decant.deploy.AppEnvironment;
import dev.decant.deploy.DeployReport;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.Operations;
import dev.decant.deploy.Repair;
import dev.decant.deploy.RolloutEvent;
import dev.decant.host.Deployment;
import dev.decant.host.HistoryEntry;
import dev.decant.host.HostFacts;
import dev.decant.host.LogEntry;
import dev.decant.io.Digest;
import dev.decant.lint.Finding;
import dev.decant.lint.Severity;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Explanation;
import dev.decant.problem.Problem;
import dev.decant.project.DependencyReport;
import dev.decant.release.Dependency;
import dev.decant.release.Release;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What `--json` prints: one object on standard output, or one for each event. Names are a promise;
/// new ones may come.
public final class Json {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /// To the microsecond, as journald has it; all of the same length, so lines sort as text.
    private static final DateTimeFormatter LOG_TIME =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    private Json() {}

    public static void print(PrintWriter out, Map<String, ?> object) {
        out.println(JSON.writeValueAsString(object));
        out.flush();
    }

    static String line(Map<String, ?> object) {
        return JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(object);
    }

    /// What [#print] prints.
    public static String text(Map<String, ?> object) {
        return JSON.writeValueAsString(object) + "\n";
    }

    /// One entry on one line.
    static String line(LogEntry entry) {
        return line(
                ordered(
                        "host", entry.host(),
                        "at", LOG_TIME.format(entry.at()),
                        "source", entry.source(),
                        "pid", entry.pid(),
                        "priority", entry.priority(),
                        "message", entry.message()));
    }

    /// Such as `2026-11-23T19:15:00.120Z`.
    static String time(Instant at) {
        return TIME.format(at);
    }

    /// With its name as `event`; when it was is left to whoever prints it.
    public static Map<String, Object> of(RolloutEvent event) {
        return switch (event) {
            case RolloutEvent.Began(_, var what, var release, var hosts, var batches) ->
                    ordered(
                            "event", "began",
                            "what", what,
                            "release", release.value(),
                            "hosts", hosts,
                            "batches", batches);
            case RolloutEvent.BatchBegan(_, int number, var hosts) ->
                    ordered("event", "batch_began", "number", number, "hosts", hosts);
            case RolloutEvent.StepBegan(_, var host, var step) ->
                    of("step_began", host, "step", step);
            case RolloutEvent.Sent(_, var host, long bytes, long all) ->
                    of("sent", host, "bytes", bytes, "all", all);
            case RolloutEvent.Doing(_, var host, var text) -> of("doing", host, "text", text);
            case RolloutEvent.StepDone(_, var host, var step, var took, long bytes) ->
                    of(
                            "step_done",
                            host,
                            "step",
                            step,
                            "milliseconds",
                            took.toMillis(),
                            "bytes",
                            bytes);
            case RolloutEvent.StepFailed(_, var host, var step, var took) ->
                    of("step_failed", host, "step", step, "milliseconds", took.toMillis());
            case RolloutEvent.Note(_, var host, var text) -> of("note", host, "text", text);
            case RolloutEvent.HostEnded(_, HostOutcome outcome) -> {
                Map<String, Object> json = ordered("event", "host_ended");
                json.putAll(of(outcome));
                outcome.anyProblem().ifPresent(it -> json.put("problem", of(it)));
                yield json;
            }
            case RolloutEvent.TakingBack(_, var hosts, var because) ->
                    ordered("event", "taking_back", "hosts", hosts, "because", because);
            case RolloutEvent.Ended(_, DeployReport report) -> {
                Map<String, Object> json = ordered("event", "ended");
                json.putAll(of(report));
                yield json;
            }
        };
    }

    /// @param host empty for what concerns all
    private static Map<String, Object> of(String event, String host, Object... rest) {
        Map<String, Object> json = ordered("event", event);
        if (!host.isEmpty()) {
            json.put("host", host);
        }
        json.putAll(ordered(rest));
        return json;
    }

    public static Map<String, Object> of(ExitStatus status, List<Problem> problems) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", status.number());
        json.put("problems", problems.stream().map(Json::of).toList());
        return json;
    }

    private static Map<String, Object> of(Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", problem.id());
        json.put("what", problem.what());
        json.put("why", problem.why());
        json.put("next", problem.next());
        return json;
    }

    /// @param status how the command ends because of it
    public static Map<String, Object> of(ExitStatus status, Diagnosis diagnosis) {
        return ordered(
                "status", status.number(),
                "errors", diagnosis.count(Severity.ERROR),
                "warnings", diagnosis.count(Severity.WARNING),
                "hints", diagnosis.count(Severity.HINT),
                "findings", diagnosis.findings().stream().map(Json::of).toList(),
                "hosts_asked", diagnosis.hostsAsked(),
                "hosts", diagnosis.hosts().stream().map(Json::of).toList(),
                "acknowledged",
                        diagnosis.acknowledged().stream()
                                .map(
                                        finding -> {
                                            Map<String, Object> json =
                                                    new LinkedHashMap<>(of(finding));
                                            json.put("reason", diagnosis.reason(finding.rule()));
                                            return json;
                                        })
                                .toList());
    }

    private static Map<String, Object> of(Finding finding) {
        return ordered(
                "rule", finding.rule().word(),
                "severity", finding.severity().word(),
                "file", finding.file(),
                "line", finding.line(),
                "column", finding.column(),
                "what", finding.what(),
                "why", finding.why(),
                "next", finding.next());
    }

    public static Map<String, Object> of(Release release) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("release", release.id().value());
        json.put("folder", release.folder().toString());
        json.put("digest", release.digest().hex());
        json.put("files", release.manifest().filesCount());
        json.put("bytes", release.size());
        json.put("signed", release.signed());
        json.put("version", release.manifest().version());
        json.put("commit", release.manifest().commit());
        json.put("dirty", release.manifest().dirty());
        json.put("elixir", release.manifest().elixir());
        json.put("otp", release.manifest().otp());
        json.put("erts", release.manifest().erts());
        json.put("target", release.manifest().target());
        return json;
    }

    public static Map<String, Object> of(Operations.Done done) {
        return ordered(
                "host",
                done.host(),
                "release",
                done.release(),
                "milliseconds",
                done.took().toMillis());
    }

    public static Map<String, Object> of(Operations.Evaluated evaluated) {
        return ordered(
                "host",
                evaluated.host(),
                "ok",
                evaluated.ok(),
                "exit_status",
                evaluated.status(),
                "output",
                evaluated.output());
    }

    public static Map<String, Object> of(AppEnvironment environment) {
        return ordered(
                "host",
                environment.host(),
                "variables",
                environment.variables().stream().map(Json::of).toList(),
                "notes",
                environment.notes().stream()
                        .map(
                                note ->
                                        ordered(
                                                "file",
                                                note.file(),
                                                "what",
                                                note.what().name().toLowerCase(Locale.ROOT)))
                        .toList());
    }

    private static Map<String, Object> of(AppEnvironment.Variable variable) {
        return ordered(
                "name", variable.name(),
                "value", variable.value(),
                "secret", variable.secret(),
                "from", variable.from(),
                "over", variable.over());
    }

    public static Map<String, Object> of(DeployReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", report.status().number());
        json.put("release", report.release().value());
        json.put("hosts", report.outcomes().stream().map(Json::of).toList());
        json.put(
                "steps",
                report.timings().stream()
                        .map(
                                timing ->
                                        ordered(
                                                "host", timing.host(),
                                                "step", timing.step(),
                                                "milliseconds", timing.took().toMillis(),
                                                "bytes", timing.bytes()))
                        .toList());
        json.put("problems", report.problems().stream().map(Json::of).toList());
        return json;
    }

    private static Map<String, Object> of(HostOutcome outcome) {
        Map<String, Object> json = ordered("host", outcome.host(), "outcome", outcome.word());
        if (outcome instanceof HostOutcome.Deployed(_, Optional<Duration> gap)) {
            gap.ifPresent(time -> json.put("gap_milliseconds", time.toMillis()));
        }
        return json;
    }

    public static Map<String, Object> of(Repair repair) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("host", repair.host());
        json.put("settled_deployment", repair.unfinished().map(Deployment::number).orElse(null));
        json.put("removed", repair.removed());
        json.put("release", repair.live().map(Object::toString).orElse(""));
        json.put("serves", repair.serves());
        return json;
    }

    public static Map<String, Object> of(HistoryEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", entry.at());
        json.put("what", entry.what());
        json.put("deployment", entry.deployment());
        json.put("release", entry.release());
        json.put("result", entry.result());
        json.put("by", entry.by());
        json.put("milliseconds", entry.milliseconds().orElse(null));
        json.put("switch_milliseconds", entry.switchMilliseconds().orElse(null));
        json.put("reason", entry.reason());
        return json;
    }

    public static Map<String, Object> of(HostFacts facts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("host", facts.host());
        json.put("set_up", facts.setUp());
        json.put("service", facts.service().state());
        json.put("slot", facts.service().slot());
        json.put("unpublished", facts.unpublished());
        json.put(
                "maintenance",
                facts.maintenance()
                        .map(
                                it ->
                                        ordered(
                                                "since", it.since(),
                                                "by", it.by(),
                                                "message", it.message()))
                        .orElse(null));
        json.put("pid", facts.service().pid());
        json.put("restarts", facts.service().restarts());
        json.put("since", facts.service().since());
        json.put(
                "processes",
                facts.processes().stream()
                        .map(process -> ordered("unit", process.unit(), "state", process.state()))
                        .toList());
        json.put("release", facts.liveDeployment().map(live -> live.release().value()).orElse(""));
        json.put(
                "unfinished_deployment",
                facts.activating().isPresent() ? facts.activating().getAsInt() : null);
        json.put("activating", facts.applying());
        json.put("privilege", facts.privilege());
        json.put("systemd", facts.systemd());
        json.put("os_release", facts.osRelease());
        json.put("arch", facts.arch());
        json.put("libc", facts.libc() + " " + facts.libcVersion());
        json.put("free_bytes", facts.freeBytes());
        json.put("secrets", facts.secrets().names());
        return json;
    }

    public static Map<String, Object> of(Deployment deployment, boolean live, boolean kept) {
        return ordered(
                "deployment", deployment.number(),
                "release", deployment.release().value(),
                "live", live,
                "kept", kept,
                "verdict", deployment.verdict().map(Deployment.Verdict::word).orElse(""),
                "at", deployment.at(),
                "by", deployment.by());
    }

    public static Map<String, Object> of(DependencyReport report, Audit audit) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dependencies", report.entries().stream().map(Json::of).toList());
        json.put("notes", report.notes());
        json.put(
                "advisories",
                audit.database().map(it -> of(it, audit, Advisory.class)).orElse(null));
        json.put(
                "retired",
                audit.registry().map(it -> of(it, audit, Retirement.class)).orElse(null));
        return json;
    }

    private static Map<String, Object> of(DependencyReport.Entry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("app", entry.app());
        json.put("required", entry.required());
        json.put("needed_by", entry.neededBy());
        json.put("locked", entry.locked().flatMap(Dependency::locked).orElse(null));
        json.put("from", entry.from());
        if (entry.locked().orElse(null) instanceof Dependency.Hex hex) {
            json.put("inner_checksum", hex.inner().map(Digest::hex).orElse(null));
            json.put("outer_checksum", hex.outer().map(Digest::hex).orElse(null));
        }
        json.put(
                "findings", entry.findings().stream().map(DependencyReport.Finding::word).toList());
        return json;
    }

    private static Map<String, Object> of(
            Audit.Database database, Audit audit, Class<? extends Notice> kind) {
        return ordered(
                "database", database.folder().toString(),
                "as_of", database.asOf().toString(),
                "hits", hits(audit, kind),
                "notes", audit.notes());
    }

    private static Map<String, Object> of(
            Audit.Asked registry, Audit audit, Class<? extends Notice> kind) {
        Map<String, Object> json = ordered("registry", registry.base().toString());
        json.put("as_of", registry.asOf().map(Object::toString).orElse(null));
        json.put("hits", hits(audit, kind));
        json.put("unknown", registry.unknown());
        json.put("why", registry.why());
        json.put("notes", audit.notes());
        return json;
    }

    private static List<Map<String, Object>> hits(Audit audit, Class<? extends Notice> kind) {
        return audit.hits().stream()
                .filter(hit -> kind.isInstance(hit.notice()))
                .map(Json::of)
                .toList();
    }

    private static Map<String, Object> of(Audit.Hit hit) {
        Map<String, Object> json =
                ordered(
                        "app", hit.app(),
                        "version", hit.version(),
                        "id", hit.notice().id(),
                        "link", hit.notice().link());
        switch (hit.notice()) {
            case Advisory advisory -> {
                json.put("severity", advisory.severity());
                json.put("title", advisory.title());
                json.put("patched", advisory.patched());
            }
            case Retirement retirement -> {
                json.put("reason", retirement.reason());
                json.put("message", retirement.message());
            }
        }
        json.put("acknowledged", hit.acknowledged().map(Json::of).orElse(null));
        json.put("expired", hit.expired().map(Object::toString).orElse(null));
        return json;
    }

    private static Map<String, Object> of(DepsConfig.Acknowledged exception) {
        return ordered("reason", exception.reason(), "until", exception.until().toString());
    }

    public static Map<String, Object> of(Explanation explanation) {
        return ordered(
                "id", explanation.id(),
                "about", explanation.about(),
                "text", explanation.text(),
                "page", explanation.page().map(page -> "docs/" + page).orElse(""));
    }

    /// @param pairs names and values in turn
    public static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            json.put((String) pairs[i], pairs[i + 1]);
        }
        return json;
    }
}
