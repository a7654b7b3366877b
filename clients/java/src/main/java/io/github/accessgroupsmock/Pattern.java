package io.github.accessgroupsmock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A condition for requests, with WireMock-compatible syntax; all of its parts must match. */
public final class Pattern {
    private final Map<String, Object> json;

    private Pattern(Map<String, Object> json) {
        this.json = json;
    }

    /** Returns a pattern that matches all requests. */
    public static Pattern any() {
        return new Pattern(Map.of());
    }

    /** Returns a pattern that matches requests to an operation, such as {@code ibm_create_access_group}. */
    public static Pattern operation(String id) {
        return any().with("operation", id);
    }

    /** Returns a pattern that matches requests with a method and a path, without the query and the namespace prefix. */
    public static Pattern request(String method, String urlPath) {
        return any().with("method", method).with("urlPath", urlPath);
    }

    /** Returns this pattern with a dialect: {@code cloudflare}, {@code ibm}, {@code authress} or {@code legacy}. */
    public Pattern withDialect(String dialect) {
        return with("dialect", dialect);
    }

    /** Returns this pattern with a method. */
    public Pattern withMethod(String method) {
        return with("method", method);
    }

    /** Returns this pattern with a path and its query. */
    public Pattern withUrl(String url) {
        return with("url", url);
    }

    /** Returns this pattern with a regular expression for the path and its query. */
    public Pattern withUrlPattern(String expression) {
        return with("urlPattern", expression);
    }

    /** Returns this pattern with a path. */
    public Pattern withUrlPath(String path) {
        return with("urlPath", path);
    }

    /** Returns this pattern with a regular expression for the path. */
    public Pattern withUrlPathPattern(String expression) {
        return with("urlPathPattern", expression);
    }

    /** Returns this pattern with a condition for a header. */
    public Pattern withHeader(String name, Matcher matcher) {
        return withEntry("headers", name, matcher);
    }

    /** Returns this pattern with a condition for a query parameter. */
    public Pattern withQuery(String name, Matcher matcher) {
        return withEntry("queryParameters", name, matcher);
    }

    /** Returns this pattern with a condition for the body, in addition to those that it has. */
    public Pattern withBody(Matcher matcher) {
        List<Object> matchers = new ArrayList<>(json.get("bodyPatterns") instanceof List<?> existing ? existing : List.of());
        matchers.add(matcher.json());
        return with("bodyPatterns", matchers);
    }

    /** Returns this pattern with the status of the response; only for searches. */
    public Pattern withStatus(int status) {
        return with("status", status);
    }

    /** Returns this pattern with a class of statuses, such as {@code 4xx}; only for searches. */
    public Pattern withStatus(String statusClass) {
        return with("status", statusClass);
    }

    /** Returns this pattern with the earliest time, inclusive, on the virtual clock; only for searches. */
    public Pattern withSince(Instant time) {
        return with("since", time.toString());
    }

    /** Returns this pattern with the latest time, exclusive, on the virtual clock; only for searches. */
    public Pattern withUntil(Instant time) {
        return with("until", time.toString());
    }

    /** Returns this pattern with the maximum number of requests, of which the latest are returned; only for searches. */
    public Pattern withLimit(int limit) {
        return with("limit", limit);
    }

    Map<String, Object> json() {
        return json;
    }

    private Pattern with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        changed.put(field, value);
        return new Pattern(changed);
    }

    private Pattern withEntry(String field, String name, Matcher matcher) {
        Map<Object, Object> entries = new LinkedHashMap<>(json.get(field) instanceof Map<?, ?> existing ? existing : Map.of());
        entries.put(name, matcher.json());
        return with(field, entries);
    }
}
