package mock;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;

/** The namespace of one test; the server creates it when its path prefix {@code /ns/NAME} is first used. */
final class Namespace {
    final String url = System.getenv("MOCK_NAMESPACE_PREFIX") + "." + UUID.randomUUID();

    /** Returns the number of received requests to {@code operation}. */
    int requests(String operation) throws IOException, InterruptedException {
        JsonObject pattern = new JsonObject();
        pattern.addProperty("operation", operation);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/__admin/requests/count"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(pattern.toString()))
            .build();
        String response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        return JsonParser.parseString(response).getAsJsonObject().get("count").getAsInt();
    }
}
