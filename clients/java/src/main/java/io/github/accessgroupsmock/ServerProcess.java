package io.github.accessgroupsmock;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child process that runs the server binary. */
final class ServerProcess {
    /** The time after which a server that does not stop is killed. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    /** The maximum length of the recorded standard error, in characters. */
    private static final int MAX_STDERR_LENGTH = 65_536;

    private final List<String> command;
    private final Process process;
    /** The first line of standard output; null at its end. */
    private final CompletableFuture<String> firstLine = new CompletableFuture<>();
    private final StringBuilder stderr = new StringBuilder();
    private final Thread stderrReader;

    private ServerProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        startReader("stdout", this::readStdout);
        this.stderrReader = startReader("stderr", this::readStderr);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static ServerProcess start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        // A JVM that is killed runs no extension, so the server monitors its parent process. On Windows it would monitor
        // its standard input, which is closed.
        if (!Binary.isWindows()) {
            builder.environment().put("AGM_EXIT_WITH_PARENT", "true");
        }
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new ServerProcess(command, process);
        } catch (IOException error) {
            throw new StartException(String.join(" ", command) + " could not be started: " + error.getMessage());
        }
    }

    /** Returns the URL in the ready line; stops the process if there is none in time. */
    String waitUntilReady(Duration timeout) {
        String reason;
        try {
            String line = firstLine.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                reason = "the server exited with code " + stop();
            } else {
                try {
                    return Json.string(Json.object(Json.parse(line)), "url");
                } catch (IllegalArgumentException error) {
                    reason = "the server printed this instead of the ready line: " + line;
                }
            }
        } catch (TimeoutException error) {
            reason = "the server was not ready after " + timeout.toMillis() + " ms";
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            reason = "the thread was interrupted";
        } catch (ExecutionException error) {
            reason = "the output of the server could not be read: " + error.getCause().getMessage();
        }
        stop();
        throw new StartException(String.join(" ", command) + ": " + reason + ". Its standard error:\n" + stderrText());
    }

    long pid() {
        return process.pid();
    }

    /** Stops the server and returns its exit code. */
    int stop() {
        // `Process.destroy` would also close standard error, whose last lines may not have been read.
        ProcessHandle handle = process.toHandle();
        handle.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                handle.destroyForcibly();
                process.waitFor();
            }
        } catch (InterruptedException error) {
            handle.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return process.isAlive() ? -1 : process.exitValue();
    }

    /** Returns the exit code and standard error of the server; empty if it is still running. */
    String exitReport() {
        try {
            // The connection fails shortly before the process has exited.
            if (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
                return "";
            }
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            return "";
        }
        return "\nthe server exited with code " + process.exitValue() + ". Its standard error:\n" + stderrText();
    }

    private String stderrText() {
        try {
            // The last lines may not have been read when the process has exited.
            stderrReader.join(500);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
        synchronized (stderr) {
            String text = stderr.toString().strip();
            return text.isEmpty() ? "(nothing)" : text;
        }
    }

    private void readStdout() throws IOException {
        try (BufferedReader reader = new BufferedReader(reader(process.getInputStream()))) {
            firstLine.complete(reader.readLine());
            // Later output must not block the server.
            reader.transferTo(Writer.nullWriter());
        } catch (IOException error) {
            firstLine.completeExceptionally(error);
        }
    }

    private void readStderr() throws IOException {
        try (Reader reader = reader(process.getErrorStream())) {
            char[] buffer = new char[4096];
            for (int length = reader.read(buffer); length >= 0; length = reader.read(buffer)) {
                synchronized (stderr) {
                    stderr.append(buffer, 0, length);
                    stderr.delete(0, Math.max(0, stderr.length() - MAX_STDERR_LENGTH));
                }
            }
        }
    }

    private static Reader reader(InputStream stream) {
        return new InputStreamReader(stream, StandardCharsets.UTF_8);
    }

    private static Thread startReader(String name, ReadTask task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException error) {
                // The stream was closed, because the process was stopped.
                return;
            }
        }, "access-groups-mock-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface ReadTask {
        void run() throws IOException;
    }
}
