package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.io.Digest;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
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
        assertThat(one.host.hasReplaced(delta)).isTrue();
        assertOnlyWhatIsReplaced(delta, one.host);
    }

    /// And each of it: whose path, where the base's folder of it is now, gets contents.
    private static void assertOnlyWhatIsReplaced(Delta delta, ModelHost host) {
        List<Delta.Move> moves =
                delta.changes().stream()
                        .filter(Delta.Move.class::isInstance)
                        .map(Delta.Move.class::cast)
                        .toList();
        Set<String> sent =
                delta.contents().stream()
                        .filter(FileList.File.class::isInstance)
                        .map(FileList.Entry::path)
                        .collect(Collectors.toSet());
        List<FileList.File> base =
                delta.base()
                        .map(id -> Objects.requireNonNull(host.lists().get(id)).files())
                        .orElse(List.of());
        assertThat(delta.replaced())
                .containsExactlyInAnyOrderElementsOf(
                        base.stream()
                                .filter(file -> sent.contains(Delta.moved(moves, file.path())))
                                .toList());
    }

    @Test
    void a_host_whose_files_are_damaged_comes_to_it_as_well() {
        assertAlways(DeltaPropertyTest::damaged);
    }

    private static void damaged(long seed) throws IOException {
        Case one = Case.of(seed);
        Set<Digest> damaged = some(one.host, new SplittableRandom(~seed));
        one.host.damage(damaged);

        Delta delta = Delta.of(one.wanted, one.host.lists(), damaged);
        ModelHost.Made made = one.host.apply(delta);

        assertThat(made.said()).isEqualTo(one.wanted);
        assertThat(made.found()).isEqualTo(one.wanted);
        assertNothingIsSentInVain(delta, one.host, damaged);
        assertThat(one.host.hasReplaced(delta)).isTrue();
    }

    /// Contents that it has.
    private static Set<Digest> some(ModelHost host, RandomGenerator random) {
        Set<Digest> some = new HashSet<>();
        for (FileList list : host.lists().values()) {
            for (FileList.File file : list.files()) {
                if (random.nextInt(5) == 0) {
                    some.add(file.sha256());
                }
            }
        }
        return some;
    }

    @Test
    void damage_that_nobody_knew_of_is_found_and_sent_in_three_tries() {
        assertAlways(DeltaPropertyTest::found);
    }

    /// As [dev.decant.deploy.Sending] goes on when something was refused.
    private static void found(long seed) throws IOException {
        Case one = Case.of(seed);
        one.host.damage(some(one.host, new SplittableRandom(~seed)));
        Set<Digest> known = new HashSet<>();
        boolean helped = true;
        for (int tries = 1; tries <= 3; tries++) {
            Delta delta = Delta.of(one.wanted, one.host.lists(), known);
            if (helped && !one.host.hasReplaced(delta)) {
                helped = false;
                continue;
            }
            FileList found = one.host.apply(delta).found();
            if (found.equals(one.wanted)) {
                return;
            }
            helped = false;
            one.wanted.files().stream()
                    .filter(file -> !found.entries().contains(file))
                    .forEach(file -> known.add(file.sha256()));
        }
        throw new AssertionError("It was refused three times.");
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
