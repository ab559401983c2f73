package dev.decant.project;

import dev.decant.Golden;
import dev.decant.problem.Failure;
import dev.decant.ui.ProblemPrinter;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// What is said of a lock that is refused, below the lock.
class MixLockGoldenTest {

    private static final List<String> REFUSED =
            List.of(
                    // Code.
                    """
                    %{
                      "jason": {:hex, :jason, "1.4.1", System.cmd("touch", ["/tmp/owned"])},
                    }
                    """,
                    """
                    %{
                      "a": {:git, "https://example.com/#{System.get_env("X")}", "", []},
                    }
                    """,
                    "%{\"a\": version}\n",
                    "%{\"a\": ~w(hex a)}\n",
                    "%{\"a\": {:x, %URI{}}}\n",
                    "%{\"a\": {:x, \"1\" <> \"2\"}}\n",
                    "%{} |> Map.put(:a, 1)\n",
                    "%{}\n%{}\n",
                    "import File\n%{}\n",
                    // A merge.
                    """
                    %{
                    <<<<<<< HEAD
                      "a": {:hex, :a, "1.0.0"},
                    =======
                      "a": {:hex, :a, "1.1.0"},
                    >>>>>>> feature
                    }
                    """,
                    "%{\n}\n||||||| base\n",
                    """
                    %{
                      "a": {:svn, 1},
                      "b": {:svn, 1},
                      "a": {:svn, 2},
                    }
                    """,
                    // Slips.
                    "",
                    "%{\n  \"a\": {:svn, 1},\n",
                    "%{\n  \"a\": {:svn, 1],\n}\n",
                    "%{\n  \"a\": {:svn, 1}\n  \"b\": {:svn, 1},\n}\n",
                    "%{\n  \"a\": {:svn, 1}\n  , \"b\": {:svn, 1},\n}\n",
                    "%{\n  \"a\": {:svn, \"1},\n}\n",
                    "%{\"a\":{:svn, 1}}\n",
                    "%{a:{:svn, 1}}\n",
                    "%{a: {:svn, [b: 1, 2]}}\n",
                    "%{a: {b: 1}}\n",
                    "%{a: {:svn, : b}}\n",
                    "%{a: {:svn, 1.5}}\n",
                    "%{a: {:svn, 'text'}}\n",
                    "%{a: {:svn, \"\"\"\ntext\n\"\"\"}}\n",
                    "%{a: {:svn, \"\\x41\"}}\n",
                    "%{a: {:svn, \"\\uD800\"}}\n",
                    "%{a: {:svn, \"a\u202eb\"}}\n",
                    "%{a: {:svn, " + "[".repeat(64) + "]}}\n",
                    "%{:a {:svn}}\n",
                    "\ufeff%{}\n",
                    // Other shapes.
                    "[a: {:svn, 1}]\n",
                    "%{\"a\" => {:svn, 1}}\n",
                    "%{a: \"1.0.0\"}\n",
                    "%{a: {:hex, :a, \"1.0.0\"}}\n",
                    "%{a: {:hex, \"a\", \"1.0.0\", nil}}\n",
                    "%{a: {:hex, :a, :\"1.0.0\", nil}}\n",
                    "%{a: {:hex, :a, \"1.0 0\", nil}}\n",
                    "%{a: {:hex, :a, \"1.0.0\", \"af1504e3\"}}\n",
                    "%{a: {:hex, :a, \"1.0.0\", nil, [], :none}}\n",
                    "%{a: {:hex, :a, \"1.0.0\", nil, [], [b: 1, 2]}}\n",
                    "%{a: {:hex, :a, \"1.0.0\", nil, [], [:b]}}\n",
                    "%{a: {:hex, :a, \"1.0.0\", nil, [], [], \"a/b\"}}\n",
                    "%{\"a\\e[2Jb\": {:svn, 1}}\n",
                    "%{a: {:git, \"https://example.com/a.git\"}}\n",
                    "%{a: {:git, \"https://token@example.com\\n\", \"\", []}}\n",
                    "%{a: {:git, \"https://example.com/a.git\", \"main\", []}}\n",
                    """
                    %{a: {:git, "u", "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f", [branch: :main]}}
                    """,
                    """
                    %{a: {:git, "u", "4a5c68b9d0f1e2a3b4c5d6e7f8091a2b3c4d5e6f", [:shallow]}}
                    """);

    @Test
    void a_lock_that_is_refused_is_answered_with_place_reason_and_remedy() {
        StringWriter printed = new StringWriter();
        for (String lock : REFUSED) {
            lock.lines().forEach(line -> printed.append("| ").append(visible(line)).append('\n'));
            printed.append('\n');
            try {
                printed.append("no problem: " + MixLock.parse(lock) + "\n\n");
            } catch (Failure failure) {
                ProblemPrinter.print(new PrintWriter(printed), failure.problems());
            }
        }

        Golden.check(Golden.folder("project").resolve("lock-problems.txt"), printed.toString());
    }

    private static String visible(String line) {
        return line.replace("\u202e", "<U+202E>").replace("\ufeff", "<U+FEFF>");
    }
}
