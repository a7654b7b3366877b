package io.github.accessgroupsmock;

/** The server did not become ready; the message contains its standard error. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
