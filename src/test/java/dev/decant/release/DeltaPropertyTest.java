package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.io.Digest;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/// Whatever a host has and whatever a release is to have. `-Dseed=` has one case tried again.
class DeltaPropertyTest {

    private static final int CASES = 500;

    private interface Property {
        void of(long seed) throws IOException;
    }

    private static void assertAlways(Property property) {
        Long one = Long.getLong("seed");
        (one == null ? LongStream.range(0, CASES) : LongStream.of(one))
                .forEach(
                        seed -> {
                            try {
                                property.of(seed);
                            } catch (IOException | RuntimeException | AssertionError e) {
                                throw new AssertionError(
                                        "-Dseed=" + seed + ": " + e.getMessage(), e);
                            }
                        });
    }

    /// @param host has up to three releases
    private record Case(ModelHost host, FileList wanted) {
        static Case of(long seed) {
            RandomGenerator random = new SplittableRandom(~seed);
            RandomTrees trees = new RandomTrees(seed);
            ModelHost host = new ModelHost();
            List<RandomTrees.Tree> there = new ArrayList<>();
            RandomTrees.Tree tree = trees.tree();
            for (int releases = random.nextInt(4); releases > 0; releases--) {
                host.add(id(there.size()), tree.list());
                there.add(tree);
                boolean another = random.nextInt(10) == 0;
                RandomTrees.Tree before = there.get(random.nextInt(there.size()));
                tree = another ? trees.tree() : trees.after(before, there);
            }
            return new Case(host, tree.list());
        }

        private static ReleaseId id(int number) {
            return new ReleaseId("2026112%dT080000Z-0.1.0-aaaaaaa".formatted(number));
        }
    }

    @Test
    void a_host_comes_to_just_what_is_wanted() {
        assertAlways(DeltaPropertyTest::whole);
    }

    private static void whole(long seed) throws IOException {
        Case one = Case.of(seed);

        Delta delta = Delta.of(one.wanted, one.host.lists(), Set.of());
        ModelHost.Made made = one.host.apply(delta);

        assertThat(made.said()).isEqualTo(one.wanted);
        assertThat(made.found()).isEqualTo(one.wanted);
        assertNothingIsSentInVain(delta, one.host, Set.of());
    }

    @Test
    void a_host_whose_files_are_damaged_comes_to_it_as_well() {
        assertAlways(DeltaPropertyTest::damaged);
    }

    private static void damaged(long seed) throws IOException {
        Case one = Case.of(seed);
        RandomGenerator random = new SplittableRandom(~seed);
        Set<Digest> damaged = new HashSet<>();
        for (FileList list : one.host.lists().values()) {
            for (FileList.File file : list.files()) {
                if (random.nextInt(5) == 0) {
                    damaged.add(file.sha256());
                }
            }
        }
        one.host.damage(damaged);

        Delta delta = Delta.of(one.wanted, one.host.lists(), damaged);
        ModelHost.Made made = one.host.apply(delta);

        assertThat(made.said()).isEqualTo(one.wanted);
        assertThat(made.found()).isEqualTo(one.wanted);
        assertNothingIsSentInVain(delta, one.host, damaged);
    }

    /// No more than the trees can tell, for the rest of it see [ModelHost].
    private static void assertNothingIsSentInVain(
            Delta delta, ModelHost host, Set<Digest> damaged) {
        Set<FileList.Content> there = new HashSet<>();
        for (FileList list : host.lists().values()) {
            list.files().stream()
                    .filter(file -> !damaged.contains(file.sha256()))
                    .forEach(file -> there.add(file.content()));
        }
        assertThat(delta.contents())
                .noneMatch(
                        entry ->
                                entry instanceof FileList.File file
                                        && there.contains(file.content()));
    }
}
