package io.github.accessgroupsmock;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** The extension behind {@link AccessGroupsMock}. */
final class AccessGroupsMockExtension implements ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace STORE =
        ExtensionContext.Namespace.create(AccessGroupsMockExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Server.class || type == Namespace.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Server server = server(context);
        if (parameter.getParameter().getType() == Server.class) {
            return server;
        }
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("a Namespace belongs to one test: declare it as a parameter of the"
                + " test, of @BeforeEach or of @AfterEach; here, use Server and its method namespace()");
        }
        return context.getStore(STORE)
            .getOrComputeIfAbsent(Namespace.class, key -> new OwnedNamespace(server.namespace(label(context))),
                OwnedNamespace.class)
            .namespace();
    }

    // Called after the test's own @AfterEach methods, and before the store is closed, which deletes the namespace.
    @Override
    public void afterEach(ExtensionContext context) {
        OwnedNamespace owned = context.getStore(STORE).get(Namespace.class, OwnedNamespace.class);
        if (owned != null && context.getExecutionException().isPresent()) {
            report(context, owned.namespace());
        }
    }

    private static void report(ExtensionContext context, Namespace namespace) {
        String transcript;
        try {
            transcript = namespace.admin().transcript();
        } catch (AdminException error) {
            transcript = error.getMessage();
        }
        System.err.printf("%s failed; requests to %s:%n%s%n", label(context), namespace.url(),
            transcript.isEmpty() ? "(no requests)" : transcript);
    }

    private static String label(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName();
    }

    /** Returns the server for the test class; classes with the same options share one. */
    private static Server server(ExtensionContext context) {
        Server.Options options = options(context);
        return context.getRoot().getStore(STORE)
            .getOrComputeIfAbsent(options, key -> new OwnedServer(Server.start(options)), OwnedServer.class)
            .server();
    }

    private static Server.Options options(ExtensionContext context) {
        AccessGroupsMock annotation = annotation(context);
        Server.Options options = Server.options();
        Optional<String> seed = annotation.seed().isEmpty()
            ? context.getConfigurationParameter("access-groups-mock.seed").filter(path -> !path.isBlank())
            : Optional.of(annotation.seed());
        if (seed.isPresent()) {
            options = options.withSeed(Path.of(seed.get()));
        }
        List<String> args = annotation.args().length > 0
            ? List.of(annotation.args())
            : context.getConfigurationParameter("access-groups-mock.args").map(AccessGroupsMockExtension::words).orElse(List.of());
        return options.withArgs(args);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /** Returns the annotation of the test class, or of the class that contains a {@code @Nested} one. */
    private static AccessGroupsMock annotation(ExtensionContext context) {
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            Optional<AccessGroupsMock> found = AnnotationSupport.findAnnotation(type, AccessGroupsMock.class);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new ParameterResolutionException("annotate the class with @AccessGroupsMock");
    }

    // JUnit before 5.13 closes only a `CloseableResource`; later ones warn if it is not `AutoCloseable`.

    /** Stops the server at the end of the run. */
    private record OwnedServer(Server server) implements Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            server.close();
        }
    }

    /** Deletes the namespace at the end of the test. */
    private record OwnedNamespace(Namespace namespace) implements Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            namespace.close();
        }
    }
}
