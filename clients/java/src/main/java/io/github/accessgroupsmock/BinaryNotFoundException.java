package io.github.accessgroupsmock;

/**
 * The server binary was not found; the message lists all searched locations: the environment variable {@code AGM_BIN},
 * {@code PATH}, and cargo's target folder of the checkout that contains this package.
 */
public final class BinaryNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BinaryNotFoundException(String message) {
        super(message);
    }
}
