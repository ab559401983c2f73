package dev.decant.lint;

import dev.decant.project.Source;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `rel/vm.args.eex`: flags of the VM's, where `#` begins a comment.
final class VmArgs {

    private VmArgs() {}

    /// @param at counted in `char` from the start of the text
    record Flag(int at, long value) {}

    /// @param name with its sign, such as `+Q`; the last one counts
    static Optional<Flag> number(Source file, String name) {
        String comments = "#.*";
        Matcher comment = Pattern.compile(comments).matcher(file.text());
        // As long as they were, so that places stay.
        String text = comment.replaceAll(found -> " ".repeat(found.group().length()));
        Matcher flag =
                Pattern.compile("(?<!\\S)" + Pattern.quote(name) + "\\s*([0-9]{1,9})(?!\\S)")
                        .matcher(text);
        Optional<Flag> last = Optional.empty();
        while (flag.find()) {
            last = Optional.of(new Flag(flag.start(), Long.parseLong(flag.group(1))));
        }
        return last;
    }
}
