package io.github.accessgroupsmock;

/** The admin API rejected a request, with the server's message, or the server could not be reached. */
public final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    AdminException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** Returns the status of the error response; 0 if the server could not be reached. */
    public int status() {
        return status;
    }
}
