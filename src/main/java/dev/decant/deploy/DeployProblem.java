package dev.decant.deploy;

import dev.decant.config.HooksConfig.Moment;
import dev.decant.config.Kind;
import dev.decant.host.Deployment;
import dev.decant.host.Reply;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;
import dev.decant.release.ReleaseId;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What can keep a release from a host, or take it away again.
public sealed interface DeployProblem extends Problem {

    @Override
    default ExitStatus status() {
        return ExitStatus.REFUSED;
    }

    // ---- seen before anything is changed

    /// @param needed bytes
    /// @param free bytes
    record DiskTooFull(String host, long needed, long free) implements DeployProblem {
        @Override
        public String id() {
            return "disk-too-full";
        }

        @Override
        public String what() {
            return "The disk of " + host + " is too full for this release.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "It needs " + mb(needed) + " below /srv, and " + mb(free) + " are free.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "df -h /srv                 on " + host,
                    "Kept releases share what they have in common, so that keeping fewer may not"
                            + " help:  keep_releases  in decant.toml");
        }

        private static String mb(long bytes) {
            return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
        }
    }

    /// @param file as it was typed
    record NoPlan(String file, String reason) implements DeployProblem {
        @Override
        public String id() {
            return "no-plan";
        }

        @Override
        public String what() {
            return file + " is no plan that could be carried out.";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of("decant plan --out " + file + "     makes one");
        }
    }

    record PlanNotWritten(String file, String reason) implements DeployProblem {
        @Override
        public String id() {
            return "plan-not-written";
        }

        @Override
        public String what() {
            return "The plan cannot be written to " + file + ".";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of("Name a file in a folder that is there and yours:  --out plan.json");
        }
    }

    /// @param file as it was typed
    /// @param differences between it and what would be done now, a line each
    record PlanOutOfDate(String file, List<String> differences) implements DeployProblem {
        public PlanOutOfDate {
            differences = List.copyOf(differences);
        }

        @Override
        public String id() {
            return "plan-out-of-date";
        }

        @Override
        public String what() {
            return "What " + file + " says is not what would be done now. Nothing was changed.";
        }

        @Override
        public List<String> why() {
            return differences;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant plan --out " + file + "     makes it anew, to be looked at again");
        }
    }

    /// @param file as it was typed
    record PlannedReleaseMissing(String file, String release) implements DeployProblem {
        @Override
        public String id() {
            return "planned-release-missing";
        }

        @Override
        public String what() {
            return "The release that " + file + " is for is not on this machine.";
        }

        @Override
        public List<String> why() {
            return List.of("It is " + release + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant release export " + release + "     on the machine that has it",
                    "decant release import FILE     here",
                    "decant plan --out " + file + "     or plan with one that is built here");
        }
    }

    record NotSigned(String host, String release) implements DeployProblem {
        @Override
        public String id() {
            return "release-not-signed";
        }

        @Override
        public String what() {
            return host + " takes only signed releases, and " + release + " is not signed.";
        }

        @Override
        public List<String> why() {
            return List.of("It has /etc/decant/allowed_signers, which says whose it takes.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Say which SSH key signs, in decant.toml:  signing_key ="
                            + " \"~/.ssh/id_ed25519.pub\"",
                    "Or have it built and deployed by someone whom the host knows.");
        }
    }

    /// @param said why, in the host's words
    record SignatureRefused(String host, String release, List<String> said)
            implements DeployProblem {
        @Override
        public String id() {
            return "signature-refused";
        }

        @Override
        public String what() {
            return host + " does not accept the signature of " + release + ".";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "cat /etc/decant/allowed_signers        on "
                            + host
                            + ": whose releases it takes",
                    "decant setup        adds the key of signing_key to it, as an admin of the"
                            + " host",
                    "decant release show "
                            + release
                            + "        says where its signature is; without it,"
                            + " it is signed anew");
        }
    }

    /// @param sources that were asked; none for the environment of this process
    record SecretMissing(String host, List<String> names, List<String> sources)
            implements DeployProblem {
        @Override
        public String id() {
            return "secret-missing";
        }

        @Override
        public String what() {
            return host
                    + " has no value for "
                    + (names.size() == 1 ? "the secret " : "the secrets ")
                    + String.join(", ", names)
                    + ", and neither has "
                    + (sources.isEmpty()
                            ? "your environment."
                            : "any of the sources: " + String.join(", ", sources) + ".");
        }

        @Override
        public List<String> why() {
            return List.of(
                    "decant.toml lists " + (names.size() == 1 ? "it" : "them") + " under secrets.");
        }

        @Override
        public List<String> next() {
            List<String> lines = new ArrayList<>();
            if (sources.isEmpty()) {
                names.forEach(name -> lines.add("export " + name + "=…"));
            } else {
                lines.add("Add it to one of them, or [sources.environment] to decant.toml.");
            }
            lines.add("Then run the same command again; the host keeps what it is given.");
            lines.add("Or take what the app does not need out of secrets.");
            return lines;
        }
    }

    /// @param sources and what they said, at least one
    record HostSourceSilent(String host, List<String> sources) implements DeployProblem {
        public HostSourceSilent {
            sources = List.copyOf(sources);
        }

        @Override
        public String id() {
            return "host-source-silent";
        }

        @Override
        public String what() {
            return host + " does not get the app's values, and has none from before.";
        }

        @Override
        public List<String> why() {
            return sources;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "ssh " + host + " journalctl -u '*-fetch'      has more",
                    "What sources want to know stands on the host, in /etc/APP/source-credentials"
                            + " (docs/reference/sources.md).");
        }
    }

    /// @param having hosts that have a value; none where others than these may have one
    /// @param lacking hosts that have none, at least one
    record NotGenerated(String name, List<String> having, List<String> lacking)
            implements DeployProblem {
        public NotGenerated {
            having = List.copyOf(having);
            lacking = List.copyOf(lacking);
        }

        @Override
        public String id() {
            return "secret-not-generated";
        }

        @Override
        public String what() {
            return String.join(", ", lacking)
                    + (lacking.size() == 1 ? " has" : " have")
                    + " no value for the secret "
                    + name
                    + ", and a new one would be another than "
                    + (having.isEmpty() ? "other hosts may have." : "other hosts have.");
        }

        @Override
        public List<String> why() {
            return List.of(
                    having.isEmpty()
                            ? "Not all hosts of the app were asked, and decant.toml says"
                                    + " generate, which makes one value for all."
                            : String.join(", ", having)
                                    + (having.size() == 1 ? " has" : " have")
                                    + " one, which cannot be read back from there.");
        }

        @Override
        public List<String> next() {
            List<String> lines = new ArrayList<>();
            if (having.isEmpty()) {
                lines.add("Deploy to all hosts, without --hosts, --roles or --without.");
            }
            lines.add(
                    (lines.isEmpty() ? "Give" : "Or give")
                            + " all hosts a new one; what was signed with the old one ends:");
            lines.add("export " + name + "=$(openssl rand -base64 64 | tr -d '\\n')");
            lines.add("Then run the same command again, for all hosts.");
            return lines;
        }
    }

    /// @param systemd the host's version
    record NoCredentials(String host, int systemd) implements DeployProblem {
        @Override
        public String id() {
            return "no-credentials";
        }

        @Override
        public String what() {
            return host + " cannot hand files to the app.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "decant.toml has some under [files]; systemd does so from 247 on, and this one"
                            + " is "
                            + systemd
                            + ".");
        }

        @Override
        public List<String> next() {
            return List.of("Take [files] out for this environment, or bring the host up to date.");
        }
    }

    /// @param parts of what setup brings, at least one
    record SetupIsOld(String host, List<String> parts) implements DeployProblem {
        public SetupIsOld {
            parts = List.copyOf(parts);
        }

        @Override
        public String id() {
            return "setup-is-old";
        }

        @Override
        public String what() {
            return host + " was set up for other settings or by another version of Decant.";
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>();
            parts.forEach(part -> lines.add(part + " differs."));
            lines.add("The deploy user may not change that; setup may.");
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of("decant setup --dry-run     shows what would change", "decant setup");
        }
    }

    /// @param seen lines about who has the lock
    record Busy(String host, List<String> seen) implements DeployProblem {

        /// @param reply to `lock`: `owner`, `what`, `since` and `left`
        static Busy of(String host, Reply reply) {
            String owner = reply.value("owner").orElse("someone who has left no name");
            return new Busy(
                    host,
                    List.of(
                            owner
                                    + reply.value("what").map(what -> ": " + what).orElse("")
                                    + reply.value("since").map(at -> ", since " + at).orElse("")
                                    + ".",
                            "Heard of within the last minute; if no more comes, the lock is free in"
                                    + " "
                                    + reply.value("left").orElse("60")
                                    + " s."));
        }

        @Override
        public String id() {
            return "deploy-in-progress";
        }

        @Override
        public String what() {
            return host + " is being worked on by someone else.";
        }

        @Override
        public List<String> why() {
            return seen;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant deploy --wait 10m   waits for them",
                    "decant unlock              takes the lock away, if you know that nobody is at"
                            + " work");
        }
    }

    record StillActivating(String host, String deployment) implements DeployProblem {
        @Override
        public String id() {
            return "activation-in-progress";
        }

        @Override
        public String what() {
            return host + " is still carrying out an earlier activation by itself.";
        }

        @Override
        public List<String> why() {
            return List.of("Deployment " + deployment + " is neither live nor taken back yet.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant status              shows how it ends; then run the same command"
                            + " again");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }

    /// @param said what went wrong with the second connection
    record NotConfirmed(String host, String release, String reason, List<String> said)
            implements DeployProblem {
        @Override
        public String id() {
            return "not-confirmed";
        }

        @Override
        public String what() {
            return host
                    + ": the new release was healthy, but the host could not be reached again, so"
                    + " it put the old one back.";
        }

        @Override
        public List<String> why() {
            List<String> lines =
                    new ArrayList<>(List.of("Release " + release + ": " + reason + "."));
            lines.addAll(said);
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "If your line was down: the same command again.",
                    "If it is slow to connect: health.confirm_timeout in decant.toml.",
                    "If the release closes the host to new connections: mend that first.");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.WENT_BACK;
        }
    }

    record CutShort(String host, String release, String reason) implements DeployProblem {
        @Override
        public String id() {
            return "cut-short";
        }

        @Override
        public String what() {
            return host + ": the activation was cut short before the old release was stopped.";
        }

        @Override
        public List<String> why() {
            return List.of("Release " + release + ": " + reason + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "The same command again; journalctl -t decant-host on the host may say who"
                            + " ended it.");
        }
    }

    record MarkedBad(String host, String release, String verdict) implements DeployProblem {
        @Override
        public String id() {
            return "release-marked-bad";
        }

        @Override
        public String what() {
            return host + " does not go back to a release that failed when it was last started.";
        }

        @Override
        public List<String> why() {
            return List.of(release + " ended in: " + verdict + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant releases            has others to go to",
                    "decant deploy --release " + release + "   if you mean to try it again");
        }
    }

    record NoKeyForOrders(String host) implements DeployProblem {
        @Override
        public String id() {
            return "order-not-signed";
        }

        @Override
        public String what() {
            return host + " takes only what is signed, settings included, and there is no key.";
        }

        @Override
        public List<String> why() {
            return List.of("It was set up with privilege = \"strict\".");
        }

        @Override
        public List<String> next() {
            return List.of("Name yours in decant.toml:  signing_key = \"~/.ssh/id_ed25519.pub\"");
        }
    }

    record NothingBefore(String host, String reason) implements DeployProblem {
        @Override
        public String id() {
            return "nothing-to-go-back-to";
        }

        @Override
        public String what() {
            return "There is nothing to go back to on " + host + ".";
        }

        @Override
        public List<String> why() {
            return List.of(reason);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant releases            lists what is there",
                    "decant deploy --release ID   puts any release on, older ones too");
        }
    }

    /// @param environment of decant.toml, if it has some
    record HostsElsewhere(Optional<String> environment) implements DeployProblem {
        @Override
        public String id() {
            return "hosts-elsewhere";
        }

        @Override
        public String what() {
            return "Decant does not reach the hosts"
                    + environment.map(name -> " of " + name).orElse("")
                    + " itself.";
        }

        @Override
        public List<String> why() {
            return List.of("decant.toml says: hosts = \"elsewhere\"");
        }

        @Override
        public List<String> next() {
            return List.of("Hand a release over: decant export --help");
        }
    }

    record NothingDeployed(String host) implements DeployProblem {
        @Override
        public String id() {
            return "nothing-deployed";
        }

        @Override
        public String what() {
            return "Nothing has been deployed to " + host + ".";
        }

        @Override
        public List<String> why() {
            return List.of("No release serves there, or has served.");
        }

        @Override
        public List<String> next() {
            return List.of("decant deploy");
        }
    }

    record DifferentReleases(Map<String, ReleaseId> releases) implements DeployProblem {
        public DifferentReleases {
            releases = Collections.unmodifiableMap(new LinkedHashMap<>(releases));
        }

        @Override
        public String id() {
            return "different-releases";
        }

        @Override
        public String what() {
            return "The hosts do not serve the same release. None was changed.";
        }

        @Override
        public List<String> why() {
            return releases.entrySet().stream()
                    .map(host -> host.getKey() + " serves " + host.getValue() + ".")
                    .toList();
        }

        @Override
        public List<String> next() {
            return List.of(
                    "--hosts " + releases.keySet().iterator().next() + "     does those of one",
                    "decant deploy     brings the same to all");
        }
    }

    /// @param given a deployment's number, if one was said
    /// @param others those that have another environment or other secrets, newest first
    record NoEnvironment(String host, OptionalInt given, List<Deployment> others)
            implements DeployProblem {
        public NoEnvironment {
            others = List.copyOf(others);
        }

        @Override
        public String id() {
            return "no-environment";
        }

        @Override
        public String what() {
            return given.isPresent()
                    ? host
                            + " has no deployment "
                            + given.getAsInt()
                            + " that served with another environment or other secrets."
                    : host + " has no earlier environment, nor earlier secrets, to go back to.";
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>();
            for (Deployment other : others) {
                lines.add(
                        "Deployment "
                                + other.number()
                                + " has: "
                                + other.release()
                                + ", made "
                                + other.at()
                                + " by "
                                + other.by()
                                + ".");
            }
            lines.add("A host keeps deployments as long as their releases (keep_releases).");
            return lines;
        }

        @Override
        public List<String> next() {
            List<String> lines = new ArrayList<>();
            if (!others.isEmpty()) {
                lines.add("decant env rollback " + others.getFirst().number());
            }
            lines.add("decant env push     brings what decant.toml and the sources say now");
            return lines;
        }
    }

    /// @param release that serves
    /// @param target whose environment was to be had with it
    record EnvironmentNotSigned(String host, String release, Deployment target)
            implements DeployProblem {
        @Override
        public String id() {
            return "environment-not-signed";
        }

        @Override
        public String what() {
            return host
                    + " does not run "
                    + release
                    + " with the environment of deployment "
                    + target.number()
                    + ".";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "Its privilege is strict: it takes what was signed, and that was signed with "
                            + target.release()
                            + ".",
                    "Values of secrets cannot be read from a host, to be signed anew.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant env push     signs what decant.toml and the sources say now",
                    "decant rollback " + target.release() + "     goes back with the release");
        }
    }

    record NotStarted(String host, String reason, List<String> journal) implements DeployProblem {
        @Override
        public String id() {
            return "not-started";
        }

        @Override
        public String what() {
            return host + ": the app did not get healthy: " + reason + ".";
        }

        @Override
        public List<String> why() {
            return journal.isEmpty() ? List.of("It has logged nothing.") : journal;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant logs        has more of it",
                    "decant rollback    to the release before");
        }
    }

    record NotReached(String host, List<String> said) implements DeployProblem {
        @Override
        public String id() {
            return "node-not-reached";
        }

        @Override
        public String what() {
            return "The app on " + host + " cannot be reached as an Erlang node.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "service.distribution = \"local\" in decant.toml, then decant setup and decant"
                            + " deploy, has it listen to this machine's own nodes.",
                    "decant eval EXPRESSION    runs it in a VM of its own instead",
                    "decant status             says whether it runs");
        }
    }

    record NoTerminal() implements DeployProblem {
        @Override
        public String id() {
            return "no-terminal";
        }

        @Override
        public String what() {
            return "There is no console where privilege is \"none\".";
        }

        @Override
        public List<String> why() {
            return List.of("Root is asked by files there, which cannot hold a terminal.");
        }

        @Override
        public List<String> next() {
            return List.of("decant rpc EXPRESSION    runs one expression in the VM that serves");
        }
    }

    /// @param release its id
    /// @param kind what decant.toml says
    record OtherKind(String release, boolean hasErlang, Kind kind) implements DeployProblem {
        @Override
        public String id() {
            return "other-kind";
        }

        @Override
        public String what() {
            return "The release " + release + " is of another kind than decant.toml says.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "There is "
                            + (hasErlang ? "an" : "no")
                            + " Erlang in it, and kind is \""
                            + kind.name().toLowerCase(Locale.ROOT)
                            + "\".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant deploy        builds one of this kind",
                    "Or have decant.toml be as it was when that one was made.");
        }
    }

    /// @param release its id
    /// @param program that decant.toml starts
    record LacksProgram(String release, String program) implements DeployProblem {
        @Override
        public String id() {
            return "lacks-program";
        }

        @Override
        public String what() {
            return "The release " + release + " does not have what decant.toml starts.";
        }

        @Override
        public List<String> why() {
            return List.of(program + " is not in it.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "service.start in decant.toml begins with a path in the release; the one that"
                            + " was there when this was made may be another.");
        }
    }

    /// @param script in the release
    record NoRelxScript(String script) implements DeployProblem {
        @Override
        public String id() {
            return "no-relx-script";
        }

        @Override
        public String what() {
            return "The release cannot be run as one of rebar3's.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    script
                            + " is not there, or not the script that relx makes by default: it has"
                            + " no console_clean.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Take  {extended_start_script, false}  out of rebar.config.",
                    "If another release is meant:  release = \"its_name\"  in decant.toml",
                    "If Mix made it:  kind = \"mix\"");
        }
    }

    /// @param file in the release
    /// @param isThere it is, and lacks these lines
    record OwnNodeName(String file, boolean isThere, List<String> lacks) implements DeployProblem {
        @Override
        public String id() {
            return "own-node-name";
        }

        @Override
        public String what() {
            return "Other nodes are to connect to the app, which would be another node than they"
                    + " look for.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    "service.distribution is set, and relx starts the node by what vm.args says.",
                    "The release has "
                            + (isThere ? file + ", without: " : "no " + file + ", with: ")
                            + String.join(", ", lacks));
        }

        @Override
        public List<String> next() {
            return List.of(
                    "In rebar.config, under relx:  {vm_args_src, \"config/vm.args.src\"}",
                    "In that file:  -name ${RELEASE_NODE}  and  -setcookie ${RELEASE_COOKIE}",
                    "Or leave  service.distribution  out: then there are no rpc and no console.");
        }
    }

    record NothingUnsigned(String expression) implements DeployProblem {
        @Override
        public String id() {
            return "nothing-unsigned";
        }

        @Override
        public String what() {
            return "These hosts run only what somebody has signed, which an expression that is"
                    + " typed is not.";
        }

        @Override
        public List<String> why() {
            return List.of(expression, "decant.toml says privilege = \"strict\".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Have the app do it: as its migration, which comes with a signed deploy, or"
                            + " at its start.");
        }
    }

    record ExpressionFailed(String host, String exitStatus, List<String> said)
            implements DeployProblem {
        @Override
        public String id() {
            return "expression-failed";
        }

        @Override
        public String what() {
            return "The expression failed on " + host + " with exit status " + exitStatus + ".";
        }

        @Override
        public List<String> why() {
            return said.isEmpty() ? List.of("It has said nothing.") : said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "It ran in a VM of its own, with the app's settings. Only the app's code was"
                            + " loaded: what needs the app to run has to start it first.");
        }
    }

    record ExpressionAtWork(String host, String release) implements DeployProblem {
        @Override
        public String id() {
            return "expression-at-work";
        }

        @Override
        public String what() {
            return "Another expression is at work in the release on " + host + ".";
        }

        @Override
        public List<String> why() {
            return List.of("One at a time runs in " + release + ".");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Try again when it has ended. On " + host + ":",
                    "systemctl list-units '*-eval@*'     what is at work, and since when",
                    "systemctl stop UNIT                 ends it");
        }
    }

    /// @param strategy its word
    record NoMaintenance(String strategy) implements DeployProblem {
        @Override
        public String id() {
            return "no-maintenance-page";
        }

        @Override
        public String what() {
            return "There is nothing here that could lead visitors to a page instead of the app.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    strategy.equals("socket")
                            ? "With the strategy \"socket\" the app itself accepts what comes to"
                                    + " the public ports."
                            : "There are no public ports: the world, or a balancer, connects to the"
                                    + " app itself.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Behind a balancer, have it answer 503 by itself.",
                    "With public ports and the strategy \"slots\", \"restart\", \"nginx\" or"
                            + " \"caddy\" the host can do so: docs/concepts/zero-downtime.md");
        }
    }

    /// @param setting of decant.toml, such as `seed`
    record NotDeployedWith(String host, String setting) implements DeployProblem {
        @Override
        public String id() {
            return "not-deployed-with-it";
        }

        @Override
        public String what() {
            return "What serves on " + host + " was deployed without '" + setting + "'.";
        }

        @Override
        public List<String> why() {
            return List.of("What runs is what the release was deployed with, on every host.");
        }

        @Override
        public List<String> next() {
            return List.of("decant deploy              brings the setting along");
        }
    }

    record NotThere(String host, String given, List<String> known) implements DeployProblem {
        @Override
        public String id() {
            return "release-not-on-host";
        }

        @Override
        public String what() {
            return host + " has never served a release '" + given + "' that it still keeps.";
        }

        @Override
        public List<String> why() {
            return List.of(
                    known.isEmpty() ? "It keeps none." : "It keeps: " + String.join(", ", known));
        }

        @Override
        public List<String> next() {
            String deploy = "decant deploy --release " + given + "   if it is on this machine";
            return known.isEmpty()
                    ? List.of(deploy)
                    : List.of("decant rollback ID         with one of these", deploy);
        }
    }

    /// @param meant at least two
    record SeveralMeant(String host, String given, List<String> meant) implements DeployProblem {
        @Override
        public String id() {
            return "release-ambiguous-on-host";
        }

        @Override
        public String what() {
            return "'" + given + "' could be any of several releases that " + host + " keeps.";
        }

        @Override
        public List<String> why() {
            return List.of("It stands in: " + String.join(", ", meant));
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant rollback ID         with more of the name, such as the time or the"
                            + " commit");
        }
    }

    // ---- seen while the old release serves

    record DamagedOnTheWay(String host, List<String> said) implements DeployProblem {
        @Override
        public String id() {
            return "damaged-on-the-way";
        }

        @Override
        public String what() {
            return "What arrived on " + host + " is not what was sent. It was thrown away.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Run the same command again. If it happens twice, suspect the host's memory or"
                            + " disk.");
        }
    }

    record DoesNotBoot(String host, String release, List<String> said) implements DeployProblem {
        @Override
        public String id() {
            return "preflight-failed";
        }

        @Override
        public String what() {
            return "The new release does not start on "
                    + host
                    + " with the settings it would have. What served before serves on.";
        }

        @Override
        public List<String> why() {
            // What Erlang adds behind the reason is the same again, unreadable.
            return said.stream()
                    .filter(line -> !line.isBlank())
                    .filter(line -> !line.matches("(\\{\"|)init terminating.*|Crash dump is .*"))
                    .filter(line -> !line.matches("\\s+\\((stdlib|elixir|mix) .*"))
                    .toList();
        }

        @Override
        public List<String> next() {
            return List.of(
                    "It was only asked to read its configuration: config/runtime.exs is where to"
                            + " look.",
                    "A variable that it wants belongs into [env], or its name into secrets, in"
                            + " decant.toml.");
        }
    }

    record MigrationFailed(String host, String expression, List<String> said)
            implements DeployProblem {
        @Override
        public String id() {
            return "migration-failed";
        }

        @Override
        public String what() {
            return "The migration failed on "
                    + host
                    + ". No host was switched: what served before serves on.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "Mend it and deploy again: " + expression + " runs again from the start.",
                    "What the database has taken by then stays; Decant never changes a schema"
                            + " back.");
        }
    }

    // ---- seen in switching

    record NeverHealthy(
            String host, String release, String reason, String nowServing, List<String> journal)
            implements DeployProblem {
        @Override
        public String id() {
            return "never-healthy";
        }

        @Override
        public String what() {
            return host + ": the new release did not get healthy. " + nowServing;
        }

        @Override
        public List<String> why() {
            List<String> lines =
                    new ArrayList<>(List.of("Release " + release + ": " + reason + "."));
            if (!journal.isEmpty()) {
                lines.add("It said last:");
                journal.forEach(line -> lines.add("  " + line));
            }
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant logs                has more of it",
                    "If it needs longer, or answers elsewhere: health.timeout and health.path in"
                            + " decant.toml.");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.WENT_BACK;
        }
    }

    /// @param when `before` or `after`
    record HookFailed(
            String host, String when, List<String> words, String reason, List<String> said)
            implements DeployProblem {
        @Override
        public String id() {
            return "balancer-command-failed";
        }

        @Override
        public String what() {
            return "The command that is to run "
                    + when
                    + " "
                    + host
                    + " is switched has failed"
                    + (when.equals("before")
                            ? "; the host was left as it is."
                            : ": the balancer may not know that it serves.");
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>(List.of(reason));
            said.forEach(line -> lines.add("  " + line));
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "balancer." + when + "  in decant.toml is:  " + String.join(" ", words),
                    when.equals("before")
                            ? "Run it by hand with DECANT_HOST=" + host + " to see why."
                            : "Run it by hand with DECANT_HOST="
                                    + host
                                    + " so that the host gets requests again.");
        }

        @Override
        public ExitStatus status() {
            return when.equals("before") ? ExitStatus.REFUSED : ExitStatus.INCOMPLETE;
        }
    }

    record DeployHookFailed(Moment moment, List<String> words, String reason, List<String> said)
            implements DeployProblem {
        @Override
        public String id() {
            return "hook-failed";
        }

        @Override
        public String what() {
            return "The hook "
                    + moment.word()
                    + " has failed"
                    + switch (moment) {
                        case BEFORE_DEPLOY -> "; no host was changed.";
                        case AFTER_UPLOAD -> "; no host was switched, and nothing has migrated.";
                        case AFTER_MIGRATE -> "; no host was switched, but a migration has run.";
                        case AFTER_DEPLOY -> ". The new release serves.";
                        case ON_FAILURE -> ".";
                    };
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>(List.of(reason));
            said.forEach(line -> lines.add("  " + line));
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "hooks." + moment.word() + "  in decant.toml is:  " + String.join(" ", words));
        }

        @Override
        public ExitStatus status() {
            return moment == Moment.AFTER_DEPLOY ? ExitStatus.INCOMPLETE : ExitStatus.REFUSED;
        }
    }

    record NothingServes(String host, String release, String reason, List<String> journal)
            implements DeployProblem {
        @Override
        public String id() {
            return "nothing-serves";
        }

        @Override
        public String what() {
            return host + " serves nothing: neither the new release nor the old one gets healthy.";
        }

        @Override
        public List<String> why() {
            List<String> lines =
                    new ArrayList<>(List.of("Release " + release + ": " + reason + "."));
            lines.addAll(journal);
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant logs -n 200         what the old one says",
                    "decant rollback ID         to any release that decant releases lists",
                    "What both depend on may be down: the database, the disk, the network.");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }

    record LostSight(String host, String release, List<String> said) implements DeployProblem {
        @Override
        public String id() {
            return "lost-sight";
        }

        @Override
        public String what() {
            return host
                    + " was lost from sight while it switched. It goes on by itself: to the new"
                    + " release, or back.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant status              as soon as it can be reached",
                    "decant deploy              settles the rest");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }

    /// @param doing what the host was at when it was asked last
    record StillSwitching(String host, String release, String doing) implements DeployProblem {
        @Override
        public String id() {
            return "still-switching";
        }

        @Override
        public String what() {
            return host
                    + " had begun to switch and goes on by itself: to the new release, or back.";
        }

        @Override
        public List<String> why() {
            return List.of(release + ": " + (doing.isEmpty() ? "it has only begun" : doing) + ".");
        }

        @Override
        public List<String> next() {
            return List.of("decant status              how it has ended");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INTERRUPTED;
        }
    }

    record MigrationGoesOn(String host) implements DeployProblem {
        @Override
        public String id() {
            return "migration-goes-on";
        }

        @Override
        public String what() {
            return "The migration had begun on " + host + ", and goes on there by itself.";
        }

        @Override
        public List<String> why() {
            return List.of("One that is cut off can leave a database half way.");
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant logs -f             what it does",
                    "decant deploy              once it has ended");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INTERRUPTED;
        }
    }

    /// The operator has ended it.
    ///
    /// @param begun hosts that had begun to switch, however that has ended
    /// @param unsettled those of which nobody knows how it ends
    /// @param mixed not all hosts serve the same, or maybe not
    record Stopped(int hosts, int begun, int unsettled, boolean mixed) implements DeployProblem {

        public static Stopped of(List<HostOutcome> outcomes) {
            int deployed = 0;
            int back = 0;
            int unsettled = 0;
            for (HostOutcome outcome : outcomes) {
                switch (outcome) {
                    case HostOutcome.Deployed _ -> deployed++;
                    case HostOutcome.WentBack _ -> back++;
                    case HostOutcome.InDoubt _ -> unsettled++;
                    case HostOutcome.Received _,
                            HostOutcome.Unchanged _,
                            HostOutcome.Untouched _ -> {
                        // It serves what it served.
                    }
                }
            }
            return new Stopped(
                    outcomes.size(),
                    deployed + back + unsettled,
                    unsettled,
                    deployed + unsettled > 0 && deployed < outcomes.size());
        }

        @Override
        public String id() {
            return "stopped";
        }

        @Override
        public String what() {
            return begun == 0
                    ? "Stopped. No host had begun to switch."
                    : "Stopped. "
                            + begun
                            + " of "
                            + hosts
                            + (hosts == 1 ? " host" : " hosts")
                            + " had begun to switch.";
        }

        @Override
        public List<String> why() {
            return List.of();
        }

        @Override
        public List<String> next() {
            List<String> next = new ArrayList<>();
            if (unsettled > 0) {
                next.add("decant status              until each host has ended");
                next.add("decant repair              where one was cut short");
            }
            if (mixed) {
                next.add("decant resume              does the rest");
                next.add("decant resume --back       takes all back to what they served before");
            } else {
                next.add("The same command again: what has arrived is not sent again.");
            }
            return next;
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INTERRUPTED;
        }
    }

    /// @param state of its service, as systemd says it
    record DidNotLast(String host, String release, String state) implements DeployProblem {
        @Override
        public String id() {
            return "did-not-last";
        }

        @Override
        public String what() {
            return host + " had switched, and does not serve the new release any more.";
        }

        @Override
        public List<String> why() {
            return List.of(release + " was healthy there; now the service is " + state + ".");
        }

        @Override
        public List<String> next() {
            return List.of("decant logs --hosts " + host + "        shows what it said");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.WENT_BACK;
        }
    }

    /// @param batch after which, from 1
    record CheckFailed(int batch, List<String> words, String reason, List<String> said)
            implements DeployProblem {
        @Override
        public String id() {
            return "check-failed";
        }

        @Override
        public String what() {
            return "The check after batch " + batch + " found the new release bad.";
        }

        @Override
        public List<String> why() {
            List<String> lines = new ArrayList<>(List.of(reason));
            said.forEach(line -> lines.add("  " + line));
            return lines;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "rollout.check  in decant.toml is:  " + String.join(" ", words),
                    "decant status              says what each host serves");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.WENT_BACK;
        }
    }

    record TakenBack(String host, String other) implements DeployProblem {
        @Override
        public String id() {
            return "taken-back";
        }

        @Override
        public String what() {
            return host + " had switched and was taken back, because " + other + " failed.";
        }

        @Override
        public List<String> why() {
            return List.of("All hosts are kept on one release.");
        }

        @Override
        public List<String> next() {
            return List.of("See " + other + ".");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.WENT_BACK;
        }
    }

    record CannotSettle(String host, List<String> said) implements DeployProblem {
        @Override
        public String id() {
            return "cannot-settle";
        }

        @Override
        public String what() {
            return "An earlier deploy to "
                    + host
                    + " was cut short, and what served before it cannot be put back.";
        }

        @Override
        public List<String> why() {
            return said;
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant status              what the host serves, if anything",
                    "decant logs -n 200         what that said last",
                    "decant rollback ID         to any release that decant releases lists");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }
}
