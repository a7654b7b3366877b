package io.github.accessgroupsmock;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request with its response.
 *
 * @param id the identifier, which is also in the response header {@code X-Mock-Request-Id}
 * @param namespace the namespace
 * @param dialect the dialect
 * @param operation the operation, such as {@code ibm_create_access_group}; null if none has the method and path
 * @param request the request
 * @param response the response; null if a fault closed the connection instead
 * @param wasMatched whether an operation has the method and path, or a fallback server has sent the response
 * @param fallback the URL of the fallback server that sent the response; null if the mock server did
 * @param rule the id of the rule that rejected the request; null if it was not rejected
 * @param reason the reason of an error response, or of a missing one, in words; null for a success
 * @param faults the ids of the faults that were injected
 * @param suggestions similar operations; only in {@link Admin#unmatched}
 */
public record Exchange(
    String id,
    String namespace,
    String dialect,
    String operation,
    Request request,
    Response response,
    boolean wasMatched,
    String fallback,
    String rule,
    String reason,
    List<String> faults,
    List<Suggestion> suggestions) {

    /**
     * A received request.
     *
     * @param method the method
     * @param url the path with its query, without the namespace prefix
     * @param absoluteUrl the complete URL
     * @param headers the headers
     * @param body the body as text
     */
    public record Request(String method, String url, String absoluteUrl, Map<String, String> headers, String body) {}

    /**
     * A response that was sent.
     *
     * @param status the status
     * @param headers the headers
     * @param body the body as text
     */
    public record Response(int status, Map<String, String> headers, String body) {}

    static Exchange from(Map<String, Object> json) {
        Map<String, Object> request = Json.object(json.get("request"));
        return new Exchange(
            Json.string(json, "id"),
            Json.string(json, "namespace"),
            Json.string(json, "dialect"),
            (String) json.get("operation"),
            new Request(Json.string(request, "method"), Json.string(request, "url"), Json.string(request, "absoluteUrl"),
                headers(request), Json.string(request, "body")),
            json.get("response") == null ? null : response(Json.object(json.get("response"))),
            Boolean.TRUE.equals(json.get("wasMatched")),
            (String) json.get("fallback"),
            (String) json.get("rule"),
            (String) json.get("reason"),
            Json.array(json.get("faults")).stream().map(String.class::cast).toList(),
            Suggestion.list(json));
    }

    private static Response response(Map<String, Object> json) {
        int status = Json.number(json, "status").intValue();
        return new Response(status, headers(json), Json.string(json, "body"));
    }

    private static Map<String, String> headers(Map<String, Object> json) {
        Map<String, String> headers = new LinkedHashMap<>();
        Json.object(json.get("headers")).forEach((name, value) -> headers.put(name, (String) value));
        return headers;
    }
}
