package dev.decant.source;

import dev.decant.config.SourceConfig.Format;
import dev.decant.problem.Failure;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the values out of a text.
///
/// Numbers, booleans and dates become text, of JSON and YAML as it is written there; what is null
/// is left out; a list is its JSON. What the readers of a format say of a mistake has a part of the
/// text in it, and is passed over for its place.
final class Formats {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final Pattern EARLIER = Pattern.compile("previously defined at line ([0-9]+)");

    private final String source;
    private final Contents.Document document;
    private final List<Contents.Entry> entries = new ArrayList<>();

    Formats(String source, Contents.Document document) {
        this.source = source;
        this.document = document;
    }

    /// @param source the word of its table
    /// @return in the order of the text, of TOML in that of its keys
    /// @throws Failure with [SourceProblem.Unreadable], with the place and without any of the text
    static List<Contents.Entry> entries(String source, Contents.Document document) {
        Formats formats = new Formats(source, document);
        switch (format(source, document)) {
            case DOTENV -> new DotenvReader(formats, document.text()).read();
            case JSON -> formats.json();
            case TOML -> formats.toml();
            case YAML -> new YamlReader(formats).read(document.text());
        }
        return formats.entries;
    }

    private static Format format(String source, Contents.Document document) {
        return document.format()
                .orElseThrow(
                        () ->
                                new Failure(
                                        new SourceProblem.Unreadable(
                                                source,
                                                document.name(),
                                                "its name does not end in .env, .json, .toml or"
                                                        + " .yaml, and no [files] has it")));
    }

    void add(List<String> path, String value) {
        entries.add(new Contents.Entry(path, value));
    }

    /// @param line from 1
    /// @param column from 1
    Failure wrong(int line, int column, String cause) {
        return new Failure(
                new SourceProblem.Unreadable(
                        source, document.name() + ":" + line + ":" + column, cause));
    }

    static List<String> join(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    // ---- JSON

    private void json() {
        try (JsonParser parser = JSON.createParser(document.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw wrong(1, 1, "is no JSON object: { \"NAME\": \"value\" }");
            }
            object(parser, List.of());
            if (parser.nextToken() != null) {
                throw wrong(
                        parser.currentTokenLocation().getLineNr(),
                        parser.currentTokenLocation().getColumnNr(),
                        "something follows the end of the object");
            }
        } catch (JacksonException e) {
            boolean twice = e.getOriginalMessage().startsWith("Duplicate");
            throw wrong(
                    e.getLocation().getLineNr(),
                    e.getLocation().getColumnNr(),
                    twice ? "a key of the same object is there already" : "is not JSON there");
        }
    }

    private void object(JsonParser parser, List<String> path) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            List<String> key = join(path, parser.currentName());
            switch (parser.nextToken()) {
                case START_OBJECT -> object(parser, key);
                case START_ARRAY -> add(key, list(parser));
                case VALUE_NULL -> {}
                default -> add(key, parser.getString());
            }
        }
    }

    private static String list(JsonParser parser) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            generator.copyCurrentStructureExact(parser);
        }
        return text.toString();
    }

    // ---- TOML

    private void toml() {
        TomlParseResult toml = Toml.parse(document.text());
        if (toml.hasErrors()) {
            TomlParseError first = toml.errors().getFirst();
            Matcher earlier = EARLIER.matcher(String.valueOf(first.getMessage()));
            throw wrong(
                    first.position().line(),
                    first.position().column(),
                    earlier.find()
                            ? "the key is there already, in line " + earlier.group(1)
                            : "is not TOML there");
        }
        table(toml, List.of());
    }

    private void table(TomlTable table, List<String> path) {
        table.keySet().stream()
                .sorted()
                .forEach(
                        key -> {
                            switch (table.get(List.of(key))) {
                                case TomlTable inner -> table(inner, join(path, key));
                                case TomlArray list ->
                                        add(join(path, key), JSON.writeValueAsString(plain(list)));
                                case null -> {}
                                case Object value -> add(join(path, key), value.toString());
                            }
                        });
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case TomlArray list -> list.toList().stream().map(Formats::plain).toList();
            case TomlTable table -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                table.keySet().stream()
                        .sorted()
                        .forEach(key -> map.put(key, plain(table.get(List.of(key)))));
                yield map;
            }
            case Long _, Double _, Boolean _ -> value;
            case null -> null;
            default -> value.toString();
        };
    }

    /// A list as the value of a variable.
    static String json(Object value) {
        return JSON.writeValueAsString(value);
    }
}
