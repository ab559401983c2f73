package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.exec.Result;
import dev.decant.lab.LabHost;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A stand-in for the agent of AWS CodeDeploy on one host. The agent itself, and with it
/// `codedeploy-local`, is on no package registry, so that no test can have it. This does what its
/// version 1.8.1 was seen to do:
///
/// - The order of events, and that those before DownloadBundle run scripts of the revision that was
///   installed last, if there is one; that is noted at the end of Install, whatever comes after.
/// - An archive keeps owners and modes. Install first deletes what the deployment before has
///   installed, then copies `files`, then looks at `permissions` (of these `**` or a name one level
///   down, types, owner, group and mode).
/// - Scripts run in the agent's folder, without input, with umask 022, by `su` where `runas` says
///   so, with the agent's variables, and for `timeout` at most, after which their group is sent
///   TERM. One that leaves somebody who holds its outputs has failed; it is waited for for two
///   seconds, and not for the rest of its time.
/// - Five archives are kept.
///
/// What it does not: hooks of other names, `acls` and `context`, zip.
final class CodeDeployAgent {

    static final List<String> EVENTS =
            List.of(
                    "BeforeBlockTraffic",
                    "AfterBlockTraffic",
                    "ApplicationStop",
                    "DownloadBundle",
                    "BeforeInstall",
                    "Install",
                    "AfterInstall",
                    "ApplicationStart",
                    "ValidateService",
                    "BeforeAllowTraffic",
                    "AfterAllowTraffic");

    private static final int LOG_BYTES = 2048;

    private static final String HOME = "/opt/codedeploy-agent";
    private static final String PROGRAM = HOME + "/stand-in";

    private static final String ON_HOST =
            """
            set -u
            home=/opt/codedeploy-agent
            notes=$home/deployment-root/deployment-instructions
            verb=$1 group=$2 root=$home/deployment-root/$2/$3
            shift 3
            archive=$root/deployment-archive

            unpack() { # FILE
                rm -rf "$archive"
                mkdir -p "$archive" "$root/logs" "$notes"
                (umask 022 && tar -xpsf "$1" -C "$archive") || exit 1
                rm -f "$1"
                # Never the one that was installed last.
                ls -1dt "$home/deployment-root/$group"/* | tail -n +6 |
                    grep -vxF "$(cat "$notes/$group-last" 2>/dev/null)" | xargs -r rm -rf
            }

            copy() { # FROM TO BEHAVIOR
                if [ -e "$2" ] || [ -L "$2" ]; then
                    case $3 in
                    DISALLOW) echo "The deployment failed because a specified file already exists at this location: $2" && exit 1 ;;
                    RETAIN) return ;;
                    esac
                fi
                cp -P --preserve=mode,ownership,timestamps "$1" "$2" && printf 'f %s\\n' "$2" >>"$notes/$group-cleanup"
            }

            folder() { # PATH
                [ ! -d "$1" ] || return 0
                folder "$(dirname "$1")"
                mkdir "$1" && printf 'd %s\\n' "$1" >>"$notes/$group-cleanup"
            }

            # A line each on standard input: file SOURCE TO, or permission OBJECT PATTERN TYPES OWNER GROUP MODE.
            install() { # BEHAVIOR
                umask 022
                if [ -f "$notes/$group-cleanup" ]; then
                    sort -r -k 2 "$notes/$group-cleanup" | while read -r kind path; do
                        case $kind in
                        f) rm -f "$path" ;;
                        d) rmdir "$path" 2>/dev/null ;;
                        esac
                    done
                fi
                : >"$notes/$group-cleanup"
                while read -r what one two three owner its mode; do
                    case $what in
                    file)
                        from=$archive/${one#/}
                        [ -e "$from" ] || { echo "No such file or directory - $from" && exit 1; }
                        folder "${two%/}"
                        if [ -d "$from" ]; then
                            (cd "$from" && find . -mindepth 1 -type d) | while read -r each; do folder "${two%/}/${each#./}"; done
                            (cd "$from" && find . ! -type d) >"$root/copied"
                            while read -r each; do copy "$from/$each" "${two%/}/${each#./}" "$1"; done <"$root/copied"
                        else
                            copy "$from" "${two%/}/${from##*/}" "$1"
                        fi
                        ;;
                    permission)
                        sed 's/^. //' "$notes/$group-cleanup" | while read -r path; do
                            case $path in
                            "$one") [ -f "$path" ] || continue ;;
                            "${one%/}"/*)
                                below=${path#"${one%/}"/}
                                # shellcheck disable=SC2254
                                case $two in '**') ;; *) case $below in */*) continue ;; $two) ;; *) continue ;; esac ;; esac
                                ;;
                            *) continue ;;
                            esac
                            kind='file'
                            [ ! -d "$path" ] || kind=directory
                            case ,$three, in *,$kind,*) ;; *) continue ;; esac
                            [ "$owner" = - ] || chown "$owner" "$path" || exit 1
                            [ "$its" = - ] || chgrp "$its" "$path" || exit 1
                            [ "$mode" = - ] || chmod "$mode" "$path" || exit 1
                        done || exit 1
                        ;;
                    esac
                done
                printf '%s\\n' "$root" >"$notes/$group-last"
            }

            # Prints its exit status, then what goes into the log. Ends with what the agent reports: 1 missing, 2 not
            # executable, 3 timed out, 4 failed, 6 outputs left open.
            script() { # LOCATION TIMEOUT RUNAS|- NAME=VALUE…
                location=$1 seconds=$2 runas=$3
                shift 3
                [ -e "$archive/$location" ] || exit 1
                [ -x "$archive/$location" ] || chmod +x "$archive/$location" || exit 2
                work=$(mktemp -d)
                mkfifo "$work/out" "$work/err"
                printf 'Script - %s\\n' "$location" >"$work/log"
                sed -u 's/^/[stdout]/' <"$work/out" >>"$work/log" &
                out=$!
                sed -u 's/^/[stderr]/' <"$work/err" >>"$work/log" &
                err=$!
                cd "$home" && umask 022
                if [ "$runas" != - ]; then set -- "$@" su "$runas" -c "$archive/$location"; else set -- "$@" "$archive/$location"; fi
                timeout "$seconds" env "$@" </dev/null >"$work/out" 2>"$work/err"
                status=$?
                for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                    kill -0 "$out" 2>/dev/null || kill -0 "$err" 2>/dev/null || break
                    sleep 0.1
                done
                if kill -0 "$out" 2>/dev/null || kill -0 "$err" 2>/dev/null; then kill "$out" "$err"; open=1; fi
                echo "$status"
                cat "$work/log"
                cat "$work/log" >>"$root/logs/scripts.log"
                rm -rf "$work"
                [ "$status" -ne 124 ] || exit 3
                [ -z "${open:-}" ] || exit 6
                [ "$status" -eq 0 ] || exit 4
            }

            case $verb in
            last) sed 's,.*/,,' "$notes/$group-last" 2>/dev/null ;;
            appspec) cat "$archive/appspec.yml" ;;
            *) "$verb" "$@" ;;
            esac
            """;

    private final LabHost host;
    private final String application;
    private final String group;

    /// By their deployments.
    private final Map<String, Map<?, ?>> appspecs = new HashMap<>();

    /// What happens in between.
    interface Watcher {

        default void begins(String event) throws Exception {}

        default void ended(Ended event) throws Exception {}
    }

    /// @param code the agent's: 0 succeeded, 1 missing, 2 not executable, 3 timed out, 4 failed, 5
    ///   something else, 6 outputs left open
    /// @param log as much of its end as the agent reports
    record Ended(String event, int code, String script, String message, String log, String whole) {

        boolean succeeded() {
            return code == 0;
        }
    }

    /// @param runas empty for whom the agent is run by
    private record Hook(String location, int timeout, String runas) {}

    CodeDeployAgent(LabHost host, String application, String group)
            throws IOException, InterruptedException {
        this.host = host;
        this.application = application;
        this.group = group;
        Path program = Files.createTempFile("codedeploy", ".sh");
        try {
            Files.writeString(program, ON_HOST);
            Result copied = host.copy(program, PROGRAM);
            assertThat(copied.status()).as("" + copied.err()).isZero();
        } finally {
            Files.delete(program);
        }
    }

    /// Every event, until one fails.
    ///
    /// @return of each that there was something to do in, the failed one last
    List<Ended> deploy(String deployment, Path archive, Watcher watcher) throws Exception {
        List<Ended> all = new ArrayList<>();
        String last = on("last", "-").text().strip();
        for (String event : EVENTS) {
            watcher.begins(event);
            Ended ended =
                    switch (event) {
                        case "BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop" ->
                                last.isEmpty() ? nothing(event) : run(event, deployment, last);
                        case "DownloadBundle" -> download(deployment, archive);
                        case "Install" -> install(deployment);
                        default -> run(event, deployment, deployment);
                    };
            watcher.ended(ended);
            all.add(ended);
            if (!ended.succeeded()) {
                break;
            }
        }
        return all;
    }

    private Result on(String verb, String deployment, String... words) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("sh", PROGRAM, verb, group, deployment));
        all.addAll(List.of(words));
        return host.ssh(all.toArray(String[]::new));
    }

    private static Ended nothing(String event) {
        return new Ended(event, 0, "", "", "", "");
    }

    private static Ended wrong(String event, String message) {
        return new Ended(event, 5, "", message, "", "");
    }

    private Ended download(String deployment, Path archive) throws InterruptedException {
        Result copied = host.copy(archive, "/tmp/bundle.tgz");
        Result unpacked = on("unpack", deployment, "/tmp/bundle.tgz");
        return copied.ok() && unpacked.ok()
                ? nothing("DownloadBundle")
                : wrong("DownloadBundle", "" + copied.err() + unpacked.err());
    }

    private Ended install(String deployment) throws InterruptedException {
        Map<?, ?> appspec = appspec(deployment);
        StringBuilder lines = new StringBuilder();
        for (Map<?, ?> file : maps(appspec.get("files"))) {
            lines.append("file ").append(file.get("source")).append(' ');
            lines.append(file.get("destination")).append('\n');
        }
        for (Map<?, ?> each : maps(appspec.get("permissions"))) {
            lines.append("permission ").append(each.get("object")).append(' ');
            lines.append(word(each, "pattern", "**")).append(' ');
            Object types = each.get("type");
            lines.append(
                    types instanceof List<?> list
                            ? String.join(",", list.stream().map(Object::toString).toList())
                            : "file,directory");
            lines.append(' ').append(word(each, "owner", "-"));
            lines.append(' ').append(word(each, "group", "-"));
            lines.append(' ').append(word(each, "mode", "-")).append('\n');
        }
        Result installed =
                host.ssh(
                        "printf '%s' '"
                                + lines
                                + "' | sh "
                                + PROGRAM
                                + " install "
                                + group
                                + " "
                                + deployment
                                + " "
                                + word(appspec, "file_exists_behavior", "DISALLOW"));
        return installed.ok()
                ? nothing("Install")
                : wrong("Install", installed.text() + installed.err());
    }

    /// @param of the deployment whose scripts these are
    private Ended run(String event, String deployment, String of) throws InterruptedException {
        List<Hook> hooks;
        try {
            hooks = hooks(appspec(of), event);
        } catch (IllegalArgumentException e) {
            return wrong(event, "" + e.getMessage());
        }
        if (hooks.isEmpty()) {
            return nothing(event);
        }
        StringBuilder whole = new StringBuilder("LifecycleEvent - " + event + "\n");
        for (Hook hook : hooks) {
            Result result =
                    on(
                            "script",
                            of,
                            hook.location(),
                            "" + hook.timeout(),
                            hook.runas().isEmpty() ? "-" : hook.runas(),
                            "APPLICATION_NAME=" + application,
                            "DEPLOYMENT_ID=" + deployment,
                            "DEPLOYMENT_GROUP_NAME=" + group,
                            "DEPLOYMENT_GROUP_ID=00000000-0000-0000-0000-000000000000",
                            "LIFECYCLE_EVENT=" + event);
            result.out().stream().skip(1).forEach(line -> whole.append(line).append('\n'));
            if (!result.ok()) {
                String all = whole.toString();
                return new Ended(
                        event,
                        result.status(),
                        hook.location(),
                        message(hook, result),
                        tail(all),
                        all);
            }
        }
        String all = whole.toString();
        return new Ended(event, 0, "", "", tail(all), all);
    }

    private static String message(Hook hook, Result result) {
        String script = "Script at specified location: " + hook.location();
        String by = hook.runas().isEmpty() ? "" : " run as user " + hook.runas();
        return switch (result.status()) {
            case 1 -> "Script does not exist at specified location: " + hook.location();
            case 2 ->
                    "Unable to set script at specified location: "
                            + hook.location()
                            + " as executable";
            case 3 -> script + by + " failed to complete in " + hook.timeout() + " seconds";
            case 4 -> script + by + " failed with exit code " + result.out().getFirst();
            case 6 -> script + by + " failed to close STDOUT";
            default -> "" + result.err();
        };
    }

    /// The last lines that there is room for.
    private static String tail(String log) {
        StringBuilder tail = new StringBuilder();
        int room = LOG_BYTES;
        for (String line : log.lines().toList().reversed()) {
            room -= line.getBytes(StandardCharsets.UTF_8).length + 1;
            if (room <= 0) {
                break;
            }
            tail.insert(0, line + "\n");
        }
        return tail.toString();
    }

    // ---- appspec.yml

    private Map<?, ?> appspec(String deployment) throws InterruptedException {
        Map<?, ?> known = appspecs.get(deployment);
        if (known != null) {
            return known;
        }
        Object yaml =
                new Load(LoadSettings.builder().build())
                        .loadFromString(on("appspec", deployment).text());
        Map<?, ?> appspec = (Map<?, ?>) yaml;
        if (!Double.valueOf(0.0).equals(appspec.get("version"))
                || !"linux".equals(appspec.get("os"))) {
            throw new IllegalArgumentException("version: 0.0 and os: linux are wanted");
        }
        appspecs.put(deployment, appspec);
        return appspec;
    }

    private static List<Hook> hooks(Map<?, ?> appspec, String event) {
        if (!(appspec.get("hooks") instanceof Map<?, ?> all)) {
            return List.of();
        }
        for (Object name : all.keySet()) {
            if (!EVENTS.contains(name) || name.equals("DownloadBundle") || name.equals("Install")) {
                throw new IllegalArgumentException(
                        "appspec.yml file contains unknown lifecycle events: " + name);
            }
        }
        List<Hook> hooks = new ArrayList<>();
        int seconds = 0;
        for (Map<?, ?> each : maps(all.get(event))) {
            int timeout =
                    Optional.ofNullable(each.get("timeout"))
                            .map(text -> Integer.parseInt(text.toString()))
                            .orElse(3600);
            seconds += timeout;
            if (timeout <= 0 || seconds > 3600 || each.get("location") == null) {
                throw new IllegalArgumentException("a script of " + event + " is not allowed so");
            }
            hooks.add(new Hook(each.get("location").toString(), timeout, word(each, "runas", "")));
        }
        return hooks;
    }

    private static List<Map<?, ?>> maps(@Nullable Object list) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (list instanceof List<?> all) {
            all.forEach(each -> maps.add((Map<?, ?>) each));
        }
        return maps;
    }

    private static String word(Map<?, ?> map, String key, String otherwise) {
        return Optional.ofNullable(map.get(key)).map(Object::toString).orElse(otherwise);
    }
}
