package dev.decant.systemd;

import dev.decant.config.GenericConfig;
import dev.decant.config.ProcessConfig;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A folder with a program, of which no more is known than how it is started.
record ProgramLaunch(GenericConfig generic) implements Launch {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)}|\\$)");

    @Override
    public void environment(UnitText text, String runtime) {
        text.comment("Its user has no home.");
        text.set("Environment", "LANG=C.UTF-8 HOME=" + runtime);
    }

    @Override
    public void distribution(UnitText text, boolean slot) {}

    @Override
    public void unheard(UnitText text, String node) {}

    @Override
    public void withoutDump(UnitText text) {}

    @Override
    public void withoutDumpEver(UnitText text) {}

    @Override
    public String app(String place) {
        return words(generic.start(), place);
    }

    @Override
    public String process(ProcessConfig process, String place) {
        List<String> words = new ArrayList<>();
        if (!process.env().isEmpty()) {
            words.add("/usr/bin/env");
            process.env().forEach((name, value) -> words.add(Units.word(name + "=" + value)));
        }
        words.add(words(process.command(), place));
        return String.join(" ", words);
    }

    /// As it stands there without braces, systemd makes words of it, by the quotes that are in it.
    @Override
    public String expression(String place) {
        return "/usr/bin/env $DECANT_EVAL";
    }

    @Override
    public void stop(UnitText text, boolean ready, String runtime) {
        text.comment(
                "It is sent a SIGTERM. Some end with this status then, such as Java's VM, and have"
                        + " not failed.");
        text.set("SuccessExitStatus", 143);
    }

    @Override
    public void beforeReady(UnitText text) {}

    @Override
    public void watchdog(UnitText text, Duration most) {
        text.set("WatchdogSec", most.toSeconds());
    }

    private static String words(List<String> command, String place) {
        List<String> words = new ArrayList<>();
        String program = command.getFirst();
        words.add(
                program.startsWith("/")
                        ? program
                        : place + "/" + program.replaceFirst("^\\./", ""));
        command.subList(1, command.size()).forEach(word -> words.add(word(word)));
        return String.join(" ", words);
    }

    /// With its variables as systemd has them where the value stays one word.
    private static String word(String word) {
        StringBuilder text = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(word);
        int at = 0;
        while (matcher.find()) {
            text.append(escaped(word.substring(at, matcher.start())));
            String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            text.append(name == null ? "$$" : "${" + name + "}");
            at = matcher.end();
        }
        text.append(escaped(word.substring(at)));
        return text.toString().matches("[A-Za-z0-9_./:=@,+${}-]+")
                ? text.toString()
                : "\"" + text + "\"";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%");
    }
}
