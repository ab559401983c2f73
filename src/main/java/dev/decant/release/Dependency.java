package dev.decant.release;

import dev.decant.io.Digest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an app is built with, as its mix.lock pins it.
///
/// Every text in it can be printed: it has no control characters. What a record cannot hold, its
/// constructor refuses with an [IllegalArgumentException] that is a sentence.
public sealed interface Dependency {

    /// The OTP application, such as `jason`; what Mix knows it by, and unique in a lock.
    String app();

    /// The one exact thing that is fetched: Hex's version or git's revision; empty where only Mix
    /// can tell.
    Optional<String> locked();

    /// A package of a Hex repository.
    ///
    /// @param name of the package; mostly the app's
    /// @param version such as `1.4.1`
    /// @param repo `hexpm`, `hexpm:ORGANISATION` or another that Mix was told of
    /// @param inner SHA-256 of the package's contents; old, and nothing checks it any more
    /// @param outer SHA-256 of the package as it is downloaded; absent in old locks
    /// @param needs the apps that it says it needs, sorted; some may be optional and not be there
    /// @param optional those of them that it can do without
    record Hex(
            String app,
            String name,
            String version,
            String repo,
            Optional<Digest> inner,
            Optional<Digest> outer,
            List<String> needs,
            List<String> optional)
            implements Dependency {

        /// The repository that Mix asks when it is not told of another.
        public static final String PUBLIC_REPO = "hexpm";

        public Hex {
            Shape.APP.check(app);
            Shape.PACKAGE.check(name);
            Shape.VERSION.check(version);
            Shape.REPO.check(repo);
            needs.forEach(Shape.APP::check);
            needs = needs.stream().distinct().sorted().toList();
            optional = optional.stream().distinct().sorted().toList();
        }

        /// One that can do without nothing that it needs.
        public Hex(
                String app,
                String name,
                String version,
                String repo,
                Optional<Digest> inner,
                Optional<Digest> outer,
                List<String> needs) {
            this(app, name, version, repo, inner, outer, needs, List.of());
        }

        @Override
        public Optional<String> locked() {
            return Optional.of(version);
        }
    }

    /// A git repository.
    ///
    /// @param url as git takes it, but without a password, and over HTTP without a user: a lock can
    ///   have a token there, and this is printed and sent on
    /// @param revision 40 lower-case hexadecimal digits, or 64 in a repository with SHA-256
    /// @param branch what mix.exs asks for, as are `ref` and `tag`; mostly one at most
    record Git(
            String app,
            String url,
            String revision,
            Optional<String> branch,
            Optional<String> ref,
            Optional<String> tag)
            implements Dependency {

        private static final Pattern HTTP_USER = Pattern.compile("^(?i)(https?://)[^/?#]*@");
        private static final Pattern PASSWORD =
                Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://[^/?#:@]*):[^/?#]*@");

        public Git {
            Shape.APP.check(app);
            Shape.URL.check(url);
            url = HTTP_USER.matcher(url).replaceFirst("$1");
            url = PASSWORD.matcher(url).replaceFirst("$1@");
            Shape.REVISION.check(revision);
            branch.ifPresent(Shape.REFERENCE::check);
            ref.ifPresent(Shape.REFERENCE::check);
            tag.ifPresent(Shape.REFERENCE::check);
        }

        @Override
        public Optional<String> locked() {
            return Optional.of(revision);
        }
    }

    /// From somewhere that an extension of Mix knows.
    ///
    /// @param kind the first word of its entry, such as `svn`
    record Other(String app, String kind) implements Dependency {

        public Other {
            Shape.APP.check(app);
            Shape.KIND.check(kind);
        }

        @Override
        public Optional<String> locked() {
            return Optional.empty();
        }
    }
}
