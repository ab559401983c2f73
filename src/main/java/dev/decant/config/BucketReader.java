package dev.decant.config;

import java.net.URI;
import java.util.Optional;

/// Reads the tables that name a bucket: `[assets]`, `[store]` and `[codedeploy]`.
final class BucketReader {

    /// `s3://BUCKET` and what comes before the names of objects, maybe.
    private static final String URL = "s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?";

    /// Of a table that is refused.
    private static final String NONE = "s3://none/";

    private static final String PRINTED = "[^\\p{Cntrl}]+";

    private final ConfigReader values;

    BucketReader(ConfigReader values) {
        this.values = values;
    }

    Optional<AssetsConfig> assets() {
        if (values.find("assets").isEmpty()) {
            return Optional.empty();
        }
        String url = url("assets", "s3://shop-assets/app/");
        return Optional.of(
                new AssetsConfig(
                        bucket(url),
                        prefix(url),
                        aws("assets"),
                        values.text(
                                "assets.from",
                                "priv/static",
                                "(?!.*[.][.])[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*",
                                "a folder such as \"priv/static\""),
                        values.words("assets.invalidate", PRINTED, "a program and its arguments")));
    }

    Optional<StoreConfig> store(Optional<String> environment) {
        Optional<ConfigReader.Found> table = values.find("store");
        if (table.isEmpty()) {
            return Optional.empty();
        }
        String url = url("store", "s3://acme-releases/decant/");
        // It becomes a part of the names of objects, which hosts ask for.
        if (environment.isPresent() && !environment.get().matches("[A-Za-z0-9._-]+")) {
            values.wrong(
                    table.get().at(),
                    "'" + environment.get() + "' is no name for an environment that has a store",
                    "Call it by letters, digits, . _ and - only.");
        }
        return Optional.of(
                new StoreConfig(bucket(url), prefix(url), aws("store"), unless("store.publish")));
    }

    CodeDeployConfig codeDeploy() {
        String name = "a name of 1 to 100 letters, digits and . _ + = , @ -";
        return new CodeDeployConfig(
                values.some("codedeploy.application", CodeDeployConfig.NAME, name),
                values.some("codedeploy.group", CodeDeployConfig.NAME, name),
                values.some("codedeploy.bucket", CodeDeployConfig.BUCKET, "the name of a bucket"),
                CodeDeployConfig.prefix(
                        values.text(
                                "codedeploy.prefix",
                                "",
                                "[^\\p{Cntrl}]*",
                                "the start of objects' names")),
                unless("codedeploy.migrate"),
                aws("codedeploy"));
    }

    private String url(String table, String example) {
        if (values.find(table + ".url").isEmpty()) {
            values.wrong(
                    values.find(table).orElseThrow().at(),
                    "[" + table + "] has no url",
                    "For example:  url = \"" + example + "\"");
            return NONE;
        }
        String url = values.text(table + ".url", "", URL, "a bucket such as \"" + example + "\"");
        return url.isEmpty() ? NONE : url;
    }

    private static String bucket(String url) {
        String rest = url.substring("s3://".length());
        return rest.indexOf('/') < 0 ? rest : rest.substring(0, rest.indexOf('/'));
    }

    /// Or else `app` would also be what begins `app-staging`.
    private static String prefix(String url) {
        String rest = url.substring("s3://".length());
        String prefix = rest.indexOf('/') < 0 ? "" : rest.substring(rest.indexOf('/') + 1);
        return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    private AwsAccess aws(String table) {
        return new AwsAccess(
                values.some(table + ".region", AwsAccess.REGION, AwsAccess.A_REGION),
                values.some(table + ".profile", PRINTED, AwsAccess.A_PROFILE),
                values.some(table + ".endpoint", SourceReader.URL, "a URL")
                        .filter(url -> url.matches(SourceReader.URL))
                        .map(URI::create));
    }

    /// What is so unless decant.toml says that it is not.
    private boolean unless(String key) {
        return values.find(key).isEmpty() || values.flag(key);
    }
}
