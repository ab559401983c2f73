package dev.decant.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

class OrphansTest {

    private static final String BOOT = "0a1b2c3d";

    @TempDir private Path folder;

    private Path proc = Path.of("/nowhere");
    private Places places = Places.standard(java.util.Map.of());

    @BeforeEach
    void emptyMachine() throws Exception {
        proc = folder.resolve("proc");
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(
                proc.resolve("sys/kernel/random/boot_id"), BOOT + "-1111-2222-3333-444444444444\n");
        namespace("self", "pid:[1]");
        places =
                new Places(folder.resolve("cache"), folder.resolve("state"), folder.resolve("apt"));
        Files.createDirectories(places.hosts());
        Files.createDirectories(places.labs());
    }

    @Test
    void the_host_of_a_living_process_is_left_alone() throws Exception {
        process(100, 5000, 'S');
        host(2, LabId.of(new ProcessId(100, 5000, BOOT), 1));

        Orphans orphans = orphans();

        assertThat(orphans.hosts()).isEmpty();
        assertThat(orphans.labs()).isEmpty();
    }

    @Test
    void the_host_of_a_process_that_is_gone_is_found_with_its_lab() throws Exception {
        LabId lab = LabId.of(new ProcessId(100, 5000, BOOT), 1);
        HostRecord host = host(2, lab);

        Orphans orphans = orphans();

        assertThat(orphans.hosts()).containsExactly(host);
        assertThat(orphans.labs()).containsExactly(places.labs().resolve(lab.text()));
    }

    @Test
    void a_number_that_another_process_has_now_does_not_keep_a_host() throws Exception {
        process(100, 9999, 'S');
        HostRecord host = host(2, LabId.of(new ProcessId(100, 5000, BOOT), 1));

        assertThat(orphans().hosts()).containsExactly(host);
    }

    @Test
    void an_earlier_boot_of_the_machine_does_not_keep_a_host() throws Exception {
        process(100, 5000, 'S');
        HostRecord host = host(2, LabId.of(new ProcessId(100, 5000, "ffffffff"), 1));

        assertThat(orphans().hosts()).containsExactly(host);
    }

    @Test
    void a_process_that_has_ended_but_was_not_looked_at_does_not_keep_a_host() throws Exception {
        process(100, 5000, 'Z');
        HostRecord host = host(2, LabId.of(new ProcessId(100, 5000, BOOT), 1));

        assertThat(orphans().hosts()).containsExactly(host);
    }

    @Test
    void a_persistent_host_belongs_to_nobody_and_stays() throws Exception {
        host(2, LabId.PERSISTENT);

        Orphans orphans = orphans();

        assertThat(orphans.hosts()).isEmpty();
        assertThat(orphans.labs()).isEmpty();
    }

    @Test
    void what_is_left_of_a_half_removed_host_is_found() throws Exception {
        Files.createDirectories(places.host(7).resolve("upper"));

        assertThat(orphans().remains()).containsExactly(7);
    }

    @Test
    void only_who_runs_nspawn_on_the_very_root_keeps_a_host() throws Exception {
        Path root = places.host(2).resolve("root");
        process(100, 5000, 'S');
        command(100, "systemd-nspawn", "--quiet", "-D", root.toString(), "-b");
        process(101, 5000, 'S');
        command(101, "sh", "-c", "keep", "sh", "systemd-nspawn", "-D", root.toString(), "-b");
        process(102, 5000, 'S');
        command(102, "systemd-nspawn", "-D", root + "2", "-b");
        process(103, 5000, 'S');
        command(103, "vi", root.toString());
        process(104, 5000, 'S');
        command(104, "systemd-nspawn", "-D", root.toString(), "-b");
        namespace("104", "pid:[2]");

        assertThat(new ProcessTable(proc).keepersOf(root))
                .containsExactlyInAnyOrder(
                        new ProcessTable.Keeper(100, true), new ProcessTable.Keeper(101, false));
    }

    @Test
    void the_name_of_a_program_may_look_like_the_end_of_it() throws Exception {
        process(100, 5000, 'S');
        String stat = Files.readString(proc.resolve("100/stat")).replace("(beam)", "(a) S 1 (b)");
        Files.writeString(proc.resolve("100/stat"), stat);

        assertThat(new ProcessTable(proc).of(100)).contains(new ProcessId(100, 5000, BOOT));
    }

    private Orphans orphans() throws Exception {
        return Orphans.of(places, new ProcessTable(proc));
    }

    private HostRecord host(int number, LabId lab) throws Exception {
        HostRecord record =
                new HostRecord(
                        "web1",
                        Suite.BOOKWORM,
                        lab,
                        number,
                        new Subnet(77),
                        Path.of("/cache/bookworm"),
                        UUID.randomUUID());
        Files.createDirectories(places.host(number));
        Files.createDirectories(places.labs().resolve(lab.text()));
        record.write(places.host(number));
        return record;
    }

    private void process(long pid, long started, char state) throws Exception {
        Path folder = Files.createDirectories(proc.resolve(Long.toString(pid)));
        String before = "1 1 1 0 -1 4194304 100 0 0 0 1 1 0 0 20 0 1 0";
        Files.writeString(
                folder.resolve("stat"),
                pid + " (beam) " + state + " " + before + " " + started + " 1000 20\n");
        Files.writeString(folder.resolve("cmdline"), "beam\0");
        namespace(Long.toString(pid), "pid:[1]");
    }

    private void command(long pid, String... words) throws Exception {
        Files.writeString(proc.resolve(pid + "/cmdline"), String.join("\0", List.of(words)) + "\0");
    }

    private void namespace(String process, String name) throws Exception {
        Path link = Files.createDirectories(proc.resolve(process + "/ns")).resolve("pid");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(name));
    }
}
