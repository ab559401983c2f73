package dev.decant.config;

import java.net.URI;
import java.util.Optional;

/// Reads the tables that name a bucket: `[assets]`.
final class BucketReader {

    /// `s3://BUCKET` and what comes before the names of objects, maybe.
    private static final String URL = "s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\\p{Cntrl} ]*)?";

    /// Of a table that is refused.
    private static final String NONE = "s3://none/";

    private final ConfigReader values;

    BucketReader(ConfigReader values) {
        this.values = values;
    }

    Optional<AssetsConfig> assets() {
        if (values.find("assets").isEmpty()) {
            return Optional.empty();
        }
        String url = url("assets");
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
                        values.words(
                                "assets.invalidate",
                                "[^\\p{Cntrl}]+",
                                "a program and its arguments")));
    }

    private String url(String table) {
        if (values.find(table + ".url").isEmpty()) {
            values.wrong(
                    values.find(table).orElseThrow().at(),
                    "[" + table + "] has no url",
                    "For example:  url = \"s3://shop-" + table + "/\"");
            return NONE;
        }
        String url =
                values.text(table + ".url", "", URL, "a bucket such as \"s3://shop-assets/app/\"");
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
                some(table + ".region", "[a-z0-9-]+", "a region such as \"eu-central-1\""),
                some(table + ".profile", "[^\\p{Cntrl}]+", "the name of a profile of ~/.aws"),
                some(table + ".endpoint", "https?://[A-Za-z0-9.:\\[\\]-]+/?", "a URL of a server")
                        .map(URI::create));
    }

    private Optional<String> some(String key, String pattern, String expected) {
        return Optional.of(values.text(key, "", pattern, expected)).filter(text -> !text.isEmpty());
    }
}
