package dev.decant.ui;

import dev.decant.aws.CodeDeploy;
import dev.decant.aws.CodeDeployment;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Tells what becomes of a deployment of CodeDeploy, a line for each event that has ended.
public final class CodeDeployPrinter implements CodeDeploy.Watcher {

    private final PrintWriter err;

    public CodeDeployPrinter(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void status(CodeDeployment deployment) {
        Map<String, Long> counts =
                deployment.instances().stream()
                        .collect(
                                Collectors.groupingBy(
                                        CodeDeployment.Instance::status, Collectors.counting()));
        String instances =
                counts.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(each -> ", " + each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining());
        err.println(deployment.id() + "  " + deployment.status() + instances);
        err.flush();
    }

    @Override
    public void event(CodeDeployment.Instance instance, CodeDeployment.Event event) {
        String how =
                event.status().equals("Succeeded")
                        ? event.took().map(Words::of).orElse("done")
                        : event.status();
        err.println(instance.name() + "  %-16s  ".formatted(event.name()) + how);
        err.flush();
    }

    @Override
    public void rollback(String deployment) {
        err.println("It is taken back by deployment " + deployment + ".");
        err.flush();
    }

    /// What `--json` says of one.
    public static Map<String, Object> json(CodeDeployment deployment) {
        return Json.ordered(
                "deployment",
                deployment.id(),
                "group",
                deployment.group(),
                "deployment_status",
                deployment.status(),
                "instances",
                list(
                        deployment.instances(),
                        instance ->
                                Json.ordered(
                                        "instance",
                                        instance.name(),
                                        "status",
                                        instance.status(),
                                        "events",
                                        list(instance.events(), CodeDeployPrinter::json))));
    }

    private static Map<String, Object> json(CodeDeployment.Event event) {
        Map<String, Object> json =
                Json.ordered("event", event.name(), "event_status", event.status());
        event.took().ifPresent(took -> json.put("milliseconds", took.toMillis()));
        return json;
    }

    private static <T> List<Map<String, Object>> list(
            List<T> all, Function<T, Map<String, Object>> json) {
        return all.stream().map(json).toList();
    }
}
