package dev.decant.deploy;

import dev.decant.config.Config;
import dev.decant.http.Clients;
import dev.decant.problem.ExitStatus;
import dev.decant.problem.Failure;
import dev.decant.problem.Problem;

import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// Tells a webhook when a rollout begins and how it has ended, as JSON that Slack takes: `text` for
/// people, and fields. Where nobody listens that is noted, and stops nothing; the URL may be as
/// good as a password, and is in no text of this.
public final class Webhook implements RolloutLog, AutoCloseable {

    private static final String NAME = "notify";
    private static final int BAD = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Config config;
    private final String owner;
    private final String url;
    private final RolloutLog notes;

    /// One message after the other, and none of them on the rollout's own time.
    private final ExecutorService posting =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    private volatile Optional<RolloutEvent.Began> began = Optional.empty();

    private final Duration patience;

    private Webhook(Config config, String owner, String url, RolloutLog notes, Duration patience) {
        this.patience = patience;
        this.config = config;
        this.owner = owner;
        this.url = url;
        this.notes = notes;
    }

    /// @param environment of this process
    /// @param owner such as `alice@laptop`
    /// @param notes is told where the webhook could not be
    /// @return empty where decant.toml names none
    public static Optional<Webhook> of(
            Config config, Map<String, String> environment, String owner, RolloutLog notes) {
        return of(config, environment, owner, notes, PATIENCE);
    }

    /// @param patience for each message
    static Optional<Webhook> of(
            Config config,
            Map<String, String> environment,
            String owner,
            RolloutLog notes,
            Duration patience) {
        Optional<String> variable = config.notifications().webhookSecret();
        Optional<String> url =
                variable.map(name -> environment.getOrDefault(name, ""))
                        .or(config.notifications()::webhook);
        if (url.filter(String::isEmpty).isPresent()) {
            notes.note(NAME, "nobody is told: " + variable.orElse("the variable") + " is not set");
            return Optional.empty();
        }
        return url.map(there -> new Webhook(config, owner, there, notes, patience));
    }

    @Override
    public void tell(RolloutEvent event) {
        switch (event) {
            // Where nothing is to be done there is nothing to tell.
            case RolloutEvent.Began start when !start.batches().isEmpty() -> {
                began = Optional.of(start);
                posting.execute(() -> post(message(start)));
            }
            case RolloutEvent.Ended end ->
                    began.ifPresent(start -> posting.execute(() -> post(message(start, end))));
            default -> {
                // Nobody wants a message for each step.
            }
        }
    }

    private Map<String, Object> message(RolloutEvent.Began start) {
        return message(
                "began",
                start,
                start.what() + " of " + where(start) + " begins, by " + owner,
                Map.of());
    }

    private Map<String, Object> message(RolloutEvent.Began start, RolloutEvent.Ended end) {
        Duration took = Duration.between(start.at(), end.at());
        List<Problem> problems = end.report().problems();
        ExitStatus status = end.report().status();
        String text =
                start.what()
                        + " of "
                        + where(start)
                        + ": "
                        + switch (status) {
                            case DONE -> "done";
                            case WENT_BACK -> "went back";
                            case REFUSED -> "stopped, and nothing was switched";
                            default -> "SOMEONE IS NEEDED";
                        }
                        + ", after "
                        + Math.max(1, took.toSeconds())
                        + " s"
                        + problems.stream()
                                .map(problem -> "\n" + problem.what())
                                .collect(Collectors.joining());
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("status", status.number());
        more.put("milliseconds", took.toMillis());
        more.put(
                "problems",
                problems.stream()
                        .map(problem -> Map.of("id", problem.id(), "what", problem.what()))
                        .toList());
        return message("ended", start, text, more);
    }

    private String where(RolloutEvent.Began start) {
        return config.names().app()
                + " "
                + start.release()
                + " on "
                + String.join(", ", start.hosts())
                + config.environment().map(name -> " (" + name + ")").orElse("");
    }

    private Map<String, Object> message(
            String event, RolloutEvent.Began start, String text, Map<String, Object> more) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", text);
        json.put("event", event);
        json.put("what", start.what());
        json.put("app", config.names().app());
        json.put("environment", config.environment().orElse(""));
        json.put("release", start.release().value());
        json.put("hosts", start.hosts());
        json.put("by", owner);
        json.putAll(more);
        return json;
    }

    private void post(Map<String, Object> message) {
        HttpClient http = Clients.client().build();
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(message)))
                            .build();
            int status =
                    http.sendAsync(request, BodyHandlers.discarding())
                            .get(patience.toMillis(), TimeUnit.MILLISECONDS)
                            .statusCode();
            if (status >= BAD) {
                notes.note(NAME, "the webhook answers with status " + status);
            }
        } catch (IllegalArgumentException e) {
            notes.note(NAME, "the webhook is not a URL");
        } catch (ExecutionException e) {
            notes.note(NAME, "the webhook is not reached" + Clients.way(URI.create(url)));
        } catch (Failure e) {
            notes.note(NAME, "the webhook is not asked: " + e.problems().getFirst().what());
        } catch (TimeoutException e) {
            notes.note(NAME, "the webhook does not answer within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            http.shutdownNow();
        }
    }

    /// Waits until all is told.
    @Override
    public void close() {
        posting.close();
    }
}
