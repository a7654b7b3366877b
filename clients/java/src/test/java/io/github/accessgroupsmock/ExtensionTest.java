package io.github.accessgroupsmock;

import static io.github.accessgroupsmock.Requests.createGroup;
import static io.github.accessgroupsmock.Requests.groupNames;
import static io.github.accessgroupsmock.Requests.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests of the extension, which run the classes below in runs of their own. */
final class ExtensionTest {
    private static final List<String> USED = new ArrayList<>();
    private static final List<Server> SERVERS = new ArrayList<>();

    @BeforeEach
    void forget() {
        USED.clear();
        SERVERS.clear();
    }

    @Test
    void eachTestHasItsOwnNamespaceOnOneServer() {
        TestExecutionSummary summary = run(Map.of(), SharedServer.class, OtherClass.class);

        assertEquals(0, summary.getTotalFailureCount(), () -> summary.getFailures().toString());
        assertEquals(4, summary.getTestsSucceededCount());
        assertEquals(4, USED.stream().distinct().count());
        assertEquals(1, SERVERS.stream().distinct().count());
        assertFalse(ProcessHandle.of(SERVERS.get(0).pid()).map(ProcessHandle::isAlive).orElse(false));
    }

    @AccessGroupsMock
    static final class SharedServer {
        private Namespace prepared;

        @BeforeAll
        static void startServer(Server server) {
            SERVERS.add(server);
        }

        @BeforeEach
        void prepare(Namespace mock) {
            prepared = mock;
        }

        @RepeatedTest(2)
        void usesIt(Namespace mock, Server server) {
            assertSame(prepared, mock);
            createGroup(mock, "mine");
            assertEquals(List.of("mine"), groupNames(mock));
            // The namespaces of other tests have been deleted.
            String namespaces = server.admin().call("GET", "/namespaces");
            USED.forEach(name -> assertFalse(namespaces.contains(name), namespaces));
            assertTrue(mock.name().startsWith("SharedServer.usesIt-"), mock.name());
            USED.add(mock.name());
            SERVERS.add(server);
        }

        @Nested
        final class Inside {
            @Test
            void inheritsTheAnnotation(Namespace mock) {
                USED.add(mock.name());
            }
        }
    }

    @AccessGroupsMock
    static final class OtherClass {
        OtherClass(Server server) {
            SERVERS.add(server);
        }

        @Test
        void usesTheSameServer(Namespace mock) {
            USED.add(mock.name());
        }
    }

    @Test
    void testsRunInParallelInOneInstance() {
        TestExecutionSummary summary = run(Map.of("junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent"), InParallel.class);

        assertEquals(20, summary.getTestsSucceededCount(), () -> summary.getFailures().toString());
    }

    @AccessGroupsMock
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static final class InParallel {
        @RepeatedTest(20)
        void isIsolated(Namespace mock) {
            createGroup(mock, "mine");
            assertEquals(List.of("mine"), groupNames(mock));
        }
    }

    @Test
    void requestsOfAFailedTestArePrinted() {
        PrintStream original = System.err;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        TestExecutionSummary summary;
        System.setErr(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            summary = run(Map.of(), Failing.class);
        } finally {
            System.setErr(original);
        }

        assertEquals(2, summary.getTestsFailedCount());
        String printed = output.toString(StandardCharsets.UTF_8);
        assertTrue(printed.contains("Failing.fails failed; requests to http://127.0.0.1:"), printed);
        assertTrue(printed.contains("GET /nothing -> 404\n"), printed);
        assertTrue(printed.contains("    rule     "), printed);
        assertTrue(printed.contains("Failing.sendsNothing failed"), printed);
        assertTrue(printed.contains("(no requests)"), printed);
        assertFalse(printed.contains("succeeds"), printed);
    }

    @AccessGroupsMock
    static final class Failing {
        @Test
        void fails(Namespace mock) {
            // A request without an operation creates no namespace.
            groupNames(mock);
            send("GET", mock.url() + "/nothing", "");
        }

        @Test
        void sendsNothing(Namespace mock) {
            fail("on purpose");
        }

        @Test
        void succeeds(Namespace mock) {
            groupNames(mock);
        }

        @AfterEach
        void verify(Namespace mock) {
            mock.admin().verify(Pattern.any().withStatus("4xx"), Times.never());
        }
    }

    @Test
    void seedAndArgumentsAreThoseOfTheAnnotationOrElseOfTheConfiguration() {
        Map<String, String> configuration = Map.of("access-groups-mock.seed", "../../seeds/demo.json",
            "access-groups-mock.args", "--clock frozen@2031-01-01T00:00:00Z");

        TestExecutionSummary summary = run(configuration, Configured.class, Annotated.class);

        assertEquals(0, summary.getTotalFailureCount(), () -> summary.getFailures().get(0).getException().toString());
        assertEquals(2, summary.getTestsSucceededCount());
        assertNotEquals(SERVERS.get(0), SERVERS.get(1));
    }

    @AccessGroupsMock
    static final class Configured {
        @Test
        void hasTheSeedAndTheClock(Namespace mock, Server server) {
            assertEquals(List.of("Allow devs"), groupNames(mock));
            assertEquals("2031-01-01T00:00:00Z", mock.admin().clock().now().toString());
            SERVERS.add(server);
        }
    }

    @AccessGroupsMock(args = {"--clock", "frozen@2032-01-01T00:00:00Z"})
    static final class Annotated {
        @Test
        void hasItsOwnArguments(Namespace mock, Server server) {
            assertEquals("2032-01-01T00:00:00Z", mock.admin().clock().now().toString());
            SERVERS.add(server);
        }
    }

    @Test
    void namespaceOutsideOfATestIsAnErrorThatSaysWhatToDo() {
        TestExecutionSummary summary = run(Map.of(), NamespaceForAll.class);

        String message = summary.getFailures().get(0).getException().getMessage();
        assertTrue(message.contains("a Namespace belongs to one test"), message);
    }

    @AccessGroupsMock
    static final class NamespaceForAll {
        @BeforeAll
        static void prepare(Namespace mock) {
            fail("is not called with " + mock);
        }

        @Test
        void isNotRun() {
            fail("is not run");
        }
    }

    private static TestExecutionSummary run(Map<String, String> configuration, Class<?>... classes) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request().configurationParameters(configuration);
        for (Class<?> type : classes) {
            request.selectors(selectClass(type));
        }
        LauncherFactory.create().execute(request.build(), listener);
        return listener.getSummary();
    }
}
