package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.aws.Bucket;
import dev.decant.aws.CodeDeploy;
import dev.decant.aws.CodeDeployStub;
import dev.decant.cli.CodeDeployAgent.Ended;
import dev.decant.cli.CodeDeployAgent.Watcher;
import dev.decant.config.AwsAccess;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.release.Tarball;
import dev.decant.source.Moto;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Revisions on a host that nobody reaches but CodeDeploy: its agent's part is [CodeDeployAgent],
/// its control plane's [CodeDeployStub], and S3's is moto.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CodeDeployLabTest {

    private static final String CONFIG =
            """
            app = "counter"
            hosts = "elsewhere"
            migrate = "IO.puts(:migrated)"
            secrets = ["COUNTER_SECRET"]
            [public]
            ports = ["80:4000"]
            [service]
            drain_timeout = "3s"
            [health]
            path = "/health"
            timeout = "6s"
            [codedeploy]
            application = "shop"
            group = "production"
            bucket = "shop-revisions"
            prefix = "counter"
            """;

    private static final Map<String, String> AWS =
            Map.of(
                    "aws.accessKeyId", "test",
                    "aws.secretAccessKey", "test",
                    // Debian's moto keeps a checksum that follows an object as a part of it.
                    "aws.requestChecksumCalculation", "WHEN_REQUIRED",
                    "aws.region", "eu-central-1");

    @TempDir private static Path shared;

    private Lab lab;
    private LabHost host;
    private Seen seen;
    private SampleProject project;
    private CodeDeployAgent agent;

    private Path first = Path.of("");
    private String release = "";
    private Moto moto;
    private CodeDeployStub codeDeploy;

    /// The last event that has, of those that [#codeDeploy] knows.
    private Ended failed = new Ended("", 0, "", "", "", "");

    private int deployments;

    @BeforeAll
    void boot() throws Exception {
        AWS.forEach(System::setProperty);
        lab = Lab.open(LabLog.nop());
        host = lab.boot("instance", Suite.BOOKWORM);
        seen = new Seen(host, 80);
        agent = new CodeDeployAgent(host, "shop", "production");
        project = SampleProject.create().config(CONFIG);
        moto = Moto.start(shared);
        codeDeploy = CodeDeployStub.start("shop", "production", true, this::carryOut);
        System.setProperty("aws.endpointUrlS3", moto.url().toString());
        System.setProperty("aws.endpointUrlCodeDeploy", codeDeploy.url().toString());
        try (S3Client s3 =
                S3Client.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
            s3.createBucket(request -> request.bucket("shop-revisions"));
        }
        host.ssh(
                "umask 077; mkdir -p /etc/decant/secrets/counter; printf secret"
                        + " >/etc/decant/secrets/counter/COUNTER_SECRET");
    }

    @AfterAll
    void down() throws Exception {
        AWS.keySet().forEach(System::clearProperty);
        System.clearProperty("aws.endpointUrlS3");
        System.clearProperty("aws.endpointUrlCodeDeploy");
        codeDeploy.close();
        moto.close();
        project.close();
        lab.close();
    }

    private Path revision(String name, String... words) throws Exception {
        Path file = shared.resolve(name + ".tgz");
        List<String> all = new ArrayList<>(List.of("export", "codedeploy", "--to", "" + file));
        all.addAll(List.of(words));
        project.must(all.toArray(String[]::new));
        return file;
    }

    private List<Ended> deploy(Path revision) throws Exception {
        return agent.deploy("t-%09d".formatted(++deployments), revision, new Watcher() {});
    }

    private static String printed(List<Ended> events) {
        return events.stream().map(Ended::whole).collect(Collectors.joining());
    }

    private void succeeds(List<Ended> events) {
        assertThat(events).as(printed(events)).allMatch(Ended::succeeded).hasSize(11);
    }

    @Test
    @Order(1)
    void a_first_deployment_installs_the_app_and_once_more_changes_nothing() throws Exception {
        first = revision("first");

        List<Ended> installed = deploy(first);
        List<Ended> again = deploy(first);

        succeeds(installed);
        assertThat(printed(installed)).contains("[stdout]changed what serves: ");
        assertThat(seen.version()).isEqualTo("0.1.0");
        succeeds(again);
        assertThat(printed(again)).doesNotContain("[stdout]changed");
    }

    @Test
    @Order(2)
    void decant_has_an_update_deployed_that_is_not_noticed_by_visitors() throws Exception {
        project.version("0.2.0");

        try (Visitors visitors = Visitors.toPages(host.address(), 80)) {
            Ran ran = project.run("codedeploy", "deploy", "--watch", "--every", "0.2");

            assertThat(ran.status()).as(ran.all()).isZero();
            release = ran.out().split(" +")[1];
            assertThat(ran.out()).isEqualTo("d-000000001  " + release + "  shop/production\n");
            assertThat(ran.err())
                    .containsPattern("instance  ApplicationStart +[0-9.]+ s")
                    .contains("d-000000001  Succeeded, 1 Succeeded");
            assertThat(Seen.within(Duration.ofSeconds(5), () -> visitors.versions().size() == 2))
                    .isTrue();
            assertThat(visitors.complaints()).isEmpty();
        }
        assertThat(seen.version()).isEqualTo("0.2.0");
    }

    @Test
    @Order(3)
    void one_that_does_not_get_healthy_serves_nobody_and_its_reason_is_the_last_that_is_said()
            throws Exception {
        project.file("decant.toml", CONFIG + "[env]\nCOUNTER_HEALTH = \"fail\"\n");

        try (Visitors visitors = Visitors.toPages(host.address(), 80)) {
            Ran ran =
                    project.run(
                            "codedeploy",
                            "deploy",
                            "--release",
                            release,
                            "--watch",
                            "--every",
                            "0.2");

            assertThat(ran.status()).as(ran.all()).isEqualTo(4);
            assertThat(ran.err())
                    .contains(
                            "Deployment d-000000002 to shop/production has failed.",
                            "hooks/switch run as user root failed with exit code 4",
                            release + " did not get healthy: GET /health answered 500",
                            "It is taken back by deployment d-000000003.",
                            "What served before serves again.");
            assertThat(failed.log())
                    .endsWith(
                            "[stdout]decant-bundle switch ended with status 4. What served before"
                                    + " serves again on this instance.\n");
            assertThat(visitors.complaints()).isEmpty();
            assertThat(visitors.versions()).containsExactly("0.2.0");
        }
    }

    @Test
    @Order(4)
    void a_failed_validation_is_mended_by_an_older_revision_which_brings_what_was_pruned()
            throws Exception {
        project.file("decant.toml", CONFIG + "[env]\nOTHER = \"1\"\n");
        Path other = revision("other", "--release", release);
        String old = host.ssh("ls /srv/counter/releases | grep -v " + release).text().strip();

        Ended invalid =
                agent.deploy(
                                "t-validation",
                                other,
                                new Watcher() {
                                    @Override
                                    public void begins(String event) throws Exception {
                                        if (event.equals("ValidateService")) {
                                            host.ssh("systemctl stop 'counter@*.service'");
                                        }
                                    }
                                })
                        .getLast();
        host.ssh("rm -rf /srv/counter/releases/" + old);
        List<Ended> back = deploy(first);

        assertThat(invalid.event()).isEqualTo("ValidateService");
        assertThat(invalid.message()).endsWith("failed with exit code 5");
        assertThat(invalid.log()).contains(release + " was switched to, and does not run");
        succeeds(back);
        assertThat(printed(back)).contains("[stdout]changed release " + old);
        assertThat(seen.version()).isEqualTo("0.1.0");
    }

    /// What the service and the agent do together.
    private void carryOut(CodeDeployStub.Running running) throws Exception {
        running.status("InProgress");
        running.instance("instance", "InProgress");
        Path archive = shared.resolve(running.id() + ".tgz");
        try (Bucket bucket =
                Bucket.open(
                        new Bucket.Place(running.revision("bucket"), ""),
                        new AwsAccess(Optional.empty(), Optional.empty(), Optional.of(moto.url())),
                        CodeDeploy.complaint(),
                        "",
                        Duration.ofSeconds(20))) {
            Files.write(archive, bucket.get(running.revision("key")).orElseThrow());
        }
        Ended last =
                agent.deploy(
                                running.id(),
                                archive,
                                new Watcher() {
                                    @Override
                                    public void begins(String event) {
                                        running.event("instance", event, "InProgress", Map.of());
                                    }

                                    @Override
                                    public void ended(Ended event) {
                                        running.event(
                                                "instance",
                                                event.event(),
                                                event.succeeded() ? "Succeeded" : "Failed",
                                                diagnostics(event));
                                    }
                                })
                        .getLast();
        String status = last.succeeded() ? "Succeeded" : "Failed";
        running.instance("instance", status);
        if (!last.succeeded()) {
            failed = last;
            running.error("HEALTH_CONSTRAINTS", "Too many individual instances failed.");
        }
        running.status(status);
    }

    private static Map<String, Object> diagnostics(Ended event) {
        return Map.of(
                "errorCode",
                List.of(
                                "Success",
                                "ScriptMissing",
                                "ScriptNotExecutable",
                                "ScriptTimedOut",
                                "ScriptFailed")
                        .get(Math.min(event.code(), 4)),
                "scriptName",
                event.script(),
                "message",
                event.message(),
                "logTail",
                event.log());
    }

    /// Which is why a revision of Decant's lists none.
    @Test
    @Order(5)
    void the_stand_in_deletes_what_the_revision_before_had_under_files_as_the_agent_does()
            throws Exception {
        host.ssh("useradd --shell /bin/sh other");
        CodeDeployAgent other = new CodeDeployAgent(host, "shop", "other");
        String hook =
                "echo $APPLICATION_NAME $DEPLOYMENT_ID $LIFECYCLE_EVENT $(id -un) $PWD $(umask)\n";

        List<Ended> one = other.deploy("d-1", byHand("1", hook), new Watcher() {});
        List<Ended> two = other.deploy("d-2", byHand("2", hook), new Watcher() {});
        host.ssh("touch /srv/other/releases/3");
        List<Ended> in = other.deploy("d-3", byHand("3", "sleep 60 & exit 0\n"), new Watcher() {});
        List<Ended> open =
                other.deploy("d-4", byHand("4", "sleep 60 & exit 0\n"), new Watcher() {});

        assertThat(printed(one))
                .doesNotContain("ApplicationStop")
                .contains("[stdout]shop d-1 AfterInstall other /opt/codedeploy-agent 0022\n");
        assertThat(printed(two)).contains("[stdout]shop d-2 ApplicationStop other");
        assertThat(in.getLast().message()).contains("already exists at this location");
        assertThat(open.getLast().code()).isEqualTo(6);
        assertThat(host.ssh("cd /srv/other/releases && stat -c '%n %a %U' *").out())
                .containsExactly("3 644 root", "4 640 other");
    }

    /// A file that becomes one called as the revision is, and a script for two events.
    private static Path byHand(String name, String hook) throws Exception {
        Path folder = shared.resolve("by-hand-" + name);
        Files.writeString(Files.createDirectories(folder.resolve("files")).resolve(name), "");
        Files.writeString(folder.resolve("hook"), "#!/bin/sh\n" + hook);
        Files.writeString(
                folder.resolve("appspec.yml"),
                """
                version: 0.0
                os: linux
                files:
                  - source: /files
                    destination: /srv/other/releases
                permissions:
                  - object: /srv/other/releases
                    pattern: "[0-9]"
                    owner: other
                    mode: 640
                    type: [file]
                hooks:
                  ApplicationStop:
                    - location: hook
                      runas: other
                  AfterInstall:
                    - location: hook
                      runas: other
                      timeout: 30
                """);
        Path archive = shared.resolve("by-hand-" + name + ".tgz");
        Tarball.write(folder, archive);
        return archive;
    }
}
