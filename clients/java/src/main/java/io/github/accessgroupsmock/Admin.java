package io.github.accessgroupsmock;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A client of the admin API for one namespace of a server. Its methods throw {@link AdminException}. */
public final class Admin {
    /** The maximum length of a body in a transcript, in characters. */
    private static final int MAX_BODY_LENGTH = 400;

    // Requests to a local server must not use a proxy.
    private static final HttpClient CLIENT = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY)
        .build();

    private final String url;
    private final Optional<String> token;
    private final Supplier<String> diagnosis;

    Admin(String url, Supplier<String> diagnosis) {
        this(url, Optional.ofNullable(System.getenv("AGM_ADMIN_TOKEN")), diagnosis);
    }

    private Admin(String url, Optional<String> token, Supplier<String> diagnosis) {
        this.url = url;
        this.token = token;
        this.diagnosis = diagnosis;
    }

    /** Returns this client with the value of {@code --admin-token}; by default it is that of {@code AGM_ADMIN_TOKEN}. */
    public Admin withToken(String token) {
        return new Admin(url, Optional.of(token), diagnosis);
    }

    /** Resets the namespace to its initial state, or only the given scopes. */
    public void reset(ResetScope... scopes) {
        String names = Arrays.stream(scopes).map(scope -> scope.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
        call("POST", names.isEmpty() ? "/reset" : "/reset?scope=" + names);
    }

    /** Returns the complete state as JSON in the format of a seed. */
    public String state() {
        return call("GET", "/state");
    }

    /** Replaces all records with a seed as JSON, or with the result of {@link #state}. */
    public void seed(String json) {
        call("PUT", "/state", json);
    }

    /** Replaces all records with the seed in a file. */
    public void seed(Path file) {
        try {
            seed(Files.readString(file));
        } catch (IOException error) {
            throw new AdminException(0, "the seed " + file + " cannot be read: " + error.getMessage(), error);
        }
    }

    /** Returns one record as JSON in the format of a seed, such as an {@code access_group} of {@code ibm}. */
    public String record(String dialect, String kind, String id) {
        return recordAt("/records/" + encode(dialect) + "/" + encode(kind) + "/" + encode(id));
    }

    /** Returns one record as JSON in the format of a seed; for an id that records of several accounts have. */
    public String record(String dialect, String kind, String id, String account) {
        return recordAt("/records/" + encode(dialect) + "/" + encode(kind) + "/" + encode(id) + "?account=" + encode(account));
    }

    /** Saves the current state as a named snapshot. */
    public void snapshot(String name) {
        call("POST", "/snapshots/" + encode(name));
    }

    /** Restores a named snapshot. */
    public void restore(String name) {
        call("POST", "/snapshots/" + encode(name) + "/restore");
    }

    /** Returns the state of the virtual clock. */
    public Clock clock() {
        return Clock.from(object(call("GET", "/clock")));
    }

    /** Changes the virtual clock, and returns its new state. */
    public Clock setClock(Clock.Change change) {
        return Clock.from(object(call("PUT", "/clock", change.json())));
    }

    /** Advances the virtual clock by whole milliseconds, and returns its new state. */
    public Clock advance(Duration duration) {
        return Clock.from(object(call("PUT", "/clock", Map.of("advance", duration.toMillis()))));
    }

    /** Returns {@code documented} or {@code live}: whether responses follow the vendors' documents or live services. */
    public String fidelity() {
        return Json.string(object(call("GET", "/fidelity")), "fidelity");
    }

    /** Sets {@code documented} or {@code live}: whether responses follow the documents or the live services. */
    public void setFidelity(String fidelity) {
        call("PUT", "/fidelity", Map.of("fidelity", fidelity));
    }

    /** Adds a fault, or the faults of a preset, and returns the added faults. */
    public List<Fault> fault(Fault fault) {
        return list(call("POST", "/faults", fault.json()), "faults").stream().map(Fault::from).toList();
    }

    /** Returns the faults with the numbers of matched requests and of injections. */
    public List<Fault> faults() {
        return list(call("GET", "/faults"), "faults").stream().map(Fault::from).toList();
    }

    /** Removes all faults. */
    public void clearFaults() {
        call("DELETE", "/faults");
    }

    /** Returns all requests with their responses, oldest first. */
    public List<Exchange> requests() {
        return requests(Pattern.any());
    }

    /** Returns the matching requests with their responses, oldest first. */
    public List<Exchange> requests(Pattern pattern) {
        return list(call("POST", "/requests/find", pattern.json()), "requests").stream().map(Exchange::from).toList();
    }

    /** Returns the requests whose method and path belong to no operation, latest first. */
    public List<Exchange> unmatched() {
        return list(call("GET", "/requests/unmatched"), "requests").stream().map(Exchange::from).toList();
    }

    /** Returns the number of matching requests. */
    public int count(Pattern pattern) {
        return Json.number(object(call("POST", "/requests/count", pattern.json())), "count").intValue();
    }

    /**
     * Verifies the number of matching requests.
     *
     * @throws VerificationError if it is not the expected one; the message lists the received requests
     */
    public void verify(Pattern pattern, Times times) {
        Map<String, Object> body = new LinkedHashMap<>(pattern.json());
        body.putAll(times.json());
        call("POST", "/requests/verify", body);
    }

    /** Explains the response to a request. */
    public Explanation explain(Exchange exchange) {
        return explain(exchange.id());
    }

    /** Explains the response to the request with this id, which is also in the header {@code X-Mock-Request-Id}. */
    public Explanation explain(String id) {
        return Explanation.from(object(call("GET", "/requests/" + encode(id) + "/explain")));
    }

    /** Returns the counters of the server, in all namespaces together, in the text format of Prometheus. */
    public String metrics() {
        return call("GET", "/metrics");
    }

    /** Returns all requests and responses as text, with shortened bodies and the rules that rejected requests. */
    public String transcript() {
        List<String> lines = new ArrayList<>();
        requests().forEach(exchange -> describe(exchange, lines));
        return String.join("\n", lines);
    }

    /** Calls an operation of {@code /__admin} without a body, and returns the response body; see openapi.yaml. */
    public String call(String method, String path) {
        return send(method, path, null);
    }

    /** Calls an operation of {@code /__admin} with JSON, and returns the response body; see openapi.yaml. */
    public String call(String method, String path, String json) {
        return send(method, path, json);
    }

    private String call(String method, String path, Map<String, Object> body) {
        return send(method, path, Json.write(body));
    }

    private String send(String method, String path, String body) {
        URI uri = URI.create(url + "/__admin" + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
        token.ifPresent(value -> request.header("X-Mock-Admin-Token", value));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> response = send(request.build());
        if (response.statusCode() == 422) {
            throw new VerificationError(errorDetail(response.body()));
        }
        if (response.statusCode() >= 300) {
            throw new AdminException(response.statusCode(), errorDetail(response.body()), null);
        }
        return response.body();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException error) {
            String message = request.method() + " " + request.uri() + ": " + error + diagnosis.get();
            throw new AdminException(0, message, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new AdminException(0, request.method() + " " + request.uri() + " was interrupted", error);
        }
    }

    private String recordAt(String path) {
        return Json.write(object(call("GET", path)).get("record"));
    }

    private void describe(Exchange exchange, List<String> lines) {
        Exchange.Request request = exchange.request();
        Exchange.Response response = exchange.response();
        lines.add(request.method() + " " + request.url() + " -> " + (response == null ? "no response" : response.status()));
        if (!request.body().isEmpty()) {
            lines.add("    request  " + shorten(request.body()));
        }
        if (response != null && !response.body().isEmpty()) {
            lines.add("    response " + shorten(response.body()));
        }
        if (!exchange.faults().isEmpty()) {
            lines.add("    faults   " + String.join(", ", exchange.faults()));
        }
        if (exchange.rule() != null || !exchange.wasMatched()) {
            String rule = exchange.rule() == null ? "none" : exchange.rule();
            lines.add("    rule     " + rule + ": " + explain(exchange).summary());
        }
    }

    private static String shorten(String body) {
        String text = body.strip().replaceAll("\\s+", " ");
        return text.length() <= MAX_BODY_LENGTH
            ? text
            : text.substring(0, MAX_BODY_LENGTH) + "… (" + text.length() + " characters)";
    }

    /** Returns the details of an error response, or the text itself if it does not have the format of the admin API. */
    private static String errorDetail(String body) {
        try {
            return list(body, "errors").stream().map(error -> Json.string(error, "detail"))
                .collect(Collectors.joining("\n"));
        } catch (IllegalArgumentException error) {
            return body;
        }
    }

    private static Map<String, Object> object(String body) {
        return Json.object(Json.parse(body));
    }

    private static List<Map<String, Object>> list(String body, String field) {
        return Json.array(object(body).get(field)).stream().map(Json::object).toList();
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
