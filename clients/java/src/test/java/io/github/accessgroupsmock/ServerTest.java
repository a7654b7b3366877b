package io.github.accessgroupsmock;

import static io.github.accessgroupsmock.Requests.createGroup;
import static io.github.accessgroupsmock.Requests.groupNames;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@AccessGroupsMock
final class ServerTest {
    @TempDir
    private Path folder;

    @Test
    void namespacesAreIsolated(Server server) {
        try (Namespace one = server.namespace("one"); Namespace two = server.namespace("two")) {
            createGroup(one, "mine");

            assertEquals(List.of("mine"), groupNames(one));
            assertEquals(List.of(), groupNames(two));
            assertEquals(0, two.admin().count(Pattern.any().withMethod("POST")));
        }
    }

    @Test
    void anyLabelResultsInAValidNamespaceName(Server server) {
        Namespace namespace = server.namespace("tests/ä b.Test::test[" + "x".repeat(200) + "]");

        assertTrue(namespace.name().startsWith("tests-b.Test::test-xxx"), namespace.name());
        assertEquals(128, namespace.name().length());
        assertEquals(List.of(), groupNames(namespace));
        namespace.delete();
        namespace.delete();
    }

    @Test
    void urlsAreTheBaseUrlsOfTheSdks(Server server) {
        Mock mock = Mock.connect(server.url() + "/");

        assertEquals(new Urls(server.url() + "/client/v4", server.url(), server.url(), server.url()), mock.urls());
        assertEquals(List.of(), mock.admin().faults());
    }

    @Test
    void adminTokenIsSent() {
        try (Server own = Server.start(Server.options().withArgs("--admin-token", "secret"))) {
            assertEquals(List.of(), own.admin().withToken("secret").faults());
            AdminException rejected = assertThrows(AdminException.class, own.admin().withToken("wrong")::faults);
            assertEquals(401, rejected.status());
        }
    }

    @Test
    void serverStopsGracefullyAndStopIsIdempotent() {
        Server own = Server.start();

        assertEquals(0, own.stop());
        assertEquals(0, own.stop());
    }

    @Test
    void startErrorContainsTheReason() {
        matches(startError(Server.options().withArgs("--no-such-flag")), "exited with code 2.*--no-such-flag");
        matches(startError(Server.options().withSeed(Path.of("no-such-file"))), "exited with code 3.*no-such-file");
        matches(startError(Server.options().withBinary(Path.of("/nowhere"))), "/nowhere");
    }

    @Test
    void serverThatIsNotReadyInTimeIsStopped() throws IOException {
        Path silent = script("silent", "echo 'still thinking' >&2; exec sleep 60");
        Path chatty = script("chatty", "echo hello; exec sleep 60");

        matches(startError(Server.options().withBinary(silent).withTimeout(Duration.ofSeconds(3))),
            "not ready after 3000 ms.*still thinking");
        matches(startError(Server.options().withBinary(chatty)), "ready line: hello");
    }

    @Test
    void errorOfACallToAnExitedServerContainsItsExitCode() {
        Server own = Server.start();
        ProcessHandle process = ProcessHandle.of(own.pid()).orElseThrow();
        assertTrue(process.destroyForcibly());
        process.onExit().join();

        AdminException error = assertThrows(AdminException.class, own.admin()::state);

        assertEquals(0, error.status());
        matches(error.getMessage(), "the server exited with code 137. Its standard error:");
    }

    @Test
    void binaryIsReadFromTheVariableOrElseFromThePath() throws IOException {
        Path binary = script("access-groups-mock", "exit 0");

        assertEquals(binary, Binary.find(Map.of("AGM_BIN", binary.toString()), List.of()));
        assertEquals(binary, Binary.find(Map.of("PATH", "/nowhere:" + folder), List.of()));
        BinaryNotFoundException error =
            assertThrows(BinaryNotFoundException.class, () -> Binary.find(Map.of("AGM_BIN", "/nowhere"), List.of()));
        matches(error.getMessage(), "AGM_BIN is `/nowhere`");
    }

    @Test
    void latestBuildIsFoundAndErrorForAMissingBinaryListsAllLocations() throws IOException {
        Map<String, String> environment = Map.of("PATH", "/nowhere");

        String error = assertThrows(BinaryNotFoundException.class, () -> Binary.find(environment, List.of(folder))).getMessage();
        for (String location : List.of("AGM_BIN: not set", "PATH: /nowhere", folder + "/release/", folder + "/debug/")) {
            assertTrue(error.contains(location), error);
        }

        for (String profile : List.of("debug", "release")) {
            Files.createDirectory(folder.resolve(profile));
            Path build = script(profile + "/access-groups-mock", "exit 0");
            Files.setLastModifiedTime(build, FileTime.fromMillis(profile.equals("debug") ? 2_000 : 1_000));
        }
        assertEquals(folder.resolve("debug/access-groups-mock"), Binary.find(environment, List.of(folder)));
    }

    private static String startError(Server.Options options) {
        return assertThrows(StartException.class, () -> Server.start(options)).getMessage();
    }

    private static void matches(String text, String expression) {
        assertTrue(java.util.regex.Pattern.compile(expression, java.util.regex.Pattern.DOTALL).matcher(text).find(), text);
    }

    private Path script(String name, String commands) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + commands + "\n");
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }
}
