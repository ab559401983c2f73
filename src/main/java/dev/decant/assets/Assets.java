package dev.decant.assets;

import dev.decant.release.FileList;
import dev.decant.release.Release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The static files of a release, as `mix phx.digest` leaves them.
public final class Assets {

    private static final String MANIFEST = "cache_manifest.json";

    /// `app-0123456789abcdef0123456789abcdef.js.gz`, as Phoenix.Digester names them.
    private static final Pattern DIGESTED = Pattern.compile("(?:.*/)?[^/]+-[0-9a-f]{32}\\.[^/]+");

    private Assets() {}

    /// Those of all its applications, what has a digest first: nothing names a file that is not
    /// there yet.
    ///
    /// @param folder within an application, such as `priv/static`
    /// @throws dev.decant.problem.Failure with [AssetsProblem] if there are none, or two
    ///   applications have different files of one name
    public static List<Asset> of(Release release, String folder) throws IOException {
        Map<String, FileList.File> found = new LinkedHashMap<>();
        for (FileList.File file : files(release.files(), folder)) {
            String key = key(file, folder);
            FileList.File other = found.put(key, file);
            if (other != null && !other.sha256().equals(file.sha256())) {
                throw AssetsProblem.twice(release.id(), key);
            }
        }
        List<Asset> all = new ArrayList<>();
        for (Map.Entry<String, FileList.File> each : found.entrySet()) {
            all.add(asset(release, each.getKey(), each.getValue()));
        }
        all.sort((a, b) -> Boolean.compare(b.digested(), a.digested()));
        if (all.stream().noneMatch(Asset::digested)) {
            throw AssetsProblem.none(release.id(), folder);
        }
        return all;
    }

    /// The names of those that have a digest in them, from the list alone.
    public static Set<String> digested(FileList list, String folder) {
        Set<String> keys = new TreeSet<>();
        for (FileList.File file : files(list, folder)) {
            String key = key(file, folder);
            if (isDigested(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    static boolean isDigested(String key) {
        return DIGESTED.matcher(key).matches();
    }

    /// The list of what has which digest is for the app itself.
    private static List<FileList.File> files(FileList list, String folder) {
        Pattern below = below(folder);
        return list.files().stream()
                .filter(file -> below.matcher(file.path()).matches())
                .filter(file -> !file.path().endsWith("/" + MANIFEST))
                .toList();
    }

    private static Pattern below(String folder) {
        return Pattern.compile("lib/[^/]+/" + Pattern.quote(folder) + "/(.+)");
    }

    private static String key(FileList.File file, String folder) {
        Matcher matcher = below(folder).matcher(file.path());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file.path());
        }
        return matcher.group(1);
    }

    private static Asset asset(Release release, String key, FileList.File file) throws IOException {
        Path path = release.tree().resolve(file.path());
        boolean digested = isDigested(key);
        return new Asset(key, path, digested, file.size(), digested ? "" : md5(path));
    }

    /// As S3 calls an object of one part.
    private static String md5(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
