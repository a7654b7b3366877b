package io.github.accessgroupsmock;

import static io.github.accessgroupsmock.Requests.GROUPS;
import static io.github.accessgroupsmock.Requests.createGroup;
import static io.github.accessgroupsmock.Requests.groupNames;
import static io.github.accessgroupsmock.Requests.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@AccessGroupsMock
final class AdminTest {
    private static final Path DEMO = Path.of("../../seeds/demo.json");

    @Test
    void stateSnapshotsAndResets(Namespace mock) {
        createGroup(mock, "first");
        mock.admin().snapshot("one");
        createGroup(mock, "second");
        String saved = mock.admin().state();

        mock.admin().restore("one");
        assertEquals(List.of("first"), groupNames(mock));
        mock.admin().reset(ResetScope.STATE, ResetScope.CLOCK);
        assertEquals(List.of(), groupNames(mock));
        assertEquals(4, mock.admin().count(Pattern.any()));
        mock.admin().seed(saved);
        assertEquals(List.of("first", "second"), groupNames(mock));
        mock.admin().reset();
        assertEquals(0, mock.admin().count(Pattern.any()));
    }

    @Test
    void seedIsReadFromAFileAndItsErrorsHaveAPath(Namespace mock) {
        mock.admin().seed(DEMO);

        assertEquals(List.of("Allow devs"), groupNames(mock));
        AdminException rejected =
            assertThrows(AdminException.class, () -> mock.admin().seed("{\"version\":1,\"ibm\":{\"accounts\":7}}"));
        assertEquals(400, rejected.status());
        assertTrue(rejected.getMessage().contains("ibm.accounts"), rejected.getMessage());
        AdminException missing = assertThrows(AdminException.class, () -> mock.admin().seed(Path.of("no-such-file")));
        assertTrue(missing.getMessage().contains("no-such-file"), missing.getMessage());
    }

    @Test
    void recordIsInTheFormatOfASeed(Namespace mock) {
        mock.admin().seed("{\"authress\":{\"groups\":[{\"groupId\":\"grp_a\",\"name\":\"A\",\"users\":[],\"admins\":[]}]}}");

        String record = mock.admin().record("authress", "group", "grp_a");

        assertEquals("A", Json.string(Json.object(Json.parse(record)), "name"));
        AdminException missing =
            assertThrows(AdminException.class, () -> mock.admin().record("authress", "group", "grp_a", "other"));
        assertTrue(missing.status() >= 400, () -> "status " + missing.status());
    }

    @Test
    void faultIsInjectedTheScheduledNumberOfTimes(Namespace mock) {
        Pattern create = Pattern.operation("cloudflare_create_access_group");

        List<Fault> added = mock.admin().fault(Fault.status(503).withId("once").on(create).times(1));

        assertEquals("once", added.get(0).id());
        assertEquals(503, createGroup(mock, "mine"));
        assertEquals(201, createGroup(mock, "mine"));
        Fault fault = mock.admin().faults().get(0);
        assertEquals(2, fault.matched());
        assertEquals(1, fault.injected());
        assertEquals(List.of("once"), mock.admin().requests().get(0).faults());
        mock.admin().clearFaults();
        assertEquals(List.of(), mock.admin().faults());
        assertEquals(1, mock.admin().fault(Fault.preset("outage")).size());
    }

    @Test
    void everyEffectAndScheduleIsAccepted(Namespace mock) {
        List<Fault> faults = List.of(
            Fault.status(429).withCode("10013").withMessage("slow down").withRetryAfter(2),
            Fault.delay(Duration.ofMillis(1)),
            Fault.delay(Duration.ofMillis(1), Duration.ofMillis(2)),
            Fault.disconnect(),
            Fault.empty(),
            Fault.truncate(),
            Fault.truncate(3),
            Fault.malformed(),
            Fault.slowBody(Duration.ofMillis(5)),
            Fault.commitThenFail(),
            Fault.commitThenFail(502),
            Fault.failItems(409, "IBMid-1"),
            Fault.staleReads(Duration.ofSeconds(5)),
            Fault.status(500).after(1).every(2).probability(0.5).lasting(Duration.ofHours(1)),
            Fault.status(500).until(Instant.parse("2040-01-01T00:00:00Z")));

        faults.forEach(mock.admin()::fault);

        assertEquals(faults.size(), mock.admin().faults().size());
    }

    @Test
    void faultsAndSearchesMatchHeadersQueriesAndBodies(Namespace mock) {
        Pattern pattern = Pattern.request("POST", GROUPS)
            .withDialect("cloudflare")
            .withHeader("content-type", Matcher.equalTo("Application/JSON").ignoringCase())
            .withHeader("x-none", Matcher.absent())
            .withQuery("q", Matcher.doesNotContain("x"))
            .withBody(Matcher.matchesJsonPath("$.name"))
            .withBody(Matcher.equalToJson("{\"name\":\"mine\"}").ignoringExtraElements());
        mock.admin().fault(Fault.status(500).on(pattern));

        assertEquals(201, createGroup(mock, "other"));
        assertEquals(500, send("POST", mock.url() + GROUPS + "?q=1", "{\"name\":\"mine\"}").statusCode());
        assertEquals(1, mock.admin().count(pattern.withStatus(500)));
        assertEquals(1, mock.admin().count(Pattern.any().withUrlPattern(".*access/groups\\?q=.*").withStatus("5xx")));
        assertEquals(1, mock.admin().requests(Pattern.any().withUrlPathPattern(".*/groups").withLimit(1)).size());
        assertEquals(2, mock.admin().count(Pattern.any().withSince(Instant.EPOCH).withUntil(Instant.now().plusSeconds(60))));
        assertEquals(1, mock.admin().count(Pattern.any().withUrl(GROUPS).withMethod("POST").withUrlPath(GROUPS)));
    }

    @Test
    void clockIsSetAndAdvanced(Namespace mock) {
        Instant day = Instant.parse("2030-01-01T00:00:00Z");
        Duration later = Duration.ofHours(1).plusMillis(5);

        assertEquals(day, mock.admin().setClock(Clock.frozen(day)).now());
        assertEquals(day.plus(later), mock.admin().advance(later).now());
        assertEquals("frozen", mock.admin().clock().mode());
        assertEquals("1s", mock.admin().setClock(Clock.stepping(day, "1s")).step());
        assertEquals("system", mock.admin().setClock(Clock.system()).mode());
    }

    @Test
    void fidelityIsSetUntilTheNextReset(Namespace mock) {
        mock.admin().setFidelity("live");
        assertEquals("live", mock.admin().fidelity());
        mock.admin().reset();
        assertEquals("documented", mock.admin().fidelity());
    }

    @Test
    void verificationCountsRequestsAndListsWhatWasReceived(Namespace mock) {
        createGroup(mock, "mine");
        Pattern delete = Pattern.any().withMethod("DELETE");

        mock.admin().verify(Pattern.any().withMethod("POST"), Times.atLeastOnce());
        mock.admin().verify(delete, Times.never());
        mock.admin().verify(delete, Times.atMost(1));
        VerificationError failed =
            assertThrows(VerificationError.class, () -> mock.admin().verify(delete, Times.exactly(1)));
        assertTrue(failed.getMessage().contains("expected exactly 1 matching request"), failed.getMessage());
        assertTrue(failed.getMessage().contains("POST " + GROUPS + " -> 201"), failed.getMessage());
    }

    @Test
    void metricsAreInTheTextFormatOfPrometheus(Namespace mock) {
        createGroup(mock, "counted");

        String metrics = mock.admin().metrics();

        String created = "dialect=\"cloudflare\",operation=\"cloudflare_create_access_group\",status=\"2xx\"";
        assertTrue(metrics.contains("\naccess_groups_mock_requests_total{" + created + "} "), metrics);
    }

    @Test
    void errorResponseIsExplained(Namespace mock) {
        send("POST", mock.url() + GROUPS, "{\"name\": 7}");
        send("GET", mock.url() + "/nothing", "");

        Exchange rejected = mock.admin().requests().get(0);
        Exchange unmatched = mock.admin().requests().get(1);

        Explanation explanation = mock.admin().explain(rejected);
        assertEquals(rejected.rule(), explanation.rule().id());
        assertTrue(explanation.summary().contains(rejected.reason()), rejected.reason());
        assertEquals(explanation.rule().remediation(), explanation.remediation());
        assertFalse(explanation.received().isEmpty());
        assertEquals(400, rejected.response().status());
        assertNotNull(rejected.response().headers().get("content-type"));
        assertEquals(List.of(unmatched.id()), mock.admin().unmatched().stream().map(Exchange::id).toList());
        assertEquals(mock.admin().unmatched().get(0).suggestions(), mock.admin().explain(unmatched).suggestions());
        String transcript = mock.admin().transcript();
        for (String line : List.of("POST " + GROUPS + " -> 400", "    request  {\"name\": 7}", "    response {",
                "    rule     " + rejected.rule(), "GET /nothing -> 404")) {
            assertTrue(transcript.contains(line), transcript);
        }
    }

    @Test
    void anyOtherOperationCanBeCalled(Namespace mock) {
        assertTrue(mock.admin().call("GET", "/health").contains("\"healthy\""));
        assertTrue(mock.admin().call("PUT", "/clock", "{\"mode\":\"frozen\"}").contains("\"frozen\""));
    }
}
