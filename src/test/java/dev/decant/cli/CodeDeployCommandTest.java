package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What `decant codedeploy` and `decant export codedeploy` say before they ask anybody.
class CodeDeployCommandTest {

    @TempDir private Path folder = Path.of("");

    private Decant run(String toml, String words) throws IOException {
        Files.writeString(
                folder.resolve("decant.toml"), "app = \"shop\"\nhosts = \"elsewhere\"\n" + toml);
        return Decant.run(folder, Arrays.stream(words.split(" ")).toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "codedeploy deploy --push s3://shop-revisions, Which application",
        "codedeploy deploy --application shop --push s3://shop-revisions, Which group",
        "codedeploy deploy --application shop --group production, Into which bucket",
        "codedeploy deploy --application shop --group production --push shop, is not a place in a"
                + " bucket",
        "export codedeploy --push, Into which bucket",
        "codedeploy policy instance --account 123456789012 --push s3://shop-revisions, In which"
                + " region",
        "codedeploy policy instance --account me --push s3://shop-revisions, is no account",
    })
    void what_is_not_known_is_asked_for(String words, String question) throws Exception {
        Decant ran = run("", words);

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains(question);
    }

    @Test
    void a_policy_is_about_what_decant_toml_names() throws Exception {
        Decant ran =
                run(
                        """
                        [codedeploy]
                        application = "shop"
                        group = "production"
                        bucket = "shop-revisions"
                        prefix = "/production"
                        region = "eu-central-1"
                        """,
                        "codedeploy policy deployer --account 123456789012");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains(
                        "\"arn:aws:s3:::shop-revisions/production/*\"",
                        "\"arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:shop/production\"");
    }
}
