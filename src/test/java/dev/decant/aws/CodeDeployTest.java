package dev.decant.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.AwsAccess;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How deployments are begun and watched, against [CodeDeployStub].
class CodeDeployTest {

    private static final CodeDeploy.Group GROUP = new CodeDeploy.Group("shop", "production");
    private static final CodeDeploy.Stored REVISION =
            new CodeDeploy.Stored(
                    new Bucket.Place("shop-revisions", "production/"),
                    "shop.tgz",
                    new Bucket.Put("abc", Optional.of("v1")));

    private final List<String> heard = new ArrayList<>();
    private Runnable onceHeard = () -> {};

    @BeforeAll
    static void credentials() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
    }

    @AfterAll
    static void none() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private static CodeDeploy open(URI url) {
        return CodeDeploy.open(
                new AwsAccess(Optional.of("eu-central-1"), Optional.empty(), Optional.of(url)));
    }

    private CodeDeployment deploy(boolean goesBack, CodeDeployStub.Instances instances)
            throws Exception {
        try (CodeDeployStub stub = CodeDeployStub.start("shop", "production", goesBack, instances);
                CodeDeploy codeDeploy = open(stub.url())) {
            String id = codeDeploy.create(GROUP, REVISION, "a release");
            return codeDeploy.watch(id, Duration.ofMillis(20), watcher());
        }
    }

    private Problem problem(boolean goesBack, CodeDeployStub.Instances instances) {
        Failure failure = catchThrowableOfType(Failure.class, () -> deploy(goesBack, instances));
        assertThat(failure.problems()).hasSize(1);
        return failure.problems().getFirst();
    }

    private CodeDeploy.Watcher watcher() {
        return new CodeDeploy.Watcher() {
            @Override
            public void status(CodeDeployment deployment) {
                heard.add(deployment.status());
                onceHeard.run();
            }

            @Override
            public void event(CodeDeployment.Instance instance, CodeDeployment.Event event) {
                heard.add(instance.name() + " " + event.name() + " " + event.status());
            }

            @Override
            public void rollback(String deployment) {
                heard.add("back");
            }
        };
    }

    private static void allDone(CodeDeployStub.Running running) {
        running.status("InProgress");
        for (String name : List.of("i-1", "i-2", "i-3")) {
            running.instance(name, "InProgress");
            running.event(name, "AfterInstall", "Succeeded", Map.of());
            running.event(name, "ApplicationStart", "Succeeded", Map.of());
            running.instance(name, "Succeeded");
        }
        running.status("Succeeded");
    }

    /// @param how the script of one instance ends, after `exit code`; the others are untouched
    private static void oneFails(CodeDeployStub.Running running, String event, String how) {
        running.instance("i-1", "Failed");
        running.instance("i-2", "Skipped");
        running.event(
                "i-1",
                event,
                "Failed",
                Map.of(
                        "errorCode",
                        "ScriptFailed",
                        "scriptName",
                        "hooks/switch",
                        "message",
                        "Script at specified location: hooks/switch run as user root " + how,
                        "logTail",
                        "LifecycleEvent - ApplicationStart\n[stdout]starting\n[stderr]It"
                                + " does not get healthy.\n"));
        running.error("HEALTH_CONSTRAINTS", "Too many individual instances failed.");
        running.status("Failed");
    }

    @Test
    void each_event_of_each_instance_is_heard_once_and_the_revision_is_named_exactly()
            throws Exception {
        List<String> seen = new ArrayList<>();

        CodeDeployment ended =
                deploy(
                        false,
                        running -> {
                            for (String member :
                                    List.of("bucket", "key", "bundleType", "eTag", "version")) {
                                seen.add(running.revision(member));
                            }
                            allDone(running);
                        });

        assertThat(seen)
                .containsExactly("shop-revisions", "production/shop.tgz", "tgz", "abc", "v1");
        assertThat(ended.instances())
                .extracting(CodeDeployment.Instance::name)
                .containsExactly("i-1", "i-2", "i-3");
        assertThat(heard)
                .doesNotHaveDuplicates()
                .contains("i-1 AfterInstall Succeeded", "i-3 ApplicationStart Succeeded")
                .endsWith("Succeeded");
    }

    @ParameterizedTest
    @CsvSource({
        "AfterInstall, failed with exit code 3, REFUSED",
        "ApplicationStart, failed with exit code 4, WENT_BACK",
        "ValidateService, failed with exit code 5, INCOMPLETE",
        "BeforeInstall, failed to complete in 300 seconds, REFUSED",
        "ApplicationStart, failed to complete in 300 seconds, INCOMPLETE",
    })
    void how_it_ends_is_what_the_hosts_say(String event, String how, ExitStatus status) {
        Problem problem = problem(false, running -> oneFails(running, event, how));

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.why())
                .contains(
                        "HEALTH_CONSTRAINTS: Too many individual instances failed.",
                        "  It does not get healthy.")
                .anyMatch(line -> line.startsWith("i-1: " + event) && line.endsWith(how));
    }

    @Test
    void some_instances_with_the_new_release_and_some_without_need_a_person() {
        Problem problem =
                problem(
                        false,
                        running -> {
                            running.instance("i-3", "Succeeded");
                            oneFails(running, "ApplicationStart", "failed with exit code 4");
                        });

        assertThat(problem.status()).isEqualTo(ExitStatus.INCOMPLETE);
        assertThat(problem.next()).contains("The new release serves on: i-3", "Look at: i-1");
    }

    @Test
    void a_deployment_without_instances_has_changed_nothing() {
        Problem problem =
                problem(
                        false,
                        running -> {
                            running.error("NO_INSTANCES", "No instances found.");
                            running.status("Failed");
                        });

        assertThat(problem.status()).isEqualTo(ExitStatus.REFUSED);
        assertThat(problem.why()).containsExactly("NO_INSTANCES: No instances found.");
    }

    @Test
    void what_codedeploy_takes_back_itself_is_watched_to_its_end() throws Exception {
        try (CodeDeployStub stub =
                        CodeDeployStub.start(
                                "shop",
                                "production",
                                true,
                                running -> {
                                    if (running.id().equals("d-000000002")) {
                                        oneFails(
                                                running,
                                                "ValidateService",
                                                "failed with exit code 5");
                                    } else {
                                        allDone(running);
                                    }
                                });
                CodeDeploy codeDeploy = open(stub.url())) {
            Duration often = Duration.ofMillis(20);
            codeDeploy.watch(codeDeploy.create(GROUP, REVISION, "good"), often, watcher());
            String bad = codeDeploy.create(GROUP, REVISION, "bad");

            Failure failure =
                    catchThrowableOfType(
                            Failure.class, () -> codeDeploy.watch(bad, often, watcher()));

            assertThat(failure.status()).isEqualTo(ExitStatus.WENT_BACK);
            assertThat(heard).contains("back").endsWith("Succeeded");
        }
    }

    @Test
    void what_is_not_there_and_what_runs_already_is_said() throws Exception {
        try (CodeDeployStub stub = CodeDeployStub.start("shop", "production", false, _ -> {});
                CodeDeploy codeDeploy = open(stub.url())) {
            Failure unknown =
                    catchThrowableOfType(
                            Failure.class,
                            () ->
                                    codeDeploy.create(
                                            new CodeDeploy.Group("shop", "prod"), REVISION, ""));
            String running = codeDeploy.create(GROUP, REVISION, "");
            Failure second =
                    catchThrowableOfType(
                            Failure.class, () -> codeDeploy.create(GROUP, REVISION, ""));

            assertThat(unknown.problems().getFirst().why().getFirst())
                    .contains("shop/prod", "DeploymentGroupDoesNotExistException");
            assertThat(second.problems().getFirst().why().getFirst())
                    .contains("DeploymentLimitExceededException", running);
            assertThat(second.status()).isEqualTo(ExitStatus.REFUSED);
        }
    }

    @Test
    void one_that_can_no_longer_be_seen_is_not_taken_for_one_that_has_changed_nothing()
            throws Exception {
        try (CodeDeployStub stub =
                        CodeDeployStub.start(
                                "shop",
                                "production",
                                false,
                                running -> running.instance("i-1", "InProgress"));
                CodeDeploy codeDeploy = open(stub.url())) {
            String id = codeDeploy.create(GROUP, REVISION, "");
            onceHeard = stub::close;

            Failure failure =
                    catchThrowableOfType(
                            Failure.class,
                            () -> codeDeploy.watch(id, Duration.ofMillis(20), watcher()));

            assertThat(failure.status()).isEqualTo(ExitStatus.INCOMPLETE);
            assertThat(failure.problems().getFirst().next().getFirst())
                    .startsWith("decant codedeploy watch " + id);
        }
    }
}
