package io.github.accessgroupsmock;

import java.util.List;
import java.util.Map;

/**
 * An explanation of the response to a request.
 *
 * @param exchange the request and its response
 * @param summary the explanation in one sentence
 * @param rule the rule that rejected the request; null if it was not rejected
 * @param received the values of the request that the rule rejected
 * @param remediation how to change the request; null if it was not rejected
 * @param suggestions operations that are similar to a request without an operation
 */
public record Explanation(
    Exchange exchange,
    String summary,
    Rule rule,
    List<ReceivedValue> received,
    String remediation,
    List<Suggestion> suggestions) {

    /**
     * A rule with its evidence.
     *
     * @param id the identifier
     * @param status the status of the error response
     * @param code the vendor's error code
     * @param message the vendor's message
     * @param description when the rule rejects a request
     * @param remediation how to change the request
     * @param evidence {@code vendor-doc}, {@code spec}, {@code observed}, {@code client} or {@code assumed}
     * @param source the source of the rule
     */
    public record Rule(
        String id,
        int status,
        String code,
        String message,
        String description,
        String remediation,
        String evidence,
        String source) {}

    /**
     * A value of the request that a rule rejected.
     *
     * @param path the path of the value in the request
     * @param reason why it was rejected
     * @param json the value as JSON
     */
    public record ReceivedValue(String path, String reason, String json) {}

    static Explanation from(Map<String, Object> json) {
        return new Explanation(
            Exchange.from(Json.object(json.get("exchange"))),
            Json.string(json, "summary"),
            json.get("rule") == null ? null : rule(Json.object(json.get("rule"))),
            Json.array(json.get("received")).stream().map(Json::object).map(Explanation::receivedValue).toList(),
            (String) json.get("remediation"),
            Suggestion.list(json));
    }

    private static Rule rule(Map<String, Object> json) {
        return new Rule(Json.string(json, "id"), Json.number(json, "status").intValue(), Json.string(json, "code"),
            Json.string(json, "message"), Json.string(json, "description"), Json.string(json, "remediation"),
            Json.string(json, "evidence"), Json.string(json, "source"));
    }

    private static ReceivedValue receivedValue(Map<String, Object> json) {
        return new ReceivedValue(Json.string(json, "path"), Json.string(json, "reason"), Json.write(json.get("value")));
    }
}
