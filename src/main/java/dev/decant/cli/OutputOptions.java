package dev.decant.cli;

import picocli.CommandLine.Option;

/// How results are printed.
final class OutputOptions {

    @Option(
            names = "--json",
            description = "Print the result as one JSON object on standard output.")
    boolean json;
}
