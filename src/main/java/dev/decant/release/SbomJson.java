package dev.decant.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.decant.io.Digest;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// An [Sbom] as CycloneDX 1.6, two spaces, one field a line. The records are that format's.
final class SbomJson {

    private static final String FORMAT = "CycloneDX";

    /// No app has a name like this.
    private static final String ERLANG_OTP = "Erlang/OTP";

    private static final String ERTS = "erts";

    /// The applications of Erlang/OTP since 21, those that have left it meanwhile included.
    private static final Set<String> OF_ERLANG =
            Set.of(
                    "asn1",
                    "common_test",
                    "compiler",
                    "crypto",
                    "debugger",
                    "dialyzer",
                    "diameter",
                    "edoc",
                    "eldap",
                    "erl_docgen",
                    "erl_interface",
                    "et",
                    "eunit",
                    "ftp",
                    "hipe",
                    "inets",
                    "jinterface",
                    "kernel",
                    "megaco",
                    "mnesia",
                    "observer",
                    "odbc",
                    "os_mon",
                    "otp_mibs",
                    "parsetools",
                    "public_key",
                    "reltool",
                    "runtime_tools",
                    "sasl",
                    "snmp",
                    "ssh",
                    "ssl",
                    "stdlib",
                    "syntax_tools",
                    "tftp",
                    "tools",
                    "wx",
                    "xmerl");

    private static final Set<String> OF_ELIXIR =
            Set.of("eex", "elixir", "ex_unit", "iex", "logger", "mix");

    private record Bom(
            @JsonProperty("$schema") String schema,
            String bomFormat,
            String specVersion,
            Optional<String> serialNumber,
            int version,
            Metadata metadata,
            List<Component> components,
            List<Needs> dependencies) {}

    private record Metadata(List<Phase> lifecycles, Tools tools, Component component) {}

    private record Phase(String phase) {}

    private record Tools(List<Tool> components) {}

    private record Tool(String type, String name) {}

    private record Component(
            String type,
            @JsonProperty("bom-ref") String ref,
            String name,
            String version,
            Optional<String> scope,
            List<Hash> hashes,
            Optional<String> cpe,
            Optional<String> purl,
            List<Reference> externalReferences,
            List<Property> properties) {}

    private record Hash(String alg, String content) {}

    private record Reference(String type, String url) {}

    private record Property(String name, String value) {}

    private record Needs(String ref, List<String> dependsOn) {}

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .changeDefaultPropertyInclusion(
                            all -> all.withValueInclusion(JsonInclude.Include.NON_EMPTY))
                    .build();

    private final Sbom sbom;
    private final Map<String, Dependency> locked = new HashMap<>();

    private SbomJson(Sbom sbom) {
        this.sbom = sbom;
        sbom.dependencies().forEach(dependency -> locked.put(dependency.app(), dependency));
    }

    static byte[] write(Sbom sbom) {
        SbomJson json = new SbomJson(sbom);
        byte[] unnumbered = bytes(json.bom(Optional.empty()));
        return bytes(json.bom(Optional.of("urn:uuid:" + UUID.nameUUIDFromBytes(unnumbered))));
    }

    static SortedMap<String, String> components(byte[] json) throws IOException {
        JsonNode bom;
        try {
            bom = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new IOException("It is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!bom.path("bomFormat").asString("").equals(FORMAT)) {
            throw new IOException("It is not " + FORMAT + ".");
        }
        SortedMap<String, String> versions = new TreeMap<>();
        for (JsonNode component : bom.path("components")) {
            versions.merge(
                    component.path("name").asString(""),
                    component.path("version").asString(""),
                    (one, other) -> one + ", " + other);
        }
        return versions;
    }

    private static byte[] bytes(Bom bom) {
        return (JSON.writeValueAsString(bom) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private Bom bom(Optional<String> serialNumber) {
        List<Component> components = new ArrayList<>();
        if (!sbom.erts().isEmpty()) {
            components.add(erlangOtp());
            components.add(erts());
        }
        List<Needs> needs = new ArrayList<>();
        for (Sbom.Application application : shipped()) {
            components.add(component(application));
            if (locked.get(application.name()) instanceof Dependency.Hex hex) {
                needs.add(new Needs(application.folder(), refs(hex.needs())));
            }
        }
        components.sort(Comparator.comparing(Component::name).thenComparing(Component::ref));
        return new Bom(
                "http://cyclonedx.org/schema/bom-1.6.schema.json",
                FORMAT,
                "1.6",
                serialNumber,
                1,
                new Metadata(
                        List.of(new Phase("build")),
                        new Tools(List.of(new Tool("application", "decant"))),
                        app()),
                components,
                needs);
    }

    /// All but the app itself. Erlang's own `lib` has the runtime too, a release's has not.
    private List<Sbom.Application> shipped() {
        return sbom.applications().stream()
                .filter(application -> !application.name().equals(sbom.app()))
                .filter(application -> !application.name().equals(ERTS))
                .toList();
    }

    private List<String> refs(List<String> apps) {
        return shipped().stream()
                .filter(application -> apps.contains(application.name()))
                .map(Sbom.Application::folder)
                .toList();
    }

    private Component app() {
        Optional<Sbom.Application> own =
                sbom.applications().stream()
                        .filter(application -> application.name().equals(sbom.app()))
                        .findFirst();
        return new Component(
                "application",
                sbom.app() + "-" + sbom.version(),
                sbom.app(),
                sbom.version(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                own.map(Purl::application),
                List.of(),
                List.of(new Property("decant:commit", sbom.commit())));
    }

    private Component erlangOtp() {
        return part(
                "platform",
                new Sbom.Application(ERLANG_OTP, sbom.otp()),
                Optional.of(Purl.erlangOtp(sbom.otp())),
                Optional.of(cpe("erlang", "erlang\\/otp", sbom.otp())));
    }

    private Component erts() {
        return part(
                "platform",
                new Sbom.Application(ERTS, sbom.erts()),
                Optional.of(Purl.erlang(ERTS, sbom.erts())),
                Optional.empty());
    }

    private Component component(Sbom.Application application) {
        String name = application.name();
        String version = application.version();
        return switch (locked.get(name)) {
            case Dependency.Hex hex -> hex(hex, application);
            case Dependency.Git git -> git(git, application);
            case Dependency.Other _ -> elsewhere(application);
            case null -> {
                if (OF_ELIXIR.contains(name) && version.equals(sbom.elixir())) {
                    yield part(
                            "library",
                            application,
                            Optional.of(Purl.elixir(name, version)),
                            name.equals("elixir")
                                    ? Optional.of(cpe("elixir-lang", "elixir", version))
                                    : Optional.empty());
                }
                yield OF_ERLANG.contains(name)
                        ? part(
                                "library",
                                application,
                                Optional.of(Purl.erlang(name, version)),
                                Optional.empty())
                        : elsewhere(application);
            }
        };
    }

    private static Component hex(Dependency.Hex hex, Sbom.Application application) {
        List<Property> properties = new ArrayList<>();
        if (!hex.repo().equals(Dependency.Hex.PUBLIC_REPO)) {
            properties.add(new Property("decant:hex-repo", hex.repo()));
        }
        if (!hex.version().equals(application.version())) {
            properties.add(vsn(application));
        }
        return new Component(
                "library",
                application.folder(),
                hex.app(),
                hex.version(),
                Optional.of("required"),
                hex.outer().map(Digest::hex).map(sum -> new Hash("SHA-256", sum)).stream().toList(),
                Optional.empty(),
                Purl.hex(hex).or(() -> Optional.of(Purl.application(application))),
                hex.repo().equals(Dependency.Hex.PUBLIC_REPO)
                        ? List.of(
                                new Reference(
                                        "distribution",
                                        "https://repo.hex.pm/tarballs/%s-%s.tar"
                                                .formatted(hex.name(), hex.version())))
                        : List.of(),
                properties);
    }

    private static Component git(Dependency.Git git, Sbom.Application application) {
        return new Component(
                "library",
                application.folder(),
                git.app(),
                git.revision(),
                Optional.of("required"),
                List.of(),
                Optional.empty(),
                Optional.of(Purl.git(git)),
                Purl.location(git).map(url -> new Reference("vcs", url)).stream().toList(),
                List.of(vsn(application)));
    }

    /// From a path, an app of the same umbrella, or from where only an extension of Mix knows.
    private static Component elsewhere(Sbom.Application application) {
        return part(
                "library",
                application,
                Optional.of(Purl.application(application)),
                Optional.empty());
    }

    private static Component part(
            String type,
            Sbom.Application application,
            Optional<String> purl,
            Optional<String> cpe) {
        return new Component(
                type,
                application.folder(),
                application.name(),
                application.version(),
                Optional.of("required"),
                List.of(),
                cpe,
                purl,
                List.of(),
                List.of());
    }

    private static Property vsn(Sbom.Application application) {
        return new Property("decant:vsn", application.version());
    }

    /// What the National Vulnerability Database looks for.
    private static String cpe(String vendor, String product, String version) {
        return "cpe:2.3:a:%s:%s:%s:*:*:*:*:*:*:*"
                .formatted(vendor, product, version.replaceAll("[^A-Za-z0-9._-]", "\\\\$0"));
    }
}
