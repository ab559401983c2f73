package dev.decant.config;

import java.util.Optional;
import java.util.OptionalInt;

/// `[limits]`: how much of the machine the app may take. What is empty is as systemd has it.
///
/// @param memory past which the kernel kills something of the app, as `MemoryMax=` takes it
/// @param memoryHigh past which it is slowed down, as `MemoryHigh=` takes it
/// @param cpu of one processor, in percent, 1 to 100000
/// @param cpuWeight its share where processors are short, 1 to 10000; others have 100
/// @param tasks threads and processes, at least 16
/// @param files open at a time, 1024 or more
/// @param core bytes of a core file, as `LimitCORE=` takes it
/// @param oomScore -1000 to 1000, where 1000 is killed first
/// @param oomPolicy what happens to the app where the kernel has killed one of its processes
/// @param crashDump bytes of the VM's crash dump; 0 for none
public record LimitsConfig(
        Optional<String> memory,
        Optional<String> memoryHigh,
        OptionalInt cpu,
        OptionalInt cpuWeight,
        OptionalInt tasks,
        int files,
        String core,
        OptionalInt oomScore,
        String oomPolicy,
        long crashDump) {}
