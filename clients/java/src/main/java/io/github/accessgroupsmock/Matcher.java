package io.github.accessgroupsmock;

import java.util.LinkedHashMap;
import java.util.Map;

/** A condition for a header, a query parameter or a body, with WireMock-compatible syntax. */
public final class Matcher {
    private final Map<String, Object> json;

    private Matcher(Map<String, Object> json) {
        this.json = json;
    }

    /** Matches exactly this string. */
    public static Matcher equalTo(String value) {
        return of("equalTo", value);
    }

    /** Matches strings that contain this one. */
    public static Matcher contains(String value) {
        return of("contains", value);
    }

    /** Matches strings that do not contain this one; not for bodies. */
    public static Matcher doesNotContain(String value) {
        return of("doesNotContain", value);
    }

    /** Matches strings that a regular expression matches as a whole. */
    public static Matcher matches(String expression) {
        return of("matches", expression);
    }

    /** Matches strings that a regular expression does not match as a whole; not for bodies. */
    public static Matcher doesNotMatch(String expression) {
        return of("doesNotMatch", expression);
    }

    /** Matches if there is no such header or query parameter; not for bodies. */
    public static Matcher absent() {
        return of("absent", true);
    }

    /** Matches bodies that are equal to this JSON; only for bodies. */
    public static Matcher equalToJson(String json) {
        return of("equalToJson", json);
    }

    /** Matches bodies in which a path such as {@code $.members[0].iam_id} exists; only for bodies. */
    public static Matcher matchesJsonPath(String path) {
        return of("matchesJsonPath", path);
    }

    /** Returns this condition, which then ignores upper and lower case; only for {@link #equalTo}. */
    public Matcher ignoringCase() {
        return with("caseInsensitive", true);
    }

    /** Returns this condition, which then allows additional fields; only for {@link #equalToJson}. */
    public Matcher ignoringExtraElements() {
        return with("ignoreExtraElements", true);
    }

    Map<String, Object> json() {
        return json;
    }

    private static Matcher of(String field, Object value) {
        return new Matcher(Map.of(field, value));
    }

    private Matcher with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        changed.put(field, value);
        return new Matcher(changed);
    }
}
