package dev.decant.aws;

import dev.decant.problem.ExitStatus;
import dev.decant.problem.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can go wrong with a deployment of AWS CodeDeploy.
public sealed interface CodeDeployProblem extends Problem {

    /// AWS has not begun it.
    ///
    /// @param group with its application in front
    /// @param cause what AWS says
    record NotTaken(String group, String cause) implements CodeDeployProblem {
        @Override
        public String id() {
            return "codedeploy-not-taken";
        }

        @Override
        public String what() {
            return "CodeDeploy does not begin a deployment to " + group + ".";
        }

        @Override
        public List<String> why() {
            return List.of(cause);
        }

        @Override
        public List<String> next() {
            return cause.startsWith("DeploymentLimitExceeded")
                    ? List.of("Wait until the one that runs has ended, or stop it in the console.")
                    : List.of("Mend that, and run the same command again.");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.REFUSED;
        }
    }

    /// It goes on, and AWS does not say how.
    record Lost(String deployment, String cause) implements CodeDeployProblem {
        @Override
        public String id() {
            return "codedeploy-lost";
        }

        @Override
        public String what() {
            return "How deployment " + deployment + " goes on cannot be seen from here.";
        }

        @Override
        public List<String> why() {
            return List.of(cause);
        }

        @Override
        public List<String> next() {
            return List.of(
                    "decant codedeploy watch " + deployment + "     shows how it ends",
                    "It goes on without you.");
        }

        @Override
        public ExitStatus status() {
            return ExitStatus.INCOMPLETE;
        }
    }

    /// It has ended, and not with the release on all instances.
    ///
    /// @param rollback the deployment by which CodeDeploy has taken it back
    record NotDone(CodeDeployment deployment, Optional<CodeDeployment> rollback)
            implements CodeDeployProblem {

        @Override
        public String id() {
            return "codedeploy-not-done";
        }

        @Override
        public String what() {
            return "Deployment "
                    + deployment.id()
                    + " to "
                    + deployment.group()
                    + (deployment.status().equals("Stopped") ? " was stopped." : " has failed.");
        }

        @Override
        public List<String> why() {
            List<String> why = new ArrayList<>();
            if (!deployment.error().isEmpty()) {
                why.add(deployment.error());
            }
            for (CodeDeployment.Instance instance : deployment.instances()) {
                instance.failed().ifPresent(event -> why.addAll(said(instance.name(), event)));
            }
            rollback.filter(back -> !back.succeeded())
                    .ifPresent(
                            back ->
                                    why.add(
                                            "The rollback, deployment "
                                                    + back.id()
                                                    + ", has failed as well. "
                                                    + back.error()));
            return why;
        }

        private static List<String> said(String instance, CodeDeployment.Event event) {
            List<String> said = new ArrayList<>();
            said.add(instance + ": " + event.name() + ": " + event.message());
            event.log().forEach(line -> said.add("  " + line));
            return said;
        }

        @Override
        public List<String> next() {
            String all = "All that was printed is on the instance, in logs/scripts.log of ";
            List<String> next = new ArrayList<>();
            switch (status()) {
                case WENT_BACK ->
                        next.add(
                                "What served before serves again. Mend the release, and deploy"
                                        + " anew.");
                case REFUSED ->
                        next.add(
                                "Nothing that serves was changed. Mend that, and run the same"
                                        + " command again.");
                default -> {
                    names("Succeeded", "The new release serves on").ifPresent(next::add);
                    names("Failed", "Look at").ifPresent(next::add);
                    next.add(
                            "To have an earlier release everywhere:  decant codedeploy deploy"
                                    + " --release ID --watch");
                }
            }
            if (deployment.instances().stream().anyMatch(each -> each.failed().isPresent())) {
                next.add(all + "/opt/codedeploy-agent/deployment-root/*/" + deployment.id());
            }
            return next;
        }

        private Optional<String> names(String status, String what) {
            List<String> names = deployment.with(status).toList();
            return names.isEmpty()
                    ? Optional.empty()
                    : Optional.of(what + ": " + String.join(", ", names));
        }

        @Override
        public ExitStatus status() {
            return rollback.map(
                            back -> back.succeeded() ? ExitStatus.WENT_BACK : ExitStatus.INCOMPLETE)
                    .orElseGet(deployment::outcome);
        }
    }
}
