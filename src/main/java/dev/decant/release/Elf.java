package dev.decant.release;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the dynamic linker would be asked for by one ELF file.
///
/// Source: the ELF specification and its GNU extensions (`elf(5)`; `DT_VERNEED` in the LSB). Only
/// what the loader itself reads is read: program headers and the dynamic section, so that stripped
/// files are no different.
///
/// @param arch as `uname -m` says it; `elf-N` for a machine number without a name here
/// @param interpreter the dynamic linker, such as `/lib64/ld-linux-x86-64.so.2`; empty for
///   libraries
/// @param needed sonames
/// @param versions symbol versions asked for, such as `GLIBC_2.34`
/// @param soname what it calls itself; empty for programs
record Elf(
        String arch,
        String interpreter,
        List<String> needed,
        List<String> versions,
        String soname) {

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;
    private static final long DT_SONAME = 14;
    private static final long DT_VERNEED = 0x6ffffffeL;
    private static final long DT_VERNEEDNUM = 0x6fffffffL;

    private record Segment(int type, long offset, long address, long size) {}

    /// @return empty where the file is not ELF, or too damaged to be one
    static Optional<Elf> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < 64) {
                return Optional.empty();
            }
            ByteBuffer bytes =
                    channel.map(
                            FileChannel.MapMode.READ_ONLY,
                            0,
                            Math.min(channel.size(), Integer.MAX_VALUE));
            if (bytes.getInt(0) != 0x7f454c46) {
                return Optional.empty();
            }
            bytes.order(bytes.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            return Optional.of(read(bytes, bytes.get(4) == 2));
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            // Something in it points outside of it.
            return Optional.empty();
        }
    }

    private static Elf read(ByteBuffer file, boolean wide) {
        List<Segment> segments = segments(file, wide);
        String interpreter =
                segments.stream()
                        .filter(segment -> segment.type == PT_INTERP)
                        .map(segment -> text(file, segment.offset))
                        .findFirst()
                        .orElse("");
        long strings = 0;
        long versions = 0;
        long versionCount = 0;
        long own = -1;
        List<Long> names = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type != PT_DYNAMIC) {
                continue;
            }
            int step = wide ? 8 : 4;
            for (long at = segment.offset; at < segment.offset + segment.size; at += 2L * step) {
                long tag = word(file, at, wide);
                long value = word(file, at + step, wide);
                if (tag == 0) {
                    break;
                } else if (tag == DT_NEEDED) {
                    names.add(value);
                } else if (tag == DT_SONAME) {
                    own = value;
                } else if (tag == DT_STRTAB) {
                    strings = offset(segments, value);
                } else if (tag == DT_VERNEED) {
                    versions = offset(segments, value);
                } else if (tag == DT_VERNEEDNUM) {
                    versionCount = value;
                }
            }
        }
        long table = strings;
        return new Elf(
                arch(Short.toUnsignedInt(file.getShort(18))),
                interpreter,
                names.stream().map(name -> text(file, table + name)).toList(),
                versions(file, versions, versionCount, table),
                own < 0 ? "" : text(file, table + own));
    }

    private static List<Segment> segments(ByteBuffer file, boolean wide) {
        long start = word(file, wide ? 32 : 28, wide);
        int size = Short.toUnsignedInt(file.getShort(wide ? 54 : 42));
        int count = Short.toUnsignedInt(file.getShort(wide ? 56 : 44));
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = Math.toIntExact(start + (long) i * size);
            segments.add(
                    new Segment(
                            file.getInt(at),
                            word(file, at + (wide ? 8 : 4), wide),
                            word(file, at + (wide ? 16 : 8), wide),
                            word(file, at + (wide ? 32 : 16), wide)));
        }
        return segments;
    }

    private static List<String> versions(ByteBuffer file, long start, long count, long strings) {
        List<String> names = new ArrayList<>();
        long at = start;
        for (long i = 0; i < count; i++) {
            int parts = Short.toUnsignedInt(file.getShort(Math.toIntExact(at + 2)));
            long part = at + Integer.toUnsignedLong(file.getInt(Math.toIntExact(at + 8)));
            for (int j = 0; j < parts; j++) {
                names.add(
                        text(
                                file,
                                strings
                                        + Integer.toUnsignedLong(
                                                file.getInt(Math.toIntExact(part + 8)))));
                long nextPart = Integer.toUnsignedLong(file.getInt(Math.toIntExact(part + 12)));
                if (nextPart == 0) {
                    break;
                }
                part += nextPart;
            }
            long next = Integer.toUnsignedLong(file.getInt(Math.toIntExact(at + 12)));
            if (next == 0) {
                break;
            }
            at += next;
        }
        return names;
    }

    private static long offset(List<Segment> segments, long address) {
        return segments.stream()
                .filter(
                        segment ->
                                segment.type == PT_LOAD
                                        && address >= segment.address
                                        && address < segment.address + segment.size)
                .mapToLong(segment -> address - segment.address + segment.offset)
                .findFirst()
                .orElse(address);
    }

    private static long word(ByteBuffer file, long at, boolean wide) {
        int index = Math.toIntExact(at);
        return wide ? file.getLong(index) : Integer.toUnsignedLong(file.getInt(index));
    }

    private static String text(ByteBuffer file, long at) {
        int start = Math.toIntExact(at);
        int end = start;
        while (file.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        file.get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String arch(int machine) {
        return switch (machine) {
            case 3 -> "i686";
            case 21 -> "ppc64le";
            case 22 -> "s390x";
            case 40 -> "armv7l";
            case 62 -> "x86_64";
            case 183 -> "aarch64";
            case 243 -> "riscv64";
            default -> "elf-" + machine;
        };
    }
}
