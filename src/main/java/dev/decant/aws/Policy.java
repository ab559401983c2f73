package dev.decant.aws;

import dev.decant.config.AwsAccess;
import dev.decant.config.SourceConfig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// IAM policies that grant no more than is needed, as what JSON is made of.
///
/// @param account of 12 digits
/// @param region such as `eu-central-1`
public record Policy(String account, String region) {

    /// For whoever pushes revisions and has them deployed.
    public Map<String, Object> deployer(Bucket.Place place, CodeDeploy.Group group) {
        return policy(
                List.of(
                        allow(
                                "PushRevisions",
                                List.of("s3:PutObject"),
                                List.of(objects(place.bucket(), place.prefix()))),
                        allow(
                                "Deploy",
                                List.of("codedeploy:CreateDeployment", "codedeploy:GetDeployment"),
                                List.of(codedeploy("deploymentgroup:" + group))),
                        // CreateDeployment asks for these, too.
                        allow(
                                "RegisterRevisions",
                                List.of(
                                        "codedeploy:GetApplicationRevision",
                                        "codedeploy:RegisterApplicationRevision"),
                                List.of(codedeploy("application:" + group.application()))),
                        allow(
                                "ReadHowToDeploy",
                                List.of("codedeploy:GetDeploymentConfig"),
                                List.of(codedeploy("deploymentconfig:*"))),
                        // AWS knows no narrower resource for these.
                        allow(
                                "Watch",
                                List.of(
                                        "codedeploy:BatchGetDeploymentTargets",
                                        "codedeploy:ListDeploymentTargets"),
                                List.of("*"))));
    }

    /// For the role of the instances.
    ///
    /// @param boot sources that they ask themselves
    public Map<String, Object> instance(Bucket.Place place, List<SourceConfig> boot) {
        List<Map<String, Object>> statements = new ArrayList<>();
        statements.add(
                allow(
                        "FetchRevisions",
                        List.of("s3:GetObject", "s3:GetObjectVersion"),
                        List.of(objects(place.bucket(), place.prefix()))));
        for (SourceConfig source : boot) {
            switch (source.access()) {
                case SourceConfig.ParameterStore store -> statements.add(parameters(store));
                case SourceConfig.AwsSecrets secrets -> statements.add(secrets(secrets));
                case SourceConfig.S3 s3 -> statements.addAll(values(s3));
                default -> {
                    // AWS is not asked.
                }
            }
        }
        return policy(statements);
    }

    private Map<String, Object> parameters(SourceConfig.ParameterStore store) {
        List<String> resources = new ArrayList<>();
        for (String path : store.paths()) {
            String arn = service("ssm", store.aws()) + ":parameter" + path;
            resources.add(arn);
            resources.add(arn + "/*");
        }
        return allow("ReadParameters", List.of("ssm:GetParametersByPath"), resources);
    }

    private Map<String, Object> secrets(SourceConfig.AwsSecrets secrets) {
        return allow(
                "ReadSecrets",
                List.of("secretsmanager:GetSecretValue"),
                secrets.ids().stream()
                        .map(
                                id ->
                                        id.startsWith("arn:")
                                                ? id
                                                : service("secretsmanager", secrets.aws())
                                                        + ":secret:"
                                                        + id
                                                        // AWS's own six characters.
                                                        + "-??????")
                        .toList());
    }

    private List<Map<String, Object>> values(SourceConfig.S3 s3) {
        Map<String, Object> list =
                new LinkedHashMap<>(
                        allow(
                                "ListValues",
                                List.of("s3:ListBucket"),
                                List.of("arn:" + partition() + ":s3:::" + s3.bucket())));
        if (!s3.prefix().isEmpty()) {
            list.put("Condition", Map.of("StringLike", Map.of("s3:prefix", s3.prefix() + "*")));
        }
        return List.of(
                list,
                allow(
                        "ReadValues",
                        List.of("s3:GetObject"),
                        List.of(objects(s3.bucket(), s3.prefix()))));
    }

    private static Map<String, Object> policy(List<Map<String, Object>> statements) {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("Version", "2012-10-17");
        policy.put("Statement", statements);
        return policy;
    }

    private static Map<String, Object> allow(
            String name, List<String> actions, List<String> resources) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", name);
        statement.put("Effect", "Allow");
        statement.put("Action", actions);
        statement.put("Resource", resources);
        return statement;
    }

    private String objects(String bucket, String prefix) {
        return "arn:" + partition() + ":s3:::" + bucket + "/" + prefix + "*";
    }

    private String codedeploy(String resource) {
        return "arn:" + partition() + ":codedeploy:" + region + ":" + account + ":" + resource;
    }

    private String service(String name, AwsAccess access) {
        return "arn:"
                + partition()
                + ":"
                + name
                + ":"
                + access.region().orElse(region)
                + ":"
                + account;
    }

    private String partition() {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
