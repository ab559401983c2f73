package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.problem.ExitStatus;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Makes a trace of a rollout and exports it by OTLP over HTTP: a span for all of it, below that
/// one for each host, and below that one for each step. It is set up by the variables of the
/// OpenTelemetry specification, and goes on with the trace that `TRACEPARENT` names, if there is
/// one. Where nobody takes it that is noted, and stops nothing.
public final class Tracing implements RolloutLog, AutoCloseable {

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private static final long PATIENCE = 5;

    private static final AttributeKey<String> HOST = AttributeKey.stringKey("host.name");
    private static final AttributeKey<String> RELEASE = AttributeKey.stringKey("decant.release");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("decant.outcome");
    private static final AttributeKey<String> PROBLEM = AttributeKey.stringKey("decant.problem");
    private static final AttributeKey<Long> BYTES = AttributeKey.longKey("decant.bytes");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("process.exit.code");

    private static final TextMapGetter<Map<String, String>> VARIABLES =
            (environment, key) ->
                    environment == null ? null : environment.get(key.toUpperCase(Locale.ROOT));

    private final Config config;
    private final RolloutLog notes;
    private final Context parent;
    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private Optional<Span> root = Optional.empty();
    private String release = "";
    private final Map<String, Span> hosts = new HashMap<>();

    /// The step that each host is at.
    private final Map<String, Span> steps = new HashMap<>();

    private volatile boolean refused;

    private Tracing(Config config, Map<String, String> environment, RolloutLog notes) {
        this.config = config;
        this.notes = notes;
        this.parent =
                W3CTraceContextPropagator.getInstance()
                        .extract(Context.root(), environment, VARIABLES);
        // What goes wrong is noted in one line, at the end.
        Logger.getLogger("io.opentelemetry").setLevel(Level.OFF);
        this.sdk =
                AutoConfiguredOpenTelemetrySdk.builder()
                        .disableShutdownHook()
                        .addPropertiesSupplier(() -> properties(environment))
                        .addPropertiesCustomizer(
                                _ ->
                                        Map.of(
                                                "otel.traces.exporter", "otlp",
                                                "otel.metrics.exporter", "none",
                                                "otel.logs.exporter", "none",
                                                "otel.exporter.otlp.protocol", "http/protobuf"))
                        .addSpanExporterCustomizer((exporter, _) -> new Watched(exporter))
                        .build()
                        .getOpenTelemetrySdk();
        this.tracer = sdk.getTracer("dev.decant");
    }

    /// @param environment of this process
    /// @param notes is told where the trace could not be exported
    /// @return empty where no variable names an endpoint: nothing of it is loaded then
    public static Optional<Tracing> of(
            Config config, Map<String, String> environment, RolloutLog notes) {
        boolean wanted =
                !environment.getOrDefault(ENDPOINT, "").isEmpty()
                        || !environment.getOrDefault(TRACES, "").isEmpty();
        if (!wanted || environment.getOrDefault("OTEL_SDK_DISABLED", "").equals("true")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Tracing(config, environment, notes));
        } catch (RuntimeException e) {
            notes.note("trace", "there is none: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>(Map.of("otel.service.name", "decant"));
        environment.forEach(
                (name, value) -> {
                    if (name.startsWith("OTEL_") && !value.isEmpty()) {
                        properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
                    }
                });
        return properties;
    }

    /// For programs that a rollout runs: `TRACEPARENT`, once it has begun.
    public synchronized Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        root.ifPresent(
                span ->
                        W3CTraceContextPropagator.getInstance()
                                .inject(
                                        Context.root().with(span),
                                        variables,
                                        (all, key, value) -> {
                                            if (all != null) {
                                                all.put(key.toUpperCase(Locale.ROOT), value);
                                            }
                                        }));
        return variables;
    }

    @Override
    public synchronized void tell(RolloutEvent event) {
        switch (event) {
            case RolloutEvent.Began began -> begin(began);
            case RolloutEvent.StepBegan(Instant at, String host, String step) ->
                    steps.put(host, span(step, of(host, at), at, host));
            case RolloutEvent.StepDone(Instant at, String host, _, _, long bytes) ->
                    endStep(host, at, span -> span.setAttribute(BYTES, bytes));
            case RolloutEvent.StepFailed(Instant at, String host, _, _) ->
                    endStep(host, at, span -> span.setStatus(StatusCode.ERROR));
            case RolloutEvent.HostEnded(Instant at, HostOutcome outcome) -> endHost(outcome, at);
            case RolloutEvent.Ended(Instant at, DeployReport report) -> end(report, at);
            case RolloutEvent.BatchBegan _,
                    RolloutEvent.TakingBack _,
                    RolloutEvent.Sent _,
                    RolloutEvent.Doing _,
                    RolloutEvent.Note _ -> {
                // A span is for what takes time.
            }
        }
    }

    private void begin(RolloutEvent.Began began) {
        release = began.release().value();
        root =
                Optional.of(
                        tracer.spanBuilder("decant " + began.what())
                                .setParent(parent)
                                .setStartTimestamp(began.at())
                                .setAttribute("decant.app", config.names().app())
                                .setAttribute(
                                        "deployment.environment.name",
                                        config.environment().orElse(""))
                                .setAttribute(RELEASE, release)
                                .setAttribute(
                                        AttributeKey.stringArrayKey("decant.hosts"), began.hosts())
                                .startSpan());
    }

    private Span of(String host, Instant at) {
        Span all = root.orElse(Span.getInvalid());
        return host.isEmpty()
                ? all
                : hosts.computeIfAbsent(host, _ -> span("host " + host, all, at, host));
    }

    private Span span(String name, Span above, Instant at, String host) {
        Span span =
                tracer.spanBuilder(name)
                        .setParent(Context.root().with(above))
                        .setStartTimestamp(at)
                        .setAttribute(RELEASE, release)
                        .startSpan();
        return host.isEmpty() ? span : span.setAttribute(HOST, host);
    }

    private void endStep(String host, Instant at, Consumer<Span> more) {
        Optional.ofNullable(steps.remove(host))
                .ifPresent(
                        span -> {
                            more.accept(span);
                            span.end(at);
                        });
    }

    /// A host that is taken back ends twice, and what counts is the second; so none ends before
    /// all.
    private void endHost(HostOutcome outcome, Instant at) {
        Span span = of(outcome.host(), at);
        span.setAttribute(OUTCOME, outcome.word());
        outcome.anyProblem()
                .ifPresent(
                        problem -> {
                            span.setAttribute(PROBLEM, problem.id());
                            span.setStatus(StatusCode.ERROR, problem.what());
                        });
    }

    private void end(DeployReport report, Instant at) {
        report.outcomes().stream()
                .filter(outcome -> !(outcome instanceof HostOutcome.Unchanged))
                .forEach(outcome -> endHost(outcome, at));
        steps.values().forEach(span -> span.end(at));
        hosts.values().forEach(span -> span.end(at));
        root.ifPresent(
                span -> {
                    span.setAttribute(STATUS, report.status().number());
                    if (report.status() != ExitStatus.DONE) {
                        span.setStatus(StatusCode.ERROR);
                    }
                    span.end(at);
                });
    }

    /// Waits some seconds until all is exported.
    @Override
    public void close() {
        boolean done =
                sdk.getSdkTracerProvider().shutdown().join(PATIENCE, TimeUnit.SECONDS).isSuccess();
        if (!done || refused) {
            notes.note("trace", "it could not be exported to where OTEL_EXPORTER_OTLP_… leads");
        }
    }

    /// Knows whether what it exported has arrived.
    private final class Watched implements SpanExporter {

        private final SpanExporter exporter;

        Watched(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            CompletableResultCode result = exporter.export(spans);
            return result.whenComplete(
                    () -> {
                        if (!result.isSuccess()) {
                            refused = true;
                        }
                    });
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
