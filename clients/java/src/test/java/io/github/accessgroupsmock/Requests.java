package io.github.accessgroupsmock;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Requests to Cloudflare's Access groups, without an SDK. */
final class Requests {
    static final String GROUPS = "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Requests() {}

    static int createGroup(Mock mock, String name) {
        return send("POST", mock.url() + GROUPS, "{\"name\":\"" + name + "\",\"include\":[{\"everyone\":{}}]}").statusCode();
    }

    static List<String> groupNames(Mock mock) {
        String body = send("GET", mock.url() + GROUPS, "").body();
        List<?> groups = Json.array(Json.object(Json.parse(body)).get("result"));
        return groups.stream().map(group -> Json.string(Json.object(group), "name")).sorted().toList();
    }

    static HttpResponse<String> send(String method, String url, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer any")
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }
}
