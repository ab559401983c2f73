package dev.decant.systemd;

import dev.decant.io.Template;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// Modules that an app may have a copy of, so that it gets on better with systemd. None of them
/// needs a dependency; they are for Erlang/OTP 23 and Elixir 1.10, and newer ones.
public enum ElixirModule {
    /// Says that the app is ready, alive, and going.
    NOTIFY("Systemd", "notify.ex"),
    /// Stops the app when a file is touched.
    RESTART_FLAG("RestartFlag", "restart_flag.ex");

    /// What a module may be called.
    public static final String NAME = "[A-Z][A-Za-z0-9_]*([.][A-Z][A-Za-z0-9_]*)*";

    private final String last;
    private final String file;

    ElixirModule(String last, String file) {
        this.last = last;
        this.file = file;
    }

    /// Its usual name in an app, such as `ShopWeb.Systemd`.
    ///
    /// @param app as mix.exs has it, such as `shop_web`
    public String nameIn(String app) {
        String first =
                Arrays.stream(app.split("_"))
                        .filter(part -> !part.isEmpty())
                        .map(part -> Character.toUpperCase(part.charAt(0)) + part.substring(1))
                        .collect(Collectors.joining());
        return first + "." + last;
    }

    /// Its source.
    ///
    /// @param name as [#NAME]
    public String source(String name) {
        return Template.text(ElixirModule.class, file, Map.of("@MODULE@", name));
    }
}
