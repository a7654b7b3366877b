package mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.ibm.cloud.sdk.core.http.Response;
import com.ibm.cloud.sdk.core.security.NoAuthAuthenticator;
import com.ibm.cloud.sdk.core.service.exception.BadRequestException;
import com.ibm.cloud.sdk.core.service.exception.NotFoundException;
import com.ibm.cloud.sdk.core.service.exception.ServiceResponseException;
import com.ibm.cloud.sdk.core.service.exception.ServiceUnavailableException;
import com.ibm.cloud.sdk.core.service.exception.TooManyRequestsException;
import com.ibm.cloud.sdk.core.service.exception.UnauthorizedException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tokens, requests, errors and retries of the SDK core, tested with access groups. */
final class GroupsTest {
    private static final String CREATE = "ibm_create_access_group";

    private final Namespace namespace = new Namespace();
    private final Groups groups = new Groups(namespace);

    private static String id(Response<JsonObject> response) {
        return response.getResult().get("id").getAsString();
    }

    private int count() {
        return groups.list().getResult().getAsJsonArray("groups").size();
    }

    @Test
    void aGroupIsCreatedReadAndDeleted() throws Exception {
        Response<JsonObject> created = groups.create("Team", null);

        assertEquals(201, created.getStatusCode());
        assertEquals("Team", groups.get(id(created)).getResult().get("name").getAsString());
        assertEquals(204, groups.delete(id(created)).getStatusCode());
        assertThrows(NotFoundException.class, () -> groups.get(id(created)));
        assertEquals(1, namespace.requests("ibm_create_token"));
    }

    @Test
    void errorsAreMappedToExceptionClasses() {
        assertThrows(BadRequestException.class, () -> groups.create("", null));
        Groups unauthenticated = new Groups(namespace, new NoAuthAuthenticator());
        assertThrows(UnauthorizedException.class, unauthenticated::list);
    }

    @Test
    void aStaleEtagIsA412AndSucceedsAfterANewRead() {
        Response<JsonObject> created = groups.create("Team", null);
        String stale = groups.get(id(created)).getHeaders().values("ETag").get(0);
        groups.updateDescription(id(created), stale, "first");

        ServiceResponseException error =
            assertThrows(ServiceResponseException.class, () -> groups.updateDescription(id(created), stale, "second"));

        assertEquals(412, error.getStatusCode());
        String fresh = groups.get(id(created)).getHeaders().values("ETag").get(0);
        assertEquals(200, groups.updateDescription(id(created), fresh, "second").getStatusCode());
    }

    @Test
    void nothingIsRetriedByDefault() throws Exception {
        assertThrows(ServiceUnavailableException.class, () -> groups.create("Team", "status=503; times=1"));
        assertThrows(TooManyRequestsException.class, () -> groups.create("Team", "status=429; retry-after=1; times=1"));
        assertEquals(2, namespace.requests(CREATE));
    }

    @Test
    void a429IsRetriedAfterTheRetryAfterDelay() throws Exception {
        groups.enableRetries(2, 2);
        long started = System.nanoTime();

        groups.create("Team", "status=429; retry-after=1; times=1");

        assertTrue(System.nanoTime() - started >= 1_000_000_000L);
        assertEquals(2, namespace.requests(CREATE));
    }

    @Test
    void two503ResponsesAreRetried() throws Exception {
        groups.enableRetries(2, 1);

        groups.create("Team", "status=503; times=2");

        assertEquals(3, namespace.requests(CREATE));
    }

    @Test
    void aPersistent503IsAnErrorAfterTheLastRetry() throws Exception {
        groups.enableRetries(2, 1);

        assertThrows(ServiceUnavailableException.class, () -> groups.create("Team", "status=503"));
        assertEquals(3, namespace.requests(CREATE));
    }

    @Test
    void aDroppedResponseOnAReusedConnectionCreatesASecondGroup() throws Exception {
        // OkHttp assumes that the reused connection was stale, and retries the request.
        groups.list();

        groups.create("Team", "commit-then-fail; times=1");

        assertEquals(2, count());
        assertEquals(2, namespace.requests(CREATE));
    }

    @Test
    void aSlowResponseSucceeds() throws Exception {
        groups.create("Team", "delay=300ms; times=1");

        assertEquals(1, namespace.requests(CREATE));
    }

    @Test
    void aTimeoutIsAnErrorEvenWithRetriesEnabled() {
        groups.enableRetries(2, 1);
        groups.setClient(groups.getClient().newBuilder().readTimeout(Duration.ofMillis(500)).build());

        // The fault is injected only once, so a retry would succeed.
        RuntimeException error = assertThrows(RuntimeException.class, () -> groups.create("Team", "delay=2s; times=1"));

        assertInstanceOf(SocketTimeoutException.class, error.getCause());
    }
}
