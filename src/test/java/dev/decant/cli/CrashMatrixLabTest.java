package dev.decant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.decant.cli.CrashTable.Ending;
import dev.decant.io.Trees;
import dev.decant.lab.Lab;
import dev.decant.lab.LabLog;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whatever Decant does, and at whichever of its steps on the host it is cut short by whatever:
/// afterwards `current` names a complete release, the old or the new version answers, the next
/// deploy succeeds without help, and nothing half-made is left.
///
/// The steps are those that an undisturbed run was seen to take: all that its lines changed on the
/// host. Runs a sample of them, the same each time; `-Dcrash.matrix=full` runs all, and any other
/// text those whose name contains it. Ends in a table, and in `target/crash-matrix.txt`.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashMatrixLabTest {

    /// One more than a host can come to have: it keeps two, one that failed, and gets one.
    private static final int RELEASES = 5;

    private static final int HOSTS = 2;

    /// What is done more often than this is done for as long as something takes.
    private static final int OFTEN = 15;

    private Lab lab;
    private InstrumentedDecant decant;
    private final List<String> releases = new ArrayList<>();
    private final Map<String, MatrixHost> hosts = new ConcurrentHashMap<>();
    private final CrashTable table = new CrashTable();
    private List<Crash> crashes = List.of();

    /// Whether the app runs in slots, behind a public port.
    boolean slots() {
        return false;
    }

    Set<Crash.Operation> operations() {
        return EnumSet.allOf(Crash.Operation.class);
    }

    /// What is tried of what an operation was seen to do.
    List<FaultPoints.Step> tried(List<FaultPoints.Step> steps) {
        return steps;
    }

    List<Crash> sample(List<Crash> all) {
        return Crash.sample(all);
    }

    /// Where all the endings are written.
    Path file() {
        return Path.of("target/crash-matrix.txt");
    }

    @BeforeAll
    void begin() throws Exception {
        lab = Lab.open(LabLog.nop());
        decant = InstrumentedDecant.make();
        try (SampleProject project =
                SampleProject.create().config("app = \"counter\"\n[hosts.x]\n")) {
            for (int i = 1; i <= RELEASES; i++) {
                releases.add(
                        project.version("0." + i + ".0")
                                .must("build", "--json")
                                .out()
                                .replaceFirst("(?s).*\"release\" : \"([^\"]*)\".*", "$1"));
            }
        }
        List<CompletableFuture<Map<Crash.Operation, List<FaultPoints.Step>>>> recordings =
                new ArrayList<>();
        for (int i = 1; i <= HOSTS; i++) {
            String name = "web" + i;
            recordings.add(inThread(() -> record(boot(name))));
        }
        crashes = chosen(Crash.all(common(recordings), decant.program().points()));
    }

    private MatrixHost boot(String name) throws IOException, InterruptedException {
        MatrixHost host = MatrixHost.serving(lab, name, decant, releases, slots());
        hosts.put(name, host);
        return host;
    }

    @AfterAll
    void end() throws Exception {
        hosts.values().forEach(MatrixHost::close);
        lab.close();
        Trees.delete(decant.folder());
        System.out.println(table.summary());
        Files.writeString(file(), table.summary() + "\n" + table.all());
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> CompletableFuture<T> inThread(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                result.complete(work.run());
                            } catch (Exception | AssertionError e) {
                                result.completeExceptionally(e);
                            }
                        });
        return result;
    }

    // ---- which cases there are

    private Map<Crash.Operation, List<FaultPoints.Step>> record(MatrixHost host)
            throws IOException, InterruptedException {
        Map<Crash.Operation, List<FaultPoints.Step>> all = new EnumMap<>(Crash.Operation.class);
        for (Crash.Operation operation : operations()) {
            if (operation == Crash.Operation.PRUNE) {
                continue;
            }
            host.arrange(operation);
            host.points().record();
            Ran ran = host.begin(operation).end();
            assertThat(ran.status()).as(ran.all()).isZero();
            all.put(operation, host.points().recorded());
            if (operation == Crash.Operation.FIRST_SETUP) {
                host.goOnAfterFirstSetup();
            }
        }
        // Pruning is the end of a deploy.
        List<FaultPoints.Step> deploy = all.getOrDefault(Crash.Operation.DEPLOY, List.of());
        int prune = 0;
        while (!isPrune(deploy.get(prune))) {
            prune++;
        }
        all.put(Crash.Operation.DEPLOY, deploy.subList(0, prune));
        all.put(Crash.Operation.PRUNE, deploy.subList(prune, deploy.size()));
        all.keySet().retainAll(operations());
        all.replaceAll((_, steps) -> tried(steps));
        return all;
    }

    private boolean isPrune(FaultPoints.Step step) {
        return isOf("verb_prune", step);
    }

    boolean isOf(String function, FaultPoints.Step step) {
        var point = decant.program().points().get(step.line());
        return point != null && point.function().equals(function);
    }

    /// A line that comes as often as there is time for differs from run to run: only its first two
    /// times can be relied on.
    private static Map<Crash.Operation, List<FaultPoints.Step>> common(
            List<CompletableFuture<Map<Crash.Operation, List<FaultPoints.Step>>>> recordings)
            throws Exception {
        Map<Crash.Operation, List<FaultPoints.Step>> common =
                new EnumMap<>(recordings.getFirst().get());
        for (var recording : recordings) {
            recording
                    .get()
                    .forEach(
                            (operation, steps) ->
                                    common.computeIfPresent(
                                            operation, (_, before) -> common(before, steps)));
        }
        return common;
    }

    private static List<FaultPoints.Step> common(
            List<FaultPoints.Step> one, List<FaultPoints.Step> other) {
        Set<Integer> unsteady =
                Stream.of(one, other)
                        .flatMap(List::stream)
                        .filter(
                                step ->
                                        step.time() > OFTEN
                                                || !one.contains(step)
                                                || !other.contains(step))
                        .map(FaultPoints.Step::line)
                        .collect(Collectors.toSet());
        return one.stream()
                .filter(other::contains)
                .filter(step -> step.time() <= 2 || !unsteady.contains(step.line()))
                .toList();
    }

    private List<Crash> chosen(List<Crash> all) {
        String matrix = System.getProperty("crash.matrix", "sample");
        System.out.printf("CrashMatrixLabTest: %d cases in all%n", all.size());
        return switch (matrix) {
            case "full" -> all;
            case "sample" -> sample(all);
            default -> all.stream().filter(crash -> crash.toString().contains(matrix)).toList();
        };
    }

    // ---- one case

    @TestFactory
    Stream<DynamicTest> after_a_crash_a_whole_release_serves_and_the_next_deploy_succeeds() {
        Map<Crash, CompletableFuture<Ending>> endings = new HashMap<>();
        crashes.forEach(crash -> endings.put(crash, new CompletableFuture<>()));
        Queue<Crash> queue = new ConcurrentLinkedQueue<>(crashes);
        for (String host : List.copyOf(hosts.keySet())) {
            Thread.ofPlatform().daemon().start(() -> work(host, queue, endings));
        }
        Stream<DynamicTest> tests =
                crashes.stream()
                        .map(crash -> dynamicTest(crash.toString(), () -> ended(endings, crash)));
        return Stream.concat(
                tests,
                Stream.of(
                        dynamicTest(
                                "nearly every step is met again",
                                () ->
                                        assertThat(table.count(Ending.NOT_REACHED))
                                                .isLessThanOrEqualTo(crashes.size() / 20))));
    }

    private static Ending ended(Map<Crash, CompletableFuture<Ending>> endings, Crash crash)
            throws Throwable {
        try {
            return endings.getOrDefault(crash, new CompletableFuture<>()).get();
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private void work(
            String name, Queue<Crash> queue, Map<Crash, CompletableFuture<Ending>> endings) {
        for (Crash crash = queue.poll(); crash != null; crash = queue.poll()) {
            CompletableFuture<Ending> future =
                    endings.getOrDefault(crash, new CompletableFuture<>());
            Instant began = Instant.now();
            Ending ending = Ending.FAILED;
            Optional<Throwable> problem = Optional.empty();
            try {
                ending = crash(host(name), crash);
            } catch (Exception | AssertionError e) {
                problem = Optional.of(e);
                giveUp(name);
            }
            String note = problem.map(e -> "\n" + e.getMessage()).orElse("");
            table.add(crash, ending, note);
            System.out.printf(
                    "CrashMatrixLabTest: %-11s %5.1f s  %s%s%n",
                    ending,
                    Duration.between(began, Instant.now()).toMillis() / 1000.0,
                    crash,
                    note);
            if (problem.isPresent()) {
                future.completeExceptionally(problem.get());
            } else {
                future.complete(ending);
            }
        }
    }

    /// A new one in place of one that was given up.
    private MatrixHost host(String name) throws IOException, InterruptedException {
        MatrixHost host = hosts.get(name);
        return host == null ? boot(name) : host;
    }

    /// The next case is to fail for a reason of its own.
    private void giveUp(String name) {
        MatrixHost host = hosts.remove(name);
        if (host != null) {
            try {
                host.close();
            } catch (RuntimeException stays) {
                // The lab tries once more when it is closed.
                System.out.println(stays.getMessage());
            }
        }
    }

    private static Ending crash(MatrixHost host, Crash crash)
            throws IOException, InterruptedException {
        host.arrange(crash.operation());
        String old = host.current();
        host.points().arm(crash.step());
        MatrixHost.Operator operator = host.begin(crash.operation());
        boolean reached = host.points().reachedWithin(Duration.ofSeconds(60), operator.process());
        if (reached) {
            strike(host, crash.fault(), operator);
        } else {
            host.points().clear();
        }
        Ran ran = operator.end();
        assertThat(host.settles())
                .as("nothing is being activated any more; %s", ran.all())
                .isTrue();
        host.currentIsComplete();
        String serves = host.serves();
        assertThat(serves)
                .as("the version that answers; %s", ran.all())
                .isIn(MatrixHost.version(old), MatrixHost.version(host.target()));
        host.points().freeTheDisk();
        if (!reached || !crash.fault().endsTheOperator()) {
            saidWhatIs(ran, crash, serves, old, host.target());
        }
        host.goOn(crash);
        host.relay().cut();
        host.currentIsComplete();
        host.isTidy();
        if (!reached) {
            return Ending.NOT_REACHED;
        }
        return serves.equals(MatrixHost.version(old)) ? Ending.OLD_SERVES : Ending.NEW_SERVES;
    }

    private static void strike(MatrixHost host, Crash.Fault fault, MatrixHost.Operator operator)
            throws IOException, InterruptedException {
        switch (fault) {
            case OPERATOR_KILLED -> operator.kill();
            case OPERATOR_LOST -> {
                host.relay().silence();
                operator.kill();
            }
            case CONNECTION_CUT -> host.relay().cut();
            case POWER_LOST -> {
                host.machine().kill();
                host.points().clear();
                host.machine().boot();
                // What a keepalive would find out within a minute.
                host.relay().cut();
            }
            case PROGRAM_KILLED -> host.points().killTheProgram();
            case DISK_FULL -> host.points().fillTheDisk();
        }
        host.points().clear();
    }

    /// The operator is told the truth, in a status that scripts can rely on.
    private static void saidWhatIs(Ran ran, Crash crash, String serves, String old, String target) {
        assertThat(ran.status()).as(ran.all()).isIn(0, 3, 4, 5);
        assertThat(ran.err()).doesNotContain("Exception in", "\tat ");
        if (crash.operation().setsUp()) {
            return;
        }
        if (ran.status() == 0) {
            assertThat(serves).as(ran.all()).isEqualTo(MatrixHost.version(target));
        } else if (ran.status() != 5) {
            assertThat(serves).as(ran.all()).isEqualTo(MatrixHost.version(old));
        }
    }
}
