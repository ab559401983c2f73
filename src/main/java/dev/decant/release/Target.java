package dev.decant.release;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The machine that a release needs, read from its native code.
///
/// @param os `Linux`
/// @param arch as `uname -m` says it, such as `x86_64`; [#ANY] where that does not matter
/// @param libc `glibc`, `musl`, or `none` where nothing is linked to one
/// @param libcVersion the newest symbol version that anything in it asks for, such as `2.34`; `0`
///   where none
/// @param sonames shared libraries that the host must have, sorted, such as `libcrypto.so.3`
/// @param neededBy for each soname, and for [#GLIBC] if there is a version of it, the first file
///   that needs it; empty in releases that were made when that was not kept
public record Target(
        String os,
        String arch,
        String libc,
        String libcVersion,
        List<String> sonames,
        SortedMap<String, String> neededBy) {

    /// The architecture of what has no native code, or some for several.
    public static final String ANY = "any";

    /// What the C library is called in [#neededBy()].
    public static final String GLIBC = "glibc";

    public Target {
        sonames = List.copyOf(sonames);
        neededBy = Collections.unmodifiableSortedMap(new TreeMap<>(neededBy));
    }

    /// All that it needs, for people: `glibc 2.34 (erts-13.1.5/bin/beam.smp)`.
    public List<String> needs() {
        List<String> needs = new ArrayList<>(List.of(os + " on " + arch));
        if (libc.equals(GLIBC)) {
            needs.add(GLIBC + " " + libcVersion + by(GLIBC));
        }
        sonames.forEach(soname -> needs.add(soname + by(soname)));
        return needs;
    }

    private String by(String need) {
        String file = neededBy.get(need);
        return file == null ? "" : " (" + file + ")";
    }

    /// Compares version numbers part by part; `2.9` is older than `2.34`.
    public static int compareVersions(String a, String b) {
        String[] left = a.split("[.]");
        String[] right = b.split("[.]");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int x = i < left.length ? number(left[i]) : 0;
            int y = i < right.length ? number(right[i]) : 0;
            if (x != y) {
                return Integer.compare(x, y);
            }
        }
        return 0;
    }

    /// @return the digits that a part begins with, as in `36-9`; 0 where there are none
    private static int number(String part) {
        String digits = part.replaceFirst("[^0-9].*", "");
        return digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }
}
