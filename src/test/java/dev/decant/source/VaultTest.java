package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Against [VaultStub], which answers as Vault's API is documented: no server of Vault or OpenBao
/// is to be had for a test.
class VaultTest {

    private static final Map<String, String> ROOT = Map.of("VAULT_TOKEN", "root-token");

    @TempDir private Path folder;

    private final VaultStub vault = new VaultStub();
    private final StubServer server;

    VaultTest() throws IOException {
        server = new StubServer(vault);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void post(String path, String json) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(Http.uri(server.address(), "/v1/" + path, ""))
                            .header("X-Vault-Token", "root-token")
                            .header("X-Vault-Request", "true")
                            .POST(BodyPublishers.ofString(json))
                            .build(),
                    BodyHandlers.discarding());
        }
    }

    private String table(String more) {
        return "[sources.vault]\naddress = \"" + server.address() + "\"\n" + more;
    }

    @Test
    void values_of_both_versions_are_found_and_the_later_path_goes_before_the_earlier()
            throws Exception {
        post("secret/data/shop/common", "{\"data\":{\"a\":\"old\",\"pool-size\":10,\"no\":null}}");
        post(
                "secret/data/shop/pröd x",
                "{\"data\":{\"a\":\"n\\n\\\"w\",\"db\":{\"hosts\":[1.10,\"x\"]}}}");
        post("kv1/shop", "{\"a\":\"one\"}");

        assertThat(Asked.found(table("paths = [\"shop/common\", \"shop/pröd x\"]"), ROOT))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("A", "n\n\"w", "POOL_SIZE", "10", "DB_HOSTS", "[1.10,\"x\"]"));
        assertThat(Asked.found(table("mount = \"kv1\"\nkv = \"1\"\npaths = [\"shop\"]"), ROOT))
                .containsExactly(Map.entry("A", "one"));
    }

    @Test
    void all_below_a_path_with_a_slash_is_found_but_for_what_was_deleted() throws Exception {
        post("secret/data/shop/db", "{\"data\":{\"url\":\"u\"}}");
        post("secret/data/shop/mail/smtp", "{\"data\":{\"password\":\"p\"}}");
        post("secret/data/shop/old", "{\"data\":{\"x\":\"hidden\"}}");
        post("secret/delete/shop/old", "{\"versions\":[1]}");

        assertThat(Asked.found(table("paths = [\"shop/\"]"), ROOT))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("DB_URL", "u", "MAIL_SMTP_PASSWORD", "p"));
        assertThat(Asked.problem(table("paths = [\"shops/\"]"), ROOT))
                .contains("there is nothing below shops/");
    }

    @Test
    void a_version_that_is_no_more_is_told_from_a_secret_that_never_was() throws Exception {
        post("secret/data/shop", "{\"data\":{\"x\":\"hidden\"}}");
        post("secret/data/shop", "{\"data\":{\"x\":\"hidden\"}}");
        String asked = table("paths = [\"shop\"]");

        post("secret/delete/shop", "{\"versions\":[2]}");
        assertThat(Asked.problem(asked, ROOT))
                .contains("version 2 was deleted at 2026-11-20", "undelete")
                .doesNotContain("hidden");
        post("secret/destroy/shop", "{\"versions\":[2]}");
        assertThat(Asked.problem(asked, ROOT)).contains("version 2 was destroyed");
        assertThat(Asked.problem(table("paths = [\"shop2\"]"), ROOT))
                .contains("there is no secret shop2", server.address() + "/v1/secret/data/shop2");
        assertThat(Asked.problem(table("kv = \"1\"\npaths = [\"shop\"]"), ROOT))
                .contains("the engine is of the other version: kv = \"2\"");
    }

    @Test
    void tokens_are_taken_from_the_environment_or_the_file_of_vault_login() throws Exception {
        post("secret/data/shop", "{\"data\":{\"x\":\"1\"}}");
        String asked = table("paths = [\"shop\"]");
        Map<String, String> home = Map.of("HOME", folder.toString());

        assertThat(Asked.problem(asked, home)).contains("there is no token", "vault login");
        Files.writeString(folder.resolve(".vault-token"), "root-token\n");
        assertThat(Asked.found(asked, home)).containsOnlyKeys("X");
        assertThat(Asked.problem(asked, Map.of("VAULT_TOKEN", "wrong-one")))
                .contains(
                        "does not give",
                        "permission denied",
                        "path \"secret/data/shop\" { capabilities = [\"read\"] }")
                .doesNotContain("wrong-one");
        assertThat(Asked.problem(asked, Map.of("VAULT_TOKEN", "first\nsecond")))
                .contains("is none")
                .doesNotContain("second");
    }

    @Test
    void a_token_that_is_about_to_expire_is_renewed() throws Exception {
        post("secret/data/shop", "{\"data\":{\"x\":\"1\"}}");
        vault.token("short", "root", 5);
        vault.token("long", "root", 600);

        Asked.found(table("paths = [\"shop\"]"), Map.of("VAULT_TOKEN", "short"));
        Asked.found(table("paths = [\"shop\"]"), Map.of("VAULT_TOKEN", "long"));

        assertThat(vault.ttl("short")).isEqualTo(3600);
        assertThat(vault.ttl("long")).isEqualTo(600);
    }

    @Test
    void a_role_logs_in_and_its_token_is_revoked() throws Exception {
        post(
                "sys/policies/acl/shop",
                "{\"policy\":\"path \\\"secret/data/shop\\\" { capabilities = [\\\"read\\\"] }\"}");
        post("auth/approle/role/shop/secret-id", "{}");
        post("secret/data/shop", "{\"data\":{\"x\":\"1\"}}");
        post("secret/data/other", "{\"data\":{\"x\":\"hidden\"}}");
        String role = "role_id = \"id-of-shop\"\n";
        Map<String, String> secret = Map.of("VAULT_SECRET_ID", "secret-of-shop");

        assertThat(Asked.found(table(role + "paths = [\"shop\"]"), secret)).containsOnlyKeys("X");
        assertThat(Asked.problem(table(role + "paths = [\"other\"]"), secret))
                .contains("permission denied", "secret/data/other")
                .doesNotContain("hidden", "secret-of-shop");
        assertThat(vault.tokens()).as("root's alone").isEqualTo(1);
        assertThat(Asked.problem(table(role + "paths = [\"shop\"]"), Map.of()))
                .contains("VAULT_SECRET_ID is not set");
        assertThat(
                        Asked.problem(
                                table(role + "paths = [\"shop\"]"),
                                Map.of("VAULT_SECRET_ID", "wrong-one")))
                .contains("wrong or used up")
                .doesNotContain("wrong-one");
    }

    @Test
    void a_host_that_asks_itself_finds_the_same() throws Exception {
        post("secret/data/shop/common", "{\"data\":{\"a\":\"old\",\"pool-size\":10,\"no\":null}}");
        post(
                "secret/data/shop/pröd x",
                "{\"data\":{\"a\":\"n\\n\\\"w\",\"db\":{\"hosts\":[1,\"x\"],\"on\":true}}}");
        post("kv/shop", "{\"b\":\"1\"}");

        String both = table("paths = [\"shop/common\", \"shop/pröd x\"]\n");
        assertThat(AskedByHost.found(both, ROOT, folder))
                .isEqualTo(Asked.found(both, ROOT))
                .containsEntry("DB_HOSTS", "[1,\"x\"]");
        String first = table("kv = \"1\"\nmount = \"kv\"\npaths = [\"shop\"]\n");
        assertThat(AskedByHost.found(first, ROOT, folder)).isEqualTo(Asked.found(first, ROOT));
        assertThat(AskedByHost.problem(both, Map.of("VAULT_TOKEN", "wrong-one"), folder))
                .contains("/v1/secret/data/shop/common", "permission denied")
                .doesNotContain("wrong-one", "old");
        assertThat(AskedByHost.problem(both, Map.of(), folder)).contains("has no VAULT_TOKEN");
        vault.seal();
        assertThat(AskedByHost.problem(both, ROOT, folder)).contains("Vault is sealed");
    }

    @Test
    void a_host_logs_in_by_its_role() throws Exception {
        post(
                "sys/policies/acl/shop",
                "{\"policy\":\"path \\\"secret/data/shop\\\" { capabilities = [\\\"read\\\"] }\"}");
        post("auth/approle/role/shop/secret-id", "{}");
        post("secret/data/shop", "{\"data\":{\"x\":\"1\"}}");
        String asked = table("role_id = \"id-of-shop\"\npaths = [\"shop\"]\n");

        assertThat(AskedByHost.found(asked, Map.of("VAULT_SECRET_ID", "secret-of-shop"), folder))
                .isEqualTo(Map.of("X", "1"));
        assertThat(AskedByHost.problem(asked, Map.of("VAULT_SECRET_ID", "wrong-one"), folder))
                .contains("invalid role or secret ID")
                .doesNotContain("wrong-one");
    }

    @Test
    void a_namespace_is_asked_for() throws Exception {
        post("team-a/secret/data/shop", "{\"data\":{\"x\":\"1\"}}");

        assertThat(Asked.found(table("namespace = \"team-a\"\npaths = [\"shop\"]"), ROOT))
                .containsOnlyKeys("X");
    }

    @Test
    void a_sealed_one_says_so() {
        vault.seal();

        assertThat(Asked.problem(table("paths = [\"shop\"]"), ROOT))
                .contains("cannot be asked", "is sealed", "vault operator unseal");
    }

    @Test
    void the_page_does_what_it_says() throws Exception {
        assertThat(
                        new HowTo(folder)
                                .with("https://vault.example.com:8200", server.address())
                                .with("5b1d9f6a-7c38-4c8e-9d1f-2f8d3c1f0a77", "id-of-shop")
                                .environment("VAULT_TOKEN", "root-token")
                                .follow("vault"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "DATABASE_URL",
                                "ecto://shop:secret@db/shop",
                                "MAIL_PASSWORD",
                                "1234"));
    }
}
