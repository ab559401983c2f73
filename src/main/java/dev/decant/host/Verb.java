package dev.decant.host;

import dev.decant.io.Digest;
import dev.decant.release.Parcel;
import dev.decant.release.ReleaseId;
import dev.decant.secrets.Secret;
import dev.decant.systemd.EnvironmentFile;

import java.nio.charset.StandardCharsets;
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

    /// Takes the app's deploy lock on the host, for as long as the session lives.
    ///
    /// @param token letters and digits; a session that has the lock and was given the same token is
    ///   ended, since its connection is lost
    record Lock(String owner, String token) implements Verb {}

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

    record Progress(int deployment) implements Verb {}

    /// @param lines how many of the past
    record Logs(int lines, boolean follow) implements Verb {}

    /// Reads what only root can know.
    record Inspect() implements Verb {}

    /// Makes a deployment.
    ///
    /// @param environment text of an environment file
    /// @param settings `key=value` lines for the host program
    /// @param secrets all that the app is to have
    record Prepare(
            ReleaseId release,
            String by,
            String environment,
            String settings,
            List<SecretValue> secrets)
            implements Verb {}

    /// Makes a deployment of an earlier one's release and settings.
    ///
    /// @param back the next rollback is to go on from there
    record Repeat(int deployment, String by, boolean back) implements Verb {}

    record Preflight(int deployment) implements Verb {}

    record Migrate(int deployment, String expression) implements Verb {}

    record Activate(int deployment) implements Verb {}

    record Recover() implements Verb {}

    record Prune(int keep) implements Verb {}

    /// Makes the host ready; asked in a session of root.
    ///
    /// @param rehearse only say what would change
    /// @param signers lines that the host's allowed_signers is to have, among others
    record Setup(
            String deployUser,
            boolean rehearse,
            String service,
            String eval,
            String recover,
            String signers)
            implements Verb {}

    /// @param value empty to keep what the host has
    record SecretValue(String name, Optional<Secret> value) {
        /// What goes as payload, and what the word that says its size is counted from.
        String text() {
            return value.map(secret -> EnvironmentFile.assignment(name, secret.value())).orElse("");
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
            case Lock(String owner, String token) -> List.of(owner, token);
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
            case Progress(int deployment) -> List.of(Integer.toString(deployment));
            case Logs(int lines, boolean follow) ->
                    List.of(Integer.toString(lines), follow ? "yes" : "no");
            case Inspect() -> List.of();
            case Prepare prepare -> prepareWords(prepare);
            case Repeat(int deployment, String by, boolean back) ->
                    List.of(Integer.toString(deployment), by, back ? "back" : "again");
            case Preflight(int deployment) -> List.of(Integer.toString(deployment));
            case Migrate(int deployment, String expression) ->
                    List.of(Integer.toString(deployment), expression);
            case Activate(int deployment) -> List.of(Integer.toString(deployment));
            case Recover() -> List.of();
            case Prune(int keep) -> List.of(Integer.toString(keep));
            case Setup setup ->
                    List.of(
                            setup.deployUser(),
                            setup.rehearse() ? "rehearse" : "do",
                            bytes(setup.service()),
                            bytes(setup.eval()),
                            bytes(setup.recover()),
                            bytes(setup.signers()));
        };
    }

    private static List<String> prepareWords(Prepare prepare) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                prepare.release().value(),
                                prepare.by(),
                                bytes(prepare.environment()),
                                bytes(prepare.settings())));
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
