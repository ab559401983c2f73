package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.github.packageurl.PackageURL;

import dev.decant.Golden;
import dev.decant.io.Digest;

import org.cyclonedx.Version;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Property;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

class SbomGoldenTest {

    private static final String COMMIT = "1f3a9c2d4e5f60718293a4b5c6d7e8f901234567";
    private static final String REVISION = "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f";

    private static final List<Dependency> LOCKED =
            List.of(
                    hex("credo", "credo", "1.7.1", "hexpm", "bunt", "jason"),
                    hex("core", "acme_core", "0.3.0", "hexpm:acme"),
                    hex("decimal", "decimal", "2.1.1", "hexpm"),
                    git("heroicons", "https://github.com/tailwindlabs/heroicons.git"),
                    hex("inner", "inner", "1.0.0", "minirepo"),
                    hex("jason", "jason", "1.4.1", "hexpm", "decimal", "not_there"),
                    git("ledger", "git@git.example.com:money/ledger.git"),
                    new Dependency.Hex(
                            "old",
                            "old",
                            "0.0.2",
                            "hexpm",
                            Optional.empty(),
                            Optional.empty(),
                            List.of("jason", "decimal")),
                    new Dependency.Other("wiki", "fossil"));

    private static final List<Sbom.Application> LIB =
            List.of(
                            "shop_web-0.2.0",
                            "shop-0.2.0",
                            "core-0.3.0",
                            "crypto-5.1.2",
                            "decimal-2.1.1",
                            "eex-1.14.0",
                            "elixir-1.14.0",
                            "heroicons-2.2.0",
                            "inner-1.0.0",
                            "jason-1.4.1",
                            "kernel-8.5.3",
                            "ledger-0.9.0",
                            "logger-0.0.1",
                            "old-0.0.1",
                            "stdlib-4.2",
                            "wiki-3.0.0")
                    .stream()
                    .map(folder -> Sbom.Application.of(folder).orElseThrow())
                    .toList();

    private static final Sbom SBOM = sbom(LOCKED, LIB);

    private static Dependency.Hex hex(
            String app, String name, String version, String repo, String... needs) {
        return new Dependency.Hex(
                app,
                name,
                version,
                repo,
                Optional.of(Digest.of("inner " + name)),
                Optional.of(Digest.of("outer " + name)),
                List.of(needs));
    }

    private static Dependency.Git git(String app, String url) {
        return new Dependency.Git(
                app, url, REVISION, Optional.of("main"), Optional.empty(), Optional.empty());
    }

    private static Sbom sbom(List<Dependency> locked, List<Sbom.Application> lib) {
        return new Sbom("shop_web", "0.2.0", COMMIT, "1.14.0", "25.2.3", "13.1.5", locked, lib);
    }

    private static void assertValid(byte[] json) throws IOException, ParseException {
        assertThat(new JsonParser().validate(json, Version.VERSION_16)).isEmpty();
    }

    private static Component component(Bom bom, String name) {
        return bom.getComponents().stream()
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_bill_is_readable_json() {
        Golden.check(
                Golden.folder("release").resolve("sbom.json"),
                new String(SBOM.json(), StandardCharsets.UTF_8));
    }

    @Test
    void a_bill_is_what_cyclonedx_wants() throws IOException, ParseException {
        assertValid(SBOM.json());
        assertValid(sbom(List.of(), List.of()).json());
    }

    /// Else the test above would prove nothing.
    @ParameterizedTest
    @CsvSource({
        "\"platform\", \"planet\"",
        "urn:uuid:, urn:",
        "\"purl\", \"earl\"",
        "SHA-256, SHA-257",
        "https://repo, https//re po:",
    })
    void cyclonedx_finds_what_is_wrong(String right, String wrong) throws IOException {
        String json = new String(SBOM.json(), StandardCharsets.UTF_8);
        byte[] broken = json.replace(right, wrong).getBytes(StandardCharsets.UTF_8);

        assertThat(json).contains(right);
        assertThat(new JsonParser().validate(broken, Version.VERSION_16)).isNotEmpty();
    }

    @Test
    void other_tools_read_in_it_what_was_meant() throws ParseException {
        Bom bom = new JsonParser().parse(SBOM.json());

        Component app = bom.getMetadata().getComponent();
        assertThat(app.getName() + " " + app.getVersion()).isEqualTo("shop_web 0.2.0");
        assertThat(app.getProperties())
                .extracting(Property::getName, Property::getValue)
                .containsExactly(tuple("decant:commit", COMMIT));
        Component jason = component(bom, "jason");
        assertThat(jason.getPurl()).isEqualTo("pkg:hex/jason@1.4.1");
        assertThat(jason.getScope()).isEqualTo(Component.Scope.REQUIRED);
        assertThat(jason.getHashes())
                .singleElement()
                .satisfies(
                        hash -> {
                            assertThat(hash.getAlgorithm()).isEqualTo("SHA-256");
                            assertThat(hash.getValue()).isEqualTo(Digest.of("outer jason").hex());
                        });
        assertThat(component(bom, "ledger").getVersion()).isEqualTo(REVISION);
        assertThat(component(bom, "Erlang/OTP").getCpe())
                .isEqualTo("cpe:2.3:a:erlang:erlang\\/otp:25.2.3:*:*:*:*:*:*:*");
        assertThat(component(bom, "elixir").getPurl()).contains("elixir-lang");
    }

    @Test
    void every_part_has_a_package_url_that_others_can_read() throws Exception {
        Bom bom = new JsonParser().parse(SBOM.json());

        for (Component component : bom.getComponents()) {
            PackageURL purl = new PackageURL(component.getPurl());

            assertThat(purl.getType()).isIn("hex", "github", "generic", "otp");
            assertThat(purl.getVersion()).endsWith(component.getVersion());
        }
    }

    @Test
    void an_app_that_has_the_name_of_elixirs_but_another_version_is_not_elixirs()
            throws ParseException {
        Bom bom = new JsonParser().parse(SBOM.json());

        assertThat(component(bom, "eex").getPurl()).contains("elixir-lang");
        assertThat(component(bom, "logger").getPurl()).isEqualTo("pkg:otp/logger@0.0.1");
    }

    @Test
    void what_is_locked_but_not_in_the_release_is_not_in_the_bill() throws IOException {
        assertThat(Sbom.components(SBOM.json())).doesNotContainKeys("credo", "bunt", "not_there");
    }

    @Test
    void the_same_release_has_the_same_bill_in_whatever_order_it_is_found() {
        List<Dependency> locked = new ArrayList<>(LOCKED);
        List<Sbom.Application> lib = new ArrayList<>(LIB);
        Collections.reverse(locked);
        Collections.reverse(lib);
        lib.add(lib.getFirst());

        assertThat(sbom(locked, lib).json()).isEqualTo(SBOM.json());
    }

    @Test
    void another_release_has_another_serial_number() throws ParseException {
        Sbom other = sbom(LOCKED, LIB.subList(0, 5));

        assertThat(new JsonParser().parse(other.json()).getSerialNumber())
                .isNotEqualTo(new JsonParser().parse(SBOM.json()).getSerialNumber());
    }

    @Test
    void a_bill_can_be_read_back_for_comparing() throws IOException {
        assertThat(Sbom.components(SBOM.json()))
                .hasSize(LIB.size() + 1)
                .doesNotContainKey("shop_web")
                .containsEntry("Erlang/OTP", "25.2.3")
                .containsEntry("erts", "13.1.5")
                .containsEntry("jason", "1.4.1")
                .containsEntry("old", "0.0.2")
                .containsEntry("ledger", REVISION)
                .containsEntry("shop", "0.2.0");
    }

    @Test
    void two_versions_of_an_application_are_both_listed() throws Exception {
        byte[] json =
                sbom(
                                List.of(),
                                List.of(
                                        new Sbom.Application("a", "1"),
                                        new Sbom.Application("a", "2")))
                        .json();

        assertValid(json);
        assertThat(Sbom.components(json)).containsEntry("a", "1, 2");
    }

    @Test
    void what_is_no_bill_is_not_read() {
        for (String json : List.of("", "{", "null", "[]", "{}", "{\"bomFormat\": \"SPDX\"}")) {
            assertThatThrownBy(() -> Sbom.components(json.getBytes(StandardCharsets.UTF_8)))
                    .as(json)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_folder_of_lib_has_a_name_and_a_version() {
        assertThat(Sbom.Application.of("shop_web-1.0.0-rc.1"))
                .contains(new Sbom.Application("shop_web", "1.0.0-rc.1"));
        assertThat(Sbom.Application.of("shop")).isEmpty();
        assertThat(Sbom.Application.of("-1")).isEmpty();
        assertThat(Sbom.Application.of("shop-")).isEmpty();
    }
}
