package io.github.accessgroupsmock;

import java.util.Map;

/** An expected number of requests. */
public final class Times {
    private final Map<String, Object> json;

    private Times(Map<String, Object> json) {
        this.json = json;
    }

    /** Expects exactly this number of requests. */
    public static Times exactly(int count) {
        return new Times(Map.of("count", count));
    }

    /** Expects this number of requests or more. */
    public static Times atLeast(int count) {
        return new Times(Map.of("atLeast", count));
    }

    /** Expects this number of requests or fewer. */
    public static Times atMost(int count) {
        return new Times(Map.of("atMost", count));
    }

    /** Expects at least one request. */
    public static Times atLeastOnce() {
        return atLeast(1);
    }

    /** Expects no request. */
    public static Times never() {
        return exactly(0);
    }

    Map<String, Object> json() {
        return json;
    }
}
