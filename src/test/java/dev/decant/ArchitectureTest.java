package dev.decant;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import dev.decant.http.Certificates;

import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.util.List;

/// The map of the rooms. Who is not named below may be imported only as the general rules say.
class ArchitectureTest {

    private static final JavaClasses DECANT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.decant");

    /// Makes releases.
    private static final String[] LEFT = {
        "dev.decant.project..",
        "dev.decant.advisory..",
        "dev.decant.lint..",
        "dev.decant.toolchain..",
        "dev.decant.build.."
    };

    /// Puts them on hosts.
    private static final String[] RIGHT = {
        "dev.decant.systemd..",
        "dev.decant.secrets..",
        "dev.decant.host..",
        "dev.decant.store..",
        "dev.decant.deploy..",
        "dev.decant.bundle..",
        "dev.decant.assets..",
        "dev.decant.lab.."
    };

    private static final String[] GROUND = {
        "dev.decant.problem..",
        "dev.decant.io..",
        "dev.decant.http..",
        "dev.decant.exec..",
        "dev.decant.config..",
        "dev.decant.aws..",
        "dev.decant.ssh.."
    };

    private static final String WAIST = "dev.decant.release..";
    private static final String[] TOP = {"dev.decant.ui..", "dev.decant.web..", "dev.decant.cli.."};

    @Test
    void rooms_do_not_import_each_other_in_circles() {
        slices().matching("dev.decant.(*)..").should().beFreeOfCycles().check(DECANT);
    }

    @Test
    void the_root_package_is_empty() {
        noClasses().should().resideInAPackage("dev.decant").check(DECANT);
    }

    @Test
    void making_a_release_knows_nothing_of_hosts() {
        forbid(LEFT, RIGHT);
    }

    @Test
    void putting_a_release_on_hosts_knows_nothing_of_making_it() {
        forbid(RIGHT, LEFT);
    }

    @Test
    void the_waist_knows_neither_half() {
        forbid(new String[] {WAIST}, LEFT);
        forbid(new String[] {WAIST}, RIGHT);
    }

    @Test
    void the_ground_carries_all_and_knows_nobody() {
        forbid(GROUND, LEFT);
        forbid(GROUND, RIGHT);
        forbid(GROUND, new String[] {WAIST});
    }

    @Test
    void nobody_knows_how_it_looks_or_what_was_typed() {
        forbid(LEFT, TOP);
        forbid(RIGHT, TOP);
        forbid(GROUND, TOP);
        forbid(new String[] {WAIST}, TOP);
        forbid(
                new String[] {"dev.decant.ui.."},
                new String[] {"dev.decant.web..", "dev.decant.cli.."});
        forbid(new String[] {"dev.decant.web.."}, new String[] {"dev.decant.cli.."});
        forbid(new String[] {"dev.decant.web.."}, LEFT);
    }

    @Test
    void only_exec_starts_processes() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.decant.exec..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .check(DECANT);
    }

    @Test
    void clients_of_http_are_made_in_one_place() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.decant.http..")
                .should()
                .callMethod(HttpClient.class, "newBuilder")
                .orShould()
                .callMethod(HttpClient.class, "newHttpClient")
                .check(DECANT);
    }

    /// It has clients of its own, which follow the environment's proxies by themselves.
    @Test
    void aws_is_trusted_as_the_machine_says() {
        classes()
                .that(
                        describe(
                                "make clients of AWS's",
                                one ->
                                        one.getMethodCallsFromSelf().stream()
                                                .map(call -> call.getTarget().getFullName())
                                                .anyMatch(
                                                        name ->
                                                                name.matches(
                                                                        ".*HttpClient[.]builder.*"))))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Certificates.class)
                .check(DECANT);
    }

    @Test
    void each_library_is_seen_from_one_place() {
        onlyIn("dev.decant.source..", "com.exceptionfactory.jagged..");
        onlyIn("dev.decant.cli..", "picocli..");
        onlyIn(List.of("dev.decant.config..", "dev.decant.source.."), "org.tomlj..");
        onlyIn(List.of("dev.decant.advisory..", "dev.decant.source.."), "org.snakeyaml..");
        onlyIn("dev.decant.advisory..", "com.google.protobuf..");
        onlyIn("dev.decant.release..", "org.apache.commons.compress..");
        onlyIn("dev.decant.release..", "com.github.luben.zstd..");
        onlyIn("dev.decant.ui..", "com.github.difflib..");
        onlyIn("dev.decant.web..", "gg.jte..");
        onlyIn("dev.decant.web..", "com.sun.net.httpserver..");
        onlyIn("dev.decant.deploy..", "io.opentelemetry..");
        onlyIn(List.of("dev.decant.aws..", "dev.decant.source.."), "software.amazon..");
    }

    @Test
    void only_the_command_line_ends_the_process_or_prints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.decant.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(DECANT);
    }

    @Test
    void no_name_says_nothing() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(DECANT);
    }

    private static void forbid(String[] from, String[] to) {
        noClasses()
                .that()
                .resideInAnyPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .check(DECANT);
    }

    private static void onlyIn(String room, String library) {
        onlyIn(List.of(room), library);
    }

    private static void onlyIn(List<String> rooms, String library) {
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(DECANT);
    }
}
