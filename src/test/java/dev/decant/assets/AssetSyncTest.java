package dev.decant.assets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.decant.aws.Bucket;
import dev.decant.io.Digest;
import dev.decant.release.FileList;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

class AssetSyncTest {

    private static final String HASH = "0123456789abcdef0123456789abcdef";
    private static final Instant OLD = Instant.parse("2026-10-01T00:00:00Z");
    private static final Instant NEW = Instant.parse("2026-11-20T00:00:00Z");

    private static Asset asset(String key, int bytes, String md5) {
        return new Asset(key, Path.of(key), Assets.isDigested(key), bytes, md5);
    }

    private static Bucket.Held held(String key, int bytes, String etag, Instant at) {
        return new Bucket.Held(key, bytes, etag, at);
    }

    @Test
    void what_has_a_digest_in_its_name_goes_once_and_never_again() {
        Asset there = asset("assets/app-" + HASH + ".js", 10, "a");
        Asset lacking = asset("assets/app-" + HASH + ".css", 10, "b");

        AssetSync.Work work =
                AssetSync.work(
                        List.of(there, lacking),
                        List.of(held(there.key(), 10, "of-two-parts-2", NEW)));

        assertThat(work.missing()).containsExactly(lacking);
        assertThat(work.changed()).isEmpty();
    }

    @Test
    void one_that_was_cut_short_goes_again() {
        Asset cut = asset("assets/app-" + HASH + ".js", 10, "a");

        assertThat(AssetSync.work(List.of(cut), List.of(held(cut.key(), 7, "a", NEW))).missing())
                .containsExactly(cut);
    }

    @Test
    void what_has_none_goes_where_its_contents_have_changed_and_that_is_told() {
        Asset same = asset("favicon.ico", 10, "a");
        Asset changed = asset("robots.txt", 10, "b");
        Asset added = asset("about.html", 10, "c");

        AssetSync.Work work =
                AssetSync.work(
                        List.of(same, changed, added),
                        List.of(
                                held("favicon.ico", 10, "a", NEW),
                                held("robots.txt", 10, "z", NEW)));

        assertThat(work.missing()).containsExactly(changed, added);
        assertThat(work.changed()).containsExactly("robots.txt");
        assertThat(work.bytes()).isEqualTo(20);
    }

    @Test
    void each_is_told_of_as_what_it_is_and_for_how_long() {
        assertThat(
                        List.of(
                                asset("assets/app-" + HASH + ".js", 1, ""),
                                asset("assets/app-" + HASH + ".css.gz", 1, ""),
                                asset("assets/app-" + HASH + ".js.br", 1, ""),
                                asset("images/Logo.SVG", 1, ""),
                                asset("app.js.gz", 1, ""),
                                asset("data", 1, "")))
                .extracting(Asset::headers)
                .extracting(
                        Bucket.Headers::contentType,
                        Bucket.Headers::contentEncoding,
                        headers -> headers.cacheControl().contains("immutable"))
                .containsExactly(
                        tuple("text/javascript; charset=utf-8", "", true),
                        tuple("text/css; charset=utf-8", "gzip", true),
                        tuple("text/javascript; charset=utf-8", "br", true),
                        tuple("image/svg+xml", "", false),
                        tuple("text/javascript; charset=utf-8", "gzip", false),
                        tuple("application/octet-stream", "", false));
    }

    @Test
    void only_what_no_release_needs_and_is_old_and_has_a_digest_is_removed() {
        String needed = "assets/app-" + HASH + ".js";
        String young = "assets/young-" + HASH + ".js";
        String old = "assets/old-" + HASH + ".js.gz";

        assertThat(
                        AssetSync.unneeded(
                                List.of(
                                        held(needed, 1, "", OLD),
                                        held(young, 1, "", NEW),
                                        held(old, 1, "", OLD),
                                        held("robots.txt", 1, "", OLD)),
                                Set.of(needed),
                                Instant.parse("2026-11-01T00:00:00Z")))
                .extracting(Bucket.Held::key)
                .containsExactly(old);
    }

    @Test
    void all_applications_of_a_release_have_static_files() {
        FileList list =
                new FileList(
                        List.of(
                                file("lib/shop_web-1.0.0/priv/static/assets/a-" + HASH + ".js"),
                                file("lib/admin-1.0.0/priv/static/b-" + HASH + ".css.gz"),
                                file("lib/admin-1.0.0/priv/static/b.css"),
                                file("lib/admin-1.0.0/priv/static/cache_manifest.json"),
                                file("lib/admin-1.0.0/priv/c-" + HASH + ".css"),
                                file("releases/1.0.0/priv/static/d-" + HASH + ".css")));

        assertThat(Assets.digested(list, "priv/static"))
                .containsExactly("assets/a-" + HASH + ".js", "b-" + HASH + ".css.gz");
    }

    private static FileList.File file(String path) {
        return new FileList.File(path, false, 1, Digest.of(path));
    }
}
