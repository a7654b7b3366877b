package io.github.accessgroupsmock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.ibm.cloud.sdk.core.http.RequestBuilder;
import com.ibm.cloud.sdk.core.http.Response;
import com.ibm.cloud.sdk.core.security.IamAuthenticator;
import com.ibm.cloud.sdk.core.service.BaseService;
import com.ibm.cloud.sdk.core.service.exception.ServiceUnavailableException;
import com.ibm.cloud.sdk.core.util.ResponseConverterUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests with the core of IBM's official SDK, including its tokens and retries. */
@AccessGroupsMock
final class IbmTest {
    private static final Pattern CREATE = Pattern.operation("ibm_create_access_group");
    private static final Pattern TOKEN = Pattern.operation("ibm_create_token");

    private Groups groups;

    @BeforeEach
    void connect(Namespace mock) {
        groups = new Groups(mock.urls().ibm());
    }

    @Test
    void groupIsCreatedAndListedWithOneToken(Namespace mock) {
        groups.create("Managers");

        JsonObject list = groups.list().getResult();
        assertEquals("Managers", list.getAsJsonArray("groups").get(0).getAsJsonObject().get("name").getAsString());
        mock.admin().verify(CREATE, Times.exactly(1));
        mock.admin().verify(TOKEN, Times.exactly(1));
    }

    @Test
    void aFailedRequestIsRetriedIfRetriesAreEnabled(Namespace mock) {
        mock.admin().fault(Fault.status(503).on(CREATE).times(1));
        groups.enableRetries(1, 1);

        groups.create("Managers");

        mock.admin().verify(CREATE, Times.exactly(2));
    }

    @Test
    void anOutageIsAnException(Namespace mock) {
        mock.admin().fault(Fault.status(503).on(CREATE));

        assertThrows(ServiceUnavailableException.class, () -> groups.create("Managers"));
    }

    /** A service like the generated classes of IBM's SDK. */
    private static final class Groups extends BaseService {
        Groups(String url) {
            super("iam_access_groups", new IamAuthenticator.Builder().apikey("any").url(url).build());
            setServiceUrl(url);
        }

        Response<JsonObject> create(String name) {
            JsonObject body = new JsonObject();
            body.addProperty("name", name);
            return send(RequestBuilder.post(RequestBuilder.resolveRequestUrl(getServiceUrl(), "/v2/groups")).bodyJson(body));
        }

        Response<JsonObject> list() {
            return send(RequestBuilder.get(RequestBuilder.resolveRequestUrl(getServiceUrl(), "/v2/groups"))
                .query("hide_public_access", true));
        }

        private Response<JsonObject> send(RequestBuilder request) {
            request.query("account_id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
            return createServiceCall(request.build(), ResponseConverterUtils.<JsonObject>getValue(JsonObject.class)).execute();
        }
    }
}
