package dev.decant.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A stand-in for the control plane of AWS CodeDeploy. The moto of Debian 13 has none; that of sid,
/// which [CodeDeployMotoTest] asks, begins deployments of which nothing comes. The shapes are those
/// of AWS's own model, as botocore has it, and `aws deploy` was seen to read them. It looks at the
/// name of the signature's service, and at no signature.
///
/// What becomes of a deployment is for whoever carries it out to say; a rollback it makes itself.
public final class CodeDeployStub implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    /// Fewer than AWS's, so that there is more than one.
    private static final int PAGE = 2;

    private static final int BATCH = 25;

    private final HttpServer server;
    private final String application;
    private final String group;
    private final boolean goesBack;
    private final Instances instances;
    private final Map<String, Running> deployments = new LinkedHashMap<>();

    /// Brings a revision to instances.
    public interface Instances {
        void carryOut(Running deployment) throws Exception;
    }

    private CodeDeployStub(
            HttpServer server,
            String application,
            String group,
            boolean goesBack,
            Instances instances) {
        this.server = server;
        this.application = application;
        this.group = group;
        this.goesBack = goesBack;
        this.instances = instances;
    }

    /// @param goesBack the group wants a rollback where a deployment fails
    public static CodeDeployStub start(
            String application, String group, boolean goesBack, Instances instances)
            throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CodeDeployStub stub = new CodeDeployStub(server, application, group, goesBack, instances);
        server.createContext("/", stub::answer);
        server.start();
        return stub;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// A deployment, as it comes along.
    public final class Running {

        private final String id;
        private final JsonNode revision;
        private final Map<String, Map<String, Map<String, Object>>> events = new TreeMap<>();
        private final Map<String, String> instanceStatus = new TreeMap<>();
        private final Map<String, Object> more = new LinkedHashMap<>();
        private String status = "Created";

        private Running(String id, JsonNode revision) {
            this.id = id;
            this.revision = revision;
        }

        public String id() {
            return id;
        }

        /// Of its location in S3, such as `key`; empty where it was not said.
        public String revision(String member) {
            return revision.path("s3Location").path(member).asString("");
        }

        public synchronized void status(String now) {
            status = now;
        }

        public synchronized void error(String code, String message) {
            more.put("errorInformation", Map.of("code", code, "message", message));
        }

        public synchronized void instance(String name, String now) {
            instanceStatus.put(name, now);
            events.computeIfAbsent(name, _ -> new LinkedHashMap<>());
        }

        public synchronized void event(
                String instance, String name, String now, Map<String, Object> diagnostics) {
            Map<String, Object> event =
                    events.computeIfAbsent(instance, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(name, _ -> new LinkedHashMap<>());
            event.put("lifecycleEventName", name);
            event.put("status", now);
            event.putIfAbsent("startTime", System.currentTimeMillis() / 1000.0);
            if (!now.equals("InProgress")) {
                event.put("endTime", System.currentTimeMillis() / 1000.0);
            }
            if (!diagnostics.isEmpty()) {
                event.put("diagnostics", diagnostics);
            }
        }

        private synchronized boolean is(String wanted) {
            return status.equals(wanted);
        }

        private synchronized boolean ended() {
            return List.of("Succeeded", "Failed", "Stopped").contains(status);
        }

        private synchronized Map<String, Object> info() {
            Map<String, Object> info = new LinkedHashMap<>();
            info.put("applicationName", application);
            info.put("deploymentGroupName", group);
            info.put("deploymentId", id);
            info.put("status", status);
            info.put("createTime", System.currentTimeMillis() / 1000.0);
            info.put("revision", revision);
            info.put("computePlatform", "Server");
            info.put(
                    "autoRollbackConfiguration",
                    Map.of("enabled", goesBack, "events", List.of("DEPLOYMENT_FAILURE")));
            info.putAll(more);
            return info;
        }

        private synchronized Map<String, Object> target(String name) {
            return Map.of(
                    "deploymentTargetType",
                    "InstanceTarget",
                    "instanceTarget",
                    Map.of(
                            "deploymentId",
                            id,
                            "targetId",
                            name,
                            "status",
                            instanceStatus.getOrDefault(name, "Unknown"),
                            "lifecycleEvents",
                            List.copyOf(events.getOrDefault(name, Map.of()).values())));
        }

        private void run() {
            try {
                instances.carryOut(this);
            } catch (Exception e) {
                error("INTERNAL_ERROR", e.toString());
                status("Failed");
            }
            Optional<JsonNode> good = lastGood();
            if (goesBack && is("Failed") && good.isPresent()) {
                Running back = begin(good.get());
                synchronized (this) {
                    more.put(
                            "rollbackInfo",
                            Map.of(
                                    "rollbackDeploymentId",
                                    back.id,
                                    "rollbackTriggeringDeploymentId",
                                    id));
                }
            }
        }
    }

    private Optional<JsonNode> lastGood() {
        synchronized (deployments) {
            return deployments.values().stream()
                    .filter(each -> each.is("Succeeded"))
                    .map(each -> each.revision)
                    .reduce((_, later) -> later);
        }
    }

    private Running begin(JsonNode revision) {
        synchronized (deployments) {
            Running running = new Running("d-%09d".formatted(deployments.size() + 1), revision);
            deployments.put(running.id, running);
            Thread.ofVirtual().start(running::run);
            return running;
        }
    }

    // ---- HTTP

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final String type;

        Refused(String type, String message) {
            super(message);
            this.type = type;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String signature = exchange.getRequestHeaders().getFirst("Authorization");
        int status = 200;
        Object body;
        try {
            if (signature == null || !signature.contains("/codedeploy/aws4_request")) {
                throw new Refused("InvalidSignatureException", "signed for another service");
            }
            JsonNode asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
            body =
                    switch (target == null ? "" : target) {
                        case "CodeDeploy_20141006.CreateDeployment" -> create(asked);
                        case "CodeDeploy_20141006.GetDeployment" ->
                                Map.of("deploymentInfo", running(asked).info());
                        case "CodeDeploy_20141006.ListDeploymentTargets" -> list(asked);
                        case "CodeDeploy_20141006.BatchGetDeploymentTargets" -> targets(asked);
                        default -> throw new Refused("UnknownOperationException", "" + target);
                    };
        } catch (Refused e) {
            status = 400;
            body = Map.of("__type", e.type, "message", String.valueOf(e.getMessage()));
        }
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Map<String, String> create(JsonNode asked) throws Refused {
        if (!asked.path("applicationName").asString("").equals(application)) {
            throw new Refused(
                    "ApplicationDoesNotExistException",
                    "No application found for name: " + asked.path("applicationName").asString(""));
        }
        if (!asked.path("deploymentGroupName").asString("").equals(group)) {
            throw new Refused(
                    "DeploymentGroupDoesNotExistException",
                    "No Deployment Group found for name: "
                            + asked.path("deploymentGroupName").asString(""));
        }
        synchronized (deployments) {
            for (Running each : deployments.values()) {
                if (!each.ended()) {
                    throw new Refused(
                            "DeploymentLimitExceededException",
                            "The Deployment Group '"
                                    + group
                                    + "' already has an active Deployment '"
                                    + each.id
                                    + "'");
                }
            }
            return Map.of("deploymentId", begin(asked.path("revision")).id);
        }
    }

    private Running running(JsonNode asked) throws Refused {
        synchronized (deployments) {
            String id = asked.path("deploymentId").asString("");
            Running running = deployments.get(id);
            if (running == null) {
                throw new Refused(
                        "DeploymentDoesNotExistException",
                        "The deployment " + id + " could not be found");
            }
            return running;
        }
    }

    private Map<String, Object> list(JsonNode asked) throws Refused {
        Running running = running(asked);
        List<String> all;
        synchronized (running) {
            all = List.copyOf(running.instanceStatus.keySet());
        }
        if (all.isEmpty() && !running.ended()) {
            throw new Refused("DeploymentNotStartedException", "The deployment has not started");
        }
        int from = Integer.parseInt(asked.path("nextToken").asString("0"));
        int to = Math.min(all.size(), from + PAGE);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("targetIds", all.subList(from, to));
        if (to < all.size()) {
            answer.put("nextToken", "" + to);
        }
        return answer;
    }

    private Map<String, Object> targets(JsonNode asked) throws Refused {
        Running running = running(asked);
        List<Map<String, Object>> found = new ArrayList<>();
        for (JsonNode name : asked.path("targetIds")) {
            found.add(running.target(name.asString()));
        }
        if (found.size() > BATCH) {
            throw new Refused("ValidationException", "more than " + BATCH);
        }
        return Map.of("deploymentTargets", found);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
