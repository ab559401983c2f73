package dev.decant.web;

import dev.decant.io.Template;
import dev.decant.io.Trees;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/// Makes HTML of templates, which escape what stands in them.
public final class Pages {

    private static final TemplateEngine TEMPLATES =
            TemplateEngine.createPrecompiled(ContentType.Html);

    private Pages() {}

    /// A rollout as one file that needs no other.
    ///
    /// @param served it leads back to the dashboard
    static String report(Rollup rollup, boolean served) {
        return page(
                "report", Map.of("rollup", rollup, "style", file("style.css"), "served", served));
    }

    /// Writes it, whole or not at all.
    public static void report(Rollup rollup, Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(Objects.requireNonNull(absolute.getParent()));
        Trees.write(absolute, report(rollup, false).getBytes(StandardCharsets.UTF_8));
    }

    static String page(String template, Map<String, Object> values) {
        StringOutput out = new StringOutput();
        TEMPLATES.render(template + ".jte", values, out);
        return out.toString();
    }

    static String file(String name) {
        return Template.text(Pages.class, name, Map.of());
    }
}
