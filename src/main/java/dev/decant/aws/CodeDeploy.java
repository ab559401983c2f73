package dev.decant.aws;

import dev.decant.config.AwsAccess;
import dev.decant.problem.Failure;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.BundleType;
import software.amazon.awssdk.services.codedeploy.model.CodeDeployException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentNotStartedException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentTarget;
import software.amazon.awssdk.services.codedeploy.model.Diagnostics;
import software.amazon.awssdk.services.codedeploy.model.ErrorInformation;
import software.amazon.awssdk.services.codedeploy.model.InstanceTarget;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEvent;
import software.amazon.awssdk.services.codedeploy.model.ListDeploymentTargetsResponse;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocationType;
import software.amazon.awssdk.services.codedeploy.model.RollbackInfo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// AWS CodeDeploy, which brings revisions to the instances of a deployment group. To be closed.
public final class CodeDeploy implements AutoCloseable {

    /// Of the documentation.
    public static final String PAGE = "docs/how-to/codedeploy.md";

    private static final String SUBJECT = "CodeDeploy";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// Of one question.
    private static final int TARGETS_AT_ONCE = 25;

    /// For so many looks AWS may be silent, or not have begun the rollback that it owes.
    private static final int PATIENCE = 12;

    /// What scripts and the agent put in front of a line.
    private static final Pattern STREAM = Pattern.compile("^\\[std(out|err)]");

    private final Aws aws;
    private final CodeDeployClient client;

    private CodeDeploy(Aws aws, CodeDeployClient client) {
        this.aws = aws;
        this.client = client;
    }

    /// @throws Failure where there are no credentials or no region
    public static CodeDeploy open(AwsAccess access) {
        Aws aws = new Aws(complaint(), PAGE, access, TIMEOUT);
        return new CodeDeploy(aws, aws.client(CodeDeployClient.builder()));
    }

    /// How whatever has to do with `[codedeploy]` says that AWS could not be asked.
    public static Complaint complaint() {
        return AwsProblem.by(SUBJECT, "[codedeploy]");
    }

    /// Where instances deploy to.
    public record Group(String application, String name) {
        @Override
        public String toString() {
            return application + "/" + name;
        }

        private String arn() {
            return "arn:aws:codedeploy:*:*:deploymentgroup:" + this;
        }
    }

    /// A revision as a tgz in a bucket.
    public record Stored(Bucket.Place place, String key, Bucket.Put put) {}

    /// What is heard while a deployment is watched.
    public interface Watcher {

        void status(CodeDeployment deployment);

        void event(CodeDeployment.Instance instance, CodeDeployment.Event event);

        /// What failed is being taken back by another deployment.
        void rollback(String deployment);
    }

    /// Has one begun.
    ///
    /// @return its id
    /// @throws Failure with [CodeDeployProblem.NotTaken]
    public String create(Group group, Stored stored, String description)
            throws InterruptedException {
        RevisionLocation revision =
                RevisionLocation.builder()
                        .revisionType(RevisionLocationType.S3)
                        .s3Location(
                                s3 -> {
                                    s3.bucket(stored.place().bucket())
                                            .key(stored.place().prefix() + stored.key())
                                            .bundleType(BundleType.TGZ)
                                            .eTag(stored.put().etag());
                                    stored.put().version().ifPresent(s3::version);
                                })
                        .build();
        return aws.ask(
                question(group, "codedeploy:CreateDeployment"),
                () -> {
                    try {
                        return client.createDeployment(
                                        request ->
                                                request.applicationName(group.application())
                                                        .deploymentGroupName(group.name())
                                                        .description(description)
                                                        .revision(revision))
                                .deploymentId();
                    } catch (CodeDeployException e) {
                        throw notTaken(group, e).orElseThrow(() -> e);
                    }
                });
    }

    /// What is wrong with the request, or with the group as it is. Who may ask, and what is not
    /// there, is for all to say.
    private static Optional<Failure> notTaken(Group group, CodeDeployException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        boolean ours =
                details != null
                        && details.errorCode() != null
                        && details.errorCode()
                                .matches("Invalid(?!Signature).*|.*LimitExceeded.*|.*Required.*");
        return ours
                ? Optional.of(
                        new Failure(
                                new CodeDeployProblem.NotTaken(
                                        group.toString(),
                                        details.errorCode() + ": " + details.errorMessage())))
                : Optional.empty();
    }

    /// How one stands.
    public CodeDeployment look(String id) throws InterruptedException {
        DeploymentInfo info =
                ask(
                                id,
                                "codedeploy:GetDeployment",
                                () -> client.getDeployment(request -> request.deploymentId(id)))
                        .deploymentInfo();
        Optional<ErrorInformation> error = Optional.ofNullable(info.errorInformation());
        return new CodeDeployment(
                id,
                info.applicationName() + "/" + info.deploymentGroupName(),
                info.statusAsString(),
                error.map(each -> each.codeAsString() + ": " + each.message()).orElse(""),
                info.autoRollbackConfiguration() != null
                        && Boolean.TRUE.equals(info.autoRollbackConfiguration().enabled())
                        && info.autoRollbackConfiguration()
                                .eventsAsStrings()
                                .contains("DEPLOYMENT_FAILURE")
                        // Where it has said why not, none comes.
                        && (info.rollbackInfo() == null
                                || info.rollbackInfo().rollbackMessage() == null),
                Optional.ofNullable(info.rollbackInfo()).map(RollbackInfo::rollbackDeploymentId),
                instances(id));
    }

    private List<CodeDeployment.Instance> instances(String id) throws InterruptedException {
        List<String> all = new ArrayList<>();
        Optional<String> page = Optional.empty();
        do {
            Optional<String> from = page;
            Optional<ListDeploymentTargetsResponse> said =
                    ask(
                            id,
                            "codedeploy:ListDeploymentTargets",
                            () -> {
                                try {
                                    return Optional.of(
                                            client.listDeploymentTargets(
                                                    request -> {
                                                        request.deploymentId(id);
                                                        from.ifPresent(request::nextToken);
                                                    }));
                                } catch (DeploymentNotStartedException e) {
                                    return Optional.<ListDeploymentTargetsResponse>empty();
                                }
                            });
            said.ifPresent(answer -> all.addAll(answer.targetIds()));
            page = said.map(answer -> answer.nextToken());
        } while (page.isPresent());
        List<CodeDeployment.Instance> instances = new ArrayList<>();
        for (int from = 0; from < all.size(); from += TARGETS_AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + TARGETS_AT_ONCE));
            ask(
                            id,
                            "codedeploy:BatchGetDeploymentTargets",
                            () ->
                                    client.batchGetDeploymentTargets(
                                            request -> request.deploymentId(id).targetIds(some)))
                    .deploymentTargets()
                    .stream()
                    .map(DeploymentTarget::instanceTarget)
                    .filter(target -> target != null)
                    .map(CodeDeploy::instance)
                    .forEach(instances::add);
        }
        instances.sort(Comparator.comparing(CodeDeployment.Instance::name));
        return instances;
    }

    private static CodeDeployment.Instance instance(InstanceTarget target) {
        return new CodeDeployment.Instance(
                target.targetId(),
                target.statusAsString(),
                target.lifecycleEvents().stream().map(CodeDeploy::event).toList());
    }

    private static CodeDeployment.Event event(LifecycleEvent event) {
        Optional<Diagnostics> found = Optional.ofNullable(event.diagnostics());
        return new CodeDeployment.Event(
                event.lifecycleEventName(),
                event.statusAsString(),
                event.startTime() == null || event.endTime() == null
                        ? Optional.empty()
                        : Optional.of(Duration.between(event.startTime(), event.endTime())),
                found.map(Diagnostics::scriptName).orElse(""),
                found.map(Diagnostics::message).orElse(""),
                found.map(Diagnostics::logTail)
                        .orElse("")
                        .lines()
                        .map(line -> STREAM.matcher(line).replaceFirst(""))
                        .toList());
    }

    /// Waits until it has ended, and what takes it back, if that is wanted, too.
    ///
    /// @param every from one look to the next
    /// @return where it has succeeded
    /// @throws Failure with [CodeDeployProblem.NotDone] where not, or [CodeDeployProblem.Lost]
    public CodeDeployment watch(String id, Duration every, Watcher watcher)
            throws InterruptedException {
        CodeDeployment ended = untilEnd(id, every, watcher);
        if (ended.succeeded()) {
            return ended;
        }
        for (int looks = 0;
                looks < PATIENCE && ended.goesBack() && ended.rollback().isEmpty();
                looks++) {
            Thread.sleep(every);
            ended = look(id);
        }
        if (ended.rollback().isEmpty()) {
            throw new Failure(new CodeDeployProblem.NotDone(ended, Optional.empty()));
        }
        watcher.rollback(ended.rollback().get());
        CodeDeployment back = untilEnd(ended.rollback().get(), every, watcher);
        throw new Failure(new CodeDeployProblem.NotDone(ended, Optional.of(back)));
    }

    private CodeDeployment untilEnd(String id, Duration every, Watcher watcher)
            throws InterruptedException {
        Set<String> told = new HashSet<>();
        int silent = 0;
        while (true) {
            try {
                CodeDeployment now = look(id);
                silent = 0;
                tell(now, told, watcher);
                if (now.ended()) {
                    return now;
                }
            } catch (Failure e) {
                silent++;
                boolean mayPass = e.problems().getFirst().id().equals("aws-no-answer");
                if (!mayPass || silent > PATIENCE) {
                    throw told.isEmpty()
                            ? e
                            : new Failure(
                                    new CodeDeployProblem.Lost(
                                            id, e.problems().getFirst().why().getFirst()));
                }
            }
            Thread.sleep(every);
        }
    }

    private static void tell(CodeDeployment now, Set<String> told, Watcher watcher) {
        if (!now.ended() && told.add(now.status())) {
            watcher.status(now);
        }
        for (CodeDeployment.Instance instance : now.instances()) {
            for (CodeDeployment.Event event : instance.events()) {
                if (event.ended() && told.add(instance.name() + " " + event.name())) {
                    watcher.event(instance, event);
                }
            }
        }
        if (now.ended()) {
            watcher.status(now);
        }
    }

    private <T> T ask(String id, String action, Supplier<T> call) throws InterruptedException {
        return aws.ask(new Aws.Question(id, action, "*"), call);
    }

    private static Aws.Question question(Group group, String action) {
        return new Aws.Question(group.toString(), action, group.arn());
    }

    @Override
    public void close() {
        client.close();
    }
}
