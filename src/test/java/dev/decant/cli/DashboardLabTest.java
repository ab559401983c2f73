package dev.decant.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

import dev.decant.lab.Lab;
import dev.decant.lab.LabHost;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;
import dev.decant.web.Browser;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The dashboard of two hosts, and of one that is not there, in a browser; told in order.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardLabTest {

    private Lab lab;
    private SampleProject project;
    private Process dashboard;
    private URI address;
    private Browser browser;
    private Page page;
    private String newest = "";

    @BeforeAll
    void boot() throws Exception {
        lab = Lab.open(LabLog.nop());
        LabHost web1 = lab.boot("web1", Suite.BOOKWORM);
        LabHost web2 = lab.boot("web2", Suite.BOOKWORM);
        project =
                SampleProject.create()
                        .config(
                                lab.sshConfig(),
                                List.of(web1, web2),
                                "secrets = [\"COUNTER_SECRET\"]",
                                "")
                        .set(SampleProject.SECRET, "one");
        project.must("setup");
        project.must("deploy");
        project.version("0.2.0");
        Path report = project.folder().resolve("report.html");
        project.must("deploy", "--report", report.toString());
        project.edit("decant.toml", "[ssh]", "[hosts.gone]\naddress = \"127.0.0.9\"\n[ssh]");
        browser = Browser.open();
        dashboard = project.apart("dashboard").converse();
        address = URI.create(dashboard.inputReader().readLine());
        page = browser.page(Browser.WIDE, ColorScheme.LIGHT);
    }

    @AfterAll
    void down() throws Exception {
        dashboard.destroy();
        browser.close();
        project.close();
        lab.close();
    }

    /// The status line of what is answered.
    private String ask(String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), address.getPort()));
            socket.getOutputStream()
                    .write(
                            (request.replace("\n", "\r\n") + "\r\n\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
        }
    }

    @Test
    @Order(1)
    void nobody_is_let_in_without_the_token_or_by_another_name() throws Exception {
        String here = "Host: 127.0.0.1:" + address.getPort();
        String path = address.getRawPath() + "?" + address.getRawQuery();

        assertThat(ask("GET / HTTP/1.1\n" + here)).isEqualTo("HTTP/1.1 403");
        assertThat(ask("GET /events HTTP/1.1\n" + here)).isEqualTo("HTTP/1.1 403");
        assertThat(ask("GET " + path.replaceAll("..$", "zz") + " HTTP/1.1\n" + here))
                .isEqualTo("HTTP/1.1 403");
        assertThat(ask("GET " + path + " HTTP/1.1\nHost: evil.example:" + address.getPort()))
                .isEqualTo("HTTP/1.1 421");
        assertThat(ask("GET " + path + " HTTP/1.1\n" + here)).isEqualTo("HTTP/1.1 200");
        assertThat(ask("POST /rollback HTTP/1.1\nContent-Length: 0\n" + here))
                .isEqualTo("HTTP/1.1 403");
    }

    @Test
    @Order(2)
    void it_shows_what_each_host_serves_and_which_cannot_be_reached() throws Exception {
        page.navigate(address.toString());

        page.waitForURL("**/");
        assertThat(page.locator("#card-web1 .badge")).hasText("serving");
        assertThat(page.locator("#card-web1 code")).containsText("-0.2.0-");
        newest = page.locator("#card-web2 code").innerText();
        assertThat(newest).contains("-0.2.0-");
        assertThat(page.locator("#card-gone .badge")).hasText("not reached");
        assertThat(page.locator("#link")).hasText("Live");
        assertThat(page.locator("#part-rollout h1")).hasText("Deploy of counter");
        assertThat(page.locator("#part-past tbody tr")).hasCount(2);
        assertThat(page.locator("#part-history")).containsText("tester@bench");
        // The cookie is nothing for scripts.
        assertThat(page.evaluate("document.cookie")).isEqualTo("");
    }

    @Test
    @Order(3)
    void it_fits_any_window_and_can_be_read_without_javascript() throws Exception {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : new int[] {Browser.WIDE, Browser.NARROW}) {
                Page other = browser.page(width, scheme, scheme == ColorScheme.LIGHT);
                other.navigate(address.toString());
                assertThat(other.locator("#card-web1 code")).containsText("-0.2.0-");
                Browser.assertFits(other);
                Browser.assertReadable(other);
                Browser.picture(other, "dashboard-%d-%s".formatted(width, scheme));
                other.context().close();
            }
        }
    }

    @Test
    @Order(4)
    void it_asks_first_and_does_nothing_where_the_answer_is_no() throws Exception {
        page.locator("#ask").click();

        Locator dialog = page.locator("dialog");
        assertThat(dialog.locator("h2")).hasText("Roll counter back?");
        assertThat(dialog).containsText("-0.2.0-");
        assertThat(dialog).containsText("-0.1.0-");
        assertThat(dialog).containsText("is not reached");
        assertThat(dialog.locator("#go")).hasText("Roll 2 hosts back");
        assertThat(dialog.locator("#keep")).isFocused();
        Browser.assertReadable(page);
        Browser.picture(page, "dialog-1280");
        page.setViewportSize(Browser.NARROW, 800);
        Browser.assertFits(page);
        Browser.picture(page, "dialog-400");
        page.setViewportSize(Browser.WIDE, 900);
        dialog.locator("#choose-web2").click();
        assertThat(dialog.locator("#go")).hasText("Roll one host back");
        dialog.locator("#keep").click();

        assertThat(dialog).isHidden();
        assertThat(page.locator("#part-past tbody tr")).hasCount(2);
        assertThat(page.locator("#part-history")).not().containsText("rollback");
    }

    @Test
    @Order(5)
    void what_was_confirmed_happens_before_ones_eyes() throws Exception {
        page.locator("#ask").click();
        page.locator("#choose-web2").waitFor();
        page.locator("#go").click();

        assertThat(page.locator("#part-rollout h1")).hasText("Rollback of counter");
        assertThat(page.locator("#part-rollout .headline .badge")).hasText("under way");
        assertThat(page.locator("#part-rollout .lanes .bar.activate.open")).hasCount(1);
        Browser.picture(page, "rollback-under-way");
        assertThat(page.locator("#part-rollout .headline .badge")).hasText("done");
        assertThat(page.locator("#said")).containsText("web1 done, web2 done");
        assertThat(page.locator("#card-web1 code")).containsText("-0.1.0-");
        assertThat(page.locator("#card-web2 code")).containsText("-0.1.0-");
        assertThat(page.locator("#part-history tbody tr").first()).containsText("rollback");
        Browser.picture(page, "rollback-done");
    }

    @Test
    @Order(6)
    void what_runs_in_another_terminal_is_followed() throws Exception {
        Process deploy =
                project.apart("deploy", "--hosts", "web1,web2", "--release", newest).converse();

        assertThat(page.locator("#part-rollout h1")).hasText("Deploy of counter");
        assertThat(page.locator("#part-rollout .lanes")).isVisible();
        // Whoever wants something else meanwhile is told who is there.
        page.locator("#ask").click();
        page.locator("#choose-release").selectOption(newest);
        page.locator("#go:has-text('Roll 2 hosts back'):enabled").click();
        assertThat(page.locator("#refused")).containsText("is being worked on by someone else");
        assertThat(page.locator("#refused")).containsText("tester@bench: deploy");
        page.locator("#keep").click();

        assertThat(page.locator("#part-rollout .headline .badge")).hasText("done");
        assertThat(deploy.waitFor()).isZero();
        assertThat(page.locator("#card-web2 code")).containsText("-0.2.0-");
    }

    @Test
    @Order(7)
    void a_report_says_what_changed_and_a_page_has_it_for_each_rollout() throws Exception {
        assertThat(Files.readString(project.folder().resolve("report.html")))
                .contains("Deploy of counter", "What changed", "0.1.0", "0.2.0", "preflight")
                .doesNotContain("<script", "http://", "https://");

        page.locator("#part-past a").first().click();

        assertThat(page.locator("h1")).hasText("Deploy of counter");
        assertThat(page.locator("section:has(#changes)")).containsText("0.2.0");
        page.locator(".brand a").click();
        assertThat(page.locator("#link")).hasText("Live");
        // The browser says so of what was refused.
        assertThat(browser.errors()).allMatch(error -> error.contains("409 (Conflict)"));
        assertThat(browser.requests())
                .allMatch(url -> url.startsWith("http://127.0.0.1:" + address.getPort() + "/"));
    }

    @Test
    @Order(8)
    void a_deploy_that_is_stopped_leaves_a_report_of_how_far_it_got() throws Exception {
        Path report = project.folder().resolve("stopped.html");
        Process deploy =
                project.apart(
                                "deploy",
                                "--hosts",
                                "web1,web2",
                                "--again",
                                "--release",
                                newest,
                                "--report",
                                "stopped.html")
                        .converse();
        assertThat(page.locator("#part-rollout .lanes .bar.activate.open")).hasCount(1);

        deploy.destroy();

        assertThat(deploy.waitFor()).isEqualTo(130);
        assertThat(page.locator("#part-rollout .headline .badge")).hasText("cut off");
        assertThat(Files.readString(report))
                .contains("activate", "cut off", "Stopped. 1 of 2 hosts had begun to switch.");
    }

    @Test
    @Order(9)
    void ctrl_c_ends_it_at_once() throws Exception {
        dashboard.destroy();

        assertThat(dashboard.waitFor()).isEqualTo(130);
        assertThat(page.locator("#link")).containsText("does not answer");
    }
}
