package dev.decant.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.decant.Configs;
import dev.decant.Samples;
import dev.decant.config.Config;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class WebhookTest {

    private static final Instant AT = Instant.parse("2026-11-23T19:15:00Z");

    private final List<JsonNode> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

    private HttpServer server;
    private Duration patience = Duration.ofSeconds(20);
    private volatile int status = 200;
    private volatile Duration silent = Duration.ZERO;

    WebhookTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void listen() {
        server.createContext(
                "/T000/s3cret",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    try {
                        Thread.sleep(silent);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    received.add(
                            JsonMapper.builder()
                                    .build()
                                    .readTree(new String(body, StandardCharsets.UTF_8)));
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/T000/s3cret";
    }

    private Optional<Webhook> webhook(String toml, Map<String, String> environment) {
        Config config =
                Configs.of(
                        Configs.SHOP
                                + "[hosts.web1]\n[environments.staging]\n[notify]\n"
                                + toml
                                + "\n");
        assertThat(config.toString()).doesNotContain("s3cret");
        return Webhook.of(
                config,
                environment,
                "alice@laptop",
                event -> {
                    if (event instanceof RolloutEvent.Note note) {
                        notes.add(note.host() + " " + note.text());
                    }
                },
                patience);
    }

    private void deploy(Webhook webhook, HostOutcome... outcomes) {
        webhook.tell(
                new RolloutEvent.Began(
                        AT, "deploy", Samples.NEW, List.of("web1"), List.of(List.of("web1"))));
        webhook.step("web1", "send");
        webhook.tell(
                new RolloutEvent.Ended(
                        AT.plusMillis(12_345),
                        new DeployReport(Samples.NEW, List.of(outcomes), List.of())));
        webhook.close();
    }

    private void deploy(Webhook webhook) {
        deploy(webhook, new HostOutcome.Deployed("web1", Optional.empty()));
    }

    @Test
    void it_is_told_when_a_deploy_begins_and_how_it_has_ended() {
        deploy(webhook("webhook = \"" + url() + "\"", Map.of()).orElseThrow());

        assertThat(received)
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"text\":\"deploy of shop_web 20261123T191500Z-0.2.0-1f3a9c2 on web1"
                            + " (staging) begins, by"
                            + " alice@laptop\",\"event\":\"began\",\"what\":\"deploy\",\"app\":\"shop_web\",\"environment\":\"staging\",\"release\":\"20261123T191500Z-0.2.0-1f3a9c2\",\"hosts\":[\"web1\"],\"by\":\"alice@laptop\"}",
                        "{\"text\":\"deploy of shop_web 20261123T191500Z-0.2.0-1f3a9c2 on web1"
                            + " (staging): done, after 12"
                            + " s\",\"event\":\"ended\",\"what\":\"deploy\",\"app\":\"shop_web\",\"environment\":\"staging\",\"release\":\"20261123T191500Z-0.2.0-1f3a9c2\",\"hosts\":[\"web1\"],\"by\":\"alice@laptop\",\"status\":0,\"milliseconds\":12345,\"problems\":[]}");
        assertThat(notes).isEmpty();
    }

    @Test
    void its_url_can_be_in_a_variable() {
        deploy(webhook("webhook_secret = \"SLACK\"", Map.of("SLACK", url())).orElseThrow());

        assertThat(received).hasSize(2);
    }

    @Test
    void where_that_is_not_set_it_is_said() {
        assertThat(webhook("webhook_secret = \"SLACK\"", Map.of())).isEmpty();
        assertThat(notes).containsExactly("notify nobody is told: SLACK is not set");
    }

    @Test
    void a_failure_comes_with_what_is_wrong() {
        deploy(
                webhook("webhook = \"" + url() + "\"", Map.of()).orElseThrow(),
                new HostOutcome.WentBack("web1", new DeployProblem.TakenBack("web1", "web2")));

        assertThat(received.getLast().path("text").asString())
                .contains("went back, after 12 s\nweb1 had switched and was taken back");
        assertThat(received.getLast().path("status").asInt()).isEqualTo(4);
        assertThat(received.getLast().path("problems").path(0).path("id").asString())
                .isEqualTo("taken-back");
    }

    @Test
    void a_deploy_that_has_nothing_to_do_is_no_news() {
        Webhook webhook = webhook("webhook = \"" + url() + "\"", Map.of()).orElseThrow();
        webhook.tell(new RolloutEvent.Began(AT, "deploy", Samples.NEW, List.of("web1"), List.of()));
        webhook.tell(
                new RolloutEvent.Ended(AT, new DeployReport(Samples.NEW, List.of(), List.of())));
        webhook.close();

        assertThat(received).isEmpty();
    }

    @Test
    void one_that_refuses_is_only_a_note() {
        status = 403;

        deploy(webhook("webhook = \"" + url() + "\"", Map.of()).orElseThrow());

        assertThat(notes).containsOnly("notify the webhook answers with status 403");
    }

    @Test
    void one_that_is_not_there_or_is_no_url_is_only_a_note() {
        server.stop(0);
        deploy(webhook("webhook = \"" + url() + "\"", Map.of()).orElseThrow());
        deploy(webhook("webhook_secret = \"SLACK\"", Map.of("SLACK", "s3cret")).orElseThrow());

        assertThat(notes)
                .containsOnly(
                        "notify the webhook is not reached", "notify the webhook is not a URL");
    }

    @Test
    void one_that_never_answers_is_waited_for_some_seconds() {
        silent = Duration.ofSeconds(4);
        patience = Duration.ofSeconds(1);

        deploy(webhook("webhook = \"" + url() + "\"", Map.of()).orElseThrow());

        assertThat(notes).containsOnly("notify the webhook does not answer within 1 s");
    }
}
