package dev.decant.config;

import java.net.URI;
import java.util.Optional;

/// How AWS is asked. What is empty is as the AWS SDK finds it.
///
/// @param region such as `eu-central-1`
/// @param profile of `~/.aws`, whose credentials are used, and no others
/// @param endpoint of something else that speaks like AWS
public record AwsAccess(Optional<String> region, Optional<String> profile, Optional<URI> endpoint) {

    static final String REGION = "[a-z0-9-]+";
    static final String A_REGION = "a region such as \"eu-central-1\"";
    static final String A_PROFILE = "the name of a profile of ~/.aws";
}
