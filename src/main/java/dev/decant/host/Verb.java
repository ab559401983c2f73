package dev.decant.host;

import dev.decant.config.Privilege;
import dev.decant.io.Digest;
import dev.decant.release.Parcel;
import dev.decant.release.ReleaseId;
import dev.decant.secrets.Secret;
import dev.decant.systemd.EnvironmentFile;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What `decant-host` can be asked to do: the whole of what Decant ever runs on a host.
public sealed interface Verb {

    /// Reads what can be known without root.
    ///
    /// @param sonames shared libraries; the reply names those that are not there
    record Facts(List<String> sonames) implements Verb {}

    /// Takes the app's deploy lock on the host, for as long as the session lives and is heard of;
    /// asked again, it only keeps it.
    ///
    /// @param token letters and digits; a session that has the lock and was given the same token is
    ///   ended, since its connection is lost
    /// @param what a word such as `deploy`, for others to read
    record Lock(String owner, String token, String what) implements Verb {}

    /// Takes the lock away from whoever has it, and says who that was.
    record Unlock() implements Verb {}

    /// Asks what need not be sent; see [HostStore].
    ///
    /// @param known releases whose lists of files are known on this side
    record Store(List<ReleaseId> known) implements Verb {}

    /// Sends what the host lacks of a release and has it make, verify and name the release.
    ///
    /// @param base the release that it is made from
    /// @param offset bytes of the parcel that have arrived before
    record Receive(
            ReleaseId id, Digest manifest, Optional<ReleaseId> base, Parcel parcel, long offset)
            implements Verb {}

    /// Has the host fetch a parcel by itself, so that of [Receive] nothing is to be sent any more.
    ///
    /// @param bytes of the parcel
    /// @param url lets whoever has it read, for a while
    record Collect(Digest parcel, long bytes, URI url) implements Verb {
        @Override
        public String toString() {
            return "Collect[" + parcel + ", " + bytes + " bytes from " + url.getHost() + "]";
        }
    }

    /// Asks how an activation stands; the answer waits a moment for news.
    ///
    /// @param known the phase that is known already; empty for an answer at once
    record Progress(int deployment, String known) implements Verb {}

    /// Asks who has done what, and how it ended.
    ///
    /// @param lines the newest so many
    record History(int lines) implements Verb {}

    /// Asks for what the app has logged, each line of text a [LogEntry].
    ///
    /// @param lines how many of the past
    /// @param filter which
    record Logs(int lines, boolean follow, Filter filter) implements Verb {

        /// As journalctl(1) has it; empty for all.
        ///
        /// @param since a time
        /// @param until a time
        /// @param pattern a regular expression
        /// @param priority `emerg` to `debug`, or 0 to 7, and what is more urgent
        public record Filter(String since, String until, String pattern, String priority) {

            public static final Filter NONE = new Filter("", "", "", "");
        }
    }

    /// Asks what the app is started with; of secrets come no values.
    record Environment() implements Verb {}

    /// Reads what only root can know.
    ///
    /// @param salt for [HostSecrets], hexadecimal; empty for the names of secrets only
    record Inspect(String salt) implements Verb {}

    /// Makes a deployment.
    ///
    /// @param environment text of an environment file
    /// @param settings `key=value` lines for the host program
    /// @param signature of the [#order]; empty where nobody asks for it
    /// @param secrets all that the app is to have
    record Prepare(
            ReleaseId release,
            String by,
            String environment,
            String settings,
            String signature,
            List<SecretValue> secrets)
            implements Verb {

        /// All that the release is to run with, as text to be signed.
        ///
        /// @param manifest of the release
        public String order(Digest manifest) {
            StringBuilder order =
                    new StringBuilder("release " + release + " " + manifest.hex() + "\n");
            order.append("environment ").append(Digest.of(environment).hex()).append('\n');
            order.append("settings ").append(Digest.of(settings).hex()).append('\n');
            for (SecretValue secret : secrets) {
                order.append("secret ").append(secret.name()).append(' ');
                order.append(secret.value().isPresent() ? Digest.of(secret.text()).hex() : "kept");
                order.append('\n');
            }
            return order.toString();
        }

        public Prepare signed(String by) {
            return new Prepare(release, this.by, environment, settings, by, secrets);
        }
    }

    /// Makes a deployment of an earlier one's release and settings.
    record Repeat(int deployment, String by, As as) implements Verb {

        /// What it is called in the history, and where a rollback from it goes.
        public enum As {
            /// A rollback; the next one goes to what served before the earlier one.
            BACK,
            /// A rollback; the next one comes back to what serves now.
            AGAIN,
            /// A restart; a rollback goes to what served before the earlier one.
            RESTART,
            /// With its environment and secrets the release that serves; a rollback goes to what
            /// served before the earlier one, or to that where its release is another.
            ENVIRONMENT
        }
    }

    /// Has the release read its configuration, with the deployment's settings, as it would before
    /// it serves.
    record Preflight(int deployment) implements Verb {}

    /// Runs the migration that the deployment's settings name.
    record Migrate(int deployment) implements Verb {}

    /// Runs the expression that the deployment's settings name as its seed.
    record Seed(int deployment) implements Verb {}

    /// @param confirmWithin how long the release waits, once healthy, for [Confirm] before the host
    ///   goes back; 0 for not at all
    record Activate(int deployment, Duration confirmWithin) implements Verb {}

    /// Says that whoever had it activated can still reach the host; to be said over a new
    /// connection.
    record Confirm(int deployment) implements Verb {}

    /// Puts back what served, where an activation was cut short.
    record Recover() implements Verb {}

    /// Starts what was stopped, or has ended by itself, and waits until it is healthy.
    record Start() implements Verb {}

    /// Lets the app finish and end, until it or its machine is started again.
    record Stop() implements Verb {}

    /// Runs one expression in the release that serves, in a VM of its own.
    ///
    /// @param expression of Elixir, on one line
    record Evaluate(String expression) implements Verb {}

    /// Runs one expression in the VM that serves, reached as another Erlang node reaches it.
    ///
    /// @param expression of Elixir, on one line
    record Rpc(String expression) implements Verb {}

    /// Runs a program in the release that serves, as its expressions are run.
    ///
    /// @param command the program and its arguments, of any letters
    record Exec(List<String> command) implements Verb {

        public Exec {
            command = List.copyOf(command);
        }
    }

    /// Leads the public ports to a page that says so, or back to the app.
    ///
    /// @param by such as `alice@laptop`
    /// @param message for visitors, on one line; empty for a common one
    record Maintenance(boolean on, String by, String message) implements Verb {}

    /// Takes away deployments, and releases that none is of, but for the newest and what serves.
    ///
    /// @param keep how many releases
    record Prune(int keep) implements Verb {}

    /// Makes the host ready; asked in a session of root.
    ///
    /// @param by such as `alice@laptop`
    /// @param rehearse only say what would change
    record Setup(
            String deployUser, String by, boolean rehearse, Privilege privilege, HostFiles files)
            implements Verb {}

    /// Takes the app away from the host; asked in a session of root.
    ///
    /// @param rehearse only say what would go
    record Remove(boolean rehearse) implements Verb {}

    /// @param value empty to keep what the host has
    record SecretValue(String name, Optional<Secret> value) {
        /// What goes as payload, and what the word that says its size is counted from.
        String text() {
            return value.map(SecretValue::text).orElse("");
        }

        /// As the host keeps it: an assignment, or the file.
        static String text(Secret secret) {
            return secret.isFile()
                    ? secret.value()
                    : EnvironmentFile.assignment(secret.name(), secret.value());
        }
    }

    /// The word that the host program knows it by.
    default String name() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// What follows, a line each; none has a line end.
    default List<String> words() {
        return switch (this) {
            case Facts(List<String> sonames) -> sonames;
            case Lock(String owner, String token, String what) -> List.of(owner, token, what);
            case Unlock() -> List.of();
            case Store(List<ReleaseId> known) -> known.stream().map(ReleaseId::value).toList();
            case Receive receive ->
                    List.of(
                            receive.id().value(),
                            receive.manifest().hex(),
                            receive.base().map(ReleaseId::value).orElse("-"),
                            receive.parcel().compression().word(),
                            receive.parcel().digest().hex(),
                            Long.toString(receive.parcel().head()),
                            Long.toString(receive.offset()),
                            Long.toString(receive.parcel().size() - receive.offset()));
            case Collect(Digest parcel, long bytes, URI url) ->
                    List.of(parcel.hex(), Long.toString(bytes), url.toString());
            case Progress(int deployment, String known) ->
                    known.isEmpty()
                            ? List.of(Integer.toString(deployment))
                            : List.of(Integer.toString(deployment), known);
            case History(int lines) -> List.of(Integer.toString(lines));
            case Logs(int lines, boolean follow, Logs.Filter filter) ->
                    List.of(
                            Integer.toString(lines),
                            follow ? "yes" : "no",
                            filter.since(),
                            filter.until(),
                            filter.pattern(),
                            filter.priority());
            case Environment() -> List.of();
            case Inspect(String salt) -> salt.isEmpty() ? List.of() : List.of(salt);
            case Prepare prepare -> prepareWords(prepare);
            case Repeat(int deployment, String by, Repeat.As as) ->
                    List.of(Integer.toString(deployment), by, as.name().toLowerCase(Locale.ROOT));
            case Preflight(int deployment) -> List.of(Integer.toString(deployment));
            case Migrate(int deployment) -> List.of(Integer.toString(deployment));
            case Seed(int deployment) -> List.of(Integer.toString(deployment));
            case Activate(int deployment, Duration confirmWithin) ->
                    List.of(Integer.toString(deployment), Long.toString(confirmWithin.toSeconds()));
            case Confirm(int deployment) -> List.of(Integer.toString(deployment));
            case Recover(), Start(), Stop() -> List.of();
            case Evaluate(String expression) -> List.of(expression);
            case Rpc(String expression) -> List.of(expression);
            case Exec(List<String> command) ->
                    command.stream()
                            .map(word -> word.replace("\\", "\\\\").replace("\n", "\\n"))
                            .toList();
            case Maintenance(boolean on, String by, String message) ->
                    on ? List.of("on", by, message) : List.of("off", by);
            case Prune(int keep) -> List.of(Integer.toString(keep));
            case Setup setup -> setupWords(setup);
            case Remove(boolean rehearse) -> List.of(rehearse ? "rehearse" : "do");
        };
    }

    private static List<String> setupWords(Setup setup) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                setup.deployUser(),
                                setup.by(),
                                setup.rehearse() ? "rehearse" : "do",
                                setup.privilege().word()));
        setup.files().texts().forEach(text -> words.add(bytes(text)));
        return words;
    }

    private static List<String> prepareWords(Prepare prepare) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                prepare.release().value(),
                                prepare.by(),
                                bytes(prepare.environment()),
                                bytes(prepare.settings()),
                                bytes(prepare.signature())));
        for (SecretValue secret : prepare.secrets()) {
            words.add(
                    secret.name()
                            + ":"
                            + (secret.value().isPresent() ? bytes(secret.text()) : "-"));
        }
        return words;
    }

    private static String bytes(String text) {
        return Integer.toString(text.getBytes(StandardCharsets.UTF_8).length);
    }
}
