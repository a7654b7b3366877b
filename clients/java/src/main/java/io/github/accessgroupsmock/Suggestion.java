package io.github.accessgroupsmock;

import java.util.List;
import java.util.Map;

/**
 * An operation that is similar to a request without an operation.
 *
 * @param operation the operation
 * @param method its method
 * @param path its path
 * @param difference the difference between the request and the operation
 */
public record Suggestion(String operation, String method, String path, String difference) {
    /** Returns the suggestions in the JSON of an exchange or explanation; none if it has no such field. */
    static List<Suggestion> list(Map<String, Object> json) {
        if (json.get("suggestions") == null) {
            return List.of();
        }
        return Json.array(json.get("suggestions")).stream().map(Json::object).map(Suggestion::from).toList();
    }

    private static Suggestion from(Map<String, Object> json) {
        return new Suggestion(Json.string(json, "operation"), Json.string(json, "method"), Json.string(json, "path"),
            Json.string(json, "difference"));
    }
}
