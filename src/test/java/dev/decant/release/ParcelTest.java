package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.Samples;
import dev.decant.io.Digest;
import dev.decant.problem.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;

class ParcelTest {

    private static final String BEAM = "lib/shop_web-0.2.0/ebin/a.beam";

    @TempDir private Path temp = Path.of("");

    private Path folder(String name) throws IOException {
        return Files.createTempDirectory(temp, name);
    }

    private Release pack(MixTarball tarball) throws IOException {
        Path folder = folder("release");
        return Packer.pack(
                tarball.write(folder.resolve("from-mix.tar.gz")),
                MixTarball.about(Samples.NEW, "1f3a9c2d4e5f60718293", false, "prod"),
                Files.createDirectory(folder.resolve("draft")),
                Earlier.NONE);
    }

    private static MixTarball shop(String beam) throws IOException {
        return MixTarball.ordinary().file(BEAM, 0644, beam);
    }

    /// For a host that has nothing.
    private static Delta all(Release release) {
        return Delta.of(release.files(), Map.of(), Set.of());
    }

    private Parcel write(Release release, Compression compression) throws IOException {
        return Parcel.write(release, all(release), compression, Dictionary.NONE, folder("parcel"));
    }

    private Path head(Parcel parcel) throws Exception {
        byte[] bytes = Files.readAllBytes(parcel.file());
        Path head = Files.write(temp.resolve("head"), Arrays.copyOf(bytes, (int) parcel.head()));
        return Unpacked.archive(head, parcel.compression().word(), folder("head"));
    }

    private Path rest(Parcel parcel) throws Exception {
        return rest(parcel, "");
    }

    private Path rest(Parcel parcel, String options) throws Exception {
        byte[] bytes = Files.readAllBytes(parcel.file());
        Path rest =
                Files.write(
                        temp.resolve("rest"),
                        Arrays.copyOfRange(bytes, (int) parcel.head(), bytes.length));
        return Unpacked.archive(rest, parcel.compression().word() + options, folder("rest"));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void the_same_delta_makes_the_same_bytes(Compression compression) throws IOException {
        Parcel first = write(pack(shop("1")), compression);
        Parcel second = write(pack(shop("1")), compression);

        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.head()).isEqualTo(first.head());
        assertThat(second.file()).hasSameBinaryContentAs(first.file());
    }

    @Test
    void it_is_the_same_whoever_makes_it() throws IOException {
        Release release = pack(shop("1"));
        Parcel first = write(release, Compression.GZIP);

        String me = System.getProperty("user.name");
        try {
            System.setProperty("user.name", "somebody");

            assertThat(write(release, Compression.GZIP).digest()).isEqualTo(first.digest());
        } finally {
            System.setProperty("user.name", me);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void another_byte_makes_another_parcel(Compression compression) throws IOException {
        assertThat(write(pack(shop("2")), compression).digest())
                .isNotEqualTo(write(pack(shop("1")), compression).digest());
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void what_it_says_of_its_file_is_so(Compression compression) throws IOException {
        Release release = pack(shop("1"));
        Path folder = folder("parcel");

        Parcel parcel = Parcel.write(release, all(release), compression, Dictionary.NONE, folder);

        assertThat(parcel.digest()).isEqualTo(Digest.of(parcel.file()));
        assertThat(parcel.size()).isEqualTo(Files.size(parcel.file()));
        assertThat(parcel.head()).isPositive().isLessThan(parcel.size());
        assertThat(folder.toFile().listFiles()).containsExactly(parcel.file().toFile());
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void the_first_tar_says_what_the_release_is_to_be(Compression compression) throws Exception {
        Release release = pack(shop("1"));
        Parcel parcel = write(release, compression);

        Path head = head(parcel);

        assertThat(head.toFile().list()).containsExactlyInAnyOrder("manifest.json", "changes");
        assertThat(head.resolve("manifest.json")).hasSameBinaryContentAs(release.manifestFile());
        assertThat(head.resolve("changes")).hasContent(all(release).text());
    }

    @Test
    void the_signature_comes_with_the_manifest() throws Exception {
        Release release = pack(shop("1"));
        Digest unsigned = write(release, Compression.GZIP).digest();
        Files.writeString(release.signatureFile(), "signed");

        Parcel parcel = write(release, Compression.GZIP);

        assertThat(head(parcel).resolve("manifest.json.sig")).hasContent("signed");
        assertThat(parcel.digest()).isNotEqualTo(unsigned);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void the_second_tar_has_the_contents(Compression compression) throws Exception {
        Release release = pack(shop("1").link("current", "bin/shop_web"));

        Path rest = rest(write(release, compression));

        // An empty folder has none.
        assertThat(FileList.of(rest).entries())
                .containsExactlyElementsOf(
                        release.files().entries().stream()
                                .filter(entry -> !(entry instanceof FileList.Folder))
                                .toList());
        assertThat(Unpacked.modes(rest)).containsExactly("rw-r-----", "rwxr-x---");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatever_the_contents_are_they_arrive(Compression compression) throws Exception {
        for (int seed = 0; seed < 8; seed++) {
            Release release = new RandomTrees(seed).tree().pack(temp, Samples.NEW);
            Delta delta = all(release);

            Path rest =
                    rest(
                            Parcel.write(
                                    release,
                                    delta,
                                    compression,
                                    Dictionary.NONE,
                                    folder("parcel")));

            assertThat(FileList.of(rest).entries())
                    .as("seed " + seed)
                    .containsExactlyElementsOf(delta.contents());
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void only_what_a_host_lacks_is_in_it(Compression compression) throws Exception {
        Release old = pack(shop("1"));
        Release release = pack(shop("2"));
        Delta delta = Delta.of(release.files(), Map.of(Samples.OLD, old.files()), Set.of());

        Parcel parcel =
                Parcel.write(release, delta, compression, Dictionary.NONE, folder("parcel"));

        assertThat(FileList.of(rest(parcel)).entries())
                .extracting(FileList.Entry::path)
                .containsExactly(BEAM);
        assertThat(parcel.size()).isLessThan(2000);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void a_host_that_has_all_of_it_gets_tars_all_the_same(Compression compression)
            throws Exception {
        Release release = pack(shop("1"));
        Delta delta = Delta.of(release.files(), Map.of(Samples.OLD, release.files()), Set.of());

        Parcel parcel =
                Parcel.write(release, delta, compression, Dictionary.NONE, folder("parcel"));

        assertThat(head(parcel).resolve("changes")).isEmptyFile();
        assertThat(rest(parcel)).isEmptyDirectory();
    }

    /// Of old contents that nothing makes smaller, in three files.
    private static MixTarball noisy(String line) throws IOException {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        String text = new String(noise, StandardCharsets.ISO_8859_1);
        String changed = text.substring(0, 100_000) + line + text.substring(100_000);
        return MixTarball.ordinary()
                .file("lib/a.js", 0644, changed.getBytes(StandardCharsets.ISO_8859_1))
                .file("lib/b", 0644, line)
                .file("lib/same", 0644, "the same");
    }

    @Test
    void old_contents_stand_in_for_what_is_like_them() throws Exception {
        Release old = pack(noisy("one"));
        Release release = pack(noisy("another"));
        Delta delta = Delta.of(release.files(), Map.of(Samples.OLD, old.files()), Set.of());
        Dictionary dictionary = Dictionary.of(delta.replaced(), old.tree());

        Parcel parcel =
                Parcel.write(release, delta, Compression.ZSTD, dictionary, folder("parcel"));

        assertThat(parcel.size()).isLessThan(2000);
        assertThat(head(parcel).resolve("changes"))
                .hasContent(
                        delta.text()
                                + "like\tlib/a.js\nlike\tlib/b\ndictionary\t"
                                + Digest.of(dictionary.bytes()).hex());
        Path bytes = Files.write(temp.resolve("dictionary"), dictionary.bytes());
        assertThat(FileList.of(rest(parcel, " -D " + bytes)).entries())
                .containsExactlyInAnyOrderElementsOf(delta.contents());
        assertThat(Parcel.write(release, delta, Compression.ZSTD, dictionary, folder("parcel")))
                .extracting(Parcel::digest)
                .isEqualTo(parcel.digest());
    }

    @Test
    void contents_come_once_and_then_as_hard_links() throws Exception {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        Release once = pack(MixTarball.ordinary().file("lib/a", 0644, noise));
        Release often =
                pack(
                        MixTarball.ordinary()
                                .file("lib/a", 0644, noise)
                                .file("lib/b", 0644, noise)
                                .file("lib/größe " + "x".repeat(200), 0644, noise)
                                .file("lib/run", 0755, noise));

        Parcel parcel = write(often, Compression.ZSTD);
        Path rest = rest(parcel);

        assertThat(FileList.of(rest).files()).isEqualTo(often.files().files());
        Object inode = Unpacked.inode(rest.resolve("lib/a"));
        assertThat(Unpacked.inode(rest.resolve("lib/b"))).isEqualTo(inode);
        assertThat(Unpacked.inode(rest.resolve("lib/größe " + "x".repeat(200)))).isEqualTo(inode);
        // Of another mode, it is another file.
        assertThat(Unpacked.inode(rest.resolve("lib/run"))).isNotEqualTo(inode);
        assertThat(parcel.size())
                .isLessThan(write(once, Compression.ZSTD).size() + noise.length + 2000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "longer than it was", "", "gone"})
    void a_file_that_is_damaged_on_the_shelf_is_noticed(String now) throws IOException {
        Release release = pack(shop("12345"));
        Path file = release.tree().resolve(BEAM);
        Files.delete(file);
        if (!now.equals("gone")) {
            Files.writeString(file, now);
        }
        Path folder = folder("parcel");

        assertThatThrownBy(
                        () ->
                                Parcel.write(
                                        release,
                                        all(release),
                                        Compression.GZIP,
                                        Dictionary.NONE,
                                        folder))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.problems())
                                        .singleElement()
                                        .isInstanceOfSatisfying(
                                                ReleaseProblem.Damaged.class,
                                                damaged -> {
                                                    assertThat(damaged.place())
                                                            .isEqualTo(release.folder());
                                                    assertThat(damaged.reason()).contains(BEAM);
                                                }));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void what_is_damaged_and_not_sent_does_no_harm() throws IOException {
        Release old = pack(shop("1"));
        Release release = pack(shop("2"));
        Files.delete(release.tree().resolve("bin/shop_web"));
        Delta delta = Delta.of(release.files(), Map.of(Samples.OLD, old.files()), Set.of());

        assertThat(
                        Parcel.write(
                                        release,
                                        delta,
                                        Compression.GZIP,
                                        Dictionary.NONE,
                                        folder("parcel"))
                                .file())
                .exists();
    }

    /// A shelf must not be thrown away because a disk is full.
    @Test
    void a_parcel_that_cannot_be_written_is_no_damage_to_the_release() throws IOException {
        Release release = pack(shop("1"));
        OutputStream full =
                new OutputStream() {
                    private int room = 10_000;

                    @Override
                    public void write(int one) throws IOException {
                        if (room-- == 0) {
                            throw new IOException("No space left on device");
                        }
                    }
                };

        assertThatIOException()
                .isThrownBy(
                        () -> {
                            try (Parcel.Tar tar = Parcel.Tar.open(full)) {
                                tar.add(release, release.files().entries());
                            }
                        })
                .withMessage("No space left on device");
    }
}
