package dev.decant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.config.SourceConfig;
import dev.decant.exec.Program;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A real etcd, of Debian; the last tests give it users.
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdLabTest {

    @TempDir private static Path folder = Path.of("");

    private static EtcdServer etcd;

    @BeforeAll
    static void start() throws Exception {
        etcd = EtcdServer.start(folder);
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    private static String table(String more) {
        return "[sources.etcd]\nendpoints = [\"http://127.0.0.1:1\", \""
                + etcd.endpoint()
                + "\"]\n"
                + more;
    }

    @Test
    @Order(1)
    void all_keys_below_the_prefix_are_found_and_no_others() throws Exception {
        etcd.must("put", "/shop/app/db/url", "ecto://hidden\n\"x\" é");
        etcd.must("put", "/shop/app/empty", "");
        etcd.must("put", "/shop/apps", "no");
        etcd.must("put", "/shop/ap", "no");

        assertThat(Asked.found(table("prefix = \"/shop/app\""), Map.of()))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("DB_URL", "ecto://hidden\n\"x\" é", "EMPTY", ""));
        assertThat(Asked.problem(table("prefix = \"/shop/staging/\""), Map.of()))
                .contains("has nothing for this app", "/shop/staging/");
    }

    @Test
    @Order(2)
    void all_pages_are_asked_for() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < 25; i++) {
            etcd.must("put", "/paged/k" + i, "v" + i);
            expected.put("k" + i, "v" + i);
        }
        SourceConfig.Etcd access =
                new SourceConfig.Etcd(
                        List.of(etcd.endpoint()), "/paged/", Optional.empty(), Optional.empty());

        for (int page : List.of(1, 7, 25, 100)) {
            Map<String, String> found = new TreeMap<>();
            for (Contents.Entry each :
                    ((Contents.Entries) new EtcdSource(access, Map.of(), page).fetch()).entries()) {
                found.put(each.key(), each.value());
            }
            assertThat(found).as("pages of %s", page).isEqualTo(expected);
        }
    }

    @Test
    @Order(3)
    void what_is_no_text_is_named_by_its_key() throws Exception {
        assertThat(
                        Program.of(
                                        "sh",
                                        "-c",
                                        "printf 'hidden\\377' | ETCDCTL_API=3 \"$1\" put /bad/key",
                                        "sh",
                                        EtcdServer.bin().resolve("etcdctl").toString())
                                .env(Map.of("ETCDCTL_ENDPOINTS", etcd.endpoint()))
                                .run()
                                .ok())
                .isTrue();

        assertThat(Asked.problem(table("prefix = \"/bad/\""), Map.of()))
                .contains("/bad/key", "not UTF-8")
                .doesNotContain("hidden");
    }

    @Test
    @Order(4)
    void a_host_that_asks_itself_finds_the_same(@TempDir Path work) throws Exception {
        String asked = table("prefix = \"/shop/app\"\n");

        assertThat(AskedByHost.found(asked, Map.of(), work))
                .isEqualTo(Asked.found(asked, Map.of()));
        assertThat(AskedByHost.found(table("prefix = \"/paged/\"\n"), Map.of(), work)).hasSize(25);
    }

    @Test
    @Order(5)
    void the_page_does_what_it_says(@TempDir Path project) throws Exception {
        Map<String, String> found =
                new HowTo(project)
                        .with("https://etcd1.example.com:2379", etcd.endpoint())
                        .program(
                                "etcdctl",
                                "ETCDCTL_API=3 ETCDCTL_ENDPOINTS=%s exec %s \"$@\""
                                        .formatted(
                                                etcd.endpoint(),
                                                EtcdServer.bin().resolve("etcdctl")))
                        .follow("etcd");

        assertThat(found)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "DATABASE_URL",
                                "ecto://shop:secret@db/shop",
                                "MAIL_PASSWORD",
                                "1234"));
    }

    /// The page has turned users on.
    @Test
    @Order(6)
    void without_the_right_user_and_password_nothing_is_said() {
        String asked = table("prefix = \"/shop/production/\"\n");

        assertThat(Asked.problem(asked, Map.of())).contains("does not give", "user name is empty");
        assertThat(Asked.problem(asked + "user = \"shop\"", Map.of()))
                .contains("ETCD_PASSWORD is not set");
        assertThat(Asked.problem(asked + "user = \"shop\"", Map.of("ETCD_PASSWORD", "wrong-one")))
                .contains("authentication failed")
                .doesNotContain("wrong-one", "hidden");
        assertThat(
                        Asked.problem(
                                table("prefix = \"/paged/\"\nuser = \"shop\""),
                                Map.of("ETCD_PASSWORD", "of-shop")))
                .contains("permission denied", "grant-permission")
                .doesNotContain("of-shop");
    }
}
