package io.github.accessgroupsmock;

/** The received requests do not match the expectation; the message lists what was received instead. */
public final class VerificationError extends AssertionError {
    private static final long serialVersionUID = 1;

    VerificationError(String message) {
        super(message);
    }
}
