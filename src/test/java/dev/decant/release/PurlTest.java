package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class PurlTest {

    private static final String REVISION = "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f";

    private static Optional<String> hex(String name, String version, String repo) {
        return Purl.hex(
                new Dependency.Hex(
                        "app", name, version, repo, Optional.empty(), Optional.empty(), List.of()));
    }

    private static Dependency.Git git(String url) {
        return new Dependency.Git(
                "app", url, REVISION, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void packages_of_hex_are_named_with_their_organisation() {
        assertThat(hex("jason", "1.4.1", "hexpm")).contains("pkg:hex/jason@1.4.1");
        assertThat(hex("foo", "2.3.0+b.1", "hexpm:Acme")).contains("pkg:hex/acme/foo@2.3.0%2Bb.1");
    }

    @Test
    void packages_of_another_hex_repository_are_not_taken_for_those_of_hex_pm() {
        assertThat(hex("jason", "1.4.1", "acme")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://github.com/Owner/My.Repo.git",
                "https://github.com/owner/my.repo",
                "https://github.com/owner/my.repo/",
                "https://www.GitHub.com/owner/my.repo.git",
                "git://github.com/owner/my.repo.git",
                "ssh://git@github.com/owner/my.repo.git",
                "ssh://git@github.com:22/owner/my.repo.git",
                "git@github.com:owner/my.repo.git",
                "git@github.com:/owner/my.repo.git",
            })
    void what_is_at_github_is_named_as_of_github(String url) {
        assertThat(Purl.git(git(url))).isEqualTo("pkg:github/owner/my.repo@" + REVISION);
    }

    @ParameterizedTest
    @CsvSource({
        "https://git.example.com/a/b.git, https://git.example.com/a/b.git",
        "https://example.com/github.com/a/b.git, https://example.com/github.com/a/b.git",
        "https://notgithub.com/a/b, https://notgithub.com/a/b",
        "https://github.com.example.com/a/b, https://github.com.example.com/a/b",
        "git@example.com:a/b.git, ssh://git@example.com/a/b.git",
        "ssh://git@example.com:2222/a/b.git, ssh://git@example.com:2222/a/b.git",
    })
    void what_is_elsewhere_is_named_with_its_url(String url, String location)
            throws MalformedPackageURLException {
        PackageURL purl = new PackageURL(Purl.git(git(url)));

        assertThat(purl.getType()).isEqualTo("generic");
        assertThat(purl.getName()).isEqualTo("app");
        assertThat(purl.getVersion()).isEqualTo(REVISION);
        assertThat(purl.getQualifiers())
                .containsExactly(entry("vcs_url", "git+" + location + "@" + REVISION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "/srv/git/a b.git", "file:///srv/a.git", "https://exa mple/a"})
    void a_path_of_this_machine_is_named_nowhere(String url) {
        assertThat(Purl.location(git(url))).isEmpty();
        assertThat(Purl.git(git(url))).isEqualTo("pkg:generic/app@" + REVISION);
    }

    /// The example of the registered type, in canonical form.
    @Test
    void applications_of_erlang_say_where_they_are_from() {
        assertThat(Purl.erlang("stdlib", "3.11.2"))
                .isEqualTo(
                        "pkg:otp/stdlib@3.11.2?repository_url=https:%2F%2Fgithub.com%2Ferlang%2Fotp"
                                + "&vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Ferlang%2Fotp.git");
        assertThat(Purl.erlangOtp("25.2.3")).isEqualTo("pkg:github/erlang/otp@OTP-25.2.3");
    }

    @Test
    void an_application_of_ones_own_says_nothing() {
        assertThat(Purl.application(new Sbom.Application("Shop_é", "0.1.0-dev+1")))
                .isEqualTo("pkg:otp/shop_%C3%A9@0.1.0-dev%2B1");
    }
}
