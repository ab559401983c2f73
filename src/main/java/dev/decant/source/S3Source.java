package dev.decant.source;

import dev.decant.aws.Aws;
import dev.decant.aws.Bucket;
import dev.decant.config.SourceConfig;
import dev.decant.config.SourceConfig.Format;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Objects of S3.
final class S3Source implements Source {

    /// So that a backup in the wrong folder does not fill the memory.
    private static final long LARGEST = 1 << 20;

    private final SourceConfig.S3 access;
    private final Aws aws;

    S3Source(SourceConfig.S3 access, Duration timeout) {
        this.access = access;
        this.aws =
                new Aws(
                        SourceProblem.of(access.word()),
                        "docs/how-to/s3.md",
                        access.aws(),
                        timeout);
    }

    @Override
    public Contents fetch() throws InterruptedException {
        List<Contents.Document> documents = new ArrayList<>();
        try (S3Client client = aws.client(Bucket.builder(access.aws()))) {
            for (S3Object object : objects(client)) {
                documents.add(document(object, client));
            }
        }
        return new Contents.Documents(documents);
    }

    private List<S3Object> objects(S3Client client) throws InterruptedException {
        String where = "s3://" + access.bucket() + "/" + access.prefix();
        Aws.Question question =
                new Aws.Question(where, "s3:ListBucket", "arn:aws:s3:::" + access.bucket());
        List<S3Object> found =
                aws.ask(
                        question,
                        () ->
                                client
                                        .listObjectsV2Paginator(
                                                request ->
                                                        request.bucket(access.bucket())
                                                                .prefix(access.prefix()))
                                        .contents()
                                        .stream()
                                        // A folder that somebody has made in the console.
                                        .filter(object -> !object.key().endsWith("/"))
                                        .toList());
        if (found.isEmpty()) {
            throw aws.nothing(question, "there is no object below it");
        }
        return found;
    }

    private Contents.Document document(S3Object object, S3Client client)
            throws InterruptedException {
        String key = object.key();
        Aws.Question question =
                new Aws.Question(
                        "s3://" + access.bucket() + "/" + key,
                        "s3:GetObject",
                        "arn:aws:s3:::" + access.bucket() + "/" + access.prefix() + "*");
        if (object.size() > LARGEST) {
            throw aws.unreadable(question, "has more than " + LARGEST + " bytes");
        }
        byte[] bytes =
                aws.ask(
                        question,
                        () ->
                                client.getObjectAsBytes(
                                                request -> request.bucket(access.bucket()).key(key))
                                        .asByteArrayUnsafe());
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new Contents.Document(
                    question.where(), Format.of(key.substring(key.lastIndexOf('/') + 1)), text);
        } catch (CharacterCodingException e) {
            throw aws.unreadable(question, "is not UTF-8");
        }
    }
}
