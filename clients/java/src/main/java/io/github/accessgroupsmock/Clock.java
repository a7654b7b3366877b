package io.github.accessgroupsmock;

import java.time.Instant;
import java.util.Map;

/**
 * The state of the virtual clock.
 *
 * @param mode {@code system}, {@code frozen} or {@code stepping}
 * @param now the current time
 * @param step the duration by which each request advances the clock, such as {@code 1s}; null in the other modes
 */
public record Clock(String mode, Instant now, String step) {
    static Clock from(Map<String, Object> json) {
        return new Clock(Json.string(json, "mode"), Instant.parse(Json.string(json, "now")), (String) json.get("step"));
    }

    /** Returns a change to a clock that stands still at a time. */
    public static Change frozen(Instant now) {
        return new Change(Map.of("mode", "frozen", "now", now.toString()));
    }

    /** Returns a change to a clock that each request advances by a duration, such as {@code 1s}. */
    public static Change stepping(Instant now, String step) {
        return new Change(Map.of("mode", "stepping", "now", now.toString(), "step", step));
    }

    /** Returns a change to the clock of the system. */
    public static Change system() {
        return new Change(Map.of("mode", "system"));
    }

    /** A change of the virtual clock. */
    public static final class Change {
        private final Map<String, Object> json;

        private Change(Map<String, Object> json) {
            this.json = json;
        }

        Map<String, Object> json() {
            return json;
        }
    }
}
