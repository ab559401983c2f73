package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Against a stub that answers as HashiCorp documents the API of Consul's KV store: no server of
/// Consul is to be had for a test.
class ConsulTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path folder;

    private final Map<String, byte[]> keys = new TreeMap<>();
    private final StubServer server;

    ConsulTest() throws IOException {
        server = new StubServer(this::answer);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// `PUT /v1/kv/KEY`, `GET /v1/kv/PREFIX?recurse` and `PUT /v1/acl/policy` and `token`.
    private StubServer.Answer answer(HttpExchange exchange, String body) {
        String token = exchange.getRequestHeaders().getFirst("X-Consul-Token");
        String path = exchange.getRequestURI().getPath();
        if (!List.of("root", "of-shop").contains(String.valueOf(token))) {
            return new StubServer.Answer(403, "ACL not found");
        }
        if (path.startsWith("/v1/acl/")) {
            return new StubServer.Answer(200, "{\"SecretID\": \"of-shop\"}");
        }
        String key = path.substring("/v1/kv/".length());
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (exchange.getRequestMethod().equals("PUT")) {
            keys.put(key, body.getBytes(StandardCharsets.UTF_8));
            return new StubServer.Answer(200, "true");
        }
        List<Map<String, Object>> found = new ArrayList<>();
        keys.forEach(
                (name, value) -> {
                    if (name.startsWith((query.endsWith("dc=fra1") ? "fra1:" : "") + key)) {
                        Map<String, Object> one =
                                new TreeMap<>(Map.of("Key", name.replace("fra1:", ""), "Flags", 0));
                        one.put(
                                "Value",
                                value.length == 0
                                        ? null
                                        : Base64.getEncoder().encodeToString(value));
                        found.add(one);
                    }
                });
        return found.isEmpty()
                ? new StubServer.Answer(404, "")
                : new StubServer.Answer(200, JSON.writeValueAsString(found));
    }

    private void put(String key, String value) {
        keys.put(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private String table(String more) {
        return "[sources.consul]\naddress = \"" + server.address() + "\"\n" + more;
    }

    private static final Map<String, String> ROOT = Map.of("CONSUL_HTTP_TOKEN", "root");

    @Test
    void all_keys_below_the_prefix_are_found_but_for_folders() throws Exception {
        put("shop/production/", "");
        put("shop/production/db/", "");
        put("shop/production/db/url", "n\n\"x\" é");
        put("shop/production/empty", "");
        put("shop/productions", "no");

        assertThat(Asked.found(table("prefix = \"/shop/production\""), ROOT))
                .containsExactlyInAnyOrderEntriesOf(Map.of("DB_URL", "n\n\"x\" é", "EMPTY", ""));
        assertThat(server.requests()).containsExactly("GET /v1/kv/shop/production/?recurse=true");
    }

    @Test
    void a_host_that_asks_itself_finds_the_same() throws Exception {
        put("shop/production/", "");
        put("shop/production/db/url", "n\n\"x\" é");
        put("shop/production/empty", "");
        String asked = table("prefix = \"/shop/production\"\n");

        assertThat(AskedByHost.found(asked, ROOT, folder)).isEqualTo(Asked.found(asked, ROOT));
        assertThat(AskedByHost.problem(asked, Map.of("CONSUL_HTTP_TOKEN", "wrong-one"), folder))
                .contains("status 403")
                .doesNotContain("wrong-one");
        server.close();
        assertThat(AskedByHost.problem(asked, ROOT, folder)).contains("Failed to connect");
    }

    @Test
    void another_datacenter_is_asked_for() throws Exception {
        put("fra1:shop/a", "1");

        assertThat(Asked.found(table("prefix = \"shop\"\ndatacenter = \"fra1\""), ROOT))
                .containsOnlyKeys("A");
    }

    @Test
    void a_thousand_keys_come_in_one_answer() throws Exception {
        for (int i = 0; i < 1000; i++) {
            put("shop/k" + i, "x".repeat(1000));
        }

        assertThat(Asked.found(table("prefix = \"shop\""), ROOT)).hasSize(1000);
    }

    @Test
    void what_is_no_text_is_named_by_its_key() {
        keys.put("shop/bad", new byte[] {'h', 'i', 'd', (byte) 0xff});

        assertThat(Asked.problem(table("prefix = \"shop\""), ROOT))
                .contains("shop/bad", "not UTF-8")
                .doesNotContain("hid");
    }

    @Test
    void without_the_right_token_or_without_keys_that_is_said() {
        String asked = table("prefix = \"shop\"");

        assertThat(Asked.problem(asked, Map.of("CONSUL_HTTP_TOKEN", "wrong-one")))
                .contains("does not give", "key_prefix \"shop/\" { policy = \"read\" }")
                .doesNotContain("wrong-one");
        assertThat(Asked.problem(asked, Map.of("CONSUL_HTTP_TOKEN", "first\nsecond")))
                .contains("is no token")
                .doesNotContain("second");
        assertThat(Asked.problem(asked, ROOT))
                .contains(
                        "has nothing", "no key begins with shop/, or none that the token may read");
    }

    @Test
    void the_page_does_what_it_says() throws Exception {
        assertThat(
                        new HowTo(folder)
                                .with("https://consul.example.com:8501", server.address())
                                .environment("CONSUL_HTTP_TOKEN", "root")
                                .follow("consul"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "DATABASE_URL",
                                "ecto://shop:secret@db/shop",
                                "MAIL_PASSWORD",
                                "1234"));
    }
}
