package dev.decant.config;

import java.util.Optional;

/// `[codedeploy]`: where revisions for AWS CodeDeploy go, and who deploys them.
///
/// @param application of CodeDeploy
/// @param group of the application's deployment groups
/// @param bucket of S3 that revisions are put into
/// @param prefix of their names there; empty, or ends with `/`
/// @param migrate each instance runs the release's migration before it switches
public record CodeDeployConfig(
        Optional<String> application,
        Optional<String> group,
        Optional<String> bucket,
        String prefix,
        boolean migrate,
        AwsAccess aws) {

    /// What a bucket may be called.
    public static final String BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";

    /// What an application and a group may be called.
    static final String NAME = "[A-Za-z0-9._+=,@-]{1,100}";

    /// As a prefix is kept.
    public static String prefix(String written) {
        String prefix = written.replaceFirst("^/+", "");
        return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }
}
