package dev.decant.aws;

import dev.decant.problem.ExitStatus;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A deployment of AWS CodeDeploy, as it stands.
///
/// @param id such as `d-A1B2C3D4E`
/// @param group with its application in front, such as `shop/production`
/// @param status AWS's word, such as `InProgress`
/// @param error why it has failed, as AWS says it; empty where it has not
/// @param goesBack its group wants a rollback where a deployment fails
/// @param rollback the deployment that takes it back
/// @param instances in the order of their names
public record CodeDeployment(
        String id,
        String group,
        String status,
        String error,
        boolean goesBack,
        Optional<String> rollback,
        List<Instance> instances) {

    /// What the agent adds to the name of a script that has failed.
    private static final Pattern EXIT_CODE = Pattern.compile("exit code ([345])$");

    private static final List<String> BEFORE_ANYTHING_STARTS =
            List.of(
                    "BeforeBlockTraffic",
                    "BlockTraffic",
                    "AfterBlockTraffic",
                    "ApplicationStop",
                    "DownloadBundle",
                    "BeforeInstall",
                    "Install",
                    "AfterInstall");

    public CodeDeployment {
        instances = List.copyOf(instances);
    }

    /// @param name of the instance, such as `i-0123456789abcdef0`
    /// @param status AWS's word, such as `Pending`
    /// @param events in their order
    public record Instance(String name, String status, List<Event> events) {

        public Instance {
            events = List.copyOf(events);
        }

        /// The event that has failed.
        public Optional<Event> failed() {
            return events.stream().filter(event -> event.status().equals("Failed")).findFirst();
        }

        /// How it stands with this one: `DONE` with the new release, `REFUSED` untouched.
        ExitStatus outcome() {
            return switch (status) {
                case "Succeeded" -> ExitStatus.DONE;
                case "Failed" -> failed().map(Event::outcome).orElse(ExitStatus.INCOMPLETE);
                case "Pending", "Skipped" -> ExitStatus.REFUSED;
                default -> ExitStatus.INCOMPLETE;
            };
        }
    }

    /// One lifecycle event on one instance.
    ///
    /// @param name such as `ApplicationStart`
    /// @param status AWS's word
    /// @param took empty where it has not ended
    /// @param script that failed; empty where none has
    /// @param message what AWS says of it
    /// @param log the last that its scripts have printed, a line each
    public record Event(
            String name,
            String status,
            Optional<Duration> took,
            String script,
            String message,
            List<String> log) {

        public Event {
            log = List.copyOf(log);
        }

        public boolean ended() {
            return !status.equals("Pending") && !status.equals("InProgress");
        }

        /// Scripts say it by their status; without one, it is known for what comes before any
        /// start.
        private ExitStatus outcome() {
            Matcher code = EXIT_CODE.matcher(message.strip());
            if (code.find()) {
                return switch (code.group(1)) {
                    case "3" -> ExitStatus.REFUSED;
                    case "4" -> ExitStatus.WENT_BACK;
                    default -> ExitStatus.INCOMPLETE;
                };
            }
            return BEFORE_ANYTHING_STARTS.contains(name)
                    ? ExitStatus.REFUSED
                    : ExitStatus.INCOMPLETE;
        }
    }

    /// Nothing more comes of it.
    public boolean ended() {
        return succeeded() || status.equals("Failed") || status.equals("Stopped");
    }

    public boolean succeeded() {
        return status.equals("Succeeded");
    }

    /// One that has not succeeded: how it stands with all instances together.
    ExitStatus outcome() {
        List<ExitStatus> all = instances.stream().map(Instance::outcome).distinct().toList();
        if (all.contains(ExitStatus.INCOMPLETE) || all.contains(ExitStatus.DONE)) {
            return ExitStatus.INCOMPLETE;
        }
        return all.contains(ExitStatus.WENT_BACK) ? ExitStatus.WENT_BACK : ExitStatus.REFUSED;
    }

    /// The names of instances that have a status.
    Stream<String> with(String wanted) {
        return instances.stream()
                .filter(instance -> instance.status().equals(wanted))
                .map(Instance::name);
    }
}
