package dev.decant.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;

import dev.decant.Golden;
import dev.decant.Samples;
import dev.decant.deploy.HostOutcome;
import dev.decant.deploy.RolloutEvent;
import dev.decant.web.Changes.Line;
import dev.decant.web.Changes.Versions;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The report of a deploy, as a browser shows it.
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportPageTest {

    private static final Changes CHANGES =
            new Changes(
                    Samples.OLD,
                    Samples.NEW,
                    List.of(
                            new Versions("Version", "0.1.1", "0.2.0"),
                            new Versions("Commit", "bbbbbbb012", "1f3a9c2d4e"),
                            new Versions("Elixir", "1.18.4", "1.18.4"),
                            new Versions("Erlang/OTP", "27.3.4", "27.3.4"),
                            new Versions("Size", "41.2 MB", "41.3 MB")),
                    List.of(
                            new Versions("plug_cowboy", "2.7.3", "2.7.4"),
                            new Versions("money", "", "1.13.1"),
                            new Versions("number", "1.0.5", "")),
                    2,
                    1,
                    0,
                    List.of(
                            new Line(
                                    "changed",
                                    "lib/shop-0.2.0/ebin/Elixir.Shop.Payments.beam",
                                    "11.2 kB → 11.9 kB"),
                            new Line("changed", "releases/0.2.0/sys.config", "2.4 kB"),
                            new Line(
                                    "added",
                                    "lib/shop-0.2.0/priv/repo/migrations/20261123150000_add_coupons.exs",
                                    "310 B")),
                    0);

    private Browser browser;

    @TempDir private Path folder = Path.of("");

    @BeforeAll
    void open() {
        browser = Browser.open();
    }

    @AfterAll
    void close() {
        browser.close();
    }

    private static Rollup rollup(String events) throws IOException {
        Recorded recorded =
                Recordings.read(Files.readString(Golden.folder("web").resolve(events + ".jsonl")))
                        .orElseThrow();
        return Rollup.of(recorded, Instant.EPOCH, false, Optional.of(CHANGES));
    }

    private Page page(String events, int width, ColorScheme scheme) throws IOException {
        Path file = folder.resolve(events + ".html");
        Pages.report(rollup(events), file);
        Page page = browser.page(width, scheme);
        page.navigate(file.toUri().toString());
        return page;
    }

    @ParameterizedTest
    @CsvSource({
        "went-back, 1280, LIGHT",
        "went-back, 1280, DARK",
        "went-back, 400, LIGHT",
        "went-back, 400, DARK",
        "done, 1280, LIGHT",
        "done, 400, DARK",
        "cut-off, 400, LIGHT",
    })
    void it_fits_any_window_can_be_read_and_needs_nothing_else(
            String events, int width, ColorScheme scheme) throws IOException {
        browser.requests().clear();
        Page page = page(events, width, scheme);
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");

        Browser.assertFits(page);
        Browser.assertReadable(page);
        assertThat(browser.requests()).allMatch(url -> url.startsWith("file:")).hasSize(1);
        assertThat(browser.errors()).isEmpty();
        Browser.picture(page, "report-%s-%d-%s".formatted(events, width, scheme));
        page.context().close();
    }

    @Test
    void it_says_what_went_wrong_first_and_what_followed_from_it_after() throws IOException {
        Page page = page("went-back", Browser.WIDE, ColorScheme.LIGHT);

        assertThat(page.title()).isEqualTo("Deploy of shop (production): went back");
        assertThat(page.locator("section").first().locator("h2").innerText())
                .isEqualTo("What went wrong");
        assertThat(page.locator(".problem").first().innerText())
                .contains("web4 did not get healthy")
                .contains("no route to payments.example.org:443 <script>alert(1)</script>")
                .contains("decant logs --hosts web4");
        assertThat(page.locator(".follows").allInnerTexts())
                .hasSize(4)
                .contains("web1 had switched and was taken back, because web4 failed.");
        page.context().close();
    }

    @Test
    void each_host_has_a_line_of_time_its_steps_and_its_end() throws IOException {
        Page page = page("went-back", Browser.WIDE, ColorScheme.LIGHT);

        assertThat(page.locator(".lane:not(.axis) .name").allInnerTexts())
                .containsExactly("web1", "web2", "web3", "web4", "web5", "web6");
        assertThat(page.locator(".lane:not(.axis) .state").allInnerTexts())
                .element(5)
                .asString()
                .contains("untouched", "was never switched");
        assertThat(page.locator(".lane:not(.axis) svg.track").nth(3).getAttribute("aria-label"))
                .contains("preflight: 0.8 s; activate: 6.8 s, failed");
        // The line of time has web4's switch where it was: after those of the two batches before.
        BoundingBox web2 = page.locator(".lane:nth-of-type(3) rect.activate").boundingBox();
        BoundingBox web4 = page.locator(".lane:nth-of-type(5) rect.activate.badly").boundingBox();
        assertThat(web4.x).isGreaterThan(web2.x + web2.width);
        assertThat(web4.width).isGreaterThan(3 * web2.width);
        assertThat(page.locator("details.host[open] summary .name").allInnerTexts())
                .as("those that are open at first")
                .containsExactly("web4");
        assertThat(page.locator("#host-web4 .step").allInnerTexts())
                .anySatisfy(step -> assertThat(step).contains("activate", "failed", "6.8 s"));
        page.locator("#host-web1 summary").click();
        assertThat(page.locator("#host-web1 pre").innerText()).contains("create table coupons");
        page.context().close();
    }

    @Test
    void it_says_what_has_changed_between_the_releases() throws IOException {
        Page page = page("done", Browser.WIDE, ColorScheme.LIGHT);

        assertThat(page.locator("section:has(#changes)").innerText())
                .contains("0.1.1", "0.2.0", "money", "1.13.1", "gone")
                .contains("2 changed, 1 added, 0 removed");
        assertThat(page.locator(".headline").innerText())
                .contains("3: 2 done, 1 unchanged", "3.9 s", "29.2 kB", "alice@laptop");
        page.context().close();
    }

    @Test
    void a_deploy_that_was_stopped_shows_how_far_it_had_got() throws IOException {
        Page page = page("cut-off", Browser.WIDE, ColorScheme.LIGHT);

        assertThat(page.locator(".headline .badge").innerText()).isEqualTo("cut off");
        assertThat(page.locator(".lane:not(.axis) .badge").allInnerTexts())
                .containsExactly("done", "cut off");
        assertThat(page.locator("#host-web2 .step").last().innerText())
                .contains("cut off", "0.7 s");
        page.context().close();
    }

    private static Recorded fifty() {
        Instant at = Instant.parse("2026-11-23T19:20:00Z");
        List<String> hosts =
                IntStream.rangeClosed(1, 50)
                        .mapToObj(i -> "app%02d.eu-central.example.org".formatted(i))
                        .toList();
        List<RolloutEvent> events = new ArrayList<>();
        events.add(
                new RolloutEvent.Began(
                        at, "deploy", Samples.NEW, hosts, hosts.stream().map(List::of).toList()));
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i);
            Instant ready = at.plusMillis(900 + 37 * (i % 7));
            Instant on = at.plusMillis(2000 + 400 * i);
            events.add(
                    new RolloutEvent.StepDone(
                            ready, host, "send", Duration.ofMillis(700 + 37 * (i % 7)), 21_000));
            events.add(new RolloutEvent.BatchBegan(on, i + 1, List.of(host)));
            events.add(new RolloutEvent.StepBegan(on, host, "activate"));
            if (i < 49) {
                events.add(
                        new RolloutEvent.StepDone(
                                on.plusMillis(390), host, "activate", Duration.ofMillis(390), 0));
                events.add(
                        new RolloutEvent.HostEnded(
                                on.plusMillis(390),
                                new HostOutcome.Deployed(host, Optional.empty())));
            }
        }
        return new Recorded(
                new Recorded.Header(at, "shop", "", "deploy", "alice@laptop", 0),
                Map.of(),
                events,
                Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"1280, DARK", "400, LIGHT"})
    void fifty_hosts_are_not_too_many(int width, ColorScheme scheme) throws IOException {
        Path file = folder.resolve("fifty.html");
        Pages.report(
                Rollup.of(fifty(), Instant.parse("2026-11-23T19:20:22Z"), true, Optional.empty()),
                file);
        Page page = browser.page(width, scheme);
        page.navigate(file.toUri().toString());

        Browser.assertFits(page);
        assertThat(page.locator(".lane:not(.axis)").count()).isEqualTo(50);
        assertThat(page.locator(".headline dd").first().innerText())
                .isEqualTo("50: 49 done, 1 under way");
        assertThat(Files.size(file)).isLessThan(1_000_000);
        Browser.picture(page, "report-fifty-%d".formatted(width));
        page.context().close();
    }
}
