package dev.decant.release;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Package URLs (ECMA-427) of what is in a release, in canonical form.
///
/// What came from hex.pm or GitHub is named as of there. Applications are of the registered type
/// `otp`, which says where Erlang's and Elixir's own come from, as the security advisories of the
/// Erlang Ecosystem Foundation do; one from elsewhere says nothing, so that nobody takes it for a
/// public one.
final class Purl {

    private static final String ERLANG = "https://github.com/erlang/otp";
    private static final String ELIXIR = "https://github.com/elixir-lang/elixir";

    private static final Pattern GITHUB =
            Pattern.compile(
                    "(?i)(?:(?:https?|git|ssh)://)?(?:[^/@]*@)?(?:www\\.)?github\\.com(?::[0-9]+)?[:/]/?([^/]+)/([^/]+?)(?:\\.git)?/?");

    /// `user@host:path`, as scp has it; never with `//`.
    private static final Pattern SCP_LIKE = Pattern.compile("([^/:]+):(?!//)/?(.+)");

    private Purl() {}

    /// @return empty for a repository other than hex.pm's: a lock does not say where it is, and
    ///   without that the name would be hex.pm's
    static Optional<String> hex(Dependency.Hex hex) {
        String path = encoded(lower(hex.name())) + "@" + encoded(hex.version());
        if (hex.repo().equals(Dependency.Hex.PUBLIC_REPO)) {
            return Optional.of("pkg:hex/" + path);
        }
        String organisations = Dependency.Hex.PUBLIC_REPO + ":";
        return hex.repo().startsWith(organisations)
                ? Optional.of(
                        "pkg:hex/"
                                + encoded(lower(hex.repo().substring(organisations.length())))
                                + "/"
                                + path)
                : Optional.empty();
    }

    static String git(Dependency.Git git) {
        Matcher github = GITHUB.matcher(git.url());
        if (github.matches()) {
            return "pkg:github/%s/%s@%s"
                    .formatted(
                            encoded(lower(github.group(1))),
                            encoded(lower(github.group(2))),
                            git.revision());
        }
        String plain = "pkg:generic/" + encoded(git.app()) + "@" + git.revision();
        return location(git)
                .map(url -> plain + "?vcs_url=" + encoded("git+" + url + "@" + git.revision()))
                .orElse(plain);
    }

    /// Where a git repository is, as a URL; empty for a path on the machine that built.
    static Optional<String> location(Dependency.Git git) {
        Matcher scpLike = SCP_LIKE.matcher(git.url());
        String url =
                scpLike.matches() && !git.url().contains("://")
                        ? "ssh://" + scpLike.group(1) + "/" + scpLike.group(2)
                        : git.url();
        try {
            URI uri = new URI(url);
            return uri.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    static String erlang(String name, String version) {
        return otp(name, version, ERLANG);
    }

    static String elixir(String name, String version) {
        return otp(name, version, ELIXIR);
    }

    /// All of Erlang/OTP, as its own advisories name it.
    static String erlangOtp(String version) {
        return "pkg:github/erlang/otp@" + encoded("OTP-" + version);
    }

    static String application(Sbom.Application application) {
        return "pkg:otp/"
                + encoded(lower(application.name()))
                + "@"
                + encoded(application.version());
    }

    private static String otp(String name, String version, String repository) {
        return application(new Sbom.Application(name, version))
                + "?repository_url="
                + encoded(repository)
                + "&vcs_url="
                + encoded("git+" + repository + ".git");
    }

    /// All but letters, digits, `.-_~` and the colon as `%XX`, slashes too.
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || ".-_~:".indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return encoded.toString();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
