package dev.decant;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;

import dev.decant.exec.Program;
import dev.decant.exec.Result;
import dev.decant.web.Browser;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// The documentation as a site, as a browser shows it. `-Dscreenshots=FOLDER` keeps what it sees.
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiteTest {

    private Browser browser;
    private HttpServer server;
    private String base;

    @BeforeAll
    void build() throws Exception {
        Result built = Program.of("bin/docs").run();
        assertThat(built.ok()).as("%s", built).isTrue();
        server =
                SimpleFileServer.createFileServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Path.of("target/site").toAbsolutePath(),
                        SimpleFileServer.OutputLevel.NONE);
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        browser = Browser.open();
    }

    @AfterAll
    void close() {
        browser.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "index, 1280, LIGHT",
        "index, 400, DARK",
        "concepts/deploy, 1280, DARK",
        "concepts/deploy, 400, LIGHT",
        "tutorial/index, 1280, LIGHT",
        "reference/problems, 400, DARK",
        "reference/commands, 400, LIGHT",
        "reference/settings, 1280, DARK",
        "troubleshooting, 400, LIGHT",
    })
    void a_page_fits_and_asks_nobody_else(String name, int width, ColorScheme scheme) {
        browser.requests().clear();
        Page page = browser.page(width, scheme);
        page.navigate(base + name + ".html");

        assertThat(page.locator("h1")).hasCount(1);
        Browser.assertFits(page);
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.startsWith(base));
        assertThat(browser.errors()).isEmpty();
        Browser.picture(page, "site-%s-%d-%s".formatted(name.replace('/', '-'), width, scheme));
        page.context().close();
    }

    @Test
    void what_an_error_says_is_found_by_searching() {
        Page page = browser.page(Browser.WIDE, ColorScheme.LIGHT);
        page.navigate(base + "index.html");

        page.locator(".md-search__input").click();
        page.locator(".md-search__input").pressSequentially("host-key-changed");
        page.locator(".md-search-result__link[href*='#host-key-changed']").first().click();

        assertThat(page.locator("h3#host-key-changed")).isInViewport();
        assertThat(browser.requests()).allMatch(url -> url.startsWith(base));
        page.context().close();
    }
}
