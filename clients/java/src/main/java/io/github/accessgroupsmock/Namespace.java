package io.github.accessgroupsmock;

import java.util.function.Supplier;

/** A namespace of a server: an isolated mock with its own URLs, state, journal, faults and clock. */
public final class Namespace extends Mock implements AutoCloseable {
    private final Mock parent;

    Namespace(Mock parent, String name, Supplier<String> diagnosis) {
        super(name, parent.url() + "/ns/" + name, diagnosis);
        this.parent = parent;
    }

    /** Deletes the namespace; does nothing if it was never used. */
    public void delete() {
        try {
            parent.admin().call("DELETE", "/namespaces/" + name());
        } catch (AdminException error) {
            if (error.status() != 404) {
                throw error;
            }
        }
    }

    /** Deletes the namespace. */
    @Override
    public void close() {
        delete();
    }
}
