package io.github.accessgroupsmock;

/** A part of a namespace that can be reset separately. */
public enum ResetScope {
    /** The records. */
    STATE,
    /** The journal of requests. */
    REQUESTS,
    /** The faults. */
    FAULTS,
    /** The virtual clock. */
    CLOCK
}
