package dev.decant;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import dev.decant.advisory.Audit;
import dev.decant.advisory.Retirement;
import dev.decant.aws.AwsProblem;
import dev.decant.aws.CodeDeployment;
import dev.decant.aws.Complaint;
import dev.decant.config.Kind;
import dev.decant.deploy.Misfit;
import dev.decant.host.Deployment;
import dev.decant.problem.Explanation;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;
import dev.decant.project.NodePin;
import dev.decant.project.Place;
import dev.decant.project.Tool;
import dev.decant.project.ToolVersion;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// One problem of each kind, made of its record and of what such values are like: a new one is here
/// by itself, as soon as its components have names that are known.
public final class ProblemExamples {

    private static final ToolVersion ERLANG =
            ToolVersion.parse(Tool.ERLANG, "27.1.2", ".tool-versions:1:8");
    private static final Deployment DEPLOYMENT =
            new Deployment(
                    6,
                    Samples.OLD,
                    Optional.of(Deployment.Verdict.LIVE),
                    "2026-11-22T09:04:10Z",
                    "bob@desk",
                    OptionalInt.of(5));
    private static final CodeDeployment CODEDEPLOYMENT =
            new CodeDeployment(
                    "d-A1B2C3D4E",
                    "shop/production",
                    "Failed",
                    "The overall deployment failed because too many instances failed.",
                    false,
                    Optional.empty(),
                    List.of(
                            new CodeDeployment.Instance(
                                    "i-0123456789abcdef0",
                                    "Failed",
                                    List.of(
                                            new CodeDeployment.Event(
                                                    "ApplicationStart",
                                                    "Failed",
                                                    Optional.empty(),
                                                    "codedeploy-hook",
                                                    "Script failed with exit code 4",
                                                    List.of(
                                                            "The new release did not get"
                                                                    + " healthy."))))));

    /// By the component's name, with that of the record, or of its interface as well, in front
    /// where it is about another thing than usual.
    private static final Map<String, Object> VALUES = new TreeMap<>();

    static {
        value("address", "web1.example.com");
        value("app", "shop");
        value("because", "web2");
        value("before", new TreeMap<>(Map.of("web1", Samples.OLD, "web2", Samples.OLDER)));
        value("by", "bob@desk");
        value("command", "ssh deploy@web1.example.com");
        value("column", 9);
        value("deployment", "7");
        value("deps", List.of("cowboy", "jsx"));
        value("differences", List.of("web1 serves 0.1.1, and served 0.1.0."));
        value("entry", "INSTALLED");
        value("environment", "production");
        value("exit", 1);
        value("expression", "Shop.Release.migrate()");
        value("file", "plan.json");
        value("folder", Path.of("/home/alice/shop"));
        value("given", "0.1");
        value("host", "web1");
        value("journal", List.of("[error] Postgrex: connection refused (db1:5432)"));
        value("key", "DATABASE_URL");
        value("known", List.of("production", "staging"));
        value("line", 3);
        value("meant", List.of(Samples.OLDER.value(), Samples.OLD.value()));
        value("name", "DATABASE_URL");
        value("place", new Place(4, 3));
        value("reason", "No such file or directory");
        value("release", Samples.NEW.value());
        value("said", List.of("Connection closed by 192.0.2.1 port 22"));
        value("server", "build1");
        value("serving", new TreeMap<>(Map.of("web1", Samples.NEW, "web2", Samples.OLD)));
        value("source", "vault");
        value("sources", List.of("vault"));
        value("tool", Tool.ERLANG);
        value("user", "deploy");
        value("version", "27.1.2");
        value("where", "https://vault.example.com:8200/v1/secret/data/shop");

        value("NoKey.file", Path.of("deploy/registry.pem"));
        value("NoKey.reason", "It begins with -----BEGIN CERTIFICATE-----.");
        value(
                "Unacknowledged.hits",
                List.of(
                        new Audit.Hit(
                                "hackney",
                                "1.17.0",
                                new Retirement("hackney", "1.17.0", "security", "use 1.20.1"),
                                Optional.empty(),
                                Optional.empty())));
        value("NotTaken.group", "shop/production");
        value(
                "NotTaken.cause",
                "DeploymentLimitExceeded: The Deployment Group 'production' already has an active"
                        + " Deployment");
        value("CodeDeployProblem.Lost.deployment", "d-A1B2C3D4E");
        value("CodeDeployProblem.Lost.cause", "ExpiredToken: The security token has expired");
        value("NotDone.deployment", CODEDEPLOYMENT);
        value("NotDone.rollback", Optional.empty());

        value("NotInGit.said", List.of("fatal: not a git repository (or any parent): .git"));
        value("DirtyTree.changes", List.of(" M lib/shop.ex", "?? lib/new.ex"));
        value("lock", "mix.lock");
        value("LockNotCommitted.reason", "git does not track it.");
        value("VersionsUnknown.tool", "elixir");
        value("VersionsUnknown.found", "system");
        value("LockChanged.command", "mix deps.get");
        value("LockChanged.difference", List.of("+ \"jason\": {:hex, …},"));
        value("NotAsLocked.app", "jason");
        value("NotAsLocked.differences", List.of("It lacks lib/jason.ex."));
        value("BuildProblem.NoTool.tool", "git");
        value("NoTool.install", "apt-get install git");
        value(
                "ServerUnreachable.said",
                List.of("ssh: connect to host build1 port 22: No route to host"));
        value("ServerUnreachable.command", "ssh ci@build1");
        value("ServerLacks.tool", "flock");
        value("ServerLacks.said", List.of("env: 'flock': No such file or directory"));
        value("NpmNotLocked.files", List.of(Path.of("assets/package.json")));
        value("NoNode.program", "npm");
        value("NoNode.said", List.of("env: 'npm': No such file or directory"));
        value("OtherNode.pin", new NodePin("20.11.1", ".tool-versions"));
        value("OtherNode.found", "18.20.4");
        value("OtherNode.server", Optional.empty());
        value("WorkspaceFailed.what", "git push");
        value("WorkspaceFailed.said", List.of("error: unable to write file: No space left"));
        value("StepFailed.step", "tests");
        value("StepFailed.exit", 2);
        value("StepFailed.lastLines", List.of("14 tests, 1 failure"));
        value("StepFailed.log", Path.of("/home/alice/.cache/decant/build/shop/prod/build.log"));
        value("NoTarball.release", "shop");
        value("NoTarball.found", List.of("bin", "lib", "releases"));

        value("NoPipeline.service", "github");
        value("NoOutput.output", "out");
        value("NoOutput.command", List.of("make", "release"));
        value("NoOutput.there", List.of("Makefile", "VERSION", "main.go"));
        value("NoVersion.file", "VERSION");
        value("NoVersion.reason", "Its first line is empty.");
        value("WhichRelease.file", "mix.exs");
        value("WhichRelease.given", "");
        value("WhichRelease.known", List.of("admin", "web"));
        value("NothingToStart.program", "bin/shop");
        value("NothingToStart.isThere", true);
        value("NothingToStart.others", List.of("bin/migrate"));
        value("LacksProgram.program", "bin/shop");
        value("NotOfThisKind.command", "console");
        value(
                "NotOfThisKind.reason",
                "A console is one of Erlang's, and there is none in the release.");
        value(
                "NotOfThisKind.next",
                List.of("decant exec -- PROGRAM    runs a program of the release"));
        value("OtherKind.hasErlang", true);
        value("OtherKind.kind", Kind.GENERIC);
        value("NewerDecant.file", "decant.toml");
        value("NewerDecant.wanted", "0.3");
        value("NewerDecant.own", "0.2.0");
        value(
                "NewerHost.seen",
                List.of("Its host program speaks protocol 2; this Decant speaks protocol 1."));
        value("OlderHost.theirs", 1);
        value("OlderHost.ours", 2);
        value(
                "ReleaseProblem.Newer.place",
                Path.of("/home/alice/.local/share/decant/releases/shop"));
        value(
                "ReleaseProblem.Newer.reason",
                "Its manifest is of format 3; this Decant reads format 2.");

        value("InTheWay.folder", Path.of("deploy/bundle"));
        value("InTheWay.lacks", "bundle.json");

        value("ConfigExists.file", Path.of("/home/alice/shop/decant.toml"));
        value("Invalid.file", "decant.toml");
        value("Invalid.message", "unknown key 'prot' in [service]");
        value("Invalid.hint", "Did you mean 'port'? (decant config --reference has all.)");
        value("WhichEnvironment.file", "decant.toml");
        value("WhichEnvironment.given", "prod");
        value("NoFile.key", "signers");
        value("NoFile.file", Path.of("/home/alice/shop/deploy/allowed_signers"));
        value("NoAnsible.file", Path.of("inventory.yml"));
        value("OddInventory.file", Path.of("inventory.yml"));
        value(
                "OddInventory.said",
                List.of("ERROR! Attempting to decrypt but no vault secrets found"));
        value("NoGroup.file", Path.of("inventory.yml"));
        value("NoGroup.group", "wbe");
        value("NoGroup.known", List.of("db", "web"));
        value("OddHost.file", Path.of("inventory.yml"));
        value("OddHost.key", "ansible_host");
        value("OddHost.value", "{{ public_ip }}");
        value("OddHost.hint", "Decant needs it as it is, without a template and in the open.");

        Misfit.Host host = new Misfit.Host("web1", "Debian GNU/Linux 11");
        value("Misfit.WrongMachine.host", host);
        value("WrongMachine.file", "erts-15.1.2/bin/beam.smp");
        value("WrongMachine.built", "Linux on x86_64");
        value("WrongMachine.found", "Linux on aarch64");
        value("OldLibc.host", host);
        value("OldLibc.file", "erts-15.1.2/bin/beam.smp");
        value("OldLibc.needed", "glibc 2.34");
        value("OldLibc.found", "glibc 2.31");
        value("LacksLibraries.host", host);
        value(
                "LacksLibraries.libraries",
                List.of(
                        new Misfit.Library(
                                "lib/crypto-5.5/priv/lib/crypto.so",
                                "libcrypto.so.3",
                                List.of("libcrypto.so.1.1"))));
        value("DiskTooFull.needed", 92_000_000L);
        value("DiskTooFull.free", 41_000_000L);
        value("NoPlan.reason", "It is not JSON.");
        value(
                "SignatureRefused.said",
                List.of("Could not verify signature: no principal matched."));
        value("SecretMissing.names", List.of("DATABASE_URL"));
        value("SecretMissing.sources", List.of());
        value("HostSourceSilent.sources", List.of("vault: status 503, it is sealed"));
        value("NotGenerated.name", "SECRET_KEY_BASE");
        value("NotGenerated.having", List.of("web1"));
        value("NotGenerated.lacking", List.of("web2"));
        value("NoCredentials.systemd", 241);
        value("SetupIsOld.parts", List.of("The unit shop.service"));
        value(
                "Busy.seen",
                List.of(
                        "bob@desk: deploy, since 2026-11-23T19:15:00Z.",
                        "Heard of within the last minute; if no more comes, the lock is free in 47"
                                + " s."));
        value("NotConfirmed.reason", "healthy, but nobody confirmed it within 30 s");
        value("CutShort.reason", "the activation was cut short");
        value("MarkedBad.verdict", "went-back");
        value("NothingBefore.reason", Samples.OLD + " was the first to serve.");
        value(
                "DifferentReleases.releases",
                new TreeMap<>(Map.of("web1", Samples.NEW, "web2", Samples.OLD)));
        value("NoEnvironment.given", OptionalInt.of(9));
        value("NoEnvironment.others", List.of(DEPLOYMENT));
        value("EnvironmentNotSigned.target", DEPLOYMENT);
        value("NotStarted.reason", "no answer from http://127.0.0.1:4000/health within 60 s");
        value("NotReached.said", List.of("Nothing listens on 127.0.0.1:4371."));
        value("NoRelxScript.script", "bin/shop");
        value("OwnNodeName.file", "releases/0.1.0/vm.args");
        value("OwnNodeName.isThere", true);
        value("OwnNodeName.lacks", List.of("-name ${RELEASE_NODE}"));
        value("ExpressionFailed.exitStatus", "1");
        value(
                "ExpressionFailed.said",
                List.of("** (UndefinedFunctionError) function Shop.count/0 is undefined"));
        value("NoMaintenance.strategy", "restart");
        value("NotDeployedWith.setting", "seed");
        value("NotThere.known", List.of(Samples.OLDER.value(), Samples.OLD.value()));
        value("DamagedOnTheWay.said", List.of("The parcel has another SHA-256 than was said."));
        value(
                "DoesNotBoot.said",
                List.of(
                        "** (System.EnvError) could not fetch environment variable \"MAIL_HOST\""
                                + " because it is not set"));
        value(
                "MigrationFailed.said",
                List.of("** (Postgrex.Error) ERROR 42701 (duplicate_column)"));
        value("NeverHealthy.reason", "no answer from http://127.0.0.1:4000/health within 60 s");
        value("NeverHealthy.nowServing", "The old one serves again.");
        value("when", "before");
        value("HookFailed.words", List.of("deploy/balancer", "drain"));
        value("HookFailed.reason", "It ended with status 1.");
        value("HookFailed.said", List.of("curl: (28) Connection timed out"));
        value("DeployHookFailed.moment", "BEFORE_DEPLOY");
        value("DeployHookFailed.words", List.of("deploy/backup"));
        value("DeployHookFailed.reason", "It ended with status 3.");
        value("DeployHookFailed.said", List.of("No room on the backup server."));
        value("NothingServes.reason", "it ended with status 1");
        value("LostSight.said", List.of("web1 cannot be reached."));
        value("StillSwitching.doing", "waiting for it to get healthy");
        value("Stopped.hosts", 4);
        value("Stopped.begun", 2);
        value("Stopped.unsettled", 1);
        value("Stopped.mixed", true);
        value("DidNotLast.state", "failed");
        value("CheckFailed.batch", 1);
        value("CheckFailed.words", List.of("deploy/error-rate", "--below", "1"));
        value("CheckFailed.reason", "It ended with status 1.");
        value("CheckFailed.said", List.of("3.2 % of requests fail"));
        value("TakenBack.other", "web2");
        value("CannotSettle.said", List.of("There is no release " + Samples.OLDER + " here."));

        value("Claimed.ports", List.of("4000 (blog)"));
        value("Listening.port", "80");
        value("Filtered.ports", "4000, 4010");

        value("ChangedSince.what", "deploy");
        value("NoWayBack.what", "deploy");
        value(
                "ResumeProblem.Unreadable.file",
                "/home/alice/.local/state/decant/rollouts/shop.json");
        value("ResumeProblem.Unreadable.reason", "it is empty");
        value("NotTakenBack.said", List.of("web1 cannot be reached."));

        value(
                "Unreachable.said",
                List.of("ssh: connect to host web1.example.com port 22: Connection timed out"));
        value(
                "KeyRefused.said",
                List.of("deploy@web1.example.com: Permission denied (publickey)."));
        value("UnknownHostKey.said", List.of("Host key verification failed."));
        value("ChangedHostKey.said", List.of("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"));
        value("SudoRefused.said", List.of("sudo: a password is required"));
        value("Lacking.what", "nft");
        value("Lacking.said", List.of("This host has neither nft nor iptables."));
        value(
                "OddUnit.said",
                List.of(
                        "shop.service:41: Unknown key name 'MemoryMx' in section 'Service',"
                                + " ignoring."));
        value("DiskFull.said", List.of("cat: write error: No space left on device"));
        value("verb", "receive");
        value("HostProblem.Refused.exit", 1);
        value("HostProblem.Refused.said", List.of("The parcel cannot be unpacked."));

        value("NeedsLinux.system", "Mac OS X");
        value("NeedsRoot.user", 1000L);
        value("NeedsPrograms.missing", new TreeMap<>(Map.of("debootstrap", "debootstrap")));
        value("NeedsPrograms.path", "/usr/local/bin:/usr/bin:/bin");
        value("LabProblem.NoMirror.folder", Path.of("/etc/apt"));
        value("RootNotMade.root", "bookworm");
        value("RootNotMade.step", "debootstrap");
        value("lines", List.of("E: Failed getting release file"));
        value("UnknownSuite.given", "trixi");
        value("UnknownSuite.known", List.of("bookworm", "trixie"));
        value("suite", "SID");
        value("BadPackageName.given", "Nginx!");
        value("BadHostName.given", "Web_1");
        value("NameTaken.name", "web1");
        value("UnknownHost.given", "web9");
        value("UnknownHost.known", List.of("web1"));
        value("HostOfAnother.name", "web1");
        value("pid", 4711L);
        value("HostNotUp.name", "web1");
        value("ended", false);
        value("seconds", 60L);
        value("console", List.of("Failed to allocate inotify watch: Too many open files"));
        value("HostGone.name", "web1");
        value("HostNotRemoved.name", "web1");
        value("left", List.of("/var/lib/decant/lab/web1: Device or resource busy"));
        value("taken", List.of("10.0.0.0/8"));
        value("most", 250);
        value("CommandFailed.command", "ip link add decant0 type bridge");
        value("CommandFailed.exit", 2);
        value("CommandFailed.lines", List.of("RTNETLINK answers: Operation not supported"));
        value("Unusable.thing", "/var/lib/decant/lab");
        value("Unusable.reason", "No space left on device");

        value("RebarLockUnclear.reason", "A term is not closed.");
        value("ProfileDeps.profile", "prod");
        value("LockNotData.found", "System.cmd");
        value("LockUnreadable.reason", "The string that begins here does not end.");
        value("LockUnclear.reason", "An entry of Hex has eight parts, and this has seven.");
        value("LockedTwice.app", "jason");
        value("LockedTwice.first", new Place(3, 3));
        value("LockedTwice.second", new Place(9, 3));
        value("ProjectProblem.NoName.file", Path.of("/home/alice/shop/mix.exs"));
        value("ProjectProblem.NoName.reason", "Looked for  app: :a_name  and did not find it.");
        value("NotExact.text", "27");
        value("at", ".tool-versions:1:8");
        value("Contradiction.one", ERLANG);
        value("Contradiction.other", ToolVersion.parse(Tool.ERLANG, "27.1", "mise.toml:2:1"));

        value("NoRuntime.release", "shop");
        value("OddFile.path", "lib/shop-0.1.0/priv/socket");
        value("OddFile.reason", "It is a link out of the release, or a device.");
        value("BadArtifact.file", Path.of("shop-0.2.0.tar.gz"));
        value("BadArtifact.reason", "It has no releases/start_erl.data.");
        value("CommitUnknown.file", Path.of("shop-0.2.0.tar.gz"));
        value("CommitUnknown.reason", "It has no manifest of Decant's.");
        value("NoSuchRelease.given", "0.3.0");
        value("NoSuchRelease.known", List.of(Samples.OLD.value(), Samples.NEW.value()));
        value("CannotSign.key", Path.of("/home/alice/.ssh/id_ed25519"));
        value("CannotSign.said", List.of("Load key: incorrect passphrase supplied"));
        value(
                "Damaged.place",
                Path.of("/home/alice/.local/share/decant/releases/shop/" + Samples.NEW));
        value(
                "Damaged.reason",
                "lib/shop-0.2.0/ebin/shop.app has other contents than when it was built.");

        value("WhichFile.asked", "");
        value("WhichFile.known", List.of("secrets/production.env.age", "secrets/mail.env.age"));
        value("NoRecipients.file", Path.of("age-recipients.txt"));
        value("NotYetOne.key", Path.of("/home/alice/.config/decant/age.key"));
        value(
                "NotYetOne.recipient",
                "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq");
        value("NotYetOne.recipients", Path.of("age-recipients.txt"));
        value("NeedsAge.cause", "the key in id_ed25519 is not age's own");
        value("Editor.command", "nano");
        value("Changed.file", "secrets/production.env.age");
        value("OnlyDotenv.file", "secrets/shop.json.age");
        value("AgeProblem.NoName.name", "a-b");

        value("SourceProblem.NoAnswer.cause", "status 503, it is sealed");
        value("Ended.source", "command");
        value("Ended.command", "op read op://shop/production/url");
        value("Ended.said", List.of("[ERROR] You are not currently signed in."));
        value("TooSlow.timeout", Duration.ofSeconds(10));
        value("SourceProblem.Refused.cause", "permission denied");
        value(
                "SourceProblem.Refused.remedy",
                List.of("export VAULT_TOKEN=…        or log in:  vault login"));
        value("SourceProblem.Nothing.cause", "there is nothing at this path");
        value("SourceProblem.Unreadable.source", "files");
        value("SourceProblem.Unreadable.where", ".env:3:14");
        value("SourceProblem.Unreadable.cause", "the quote is not closed");
        value("SourceProblem.NoName.key", "1/a");
        value("SameName.first", "db/url");
        value("SameName.second", "db-url");
        value("SameName.name", "DB_URL");
        value("SourceProblem.NoValue.key", "PASSWORD");
        value("InEnv.name", "MAIL_HOST");

        value(
                "StoreProblem.Unreadable.where",
                "s3://acme-releases/decant/shop/environments/production/current");
        value("StoreProblem.Unreadable.cause", "its format is 2");
        value("NotPublished.cause", List.of("The release store does not let you in."));

        value("Missing.wanted", ERLANG);
        value("Missing.server", Optional.empty());
        value("Missing.found", Optional.of("25.2.3"));
        value(
                "Missing.looked",
                List.of(
                        "/home/alice/.local/share/decant/toolchains",
                        "/home/alice/.asdf/installs"));
        value("ToolchainProblem.NoTool.tool", Tool.ELIXIR);
        value("ToolchainProblem.NoTool.server", Optional.empty());
        value("ToolchainProblem.NoTool.said", List.of());
        value("OtherVersion.wanted", ERLANG);
        value("OtherVersion.found", "26.0");
        value("OtherVersion.folder", Path.of("/opt/erlang"));
        value("OutsideTable.elixir", "1.17.3");
        value("otp", "26.2.5");
        value("OutsideTable.otp", "28.1");
        value("takes", Optional.of("Erlang/OTP 25 to 27"));
        value("elixirs", Optional.of("1.18.4 to 1.20.x"));
        value(
                "BuiltForNewerOtp.elixir",
                ToolVersion.parse(Tool.ELIXIR, "1.17.3-otp-27", "mise.toml:3:1"));
        value("NoBuilds.machine", "Debian GNU/Linux 12 (bookworm) on amd64");
        value("NoBuilds.choose", true);
        URI list = URI.create("https://builds.hex.pm/builds/otp/amd64/ubuntu-22.04/builds.txt");
        value("Unknown.version", "27.1.3");
        value("Unknown.where", list);
        value("Unknown.near", List.of("27.1.2", "27.1.1"));
        value("NoChecksum.version", "21.0");
        value("NoChecksum.where", list);
        value("WrongChecksum.from", list.resolve("OTP-27.1.2.tar.gz"));
        value("WrongChecksum.wanted", "1f".repeat(32));
        value("WrongChecksum.found", "2e".repeat(32));
        value("ToolchainProblem.NoMirror.given", "builds.hex.pm");
        value("ProxyProblem.variable", "HTTPS_PROXY");
        value("ProxyProblem.seen", "It begins with socks5://.");
        value("MirrorFailed.url", list);
        value("MirrorFailed.reason", "Connection refused");
        value("NotInstallable.reason", "it does not run on this machine");
        value(
                "NotInstallable.said",
                List.of("beam.smp: /lib/libc.so.6: version `GLIBC_2.38' not found"));

        value("Moved.shown", Samples.OLD.value());
        value("Moved.now", Samples.NEW.value());
        value("AtWork.what", "rollback");
        value("PortTaken.port", 8080);
        value("PortTaken.seen", "Address already in use");
    }

    private ProblemExamples() {}

    private static void value(String name, Object value) {
        VALUES.put(name, value);
    }

    /// One for each id, in the order of the explanations; those that nobody explains last.
    public static List<Problem> all() {
        List<Problem> all = new ArrayList<>();
        for (JavaClass each :
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.decant")) {
            // A problem that is read back has the id of another.
            if (each.isAssignableTo(Problem.class)
                    && !each.isInterface()
                    && !each.getSimpleName().equals("Told")) {
                all.addAll(of(each.reflect()));
            }
        }
        List<String> order = Explanation.all().stream().map(Explanation::id).toList();
        all.sort(
                Comparator.comparingInt(
                                (Problem each) -> Math.floorMod(order.indexOf(each.id()), 1_000))
                        .thenComparing(Problem::id));
        return all;
    }

    private static List<Problem> of(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "AwsProblem" -> aws();
            case "AssetsProblem" -> assets(type);
            case "Filtered" -> {
                // It has an id for each of two cases.
                value("Filtered.by", "ufw");
                value("Filtered.manager", true);
                Problem managed = example(type);
                value("Filtered.by", "inet filter input");
                value("Filtered.manager", false);
                yield List.of(managed, example(type));
            }
            default -> List.of(example(type));
        };
    }

    private static List<Problem> aws() {
        Complaint store = AwsProblem.by("The release store", "[store]");
        String where = "s3://acme-releases/decant/";
        return List.of(
                only(store.noAnswer(where, "UnknownHostException: acme-releases.s3.example.com")),
                only(store.nothing(where, "NoSuchBucket: The specified bucket does not exist")),
                only(store.unreadable(where, "it is not JSON")),
                only(
                        store.refused(
                                where,
                                "AccessDenied: not authorized to perform s3:GetObject",
                                List.of("Give it the right: s3:GetObject on this bucket."))));
    }

    private static List<Problem> assets(Class<?> type) {
        List<Problem> all = new ArrayList<>();
        all.add(made(type, "none", Samples.NEW, "priv/static"));
        all.add(made(type, "twice", Samples.NEW, "app-5d41402abc4b2a76b9719d911017c592.css"));
        all.add(
                made(
                        type,
                        "notInvalidated",
                        List.of("deploy/invalidate-cdn"),
                        "It ended with status 1.",
                        List.of("403 Forbidden")));
        all.add(made(type, "unknown", List.of(Samples.OLDER.value())));
        return all;
    }

    private static Problem made(Class<?> type, String name, Object... arguments) {
        Method method =
                Arrays.stream(type.getDeclaredMethods())
                        .filter(each -> each.getName().equals(name))
                        .findFirst()
                        .orElseThrow();
        method.setAccessible(true);
        try {
            return only((Failure) method.invoke(null, arguments));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + "." + name, e);
        }
    }

    private static Problem only(Failure failure) {
        return failure.problems().getFirst();
    }

    private static Problem example(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = Arrays.stream(components).map(ProblemExamples::value).toArray();
        try {
            Constructor<?> constructor =
                    type.getDeclaredConstructor(
                            Arrays.stream(components)
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return (Problem) constructor.newInstance(values);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new AssertionError(type + " of " + Arrays.toString(values), e);
        }
    }

    private static Object value(RecordComponent component) {
        Class<?> type = component.getDeclaringRecord();
        String room =
                type.getEnclosingClass() == null ? "" : type.getEnclosingClass().getSimpleName();
        String own = type.getSimpleName() + "." + component.getName();
        for (String name : List.of(room + "." + own, own, component.getName())) {
            Object value = VALUES.get(name);
            if (value != null) {
                return fitting(component.getType(), value);
            }
        }
        throw new AssertionError("ProblemExamples has no value for " + room + "." + own);
    }

    private static Object fitting(Class<?> type, Object value) {
        if (type == Optional.class && !(value instanceof Optional)) {
            return Optional.of(value);
        }
        if (type.isEnum() && value instanceof String name) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
        if (type == Path.class && value instanceof String path) {
            return Path.of(path);
        }
        if (Collection.class.isAssignableFrom(type) && value instanceof String one) {
            return List.of(one);
        }
        if (type == dev.decant.release.ReleaseId.class && value instanceof String) {
            return Samples.NEW;
        }
        return value;
    }
}
