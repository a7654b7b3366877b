"""The load harness: see `benches/load/run --help`."""
