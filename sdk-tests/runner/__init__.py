"""What `sdk-tests/run` is made of; the standard library only."""
