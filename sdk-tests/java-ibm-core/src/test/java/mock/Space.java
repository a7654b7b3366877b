package mock;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;

/** A mock of its own for each test; the prefix {@code /ns/NAME} makes it at its first use. */
final class Space {
    final String url = System.getenv("MOCK_SPACE") + "." + UUID.randomUUID();

    /** Returns how many requests to {@code operation} arrived. */
    int requests(String operation) throws IOException, InterruptedException {
        JsonObject pattern = new JsonObject();
        pattern.addProperty("operation", operation);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/__admin/requests/count"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(pattern.toString()))
            .build();
        String answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        return JsonParser.parseString(answer).getAsJsonObject().get("count").getAsInt();
    }
}
