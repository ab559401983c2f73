package dev.decant.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Debian's Chromium, without a window. `-Dscreenshots=FOLDER` keeps what it sees.
public final class Browser implements AutoCloseable {

    public static final int WIDE = 1280;
    public static final int NARROW = 400;

    private static final int HEIGHT = 900;

    /// In milliseconds; a machine that does other things besides is slow.
    private static final int PATIENCE = 20_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    /// What pages have complained of.
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());

    /// What pages have asked for.
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private Browser(Playwright playwright) {
        this.playwright = playwright;
        this.chromium =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                                        .setArgs(List.of("--no-sandbox")));
    }

    public static Browser open() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        return new Browser(
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
    }

    /// A page in a profile of its own.
    public Page page(int width, ColorScheme scheme) {
        return page(width, scheme, true);
    }

    public Page page(int width, ColorScheme scheme, boolean scripts) {
        BrowserContext context =
                chromium.newContext(
                        new com.microsoft.playwright.Browser.NewContextOptions()
                                .setViewportSize(width, HEIGHT)
                                .setColorScheme(scheme)
                                .setJavaScriptEnabled(scripts));
        context.setDefaultTimeout(PATIENCE);
        Page page = context.newPage();
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") || message.type().equals("warning")) {
                        errors.add(message.text());
                    }
                });
        page.onPageError(errors::add);
        page.onRequest((Request request) -> requests.add(request.url()));
        return page;
    }

    public List<String> errors() {
        return errors;
    }

    public List<String> requests() {
        return requests;
    }

    /// It fits the window, whatever it shows.
    public static void assertFits(Page page) {
        assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
                .as("how much wider than the window it is")
                .isEqualTo(0);
    }

    /// Text can be told from what is behind it, as WCAG 2 asks of it (AA).
    public static void assertReadable(Page page) {
        Object faint =
                page.evaluate(
                        """
                        () => {
                          const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                          const numbers = color => color.match(/[\\d.]+/g).map(Number);
                          const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
                          const ground = element => {
                            for (let e = element; e; e = e.parentElement) {
                              const color = numbers(getComputedStyle(e).backgroundColor);
                              if (color.length < 4 || color[3] === 1) return color;
                            }
                            return [255, 255, 255];
                          };
                          const faint = [];
                          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                          while (texts.nextNode()) {
                            const text = texts.currentNode, of = text.parentElement, style = getComputedStyle(of);
                            if (!text.data.trim() || !of.checkVisibility()) continue;
                            const svg = of instanceof SVGElement;
                            const [a, b] = [light(numbers(svg ? style.fill : style.color)), light(ground(of))];
                            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                            if (contrast < 4.5) faint.push(text.data.trim() + ' ' + contrast.toFixed(2));
                          }
                          return faint;
                        }
                        """);
        assertThat((List<?>) faint).as("text of too little contrast").isEmpty();
    }

    /// Keeps a picture, if that was asked for.
    public static void picture(Page page, String name) {
        String folder = System.getProperty("screenshots", "");
        if (!folder.isEmpty()) {
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setFullPage(true)
                            .setPath(Path.of(folder, name + ".png")));
        }
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
