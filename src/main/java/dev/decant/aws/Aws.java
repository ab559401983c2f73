package dev.decant.aws;

import dev.decant.config.AwsAccess;
import dev.decant.http.Certificates;
import dev.decant.problem.Failure;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What asking AWS has in common: credentials, the region, and what is made of its errors.
///
/// Those are known by their codes: the statuses of HTTP differ from one server to the next.
public final class Aws {

    private static final int FORBIDDEN = 403;

    private static final Set<String> DENIED =
            Set.of("AccessDenied", "AccessDeniedException", "DecryptionFailure", "InvalidKeyId");

    private static final Set<String> NOBODY =
            Set.of(
                    "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidAccessKeyId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "IncompleteSignature",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException",
                    "AuthFailure",
                    "InvalidToken",
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "RequestExpired",
                    "RequestTimeTooSkewed");

    private static final Set<String> ABSENT =
            Set.of(
                    "ParameterNotFound",
                    "ResourceNotFoundException",
                    "InvalidRequestException",
                    "ApplicationDoesNotExistException",
                    "DeploymentDoesNotExistException",
                    "DeploymentGroupDoesNotExistException",
                    "RevisionDoesNotExistException",
                    "NoSuchBucket",
                    "NoSuchKey",
                    "PermanentRedirect",
                    "AuthorizationHeaderMalformed");

    /// As AWS says which right is missing, and on what.
    private static final Pattern ACTION =
            Pattern.compile("to perform: ([a-z0-9-]+:[A-Za-z]+)(?: on resource: (\\S+))?");

    private final Complaint complaint;
    private final String page;
    private final AwsAccess settings;
    private final Duration timeout;

    /// @param page of the documentation that has the policy, such as `docs/how-to/ssm.md`
    /// @param timeout of one question
    public Aws(Complaint complaint, String page, AwsAccess settings, Duration timeout) {
        this.complaint = complaint;
        this.page = page;
        this.settings = settings;
        this.timeout = timeout;
    }

    /// One question.
    ///
    /// @param where the name of what is asked for
    /// @param action the right that it needs, such as `ssm:GetParametersByPath`
    /// @param resource on what, as a policy has it, such as `arn:aws:s3:::shop`
    public record Question(String where, String action, String resource) {}

    /// A client that gives up when the time is over, also where nobody interrupts it.
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.region(region())
                .credentialsProvider(credentials())
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder()
                                .socketTimeout(timeout)
                                .tlsTrustManagersProvider(Certificates.ofMachine()::managers))
                .build();
    }

    Region region() {
        if (settings.region().isPresent()) {
            return Region.of(settings.region().get());
        }
        try {
            DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
            settings.profile().ifPresent(chain::profileName);
            return chain.build().getRegion();
        } catch (SdkClientException e) {
            throw refused(
                    "AWS",
                    "no region is known, from decant.toml, AWS_REGION, ~/.aws or the machine",
                    complaint.table() + "  region = \"eu-central-1\"");
        }
    }

    AwsCredentialsProvider credentials() {
        AwsCredentialsProvider credentials =
                settings.profile()
                        .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
                        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
        try {
            credentials.resolveCredentials();
            return credentials;
        } catch (SdkClientException | AwsServiceException e) {
            throw refused(
                    settings.profile().map(name -> "profile " + name).orElse("AWS"),
                    "no credentials were found, or they have expired",
                    "Look whether these find them:  aws sts get-caller-identity"
                            + settings.profile().map(name -> " --profile " + name).orElse(""),
                    "With IAM Identity Center:      aws sso login"
                            + settings.profile().map(name -> " --profile " + name).orElse(""),
                    "Where they are looked for:     docs/reference/aws.md");
        }
    }

    /// @throws Failure with what is wrong
    public <T> T ask(Question question, Supplier<T> call) throws InterruptedException {
        try {
            return call.get();
        } catch (AbortedException e) {
            throw new InterruptedException(e.getMessage());
        } catch (AwsServiceException e) {
            throw said(question, e);
        } catch (SdkClientException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            throw silent(question, e);
        }
    }

    private Failure said(Question question, AwsServiceException e) {
        Optional<AwsErrorDetails> details = Optional.ofNullable(e.awsErrorDetails());
        String code = details.map(AwsErrorDetails::errorCode).orElse("");
        String message = details.map(AwsErrorDetails::errorMessage).orElse("");
        // An answer to HEAD has no room for a code.
        boolean mute = code.isEmpty() && e.statusCode() == FORBIDDEN;
        String cause = mute ? "HTTP 403" : (code + ": " + message).replaceAll("\\s+", " ");
        if (mute || DENIED.contains(code)) {
            return refused(
                    where(question),
                    cause,
                    "Allow  " + missing(question, message),
                    "The whole policy:  " + page);
        }
        if (NOBODY.contains(code)) {
            return refused(
                    where(question),
                    cause,
                    "Look who you are to AWS:    aws sts get-caller-identity",
                    "Where credentials are from: docs/reference/aws.md");
        }
        if (ABSENT.contains(code)) {
            return nothing(question, cause);
        }
        return noAnswer(question, code.isEmpty() ? "HTTP " + e.statusCode() : cause);
    }

    /// The right, and on what.
    private static String missing(Question question, String message) {
        Matcher said = ACTION.matcher(message);
        if (said.find()) {
            return said.group(1)
                    + " on "
                    + Optional.ofNullable(said.group(2)).orElse(question.resource());
        }
        return message.contains("KMS") || message.contains("ciphertext")
                ? "kms:Decrypt on the key that it is encrypted with"
                : question.action() + " on " + question.resource();
    }

    /// Where there was no answer, or none of AWS's. What the SDK says of one that it cannot read
    /// has a part of that in it.
    private Failure silent(Question question, SdkClientException e) {
        Optional<Throwable> line =
                Stream.<Throwable>iterate(e, each -> each != null, Throwable::getCause)
                        .filter(IOException.class::isInstance)
                        .findFirst();
        return line.map(
                        cause ->
                                noAnswer(
                                        question,
                                        cause.getClass().getSimpleName()
                                                + ": "
                                                + cause.getMessage()))
                .orElseGet(() -> unreadable(question, "the answer is none of AWS's"));
    }

    private Failure noAnswer(Question question, String cause) {
        return complaint.noAnswer(where(question), cause);
    }

    public Failure nothing(Question question, String cause) {
        return complaint.nothing(where(question), cause);
    }

    public Failure unreadable(Question question, String cause) {
        return complaint.unreadable(where(question), cause);
    }

    private Failure refused(String where, String cause, String... remedy) {
        return complaint.refused(where, cause, List.of(remedy));
    }

    private String where(Question question) {
        return question.where() + settings.endpoint().map(url -> " at " + url).orElse("");
    }
}
