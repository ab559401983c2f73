package dev.decant.problem;

import dev.decant.io.Template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a kind of problem means, why it comes and what to do about it, beyond what a [Problem] says
/// of the case at hand. The words stand in `explained.md`.
///
/// @param id as [Problem#id()]
/// @param about what it has to do with, such as `Reaching hosts`
/// @param text sentences
/// @param page that has more, below `docs`, maybe with an anchor
public record Explanation(String id, String about, String text, Optional<String> page) {

    private static final String ABOUT = "# ";
    private static final String ID = "## ";
    private static final String PAGE = "-> ";

    /// The first sentence.
    public String inShort() {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    /// All there are, in an order in which they can be read.
    public static List<Explanation> all() {
        List<Explanation> all = new ArrayList<>();
        String about = "";
        String id = "";
        List<String> text = new ArrayList<>();
        Optional<String> page = Optional.empty();
        for (String line :
                (Template.text(Explanation.class, "explained.md") + "\n" + ID).lines().toList()) {
            boolean heading = line.startsWith(ABOUT) || line.startsWith(ID.strip());
            if (heading && !id.isEmpty()) {
                all.add(new Explanation(id, about, String.join(" ", text), page));
                id = "";
            }
            if (line.startsWith(ABOUT)) {
                about = line.substring(ABOUT.length());
            } else if (line.startsWith(ID)) {
                id = line.substring(ID.length());
                text.clear();
                page = Optional.empty();
            } else if (line.startsWith(PAGE)) {
                page = Optional.of(line.substring(PAGE.length()));
            } else if (!line.isBlank()) {
                text.add(line);
            }
        }
        return all;
    }

    public static Optional<Explanation> of(String id) {
        return all().stream().filter(each -> each.id().equals(id)).findFirst();
    }
}
