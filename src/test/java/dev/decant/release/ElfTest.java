package dev.decant.release;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.decant.exec.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

class ElfTest {

    /// Dynamically linked on every Linux that has a libc at all.
    private static final Path PROGRAM = Path.of("/bin/ls");

    @TempDir private Path temp = Path.of("");

    @Test
    void a_program_of_this_machine_is_for_this_machine() throws Exception {
        Elf elf = Elf.read(PROGRAM).orElseThrow();

        assertThat(elf.arch()).isEqualTo(Program.of("uname", "-m").run().text());
        assertThat(Path.of(elf.interpreter())).exists();
        assertThat(elf.soname()).isEmpty();
    }

    @Test
    void it_needs_what_the_linker_would_load() throws Exception {
        Elf elf = Elf.read(PROGRAM).orElseThrow();

        String loaded = Program.of("ldd", PROGRAM.toString()).run().text();
        assertThat(elf.needed()).isNotEmpty().allSatisfy(name -> assertThat(loaded).contains(name));
    }

    @Test
    void it_asks_for_no_newer_glibc_than_there_is() throws Exception {
        Elf elf = Elf.read(PROGRAM).orElseThrow();

        String glibc = Program.of("getconf", "GNU_LIBC_VERSION").run().text().split(" ")[1];
        assertThat(elf.versions())
                .filteredOn(name -> name.matches("GLIBC_[0-9.]+"))
                .isNotEmpty()
                .allSatisfy(
                        name ->
                                assertThat(Target.compareVersions(name.substring(6), glibc))
                                        .isNotPositive());
    }

    @Test
    void a_library_says_its_own_name() throws Exception {
        Path libjvm = Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");

        assertThat(Elf.read(libjvm).orElseThrow().soname()).isEqualTo("libjvm.so");
    }

    @Test
    void text_is_not_elf() throws IOException {
        assertThat(Elf.read(file("#!/bin/sh\n".repeat(50).getBytes(UTF_8)))).isEmpty();
        assertThat(Elf.read(file(new byte[0]))).isEmpty();
        assertThat(Elf.read(file("\u007fELF".getBytes(UTF_8)))).isEmpty();
    }

    @Test
    void a_truncated_program_is_not_elf() throws IOException {
        byte[] whole = Files.readAllBytes(PROGRAM);

        for (int length : new int[] {64, 65, 100, 600, 1000, 4096}) {
            assertThat(Elf.read(file(Arrays.copyOf(whole, length)))).isEmpty();
        }
    }

    @Test
    void no_damage_makes_it_throw_or_hang() throws IOException {
        byte[] whole = Files.readAllBytes(PROGRAM);
        Random random = new Random(1);

        for (int round = 0; round < 2000; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 40; i++) {
                // The head, where program headers and the symbol tables' places are.
                damaged[4 + random.nextInt(1000)] = (byte) random.nextInt(256);
            }
            Elf.read(file(damaged));
        }
    }

    /// A dynamic section whose version table points at itself for ever.
    @Test
    void a_table_without_end_ends() throws IOException {
        byte[] whole = Files.readAllBytes(PROGRAM);
        var bytes = java.nio.ByteBuffer.wrap(whole).order(java.nio.ByteOrder.nativeOrder());
        long at = dynamic(bytes);
        for (long tag = -1; tag != 0; at += 16) {
            tag = bytes.getLong((int) at);
            if (tag == 0x6fffffffL) {
                bytes.putLong((int) at + 8, Long.MAX_VALUE);
            }
        }

        assertThat(Elf.read(file(whole))).isPresent();
    }

    private static long dynamic(java.nio.ByteBuffer bytes) {
        int at = (int) bytes.getLong(32);
        while (bytes.getInt(at) != 2) {
            at += 56;
        }
        return bytes.getLong(at + 8);
    }

    private Path file(byte[] contents) throws IOException {
        return Files.write(temp.resolve("file"), contents);
    }
}
