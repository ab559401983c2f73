package dev.decant.ui;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;

import java.util.List;

/// What has changed in a text, as `diff -u` shows it.
public final class TextDiff {

    private static final int CONTEXT = 2;
    private static final int HEADER = 2;

    private TextDiff() {}

    /// @return lines without the two that name the files; none where nothing has changed
    public static List<String> of(List<String> from, List<String> to) {
        return UnifiedDiffUtils.generateUnifiedDiff(
                        "a", "b", from, DiffUtils.diff(from, to), CONTEXT)
                .stream()
                .skip(HEADER)
                .toList();
    }
}
