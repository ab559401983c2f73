package dev.decant.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A copy of `decant-host` that can be stopped right before each line that changes something. The
/// lines are found by what they look like, so that nothing here needs to know the program.
///
/// @param text runs as the original does, as long as no point is armed
/// @param points what is about to happen at each point, by its line in the original
record InstrumentedHostProgram(String text, Map<Integer, Point> points) {

    /// @param function that the line stands in
    /// @param line without its indentation
    record Point(String function, String line) {
        @Override
        public String toString() {
            String text = function + ": " + line;
            return text.length() <= 70 ? text : text.substring(0, 69) + "…";
        }
    }

    /// Where a host keeps what it is to do at which point; see [FaultPoints].
    static final String FOLDER = "/decant-fault";

    /// Only builtins until it is its turn, and nothing that a line behind it could see: no output,
    /// no input, no status. What it starts holds neither the lock nor the connection.
    private static final String HOOK =
            """
            fault_point() {
                [ -e FOLDER/armed ] || return 0
                fault_line='' fault_left=''
                { read -r fault_line fault_left <FOLDER/armed; } 2>/dev/null || return 0
                case $fault_line in
                record) printf '%s\\n' "$1" >>FOLDER/recorded ;;
                "$1")
                    if [ "$fault_left" -gt 1 ]; then
                        printf '%s\\n' "$1 $((fault_left - 1))" >FOLDER/armed
                    else
                        rm -f FOLDER/armed
                        printf '%s\\n' "$$" >FOLDER/reached.new
                        mv FOLDER/reached.new FOLDER/reached
                        while [ -e FOLDER/hold ]; do sleep 0.02; done
                    fi </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
                    ;;
                esac
                return 0
            }
            """
                    .replace("FOLDER", FOLDER);

    private static final Pattern FUNCTION = Pattern.compile("([a-z_0-9]+)\\(\\) *\\{.*");

    private static final String CHANGING =
            "mv|ln|rm|rmdir|mkdir|mktemp|cp|chmod|chown|sync|touch|tee|dd|truncate|tar|useradd|usermod|systemd-run|systemctl(?!"
                + " (?:show|is-active|is-enabled|--version|cat))|take|discard|unpack|change|(?:install|stage|write|make|copy|put)_[a-z_]+";

    private static final Pattern CHANGES =
            Pattern.compile(
                    "(?:^|[;&|({!] *|\\b(?:then|do|else|if|try|attempt) +(?:! *)?)(?:"
                            + CHANGING
                            + ")(?= )");

    private static final Pattern WRITES_A_FILE = Pattern.compile("(?<![0-9&])>>? *\"?\\$");

    private static final Pattern BEGINS_NO_COMMAND =
            Pattern.compile("(?:elif|else|then|do|fi|done|esac)\\b.*|[})&|;].*|");

    static InstrumentedHostProgram of(String program) {
        StringBuilder text = new StringBuilder();
        Map<Integer, Point> points = new TreeMap<>();
        Reader reader = new Reader();
        String function = "";
        int number = 0;
        for (String line : program.split("\n")) {
            number++;
            boolean begins = reader.atCommand();
            String indentation = line.substring(0, line.length() - line.stripLeading().length());
            String bare = line.strip();
            Matcher definition = FUNCTION.matcher(line);
            if (begins && definition.matches()) {
                function = definition.group(1);
            }
            boolean pattern = reader.read(line);
            if (begins
                    && !pattern
                    && !function.isEmpty()
                    && !indentation.isEmpty()
                    && isChange(bare)) {
                text.append(indentation).append("fault_point ").append(number).append('\n');
                points.put(number, new Point(function, bare));
            }
            text.append(line).append('\n');
            if (line.equals("set -eu")) {
                text.append(HOOK);
            }
        }
        return new InstrumentedHostProgram(text.toString(), points);
    }

    private static boolean isChange(String line) {
        return !line.startsWith("#")
                && !line.contains("$?")
                && !BEGINS_NO_COMMAND.matcher(line).matches()
                && (CHANGES.matcher(line).find() || WRITES_A_FILE.matcher(line).find());
    }

    /// Reads shell as far as it must be read to know whether a line begins a command: quotes,
    /// command substitutions, comments and lines that go on.
    private static final class Reader {

        /// What is open: `'`, `"` or `(`.
        private final Deque<Character> open = new ArrayDeque<>();

        private boolean goesOn;

        boolean atCommand() {
            return open.isEmpty() && !goesOn;
        }

        /// @return whether the line begins with the pattern of a `case`
        boolean read(String line) {
            boolean pattern = false;
            int groups = 0;
            int code = 0;
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                char in = open.isEmpty() ? ' ' : open.peek();
                char next = i + 1 < line.length() ? line.charAt(i + 1) : ' ';
                if (in == '\'') {
                    if (c == '\'') {
                        open.pop();
                    }
                } else if (c == '\\') {
                    i++;
                } else if (c == '$' && next == '(') {
                    open.push('(');
                    i++;
                } else if (in == '"') {
                    if (c == '"') {
                        open.pop();
                    }
                } else if (c == '\'' || c == '"') {
                    open.push(c);
                } else if (c == '#' && (i == 0 || line.charAt(i - 1) == ' ')) {
                    break;
                } else if (in == '(' && c == '(') {
                    open.push('(');
                } else if (in == '(' && c == ')') {
                    open.pop();
                } else if (c == '(') {
                    groups++;
                } else if (c == ')') {
                    pattern |= groups == 0;
                    groups--;
                }
                code = Math.min(i + 1, line.length());
            }
            String said = line.substring(0, code).strip();
            goesOn =
                    said.endsWith("\\")
                            || said.endsWith("|")
                            || said.endsWith("&&")
                            || (goesOn && said.isEmpty());
            return pattern;
        }
    }
}
