//! The ibm dialect, from outside.
