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

/** Tokens, requests, errors and retries of the core, on access groups. */
final class GroupsTest {
    private static final String CREATE = "ibm_create_access_group";

    private final Space space = new Space();
    private final Groups groups = new Groups(space);

    private static String id(Response<JsonObject> answer) {
        return answer.getResult().get("id").getAsString();
    }

    private int count() {
        return groups.list().getResult().getAsJsonArray("groups").size();
    }

    @Test
    void aGroupIsCreatedReadAndDeleted() throws Exception {
        Response<JsonObject> made = groups.create("Team", null);

        assertEquals(201, made.getStatusCode());
        assertEquals("Team", groups.get(id(made)).getResult().get("name").getAsString());
        assertEquals(204, groups.delete(id(made)).getStatusCode());
        assertThrows(NotFoundException.class, () -> groups.get(id(made)));
        assertEquals(1, space.requests("ibm_create_token"));
    }

    @Test
    void errorsHaveTheirClasses() {
        assertThrows(BadRequestException.class, () -> groups.create("", null));
        Groups stranger = new Groups(space, new NoAuthAuthenticator());
        assertThrows(UnauthorizedException.class, stranger::list);
    }

    @Test
    void aStaleEtagIsA412AndReadingAgainHelps() {
        Response<JsonObject> made = groups.create("Team", null);
        String stale = groups.get(id(made)).getHeaders().values("ETag").get(0);
        groups.describe(id(made), stale, "first");

        ServiceResponseException error =
            assertThrows(ServiceResponseException.class, () -> groups.describe(id(made), stale, "second"));

        assertEquals(412, error.getStatusCode());
        String fresh = groups.get(id(made)).getHeaders().values("ETag").get(0);
        assertEquals(200, groups.describe(id(made), fresh, "second").getStatusCode());
    }

    @Test
    void nothingIsTriedAgainByDefault() throws Exception {
        assertThrows(ServiceUnavailableException.class, () -> groups.create("Team", "status=503; times=1"));
        assertThrows(TooManyRequestsException.class, () -> groups.create("Team", "status=429; retry-after=1; times=1"));
        assertEquals(2, space.requests(CREATE));
    }

    @Test
    void a429IsTriedAgainAfterTheTimeOfRetryAfter() throws Exception {
        groups.enableRetries(2, 2);
        long began = System.nanoTime();

        groups.create("Team", "status=429; retry-after=1; times=1");

        assertTrue(System.nanoTime() - began >= 1_000_000_000L);
        assertEquals(2, space.requests(CREATE));
    }

    @Test
    void a503TwiceIsOvercome() throws Exception {
        groups.enableRetries(2, 1);

        groups.create("Team", "status=503; times=2");

        assertEquals(3, space.requests(CREATE));
    }

    @Test
    void a503WithoutEndIsAnErrorAfterTheLastRetry() throws Exception {
        groups.enableRetries(2, 1);

        assertThrows(ServiceUnavailableException.class, () -> groups.create("Team", "status=503"));
        assertEquals(3, space.requests(CREATE));
    }

    @Test
    void aLostAnswerOnAConnectionThatWasUsedBeforeMakesASecondGroup() throws Exception {
        // OkHttp takes it for a connection that had gone stale, and sends the request again by itself.
        groups.list();

        groups.create("Team", "commit-then-fail; times=1");

        assertEquals(2, count());
        assertEquals(2, space.requests(CREATE));
    }

    @Test
    void aSlowAnswerIsWaitedFor() throws Exception {
        groups.create("Team", "delay=300ms; times=1");

        assertEquals(1, space.requests(CREATE));
    }

    @Test
    void anAnswerSlowerThanTheTimeoutIsAnErrorEvenWithRetries() {
        groups.enableRetries(2, 1);
        groups.setClient(groups.getClient().newBuilder().readTimeout(Duration.ofMillis(500)).build());

        // The fault is there once only, so a second request would be answered.
        RuntimeException error = assertThrows(RuntimeException.class, () -> groups.create("Team", "delay=2s; times=1"));

        assertInstanceOf(SocketTimeoutException.class, error.getCause());
    }
}
