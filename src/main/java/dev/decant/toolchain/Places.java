package dev.decant.toolchain;

import dev.decant.project.ToolVersion;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Where on a machine toolchains may be, besides its `PATH`.
interface Places {

    Optional<Installation> find(ToolVersion wanted) throws IOException, InterruptedException;

    /// Where that looks, for an error.
    List<String> looked();
}
