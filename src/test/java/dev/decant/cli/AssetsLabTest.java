package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.aws.Bucket;
import dev.decant.aws.S3Server;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// Static files on their way to a bucket before a host switches. Phoenix's digester cannot be had
/// here, so the files are as it names them.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AssetsLabTest {

    private static final String FIRST = "assets/app-11111111111111111111111111111111.js";
    private static final String SECOND = "assets/app-22222222222222222222222222222222.js";

    private Lab lab;
    private LabHost host;
    private S3Server server;
    private Bucket bucket;
    private SampleProject project;

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        host = lab.boot("web1", Suite.BOOKWORM);
        server = new S3Server("127.0.0.1");
        server.makeBucket("static");
        bucket = server.bucket("static", "shop/");
        project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                List.of(host),
                                "secrets = [\"COUNTER_SECRET\"]",
                                """
                                [assets]
                                url = "s3://static/shop"
                                region = "us-east-1"
                                endpoint = "%s"
                                invalidate = ["sh", "-c", "echo $DECANT_ASSETS >>.git/told"]
                                """
                                        .formatted(server.url()))
                        .set(SampleProject.SECRET, "one");
        project.must("setup");
    }

    @AfterAll
    void down() throws Exception {
        bucket.close();
        server.close();
        project.close();
        lab.close();
    }

    /// A release whose page names these files.
    private void build(String version, String app) throws Exception {
        Files.deleteIfExists(project.folder().resolve("priv/static/" + FIRST));
        Files.deleteIfExists(project.folder().resolve("priv/static/" + FIRST + ".gz"));
        project.file("priv/static/" + app, "console.log('" + version + "')")
                .file("priv/static/" + app + ".gz", "squeezed " + version)
                .file("priv/static/robots.txt", "# " + version)
                .file("priv/static/cache_manifest.json", "{\"version\":1}")
                .version(version);
    }

    private Set<String> keys() throws Exception {
        return bucket.list("").stream().map(Bucket.Held::key).collect(Collectors.toSet());
    }

    @Test
    @Order(1)
    void a_release_without_any_is_not_deployed() throws Exception {
        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("The release has no static files with digests");
        assertThat(new Seen(host).version()).isEqualTo("no answer");
    }

    @Test
    @Order(2)
    void they_are_in_the_bucket_before_a_host_switches() throws Exception {
        build("0.1.0", FIRST);
        assertThat(project.must("plan").out()).contains("assets      to s3://static/shop/");
        assertThat(project.must("assets", "sync", "--dry-run").out()).contains(FIRST);
        assertThat(keys()).isEmpty();

        Ran ran = project.must("deploy");

        assertThat(ran.err()).contains("3 static files, ", "are new in s3://static/shop/");
        assertThat(keys()).containsExactlyInAnyOrder(FIRST, FIRST + ".gz", "robots.txt");
        assertThat(project.must("assets", "sync").out()).startsWith("All static files are in");
    }

    @Test
    @Order(3)
    void a_deploy_and_a_rollback_lose_nobody_who_asks_for_either_versions_files() throws Exception {
        Set<String> named = ConcurrentHashMap.newKeySet();
        named.add(FIRST);
        Set<String> lost = ConcurrentHashMap.newKeySet();
        AtomicInteger asked = new AtomicInteger();
        Thread visitor =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try (Bucket own = server.bucket("static", "shop/")) {
                                        while (!Thread.currentThread().isInterrupted()) {
                                            // A page of the new version names the new files.
                                            if (new Seen(host).version().equals("0.2.0")) {
                                                named.add(SECOND);
                                            }
                                            for (String key : named) {
                                                if (own.get(key).isEmpty()) {
                                                    lost.add(key);
                                                }
                                                asked.incrementAndGet();
                                            }
                                            Thread.sleep(10);
                                        }
                                    } catch (InterruptedException e) {
                                        // It has seen enough.
                                    }
                                });
        build("0.2.0", SECOND);

        project.must("deploy");
        assertThat(Seen.within(Duration.ofSeconds(10), () -> named.contains(SECOND))).isTrue();
        project.must("rollback");

        int before = asked.get();
        assertThat(Seen.within(Duration.ofSeconds(10), () -> asked.get() > before + 10)).isTrue();
        visitor.interrupt();
        visitor.join();
        assertThat(lost).isEmpty();
        assertThat(project.read(".git/told")).isEqualTo("robots.txt\n");
        assertThat(bucket.get("robots.txt").map(AssetsLabTest::text)).contains("# 0.2.0");
    }

    @Test
    @Order(4)
    void what_a_host_may_go_back_to_is_never_removed() throws Exception {
        String stray = "assets/gone-33333333333333333333333333333333.js";
        bucket.put(stray, new byte[1], Bucket.Headers.NONE);

        assertThat(project.must("assets", "prune").out()).isEqualTo("Removed 0 files, 0 B.\n");
        assertThat(project.must("assets", "prune", "--older-than", "0").out()).contains(stray);

        assertThat(keys())
                .containsExactlyInAnyOrder(
                        FIRST, FIRST + ".gz", SECOND, SECOND + ".gz", "robots.txt");
    }

    @Test
    @Order(5)
    void where_the_bucket_refuses_no_host_switches() throws Exception {
        build("0.3.0", "assets/app-44444444444444444444444444444444.js");
        System.setProperty("aws.secretAccessKey", "wrong");

        Ran ran = project.run("deploy");

        assertThat(ran.status()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "The bucket of static files does not let you in.", "SignatureDoesNotMatch");
        assertThat(new Seen(host).version()).isEqualTo("0.1.0");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
