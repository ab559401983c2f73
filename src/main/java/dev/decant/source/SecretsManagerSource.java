package dev.decant.source;

import dev.decant.aws.Aws;
import dev.decant.config.SourceConfig;
import dev.decant.config.SourceConfig.Format;

import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// AWS Secrets Manager.
///
/// Secrets are asked for one by one: the right to ask for several at once cannot be given for some
/// of them only.
final class SecretsManagerSource implements Source {

    private final SourceConfig.AwsSecrets access;
    private final Aws aws;

    SecretsManagerSource(SourceConfig.AwsSecrets access, Duration timeout) {
        this.access = access;
        this.aws =
                new Aws(
                        SourceProblem.of(access.word()),
                        "docs/how-to/secrets-manager.md",
                        access.aws(),
                        timeout);
    }

    @Override
    public Contents fetch() throws InterruptedException {
        List<Contents.Document> documents = new ArrayList<>();
        try (SecretsManagerClient client = aws.client(SecretsManagerClient.builder())) {
            for (String id : access.ids()) {
                documents.add(document(id, client));
            }
        }
        return new Contents.Documents(documents);
    }

    private Contents.Document document(String id, SecretsManagerClient client)
            throws InterruptedException {
        String resource =
                id.startsWith("arn:") ? id : "arn:aws:secretsmanager:*:*:secret:" + id + "-??????";
        Aws.Question question = new Aws.Question(id, "secretsmanager:GetSecretValue", resource);
        GetSecretValueResponse secret =
                aws.ask(question, () -> client.getSecretValue(request -> request.secretId(id)));
        String text = secret.secretString();
        if (text == null) {
            throw aws.unreadable(question, "is binary, and would have to be text");
        }
        String name = secret.name();
        return new Contents.Document(
                name,
                Format.JSON,
                text.stripLeading().startsWith("{")
                        ? text
                        : Formats.json(Map.of(name.substring(name.lastIndexOf('/') + 1), text)));
    }
}
