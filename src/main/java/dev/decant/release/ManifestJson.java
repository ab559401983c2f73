package dev.decant.release;

import com.fasterxml.jackson.annotation.JsonValue;

import dev.decant.io.Digest;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The manifest as JSON: two spaces, one field a line, names in snake case, digests as text. The
/// host program reads single lines of it.
final class ManifestJson {

    /// Text in JSON, a record of one component in Java.
    private interface AsText {
        @JsonValue
        String hex();
    }

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .addMixIn(Digest.class, AsText.class)
                    .build();

    private static final String NEEDED_BY = "needed_by";

    /// One that a later Decant has written: what else is in it, this one cannot know.
    static final class NewerFormat extends IOException {
        private static final long serialVersionUID = 1;

        NewerFormat(int format) {
            super(
                    "Its manifest is of format %d; this Decant reads format %d."
                            .formatted(format, Manifest.FORMAT));
        }
    }

    private ManifestJson() {}

    static byte[] write(Manifest manifest) {
        return (JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// @throws JacksonException or IOException if it is not a manifest, or [NewerFormat]
    static Manifest read(byte[] json) throws IOException {
        JsonNode tree = JSON.readTree(json);
        int format = tree.path("format").asInt(0);
        if (format > Manifest.FORMAT) {
            throw new NewerFormat(format);
        }
        // Releases of before it was kept are deployed again.
        if (tree.path("target") instanceof ObjectNode target && !target.has(NEEDED_BY)) {
            target.putObject(NEEDED_BY);
        }
        @Nullable Manifest manifest = JSON.treeToValue(tree, Manifest.class);
        if (manifest == null) {
            throw new IOException("There is null instead of a manifest.");
        }
        return manifest;
    }
}
