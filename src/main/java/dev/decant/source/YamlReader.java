package dev.decant.source;

import dev.decant.problem.Failure;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads YAML 1.2 without making numbers of what is written: `1.10` stays so, and so does `yes`.
final class YamlReader {

    private static final Set<Tag> PLAIN =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

    private static final String NUMBER = "[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,3})?";

    private final Formats formats;

    YamlReader(Formats formats) {
        this.formats = formats;
    }

    void read(String text) {
        try {
            Optional<Node> root =
                    new Compose(LoadSettings.builder().setSchema(new CoreSchema()).build())
                            .composeString(text);
            if (root.isEmpty()) {
                return;
            }
            if (!(root.get() instanceof MappingNode mapping)) {
                throw wrong(root.get(), "is no mapping: NAME: value");
            }
            mapping(mapping, List.of());
        } catch (MarkedYamlEngineException e) {
            throw at(
                    e.getProblemMark(),
                    "is not YAML there; what begins with one of * & ! % @ ` or has ': ' in it"
                            + " needs quotes");
        } catch (YamlEngineException e) {
            throw formats.wrong(1, 1, "is not YAML that can be read");
        }
    }

    private void mapping(MappingNode mapping, List<String> path) {
        for (Map.Entry<String, Node> each : checked(mapping).entrySet()) {
            List<String> key = Formats.join(path, each.getKey());
            switch (each.getValue()) {
                case MappingNode inner -> mapping(inner, key);
                case SequenceNode list -> formats.add(key, Formats.json(list(list)));
                case ScalarNode scalar when isNull(scalar) -> {}
                case ScalarNode scalar -> formats.add(key, text(scalar));
                default -> throw wrong(each.getValue(), "is no value");
            }
        }
    }

    /// What a mapping has, by its keys.
    private Map<String, Node> checked(MappingNode mapping) {
        refuseRecursion(mapping);
        Map<String, Node> all = new LinkedHashMap<>();
        Map<String, Node> keys = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(tuple.getKeyNode(), "is a key that is no text");
            }
            Node earlier = keys.putIfAbsent(key.getValue(), key);
            if (earlier != null) {
                throw wrong(
                        key,
                        "the key is there already, in line "
                                + earlier.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
            }
            all.put(key.getValue(), tuple.getValueNode());
        }
        return all;
    }

    private List<@Nullable Object> list(SequenceNode list) {
        refuseRecursion(list);
        List<@Nullable Object> all = new ArrayList<>();
        list.getValue().forEach(each -> all.add(plain(each)));
        return all;
    }

    private @Nullable Object plain(Node node) {
        return switch (node) {
            case SequenceNode list -> list(list);
            case MappingNode mapping -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                checked(mapping).forEach((key, value) -> map.put(key, plain(value)));
                yield map;
            }
            case ScalarNode scalar when isNull(scalar) -> null;
            case ScalarNode scalar -> plain(scalar);
            default -> throw wrong(node, "is no value");
        };
    }

    /// What JSON has as a number or boolean as such.
    private Object plain(ScalarNode scalar) {
        String text = text(scalar);
        if (scalar.getTag().equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        boolean number = scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT);
        return number && text.matches(NUMBER) ? new BigDecimal(text) : text;
    }

    private static boolean isNull(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.NULL);
    }

    private String text(ScalarNode scalar) {
        if (!PLAIN.contains(scalar.getTag())) {
            throw wrong(scalar, "has a tag; only plain values are read");
        }
        return scalar.getValue();
    }

    private void refuseRecursion(Node node) {
        if (node.isRecursive()) {
            throw wrong(node, "has itself in it");
        }
    }

    private Failure wrong(Node node, String cause) {
        return at(node.getStartMark(), cause);
    }

    private Failure at(Optional<Mark> mark, String cause) {
        return formats.wrong(
                mark.map(Mark::getLine).orElse(0) + 1,
                mark.map(Mark::getColumn).orElse(0) + 1,
                cause);
    }
}
