package dev.decant.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.Configs;
import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.source.Sources;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// systemd itself is asked what is in a file: some that are written here, and others that anybody
/// may have written.
@Tag("lab")
class EnvironmentFileLabTest {

    private static final int FILES = 150;
    private static final int SECRETS = 25;

    @TempDir private Path folder = Path.of("");

    /// A unit for each file; what it is started with, or nothing where it is not, in a line of
    /// base64. The first file is empty: what is there anyway.
    private static final String ASK =
            """
            mkdir -p /run/files /run/seen
            printf '%s\\n' '[Service]' Type=oneshot EnvironmentFile=/run/files/%i \\
                'ExecStart=/usr/bin/env -0' StandardOutput=file:/run/seen/%i >/run/systemd/system/ask@.service
            systemctl daemon-reload
            n=1000
            while read -r file; do
                echo "$file" | base64 -d >/run/files/$n
                n=$((n + 1))
            done
            systemctl start $(cd /run/files && printf 'ask@%s.service ' *) 2>/dev/null
            cd /run/seen
            for file in /run/files/*; do
                if [ -s "${file##*/}" ]; then base64 -w0 <"${file##*/}"; else printf -- -; fi
                echo
            done
            """;

    @ParameterizedTest
    @EnumSource(
            value = Suite.class,
            names = {"BULLSEYE", "BOOKWORM", "TRIXIE"})
    void systemd_reads_what_is_read_here(Suite suite) throws Exception {
        List<byte[]> files = new ArrayList<>(List.of(new byte[0]));
        for (int seed = 0; seed < FILES; seed++) {
            files.add(
                    EnvironmentFile.text(new RandomVariables(seed).variables())
                            .getBytes(StandardCharsets.UTF_8));
            files.add(new RandomVariables(~seed).text());
        }
        int own = files.size();
        List<Map<String, String>> secrets = new ArrayList<>();
        for (int seed = 0; seed < SECRETS; seed++) {
            // Keys of JSON become names in capitals.
            Map<String, String> values = new TreeMap<>();
            new RandomVariables(FILES + seed)
                    .variables()
                    .forEach((name, value) -> values.put(name.toUpperCase(Locale.ROOT), value));
            values.put("LONG", RandomVariables.value(seed, 64 * 1024));
            for (boolean json : List.of(true, false)) {
                files.add(throughASource(values, json).getBytes(StandardCharsets.UTF_8));
                secrets.add(values);
            }
        }
        List<Optional<Map<String, String>>> seen;
        try (Lab lab = Lab.open(LabLog.nop())) {
            seen = ask(lab.boot("systemd", suite), files);
        }

        for (int i = 0; i < secrets.size(); i++) {
            assertThat(seen.get(own + i)).as("secrets %s", i).contains(secrets.get(i));
        }
        for (int i = 0; i < own; i++) {
            assertThat(EnvironmentFile.read(files.get(i), suite.systemd()).map(TreeMap::new))
                    .as(
                            "systemd %s, file %s: %s",
                            suite.systemd(), i, new String(files.get(i), StandardCharsets.UTF_8))
                    .isEqualTo(seen.get(i));
        }
    }

    /// What a deploy writes of secrets that a file of a source has.
    ///
    /// @param json or else dotenv
    private String throughASource(Map<String, String> values, boolean json) throws Exception {
        Path file = folder.resolve(json ? "secrets.json" : "secrets.env");
        String text =
                json
                        ? JsonMapper.builder().build().writeValueAsString(values)
                        : values.entrySet().stream()
                                .map(
                                        each ->
                                                each.getKey()
                                                        + "=\""
                                                        + each.getValue()
                                                                .replace("\\", "\\\\")
                                                                .replace("\"", "\\\"")
                                                                .replace("$", "\\$")
                                                                .replace("\r", "\\r")
                                                        + "\"\n")
                                .collect(Collectors.joining());
        Files.writeString(file, text);
        Map<String, String> found = new LinkedHashMap<>();
        Sources.find(
                        Configs.of(
                                """
                                app = "shop"
                                hosts.web1.address = "web1"
                                sources.files.files = ["%s"]
                                """
                                        .formatted(file)),
                        Map.of())
                .secrets()
                .forEach(secret -> found.put(secret.name(), secret.value()));
        return EnvironmentFile.text(found);
    }

    private static List<Optional<Map<String, String>>> ask(LabHost host, List<byte[]> files)
            throws Exception {
        StringBuilder input = new StringBuilder();
        for (byte[] file : files) {
            input.append(Base64.getEncoder().encodeToString(file)).append('\n');
        }
        Result asked =
                Program.of("ssh", "-F", host.sshConfig().toString(), "root@" + host.name(), ASK)
                        .input(input.toString())
                        .run();
        assertThat(asked.out()).as("%s", asked).hasSize(files.size());
        Map<String, String> anyway = variables(asked.out().getFirst());
        return asked.out().stream()
                .map(
                        line -> {
                            if (line.equals("-")) {
                                return Optional.<Map<String, String>>empty();
                            }
                            Map<String, String> variables = variables(line);
                            variables.keySet().removeAll(anyway.keySet());
                            return Optional.of(variables);
                        })
                .toList();
    }

    private static Map<String, String> variables(String line) {
        String text = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
        Map<String, String> variables = new TreeMap<>();
        for (String variable : text.split("\0")) {
            int equals = variable.indexOf('=');
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return variables;
    }
}
