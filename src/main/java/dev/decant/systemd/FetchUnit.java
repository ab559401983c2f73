package dev.decant.systemd;

import dev.decant.config.AwsAccess;
import dev.decant.config.Config;
import dev.decant.config.SourceConfig;
import dev.decant.release.HostLayout;

import java.util.List;

/// The unit by which a host asks its sources before the app starts. What they are stands in the
/// unit itself, where the host program reads it: systemd passes over sections with `X-`.
final class FetchUnit {

    private FetchUnit() {}

    /// @return empty where there is nothing to ask
    static String of(Config config, int systemd) {
        List<SourceConfig> sources = config.bootSources();
        if (sources.isEmpty()) {
            return "";
        }
        String unit = config.names().unit();
        UnitText text = new UnitText(systemd);
        text.comment(
                """
                Written by `decant setup`. Asks what decant.toml names under [sources] for values, before the app
                starts and before a release is tried. Afterwards it counts as started, so that the app can be
                restarted without asking.\
                """);
        text.section("Unit").set("Description", "Settings of " + config.names().app());
        text.set("Wants", "network-online.target");
        text.set("After", "network-online.target cloud-init.service cloud-init-network.service");
        text.section("Service").set("Type", "oneshot").set("RemainAfterExit", "yes");
        text.comment(
                "What the sources want to know, such as VAULT_SECRET_ID: root's own, mode 600.");
        text.set("EnvironmentFile", "-/etc/" + unit + "/source-credentials");
        text.set("ExecStart", HostLayout.HOST_PROGRAM + " fetch " + unit);
        text.comment("Each source has its own time.");
        text.set("TimeoutStartSec", "infinity");
        text.set("PrivateTmp", "yes").set("ProtectSystem", "yes").set("NoNewPrivileges", "yes");
        text.section("X-Sources");
        sources.forEach(source -> source(text, source));
        return text.text();
    }

    private static void source(UnitText text, SourceConfig source) {
        text.set("Source", source.word());
        text.set(
                "Timeout",
                "%d.%03d".formatted(source.timeout().toSeconds(), source.timeout().toMillisPart()));
        if (!source.only().isEmpty()) {
            text.set("Only", String.join(" ", source.only()));
        }
        switch (source.access()) {
            case SourceConfig.CloudInit(var variables) ->
                    variables.forEach((name, path) -> text.set("Variable", name + " " + path));
            case SourceConfig.Etcd etcd -> {
                etcd.endpoints().forEach(endpoint -> text.set("Address", endpoint));
                text.set("Prefix", etcd.prefix());
                etcd.user().ifPresent(user -> text.set("User", user));
            }
            case SourceConfig.Consul consul -> {
                text.set("Address", consul.address());
                text.set("Prefix", consul.prefix());
            }
            case SourceConfig.Vault vault -> {
                text.set("Address", vault.address());
                text.set("Mount", vault.mount());
                text.set("Version", vault.versioned() ? "2" : "1");
                vault.namespace().ifPresent(name -> text.set("Namespace", name));
                vault.role().ifPresent(role -> text.set("Role", role));
                vault.paths().forEach(path -> text.set("Path", path));
            }
            case SourceConfig.ParameterStore store -> {
                store.paths().forEach(path -> text.set("Path", path));
                aws(text, store.aws());
            }
            case SourceConfig.AwsSecrets secrets -> {
                secrets.ids().forEach(id -> text.set("Id", id));
                aws(text, secrets.aws());
            }
            case SourceConfig.S3 s3 -> {
                text.set("Bucket", s3.bucket()).set("Prefix", s3.prefix());
                aws(text, s3.aws());
            }
            case SourceConfig.Environment _,
                    SourceConfig.Files _,
                    SourceConfig.Command _,
                    SourceConfig.Age _ ->
                    throw new IllegalArgumentException("no host has it");
        }
    }

    private static void aws(UnitText text, AwsAccess aws) {
        aws.region().ifPresent(region -> text.set("Region", region));
        aws.endpoint().ifPresent(endpoint -> text.set("Endpoint", endpoint.toString()));
    }
}
