package dev.decant.source;

import dev.decant.config.FileConfig;
import dev.decant.config.SourceConfig;
import dev.decant.problem.Failure;
import dev.decant.secrets.Secret;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The text of a file that the app reads, as a secret with a file's name.
final class AppFile {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String SSM = "ssm";

    private AppFile() {}

    /// One of this machine. What it is to be it is: a deploy would find out when the old release
    /// has been told to go.
    ///
    /// @throws Failure with a [SourceProblem]
    static Secret read(FileConfig file, Path path) {
        String shown = shown(file);
        String text;
        try {
            text = Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new Failure(
                    new SourceProblem.Unreadable(
                            shown, path.toString(), "it is not UTF-8; put it into base64"));
        } catch (IOException e) {
            throw new Failure(new SourceProblem.NoAnswer(shown, path.toString(), cause(e)));
        }
        file.format()
                .ifPresent(
                        format ->
                                Formats.entries(
                                        shown,
                                        new Contents.Document(path.toString(), format, text)));
        return new Secret(file.name(), text);
    }

    private static String shown(FileConfig file) {
        return "[files.\"" + file.name() + "\"]";
    }

    private static String cause(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is no such file"
                : String.valueOf(e.getMessage());
    }

    /// What a source has under the file's very name, encrypted or not.
    static Optional<Contents.Document> itself(FileConfig file, Contents contents) {
        return contents instanceof Contents.Documents(List<Contents.Document> documents, var _)
                ? documents.stream()
                        .filter(
                                each ->
                                        each.name()
                                                .replaceFirst("[.]age$", "")
                                                .replaceFirst(".*/", "")
                                                .equals(file.name()))
                        .findFirst()
                : Optional.empty();
    }

    /// As it is.
    static Secret of(FileConfig file, Contents.Document document) {
        if (document.format().isPresent()) {
            Formats.entries(shown(file), document);
        }
        return new Secret(file.name(), document.text());
    }

    /// What a source has, in the order of its keys.
    static Secret of(FileConfig file, SourceConfig source, Contents contents) {
        Map<String, Contents.Entry> byKey = new LinkedHashMap<>();
        for (Contents.Entry entry : entries(source, contents)) {
            if (source.only().isEmpty() || source.only().contains(Sources.variable(entry.key()))) {
                byKey.put(entry.key(), entry);
            }
        }
        List<Contents.Entry> entries = List.copyOf(byKey.values());
        return new Secret(
                file.name(),
                switch (file.format().orElseThrow()) {
                    case JSON ->
                            JSON.writeValueAsString(
                                            source.word().equals(SSM)
                                                    ? parameters(entries)
                                                    : tree(source, entries))
                                    + "\n";
                    case TOML -> toml(tree(source, entries));
                    case YAML ->
                            new Dump(
                                            DumpSettings.builder()
                                                    .setDefaultFlowStyle(FlowStyle.BLOCK)
                                                    .build())
                                    .dumpToString(tree(source, entries));
                    case DOTENV -> throw new IllegalArgumentException(file.name());
                });
    }

    /// The later goes before the earlier.
    private static List<Contents.Entry> entries(SourceConfig source, Contents contents) {
        return switch (contents) {
            case Contents.Entries found -> found.entries();
            case Contents.Layers found ->
                    found.layers().stream().flatMap(layer -> layer.entries().stream()).toList();
            case Contents.Documents found ->
                    Stream.concat(
                                    found.documents().stream()
                                            .flatMap(
                                                    each ->
                                                            Formats.entries(source.word(), each)
                                                                    .stream()),
                                    found.variables().stream())
                            .toList();
        };
    }

    /// As Parameter Store's own answer is, which config providers for it read.
    private static Map<String, Object> parameters(List<Contents.Entry> entries) {
        List<Map<String, String>> parameters = new ArrayList<>();
        for (Contents.Entry entry : entries) {
            Map<String, String> parameter = new LinkedHashMap<>();
            parameter.put("Name", entry.key());
            parameter.put("Type", "SecureString");
            parameter.put("Value", entry.value());
            parameters.add(parameter);
        }
        return Map.of("Parameters", parameters);
    }

    /// Parts of keys become tables within tables.
    private static SortedMap<String, Object> tree(
            SourceConfig source, List<Contents.Entry> entries) {
        SortedMap<String, Object> tree = new TreeMap<>();
        for (Contents.Entry entry : entries) {
            SortedMap<String, Object> table = tree;
            for (String part : entry.path().subList(0, entry.path().size() - 1)) {
                if (!(table.computeIfAbsent(part, _ -> new TreeMap<String, Object>())
                        instanceof SortedMap<?, ?> inner)) {
                    throw both(source, entry);
                }
                table = asTable(inner);
            }
            if (table.put(entry.path().getLast(), entry.value()) instanceof SortedMap<?, ?>) {
                throw both(source, entry);
            }
        }
        return tree;
    }

    @SuppressWarnings("unchecked")
    private static SortedMap<String, Object> asTable(SortedMap<?, ?> table) {
        return (SortedMap<String, Object>) table;
    }

    private static Failure both(SourceConfig source, Contents.Entry entry) {
        return new Failure(
                new SourceProblem.Unreadable(
                        source.word(),
                        entry.key(),
                        "one key is a value, and the beginning of another as well: a file cannot"
                                + " have both"));
    }

    /// Tables within tables are written inline. A JSON text in quotes is one of TOML as well.
    private static String toml(SortedMap<String, Object> tree) {
        return tree.entrySet().stream()
                .map(each -> quoted(each.getKey()) + " = " + value(each.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String value(Object value) {
        return value instanceof SortedMap<?, ?> table
                ? asTable(table).entrySet().stream()
                        .map(each -> quoted(each.getKey()) + " = " + value(each.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"))
                : quoted(value.toString());
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text).replace("\u007f", "\\u007f");
    }
}
