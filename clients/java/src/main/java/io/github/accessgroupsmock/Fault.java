package io.github.accessgroupsmock;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fault that is injected into requests: an effect, the requests that it matches, and a schedule. Without a pattern it
 * matches every request; without a schedule it is injected into every matching request.
 */
public final class Fault {
    private final Map<String, Object> json;

    private Fault(Map<String, Object> json) {
        this.json = json;
    }

    static Fault from(Map<String, Object> json) {
        return new Fault(json);
    }

    /** Returns an error response in the vendor's format, from 400 to 599; the request has no effect. */
    public static Fault status(int status) {
        return effect("status").withEffect("status", status);
    }

    /** Returns a delay before the request is handled. */
    public static Fault delay(Duration delay) {
        return effect("delay").withEffect("min", delay.toMillis());
    }

    /** Returns a random delay between two durations before the request is handled. */
    public static Fault delay(Duration min, Duration max) {
        return delay(min).withEffect("max", max.toMillis());
    }

    /** Returns a reset of the connection before the request is handled. */
    public static Fault disconnect() {
        return effect("disconnect");
    }

    /** Returns the end of the connection without a response, before the request is handled. */
    public static Fault empty() {
        return effect("empty");
    }

    /** Returns a response of which only the first half of the body is sent. */
    public static Fault truncate() {
        return effect("truncate");
    }

    /** Returns a response of which only the first bytes of the body are sent. */
    public static Fault truncate(int bytes) {
        return truncate().withEffect("bytes", bytes);
    }

    /** Returns a response whose body is not valid JSON. */
    public static Fault malformed() {
        return effect("malformed");
    }

    /** Returns a response whose body is sent slowly, in the given duration. */
    public static Fault slowBody(Duration over) {
        return effect("slow-body").withEffect("over", over.toMillis());
    }

    /** Returns a reset of the connection after the request was handled. */
    public static Fault commitThenFail() {
        return effect("commit-then-fail");
    }

    /** Returns an error response after the request was handled. */
    public static Fault commitThenFail(int status) {
        return commitThenFail().withEffect("status", status);
    }

    /** Returns a partial failure of a bulk request: of the items with these ids, or of the first item without ids. */
    public static Fault failItems(int status, String... ids) {
        return effect("fail-items").withEffect("status", status).withEffect("ids", List.of(ids));
    }

    /** Returns reads of the records as they were this long ago on the virtual clock. */
    public static Fault staleReads(Duration window) {
        return effect("stale-reads").withEffect("window", window.toMillis());
    }

    /** Returns the faults of a preset: {@code flaky}, {@code outage} or {@code slow}. */
    public static Fault preset(String name) {
        return new Fault(Map.of("preset", name));
    }

    /** Returns this fault for the requests that a pattern matches. */
    public Fault on(Pattern pattern) {
        return with("match", pattern.json());
    }

    /** Returns this fault with an identifier; without one the server generates it. */
    public Fault withId(String id) {
        return with("id", id);
    }

    /** Returns this error response with the vendor's code or a rule id, if several errors have the status. */
    public Fault withCode(String code) {
        return withEffect("code", code);
    }

    /** Returns this error response with another message than the vendor's. */
    public Fault withMessage(String message) {
        return withEffect("message", message);
    }

    /** Returns this error response with the header {@code Retry-After}. */
    public Fault withRetryAfter(int seconds) {
        return withEffect("retryAfter", seconds);
    }

    /** Returns this fault for a maximum number of requests. */
    public Fault times(int times) {
        return withSchedule("times", times);
    }

    /** Returns this fault after a number of matching requests that succeed. */
    public Fault after(int requests) {
        return withSchedule("after", requests);
    }

    /** Returns this fault for only every Nth matching request. */
    public Fault every(int requests) {
        return withSchedule("every", requests);
    }

    /** Returns this fault with a probability from 0 to 1. */
    public Fault probability(double probability) {
        return withSchedule("probability", probability);
    }

    /** Returns this fault until a time on the virtual clock. */
    public Fault until(Instant time) {
        return withSchedule("until", time.toString());
    }

    /** Returns this fault for a duration on the virtual clock. */
    public Fault lasting(Duration duration) {
        return withSchedule("for", duration.toMillis());
    }

    /** Returns the identifier; null if the fault is not from the server and none was set. */
    public String id() {
        return (String) json.get("id");
    }

    /** Returns the number of matching requests; 0 if the fault is not from the server. */
    public long matched() {
        return number("matched");
    }

    /** Returns the number of requests that the fault was injected into; 0 if the fault is not from the server. */
    public long injected() {
        return number("injected");
    }

    Map<String, Object> json() {
        return json;
    }

    private long number(String field) {
        return json.get(field) instanceof Number number ? number.longValue() : 0;
    }

    private static Fault effect(String type) {
        return new Fault(Map.of("effect", Map.of("type", type)));
    }

    private Fault withEffect(String field, Object value) {
        return withEntry("effect", field, value);
    }

    private Fault withSchedule(String field, Object value) {
        return withEntry("schedule", field, value);
    }

    private Fault withEntry(String part, String field, Object value) {
        Map<Object, Object> entries = new LinkedHashMap<>(json.get(part) instanceof Map<?, ?> existing ? existing : Map.of());
        entries.put(field, value);
        return with(part, entries);
    }

    private Fault with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        changed.put(field, value);
        return new Fault(changed);
    }
}
