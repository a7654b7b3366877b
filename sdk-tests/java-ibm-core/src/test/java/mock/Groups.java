package mock;

import com.google.gson.JsonObject;
import com.ibm.cloud.sdk.core.http.RequestBuilder;
import com.ibm.cloud.sdk.core.http.Response;
import com.ibm.cloud.sdk.core.http.ResponseConverter;
import com.ibm.cloud.sdk.core.security.Authenticator;
import com.ibm.cloud.sdk.core.security.IamAuthenticator;
import com.ibm.cloud.sdk.core.service.BaseService;
import com.ibm.cloud.sdk.core.util.ResponseConverterUtils;
import java.util.Map;
import okhttp3.HttpUrl;

/** A service based on IBM's SDK core, like the generated classes of IBM's SDK, with the methods that the tests need. */
final class Groups extends BaseService {
    Groups(Namespace namespace) {
        this(namespace, new IamAuthenticator.Builder().apikey("any-key").url(namespace.url).build());
    }

    Groups(Namespace namespace, Authenticator authenticator) {
        super("iam_access_groups", authenticator);
        setServiceUrl(namespace.url);
    }

    Response<JsonObject> create(String name, String fault) {
        JsonObject body = new JsonObject();
        body.addProperty("name", name);
        RequestBuilder request = RequestBuilder.post(url("/v2/groups")).query("account_id", "acct1").bodyJson(body);
        if (fault != null) {
            request.header("X-Mock-Fault", fault);
        }
        return json(request);
    }

    Response<JsonObject> list() {
        return json(RequestBuilder.get(url("/v2/groups")).query("account_id", "acct1", "hide_public_access", true));
    }

    Response<JsonObject> get(String id) {
        return json(RequestBuilder.get(url("/v2/groups/{id}", id)));
    }

    Response<JsonObject> updateDescription(String id, String tag, String description) {
        JsonObject body = new JsonObject();
        body.addProperty("description", description);
        return json(RequestBuilder.patch(url("/v2/groups/{id}", id)).header("If-Match", tag).bodyJson(body));
    }

    Response<Void> delete(String id) {
        RequestBuilder request = RequestBuilder.delete(url("/v2/groups/{id}", id));
        return createServiceCall(request.build(), ResponseConverterUtils.getVoid()).execute();
    }

    private HttpUrl url(String path) {
        return RequestBuilder.resolveRequestUrl(getServiceUrl(), path);
    }

    private HttpUrl url(String path, String id) {
        return RequestBuilder.resolveRequestUrl(getServiceUrl(), path, Map.of("id", id));
    }

    private Response<JsonObject> json(RequestBuilder request) {
        ResponseConverter<JsonObject> converter = ResponseConverterUtils.getValue(JsonObject.class);
        return createServiceCall(request.build(), converter).execute();
    }
}
