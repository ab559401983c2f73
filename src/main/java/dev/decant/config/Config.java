package dev.decant.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/// What `decant.toml` says for one environment, checked and with defaults filled in.
/// `reference.toml` says what each setting means.
///
/// @param file the file that was read, absolute
/// @param environment the name that was chosen; empty where the file has no environments
/// @param kind what builds it
/// @param generic where that is the kind, and only there
/// @param migrate an expression for `eval`, or of a generic app a program as [GenericConfig#line]
/// @param seed likewise
/// @param keepReleases how many a host keeps, 2 to 100
/// @param signingKey an SSH key that releases are signed with
/// @param signers a file of those whose releases hosts take, besides the owner of that key
/// @param privilege how hosts let the deploy user have things done by root
/// @param toolchain where the Erlang and Elixir of a build are from
/// @param hosts at least one, in the order of the file
/// @param processes and timers, each in the order of their names
/// @param env variables that are no secrets, in the order of their names
/// @param secrets names only
/// @param generate those of them that Decant makes up where nobody has a value
/// @param sources where values of secrets come from, in their order; empty for the environment of
///   this process
/// @param files that the app reads, in the order of their names; their contents are as secret
/// @param assets where static files go besides; empty for nowhere
/// @param store where releases lie for hosts to fetch
/// @param acknowledged findings of `decant doctor` that are meant to be so, and why
public record Config(
        Path file,
        Optional<String> environment,
        AppNames names,
        Kind kind,
        Optional<GenericConfig> generic,
        Optional<String> migrate,
        Optional<String> seed,
        int keepReleases,
        Optional<Path> signingKey,
        Optional<Path> signers,
        Privilege privilege,
        List<HostConfig> hosts,
        SshConfig ssh,
        BuildConfig build,
        ToolchainConfig toolchain,
        DepsConfig deps,
        ServiceConfig service,
        HealthConfig health,
        NginxConfig nginx,
        CaddyConfig caddy,
        BalancerConfig balancer,
        RolloutConfig rollout,
        HooksConfig hooks,
        NotifyConfig notifications,
        CodeDeployConfig codeDeploy,
        UnitConfig unit,
        List<ProcessConfig> processes,
        Map<String, String> env,
        List<String> secrets,
        List<String> generate,
        List<SourceConfig> sources,
        List<FileConfig> files,
        Optional<AssetsConfig> assets,
        Optional<StoreConfig> store,
        SortedMap<LintRule, String> acknowledged) {

    public Config {
        hosts = List.copyOf(hosts);
        processes = List.copyOf(processes);
        secrets = List.copyOf(secrets);
        generate = List.copyOf(generate);
        sources = List.copyOf(sources);
        files = List.copyOf(files);
    }

    /// The folder of the project.
    public Path project() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /// With another key to sign with.
    public Config signingWith(Path key) {
        return with(Optional.of(key), hosts, secrets);
    }

    /// With some of the hosts only.
    public Config on(List<HostConfig> chosen) {
        return with(signingKey, chosen, secrets);
    }

    /// With more secrets, which sources were found to have.
    ///
    /// @param names of all
    public Config withSecrets(List<String> names) {
        return with(signingKey, hosts, names);
    }

    /// Sources that hosts ask themselves.
    public List<SourceConfig> bootSources() {
        return sources.stream().filter(SourceConfig::boot).toList();
    }

    private Config with(Optional<Path> key, List<HostConfig> chosen, List<String> listed) {
        return new Config(
                file,
                environment,
                names,
                kind,
                generic,
                migrate,
                seed,
                keepReleases,
                key,
                signers,
                privilege,
                chosen,
                ssh,
                build,
                toolchain,
                deps,
                service,
                health,
                nginx,
                caddy,
                balancer,
                rollout,
                hooks,
                notifications,
                codeDeploy,
                unit,
                processes,
                env,
                listed,
                generate,
                sources,
                files,
                assets,
                store,
                acknowledged);
    }

    /// @param name of one that is there
    public HostConfig host(String name) {
        return hosts.stream().filter(host -> host.name().equals(name)).findFirst().orElseThrow();
    }

    /// Where the hosts stand that are not read yet.
    public Optional<AnsibleInventory> inventory() {
        return hosts.size() == 1
                ? AnsibleInventory.of(hosts.getFirst().address())
                : Optional.empty();
    }

    /// With the hosts that an inventory has, if they stand in one.
    ///
    /// @throws dev.decant.problem.Failure with a [ConfigProblem] where it cannot be read
    public Config withInventory() throws InterruptedException {
        Optional<AnsibleInventory> inventory = inventory();
        return inventory.isEmpty() ? this : on(inventory.get().hosts(hosts.getFirst().clustered()));
    }

    /// The host on which migrations run.
    public HostConfig migrationHost() {
        return hosts.stream()
                .filter(host -> host.roles().contains("migrate"))
                .findFirst()
                .orElse(hosts.getFirst());
    }
}
