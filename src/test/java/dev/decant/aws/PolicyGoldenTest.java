package dev.decant.aws;

import dev.decant.Configs;
import dev.decant.Golden;
import dev.decant.config.Config;
import dev.decant.ui.Json;

import org.junit.jupiter.api.Test;

class PolicyGoldenTest {

    private static final Bucket.Place PLACE = new Bucket.Place("shop-revisions", "production/");

    private final Policy policy = new Policy("123456789012", "eu-central-1");

    @Test
    void whoever_deploys_may_put_revisions_and_deploy_to_one_group() {
        Golden.check(
                Golden.folder("aws").resolve("deployer.json"),
                Json.text(policy.deployer(PLACE, new CodeDeploy.Group("shop", "production"))));
    }

    @Test
    void an_instance_may_fetch_revisions_and_ask_its_own_sources() {
        Config config =
                Configs.of(
                        """
                        app = "shop"
                        hosts = "elsewhere"
                        [sources.ssm]
                        paths = ["/shop/production"]
                        at = "boot"
                        [sources.secretsmanager]
                        ids = ["shop/production", "arn:aws:secretsmanager:us-east-1:123456789012:secret:mail-Ab12Cd"]
                        region = "eu-west-1"
                        at = "boot"
                        [sources.s3]
                        bucket = "shop-config"
                        prefix = "shop/"
                        at = "boot"
                        [sources.environment]
                        """);

        Golden.check(
                Golden.folder("aws").resolve("instance.json"),
                Json.text(policy.instance(PLACE, config.bootSources())));
    }
}
