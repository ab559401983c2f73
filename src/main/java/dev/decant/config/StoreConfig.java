package dev.decant.config;

/// Where releases lie for hosts to fetch: a bucket of S3, or of what speaks as it does.
///
/// @param prefix what names of objects begin with; empty, or ends with `/`
/// @param publish after a deploy it is said there what machines that start by themselves serve
public record StoreConfig(String bucket, String prefix, AwsAccess access, boolean publish) {}
