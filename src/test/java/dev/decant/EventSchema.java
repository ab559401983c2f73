package dev.decant;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What `docs/reference/events.schema.json` promises of a stream of events.
public final class EventSchema {

    private static final String TEXT = text();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(TEXT, InputFormat.JSON);
    private static final JsonNode KNOWN = JsonMapper.shared().readTree(TEXT).path("$defs");

    private EventSchema() {}

    private static String text() {
        try {
            return Files.readString(Path.of("docs/reference/events.schema.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Each line is an event as it is documented, with nothing that is not; the last one, and no
    /// other, is the end.
    public static void mustFit(List<String> lines) {
        for (String line : lines) {
            assertThat(SCHEMA.validate(line, InputFormat.JSON)).as(line).isEmpty();
            JsonNode event = JsonMapper.shared().readTree(line);
            JsonNode known = KNOWN.path(event.path("event").asString()).path("properties");
            event.propertyNames().stream()
                    .filter(name -> !name.equals("event") && !name.equals("at"))
                    .forEach(name -> assertThat(known.has(name)).as("%s: %s", name, line).isTrue());
        }
        assertThat(lines.stream().filter(line -> line.contains("\"event\":\"ended\"")))
                .containsExactly(lines.getLast());
    }
}
