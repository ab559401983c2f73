package dev.decant.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.config.AwsAccess;
import dev.decant.problem.Failure;
import dev.decant.source.Moto;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// How a deployment is begun, against the moto of Debian's sid; `aws` says what came of it. How it
/// goes on is asked of [CodeDeployStub] elsewhere: nothing becomes of moto's deployments, and it
/// writes times as text, where AWS's model has numbers and the SDK takes nothing else.
@Tag("lab")
class CodeDeployMotoTest {

    private static final Map<String, String> KEYS =
            Map.of("aws.accessKeyId", "test", "aws.secretAccessKey", "test");

    private static final CodeDeploy.Stored REVISION =
            new CodeDeploy.Stored(
                    new Bucket.Place("shop-revisions", "counter/"),
                    "shop.tgz",
                    new Bucket.Put("abc", Optional.of("v1")));

    @TempDir private static Path folder;

    private static Moto moto;

    @BeforeAll
    static void aGroup() throws Exception {
        KEYS.forEach(System::setProperty);
        moto = Moto.withCodeDeploy(folder);
        aws("create-application", "--application-name", "shop", "--compute-platform", "Server");
        aws(
                "create-deployment-group",
                "--application-name",
                "shop",
                "--deployment-group-name",
                "production",
                "--service-role-arn",
                "arn:aws:iam::123456789012:role/CodeDeploy");
    }

    @AfterAll
    static void stop() {
        KEYS.keySet().forEach(System::clearProperty);
        moto.close();
    }

    private static JsonNode aws(String command, String... words) throws Exception {
        String[] all = new String[words.length + 4];
        all[0] = "deploy";
        all[1] = command;
        System.arraycopy(words, 0, all, 2, words.length);
        all[words.length + 2] = "--output";
        all[words.length + 3] = "json";
        return new JsonMapper().readTree(moto.aws(folder, all));
    }

    private static String create(String application) throws Exception {
        try (CodeDeploy codeDeploy =
                CodeDeploy.open(
                        new AwsAccess(
                                Optional.of("eu-central-1"),
                                Optional.empty(),
                                Optional.of(moto.url())))) {
            return codeDeploy.create(
                    new CodeDeploy.Group(application, "production"), REVISION, "shop 0.2.0");
        }
    }

    @Test
    void a_deployment_is_begun_of_the_very_revision_that_was_stored() throws Exception {
        String id = create("shop");

        JsonNode begun = aws("get-deployment", "--deployment-id", id).path("deploymentInfo");
        assertThat(begun.path("applicationName").asString()).isEqualTo("shop");
        assertThat(begun.path("deploymentGroupName").asString()).isEqualTo("production");
        assertThat(begun.path("description").asString()).isEqualTo("shop 0.2.0");
        JsonNode revision = begun.path("revision");
        assertThat(revision.path("revisionType").asString()).isEqualTo("S3");
        assertThat(revision.path("s3Location").path("bucket").asString())
                .isEqualTo("shop-revisions");
        assertThat(revision.path("s3Location").path("key").asString())
                .isEqualTo("counter/shop.tgz");
        assertThat(revision.path("s3Location").path("bundleType").asString()).isEqualTo("tgz");
        assertThat(revision.path("s3Location").path("version").asString()).isEqualTo("v1");
        assertThat(revision.path("s3Location").path("eTag").asString()).isEqualTo("abc");
    }

    @Test
    void an_application_that_aws_does_not_know_is_said() {
        Failure failure = catchThrowableOfType(Failure.class, () -> create("shoop"));

        assertThat(failure.problems()).hasSize(1);
        assertThat(failure.problems().getFirst().why().toString())
                .contains("ApplicationDoesNotExistException");
    }
}
