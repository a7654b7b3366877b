"""The implementation of `sdk-tests/run`; it uses only the standard library."""
