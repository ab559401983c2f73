package dev.decant.ui;

import dev.decant.config.PublicPort;
import dev.decant.config.Strategy;
import dev.decant.deploy.HostChanges;
import dev.decant.deploy.HostPlan;
import dev.decant.deploy.Plan;
import dev.decant.deploy.Step;
import dev.decant.io.Digest;
import dev.decant.release.FileChanges;
import dev.decant.release.FileList.Entry;
import dev.decant.release.FileList.File;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A plan, for programs and for a file that a deploy is held to; docs/reference/plan.md has the
/// names.
public final class PlanJson {

    private PlanJson() {}

    /// What a plan was made from, besides what hosts have said.
    ///
    /// @param environment of decant.toml; empty where it has none
    /// @param release its manifest; empty where that is not known
    /// @param settings decant.toml
    /// @param again also where nothing would change
    public record Basis(
            Optional<String> environment,
            Optional<Digest> release,
            Digest settings,
            boolean again) {}

    /// @param changes of each host on which something is done
    public static Map<String, Object> of(Plan plan, Map<String, HostChanges> changes, Basis basis) {
        return Json.ordered(
                "app", plan.app(),
                "environment", basis.environment().orElse(""),
                "release", plan.release().value(),
                "release_sha256", basis.release().map(Digest::hex).orElse(""),
                "decant_toml_sha256", basis.settings().hex(),
                "again", basis.again(),
                "needs", plan.needs(),
                "nothing_to_do", plan.nothingToDo(),
                "batches", plan.batches(),
                "hooks",
                        plan.hooks().entrySet().stream()
                                .map(
                                        hook ->
                                                Json.ordered(
                                                        "hook", hook.getKey().word(),
                                                        "command", hook.getValue()))
                                .toList(),
                "assets", plan.assets().orElse(""),
                "hosts",
                        plan.hosts().stream()
                                .map(
                                        host ->
                                                of(
                                                        host,
                                                        Optional.ofNullable(
                                                                changes.get(host.host()))))
                                .toList());
    }

    private static Map<String, Object> of(HostPlan host, Optional<HostChanges> changes) {
        return Json.ordered(
                "host", host.host(),
                "os_release", host.osRelease(),
                "serving", host.serving().map(Object::toString).orElse(""),
                "deployment", number(host.deployment()),
                "steps", host.steps().stream().map(PlanJson::of).toList(),
                "changes", changes.map(PlanJson::of),
                "estimate", changes.map(each -> of(each.estimate())),
                "notes", host.notes());
    }

    private static Map<String, Object> of(HostChanges changes) {
        return Json.ordered(
                "files", changes.files().map(PlanJson::files),
                "libraries", changes.files().map(FileChanges::libraries),
                "environment", changes.variables(),
                "health_or_expressions", changes.checks(),
                "secrets", changes.secrets(),
                "ports",
                        changes.ports().stream()
                                .map(
                                        port ->
                                                Json.ordered(
                                                        "port", port.port(),
                                                        "from", number(port.from()),
                                                        "to", number(port.to())))
                                .toList(),
                "migrations",
                        changes.migrations()
                                .map(all -> all.stream().map(Object::toString).toList()),
                "migrates", changes.migrates());
    }

    private static Map<String, Object> files(FileChanges files) {
        return Json.ordered(
                "changed", files.changed().size(),
                "changed_bytes",
                        bytes(files.changed().stream().map(FileChanges.Changed::to).toList()),
                "added", files.added().size(),
                "added_bytes", bytes(files.added()),
                "removed", files.removed().size(),
                "removed_bytes", bytes(files.removed()),
                "moved_folders", files.moved().size());
    }

    private static long bytes(List<Entry> entries) {
        return entries.stream()
                .mapToLong(entry -> entry instanceof File file ? file.size() : 0)
                .sum();
    }

    private static Map<String, Object> of(HostChanges.Estimate estimate) {
        return Json.ordered(
                "bytes_at_most", estimate.bytes(),
                "milliseconds", estimate.took().map(Duration::toMillis),
                "deploys", estimate.deploys());
    }

    private static Optional<Integer> number(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static Map<String, Object> of(Step step) {
        return switch (step) {
            case Step.Settle() -> Map.of("step", "settle");
            case Step.Send(var release, var delta, boolean fetched) ->
                    Json.ordered(
                            "step", fetched ? "fetch" : "send",
                            "release", release.value(),
                            "base", delta.base().map(Object::toString).orElse(""),
                            "files", delta.contents().size(),
                            "bytes", delta.size());
            case Step.Prepare(_, var given, var kept) ->
                    Json.ordered("step", "prepare", "secrets_given", given, "secrets_kept", kept);
            case Step.Preflight() -> Map.of("step", "preflight");
            case Step.Migrate(String expression) ->
                    Json.ordered("step", "migrate", "expression", expression);
            case Step.Activate(var release, var confirmWithin, var beside) -> {
                Map<String, Object> json =
                        Json.ordered(
                                "step", "activate",
                                "release", release.value(),
                                "strategy",
                                        beside.map(Step.Beside::strategy)
                                                .orElse(Strategy.RESTART)
                                                .word(),
                                "confirm_seconds", confirmWithin.toSeconds());
                beside.ifPresent(
                        slot -> {
                            json.put("unit", slot.unit());
                            json.put("port", slot.port());
                            json.put(
                                    "public_ports",
                                    slot.publicPorts().stream().map(PublicPort::toString).toList());
                            json.put("drains", slot.old());
                            json.put("drain_seconds", slot.drain().toSeconds());
                            json.put("warm_seconds", slot.warm().toSeconds());
                        });
                yield json;
            }
            case Step.Prune(int keep) -> Json.ordered("step", "prune", "keep", keep);
        };
    }
}
