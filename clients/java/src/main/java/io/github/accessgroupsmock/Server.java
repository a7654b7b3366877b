package io.github.accessgroupsmock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A server process and its default namespace. */
public final class Server extends Mock implements AutoCloseable {
    private final ServerProcess process;

    private Server(String url, ServerProcess process) {
        super("default", url, process::exitReport);
        this.process = process;
    }

    /** Starts a server on a free local port, with no seed and the server's default options. */
    public static Server start() {
        return start(options());
    }

    /**
     * Starts a server on a free local port.
     *
     * @throws BinaryNotFoundException if the server binary was not found
     * @throws StartException if the server did not become ready; the message contains its standard error
     */
    public static Server start(Options options) {
        List<String> command = new ArrayList<>();
        command.add(options.binary().orElseGet(Binary::find).toString());
        command.addAll(List.of("--port", "0"));
        command.addAll(options.args());
        options.seed().ifPresent(seed -> command.addAll(List.of("--seed", seed.toString())));
        ServerProcess process = ServerProcess.start(command);
        return new Server(process.waitUntilReady(options.timeout()), process);
    }

    /** Returns options with the default values. */
    public static Options options() {
        return new Options(Optional.empty(), List.of(), Optional.empty(), Duration.ofSeconds(30));
    }

    /** Returns the process identifier of the server. */
    public long pid() {
        return process.pid();
    }

    /** Stops the server gracefully and returns its exit code; does nothing if it has already stopped. */
    public int stop() {
        return process.stop();
    }

    /** Stops the server. */
    @Override
    public void close() {
        stop();
    }

    /**
     * The options of a server.
     *
     * @param seed the path of the seed file; empty for none
     * @param args additional arguments of the server, such as {@code --explain}
     * @param binary the path of the server binary; by default it is searched for, see {@link BinaryNotFoundException}
     * @param timeout the maximum time until the server is ready; 30 seconds by default
     */
    public record Options(Optional<Path> seed, List<String> args, Optional<Path> binary, Duration timeout) {
        /** Creates options; the list of arguments is copied. */
        public Options {
            args = List.copyOf(args);
        }

        /** Returns these options with a seed file. */
        public Options withSeed(Path seed) {
            return new Options(Optional.of(seed), args, binary, timeout);
        }

        /** Returns these options with other additional arguments. */
        public Options withArgs(List<String> args) {
            return new Options(seed, args, binary, timeout);
        }

        /** Returns these options with other additional arguments. */
        public Options withArgs(String... args) {
            return withArgs(List.of(args));
        }

        /** Returns these options with the path of the server binary. */
        public Options withBinary(Path binary) {
            return new Options(seed, args, Optional.of(binary), timeout);
        }

        /** Returns these options with another maximum time until the server is ready. */
        public Options withTimeout(Duration timeout) {
            return new Options(seed, args, binary, timeout);
        }
    }
}
