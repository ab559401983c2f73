package dev.decant.host;

import java.util.ArrayList;
import java.util.List;

/// What goes with each verb, in the order in which its words say the sizes.
final class Payloads {

    private Payloads() {}

    static Payload of(Verb verb) {
        return switch (verb) {
            case Verb.Receive receive ->
                    Payload.of(receive.parcel().file(), receive.offset(), receive.parcel().size());
            case Verb.Prepare prepare -> {
                List<String> texts =
                        new ArrayList<>(
                                List.of(
                                        prepare.environment(),
                                        prepare.settings(),
                                        prepare.signature()));
                prepare.secrets().forEach(secret -> texts.add(secret.text()));
                yield Payload.of(texts);
            }
            case Verb.Setup setup -> Payload.of(setup.files().texts());
            default -> Payload.NONE;
        };
    }
}
