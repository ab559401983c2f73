package dev.decant.cli;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// The same where a release starts beside the old one and is led the public port: whatever cuts
/// that short, one of them answers there. Only of what differs, which begins with the activation.
class SlotsCrashMatrixLabTest extends CrashMatrixLabTest {

    @Override
    boolean slots() {
        return true;
    }

    @Override
    Set<Crash.Operation> operations() {
        return EnumSet.of(Crash.Operation.DEPLOY, Crash.Operation.ROLLBACK);
    }

    @Override
    List<FaultPoints.Step> tried(List<FaultPoints.Step> steps) {
        int first =
                IntStream.range(0, steps.size())
                        .filter(i -> isOf("verb_activate", steps.get(i)))
                        .findFirst()
                        .orElseThrow();
        return steps.subList(first, steps.size());
    }

    /// Half of it: most of the kinds of steps are in the sample of the other matrix.
    @Override
    List<Crash> sample(List<Crash> all) {
        List<Crash> sample = super.sample(all);
        return IntStream.range(0, sample.size())
                .filter(i -> i % 2 == 0)
                .mapToObj(sample::get)
                .toList();
    }

    @Override
    Path file() {
        return Path.of("target/crash-matrix-slots.txt");
    }
}
