package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import com.sun.net.httpserver.HttpServer;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What arrives at an endpoint is looked at as it comes, in protobuf.
class TracingTest {

    private static final Config CONFIG =
            Configs.of(Configs.SHOP + "[hosts.web1]\n[hosts.web2]\n[environments.staging]\n");
    private static final Instant AT = Instant.parse("2026-11-23T19:15:00Z");
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final List<Span> spans = Collections.synchronizedList(new ArrayList<>());
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;
    private volatile int status = 200;

    TracingTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    /// @param began in milliseconds from [#AT], as `ended`
    private record Span(
            String name,
            String trace,
            String id,
            String parent,
            long began,
            long ended,
            Map<String, String> attributes,
            boolean error) {}

    @BeforeEach
    void listen() {
        server.createContext(
                "/",
                exchange -> {
                    seen.add(
                            exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Content-Type")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization"));
                    for (Message resource :
                            Message.of(exchange.getRequestBody().readAllBytes()).all(1)) {
                        for (Message scope : resource.all(2)) {
                            scope.all(2).forEach(span -> spans.add(span(span)));
                        }
                    }
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /// Bytes of a message by the numbers of their fields; numbers as text.
    private record Message(Map<Integer, List<byte[]>> fields, Map<Integer, Long> numbers) {

        static Message of(byte[] bytes) throws IOException {
            Map<Integer, List<byte[]>> fields = new HashMap<>();
            Map<Integer, Long> numbers = new HashMap<>();
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = WireFormat.getTagFieldNumber(tag);
                switch (WireFormat.getTagWireType(tag)) {
                    case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                            fields.computeIfAbsent(field, _ -> new ArrayList<>())
                                    .add(in.readByteArray());
                    case WireFormat.WIRETYPE_VARINT -> numbers.put(field, in.readInt64());
                    case WireFormat.WIRETYPE_FIXED64 -> numbers.put(field, in.readFixed64());
                    default -> in.skipField(tag);
                }
            }
            return new Message(fields, numbers);
        }

        List<Message> all(int field) throws IOException {
            List<Message> messages = new ArrayList<>();
            for (byte[] bytes : fields.getOrDefault(field, List.of())) {
                messages.add(of(bytes));
            }
            return messages;
        }

        byte[] bytes(int field) {
            return fields.getOrDefault(field, List.of(new byte[0])).getFirst();
        }

        String text(int field) {
            return new String(bytes(field), StandardCharsets.UTF_8);
        }

        long number(int field) {
            return numbers.getOrDefault(field, 0L);
        }
    }

    private static Span span(Message span) {
        try {
            Map<String, String> attributes = new TreeMap<>();
            for (Message attribute : span.all(9)) {
                Message value = attribute.all(2).getFirst();
                attributes.put(
                        attribute.text(1),
                        value.fields().containsKey(1)
                                ? value.text(1)
                                : value.numbers().containsKey(3)
                                        ? Long.toString(value.number(3))
                                        : "…");
            }
            List<Message> end = span.all(15);
            return new Span(
                    span.text(5),
                    HexFormat.of().formatHex(span.bytes(1)),
                    HexFormat.of().formatHex(span.bytes(2)),
                    HexFormat.of().formatHex(span.bytes(4)),
                    span.number(7) / 1_000_000 - AT.toEpochMilli(),
                    span.number(8) / 1_000_000 - AT.toEpochMilli(),
                    attributes,
                    !end.isEmpty() && end.getFirst().number(3) == 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Tracing> tracing(Map<String, String> more) {
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                "http://127.0.0.1:" + server.getAddress().getPort()));
        environment.putAll(more);
        return Tracing.of(
                CONFIG,
                environment,
                event -> {
                    if (event instanceof RolloutEvent.Note note) {
                        notes.add(note.text());
                    }
                });
    }

    private static Instant at(long milliseconds) {
        return AT.plusMillis(milliseconds);
    }

    private static void deploy(Tracing tracing) {
        HostOutcome back =
                new HostOutcome.WentBack("web2", new DeployProblem.TakenBack("web2", "web1"));
        HostOutcome deployed = new HostOutcome.Deployed("web1", Optional.empty());
        List.of(
                        new RolloutEvent.Began(
                                at(0),
                                "deploy",
                                Samples.NEW,
                                List.of("web1", "web2"),
                                List.of(List.of("web1", "web2"))),
                        new RolloutEvent.StepBegan(at(1), "", "before_deploy"),
                        new RolloutEvent.StepDone(
                                at(5), "", "before_deploy", Duration.ofMillis(4), 0),
                        new RolloutEvent.StepBegan(at(10), "web1", "send"),
                        new RolloutEvent.StepBegan(at(11), "web2", "send"),
                        new RolloutEvent.StepDone(
                                at(20), "web1", "send", Duration.ofMillis(10), 1234),
                        new RolloutEvent.StepFailed(at(21), "web2", "send", Duration.ofMillis(10)),
                        new RolloutEvent.HostEnded(at(30), deployed),
                        new RolloutEvent.Ended(
                                at(40),
                                new DeployReport(Samples.NEW, List.of(deployed, back), List.of())))
                .forEach(tracing::tell);
    }

    private Span named(String name, String host) {
        return spans.stream()
                .filter(
                        span ->
                                span.name().equals(name)
                                        && span.attributes()
                                                .getOrDefault("host.name", "")
                                                .equals(host))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + spans));
    }

    @Test
    void a_deploy_is_a_span_with_one_for_each_host_and_each_step() {
        try (Tracing tracing = tracing(Map.of()).orElseThrow()) {
            deploy(tracing);
        }

        assertThat(notes).isEmpty();
        assertThat(seen).containsOnly("/v1/traces application/x-protobuf null");
        assertThat(spans).hasSize(6);
        Span root = named("decant deploy", "");
        assertThat(root.parent()).isEmpty();
        assertThat(root.began()).isZero();
        assertThat(root.ended()).isEqualTo(40);
        assertThat(root.error()).isTrue();
        assertThat(root.attributes())
                .containsEntry("decant.app", "shop_web")
                .containsEntry("decant.release", Samples.NEW.value())
                .containsEntry("deployment.environment.name", "staging")
                .containsEntry("process.exit.code", "5");
        assertThat(named("before_deploy", "").parent()).isEqualTo(root.id());
        Span web1 = named("host web1", "web1");
        assertThat(web1.parent()).isEqualTo(root.id());
        assertThat(web1.began()).isEqualTo(10);
        assertThat(web1.attributes()).containsEntry("decant.outcome", "deployed");
        assertThat(web1.error()).isFalse();
        Span send = named("send", "web1");
        assertThat(send.parent()).isEqualTo(web1.id());
        assertThat(send.began()).isEqualTo(10);
        assertThat(send.ended()).isEqualTo(20);
        assertThat(send.attributes()).containsEntry("decant.bytes", "1234");
        Span web2 = named("host web2", "web2");
        assertThat(web2.attributes())
                .containsEntry("decant.outcome", "went_back")
                .containsEntry("decant.problem", "taken-back");
        assertThat(web2.error()).isTrue();
        assertThat(named("send", "web2").error()).isTrue();
    }

    @Test
    void it_goes_on_with_the_trace_that_it_is_part_of_and_hands_it_on() {
        try (Tracing tracing =
                tracing(
                                Map.of(
                                        "TRACEPARENT",
                                        "00-" + TRACE + "-b7ad6b7169203331-01",
                                        "OTEL_EXPORTER_OTLP_HEADERS",
                                        "Authorization=Basic%20eA"))
                        .orElseThrow()) {
            assertThat(tracing.environment()).isEmpty();
            deploy(tracing);
            assertThat(requireNonNull(tracing.environment().get("TRACEPARENT")))
                    .matches("00-" + TRACE + "-[0-9a-f]{16}-01");
        }

        Span root = named("decant deploy", "");
        assertThat(root.trace()).isEqualTo(TRACE);
        assertThat(root.parent()).isEqualTo("b7ad6b7169203331");
        assertThat(seen).containsOnly("/v1/traces application/x-protobuf Basic eA");
    }

    @Test
    void there_is_none_unless_somebody_wants_it() {
        assertThat(tracing(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", ""))).isEmpty();
        assertThat(tracing(Map.of("OTEL_SDK_DISABLED", "true"))).isEmpty();
    }

    @Test
    void an_endpoint_that_refuses_is_only_a_note() {
        status = 400;

        try (Tracing tracing = tracing(Map.of()).orElseThrow()) {
            deploy(tracing);
        }

        assertThat(notes)
                .containsExactly("it could not be exported to where OTEL_EXPORTER_OTLP_… leads");
    }

    @Test
    void what_the_variables_have_wrong_is_only_a_note() {
        assertThat(tracing(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "no url"))).isEmpty();
        assertThat(notes).singleElement().asString().startsWith("there is none: ");
    }
}
