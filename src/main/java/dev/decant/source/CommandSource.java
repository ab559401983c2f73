package dev.decant.source;

import dev.decant.config.SourceConfig;
import dev.decant.exec.Machine;
import dev.decant.exec.Program;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Programs such as those of password managers. Their standard output is read and never shown;
/// their standard error is shown where they fail.
final class CommandSource implements Source {

    private static final int LAST_WORDS = 10;

    private final SourceConfig.Command access;
    private final Path folder;
    private final Map<String, String> environment;

    /// @param folder in which they run
    CommandSource(SourceConfig.Command access, Path folder, Map<String, String> environment) {
        this.access = access;
        this.folder = folder;
        this.environment = environment;
    }

    /// First what the document has, then the variables.
    @Override
    public Contents fetch() throws InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Map<String, Future<String>> asked = new LinkedHashMap<>();
            access.document()
                    .ifPresent(run -> asked.put("", threads.submit(() -> output(run.words()))));
            access.variables()
                    .forEach(
                            (name, words) ->
                                    asked.put(
                                            name,
                                            threads.submit(() -> withoutLineEnd(output(words)))));
            Map<String, String> said = all(asked);
            List<Contents.Document> documents = new ArrayList<>();
            access.document()
                    .ifPresent(
                            run ->
                                    documents.add(
                                            new Contents.Document(
                                                    shown(run.words()),
                                                    run.format(),
                                                    said.getOrDefault("", ""))));
            List<Contents.Entry> variables = new ArrayList<>();
            access.variables()
                    .keySet()
                    .forEach(
                            name ->
                                    variables.add(
                                            new Contents.Entry(
                                                    List.of(name), said.getOrDefault(name, ""))));
            return new Contents.Documents(documents, variables);
        } finally {
            // Ends what still runs.
            threads.shutdownNow();
        }
    }

    private static Map<String, String> all(Map<String, Future<String>> asked)
            throws InterruptedException {
        Map<String, String> said = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Map.Entry<String, Future<String>> each : asked.entrySet()) {
            try {
                said.put(each.getKey(), each.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof Failure failure)) {
                    throw new IllegalStateException("running a program", e.getCause());
                }
                problems.addAll(failure.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
        return said;
    }

    private String output(List<String> words) throws InterruptedException {
        try {
            Program.Output output = Machine.HERE.program(words, folder, environment).output();
            if (!output.ok()) {
                List<String> err = output.err();
                throw new Failure(
                        new SourceProblem.Ended(
                                access.word(),
                                shown(words),
                                output.status(),
                                err.subList(Math.max(0, err.size() - LAST_WORDS), err.size())));
            }
            return output.out();
        } catch (CharacterCodingException e) {
            throw new Failure(
                    new SourceProblem.Unreadable(
                            access.word(), shown(words), "what it prints is not UTF-8"));
        } catch (IOException e) {
            throw new Failure(
                    new SourceProblem.NoAnswer(
                            access.word(), shown(words), "cannot be run: " + e.getMessage()));
        }
    }

    /// Programs print one after a value that has none.
    private static String withoutLineEnd(String text) {
        return text.replaceFirst("\\r?\\n\\z", "");
    }

    private static String shown(List<String> words) {
        return String.join(" ", words);
    }
}
