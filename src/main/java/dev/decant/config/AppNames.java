package dev.decant.config;

import java.util.Locale;

/// The names of one app, which need not be the same.
///
/// @param app what mix.exs says after `app:`, such as `shop_web`
/// @param release what mix.exs names it under `releases:`; the script in `bin/`
/// @param unit what a host calls it: unit, account and folders, such as `shop-web`; pattern
///   `[a-z][a-z0-9-]{0,30}` because it becomes a user name (useradd takes 32 characters), a file
///   name and a word for the host program
public record AppNames(String app, String release, String unit) {

    static final String APP = "[a-z][a-zA-Z0-9_]*";

    /// Of a generic app, which nobody's compiler names.
    static final String ANY = "[a-z][a-zA-Z0-9_-]*";

    static final String UNIT = "[a-z][a-z0-9-]{0,30}";

    public AppNames {
        if (!app.matches(ANY) || !release.matches(ANY) || !unit.matches(UNIT)) {
            throw new IllegalArgumentException(
                    "Not a name: " + app + ", " + release + " or " + unit);
        }
    }

    /// The names where decant.toml says nothing more: one release, called as the app.
    public static AppNames of(String app) {
        return new AppNames(app, app, unitOf(app));
    }

    static String unitOf(String app) {
        return app.replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
