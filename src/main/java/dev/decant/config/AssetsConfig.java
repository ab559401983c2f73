package dev.decant.config;

import java.util.List;

/// `[assets]`: where a release's static files go before any host switches to it.
///
/// @param prefix empty, or ends with `/`
/// @param from the folder in each application of the release that has them, such as `priv/static`
/// @param invalidate a program and its arguments, run where files have changed under names that
///   stay; empty for none
public record AssetsConfig(
        String bucket, String prefix, AwsAccess aws, String from, List<String> invalidate) {

    public AssetsConfig {
        invalidate = List.copyOf(invalidate);
    }

    public String url() {
        return "s3://" + bucket + "/" + prefix;
    }
}
