package dev.decant.source;

import dev.decant.aws.Aws;
import dev.decant.config.SourceConfig;

import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.Parameter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// AWS Systems Manager Parameter Store.
final class ParameterStoreSource implements Source {

    private final SourceConfig.ParameterStore access;
    private final Aws aws;

    ParameterStoreSource(SourceConfig.ParameterStore access, Duration timeout) {
        this.access = access;
        this.aws =
                new Aws(
                        SourceProblem.of(access.word()),
                        "docs/how-to/ssm.md",
                        access.aws(),
                        timeout);
    }

    @Override
    public Contents fetch() throws InterruptedException {
        List<Contents.Entries> layers = new ArrayList<>();
        try (SsmClient client = aws.client(SsmClient.builder())) {
            for (String path : access.paths()) {
                List<Contents.Entry> entries = new ArrayList<>();
                for (Parameter each : below(path, client)) {
                    entries.add(entry(each, path));
                }
                layers.add(new Contents.Entries(entries));
            }
        }
        return new Contents.Layers(layers);
    }

    private Contents.Entry entry(Parameter parameter, String path) {
        String name = parameter.name();
        String value = parameter.value();
        if (name == null || value == null || !name.startsWith(path + "/")) {
            throw aws.unreadable(question(path), "a parameter has no value, or is not below it");
        }
        return new Contents.Entry(
                Arrays.asList(name.substring(path.length() + 1).split("/")), value);
    }

    private static Aws.Question question(String path) {
        return new Aws.Question(
                path, "ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter" + path);
    }

    private List<Parameter> below(String path, SsmClient client) throws InterruptedException {
        GetParametersByPathRequest request =
                GetParametersByPathRequest.builder()
                        .path(path)
                        .recursive(true)
                        .withDecryption(true)
                        .build();
        List<Parameter> found =
                aws.ask(
                        question(path),
                        () ->
                                client.getParametersByPathPaginator(request).stream()
                                        .flatMap(page -> page.parameters().stream())
                                        .toList());
        if (found.isEmpty()) {
            throw aws.nothing(question(path), "there is no parameter below it");
        }
        return found;
    }
}
