package dev.decant.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One case of the crash matrix: what goes wrong, and at which step of what.
///
/// @param number of the step in its operation, from 1
/// @param of how many steps the operation has
/// @param point what is about to happen on the host
record Crash(
        Operation operation, int number, int of, FaultPoints.Step step, String point, Fault fault) {

    enum Operation {
        DEPLOY("deploy", 4),
        ROLLBACK("rollback", 3),
        PRUNE("prune", 2),
        SETUP("setup", 2),
        FIRST_SETUP("first setup", 1);

        private final String words;

        /// How many steps a sample has for each fault.
        private final int sample;

        Operation(String words, int sample) {
            this.words = words;
            this.sample = sample;
        }

        boolean setsUp() {
            return this == SETUP || this == FIRST_SETUP;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    enum Fault {
        OPERATOR_KILLED("operator killed"),
        /// Its machine and its line are gone, and nobody tells the host.
        OPERATOR_LOST("operator lost"),
        CONNECTION_CUT("connection cut"),
        POWER_LOST("power lost"),
        PROGRAM_KILLED("program killed"),
        DISK_FULL("disk full");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        boolean endsTheOperator() {
            return this == OPERATOR_KILLED || this == OPERATOR_LOST;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    @Override
    public String toString() {
        return "%s, step %d of %d (%s), %s".formatted(operation, number, of, point, fault);
    }

    /// Every fault at every step.
    static List<Crash> all(
            Map<Operation, List<FaultPoints.Step>> recorded,
            Map<Integer, InstrumentedHostProgram.Point> points) {
        List<Crash> all = new ArrayList<>();
        recorded.forEach(
                (operation, steps) -> {
                    for (Fault fault : Fault.values()) {
                        // Every such case takes as long as the lease.
                        int every = fault == Fault.OPERATOR_LOST ? 8 : 1;
                        for (int i = 0; i < steps.size(); i += every) {
                            FaultPoints.Step step = steps.get(i);
                            String point = String.valueOf(points.get(step.line()));
                            all.add(new Crash(operation, i + 1, steps.size(), step, point, fault));
                        }
                    }
                });
        return all;
    }

    /// The same few each time: of each operation and each fault some steps at equal distances,
    /// other ones for each fault, and of those half.
    static List<Crash> sample(List<Crash> all) {
        return all.stream().filter(Crash::inSample).toList();
    }

    private boolean inSample() {
        if (fault == Fault.OPERATOR_LOST) {
            // A minute each.
            return operation == Operation.DEPLOY && number == 1 + of / 16 * 8;
        }
        int count = Math.min(of, operation.sample);
        int which = List.of(Fault.values()).indexOf(fault);
        int shift = which * of / (count * Fault.values().length);
        for (int i = 0; i < count; i++) {
            if (number - 1 == i * of / count + shift) {
                return count == 1 || (i + which) % 2 == 0;
            }
        }
        return false;
    }
}
