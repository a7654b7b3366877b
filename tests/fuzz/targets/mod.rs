//! The fuzz targets: one function for each parser of bytes from outside. A target sends its input through the router in
//! this process, or parses it with the public API, and panics if an invariant is violated.
//!
//! The functions do not depend on a fuzzing engine: `cargo test --test fuzz` calls them with mutated examples, and the
//! binaries in `fuzz/` call them with the inputs of libFuzzer. This folder is compiled into both; `crate::operation`
//! is `tests/it/support/operation.rs` in both.

mod bodies;
pub(crate) mod envelope;
mod faults;
mod files;
mod headers;
mod recordings;
mod requests;
pub(crate) mod server;

/// A fuzz target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// The name, which is also that of the binary in `fuzz/`.
    pub(crate) name: &'static str,
    /// Processes one input.
    ///
    /// # Panics
    /// Panics if the input violates an invariant.
    pub(crate) run: fn(&[u8]),
    /// Returns valid inputs, from which others are derived.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub(crate) const TARGETS: [Target; 18] = [
    Target { name: "paths", run: requests::path, seeds: requests::path_seeds },
    Target { name: "queries", run: requests::query, seeds: requests::query_seeds },
    Target { name: "headers", run: headers::request_headers, seeds: headers::seeds },
    Target { name: "authorization", run: headers::authorization, seeds: headers::authorization_seeds },
    Target { name: "cloudflare_bodies", run: bodies::cloudflare, seeds: bodies::cloudflare_seeds },
    Target { name: "ibm_bodies", run: bodies::ibm, seeds: bodies::ibm_seeds },
    Target { name: "authress_bodies", run: bodies::authress, seeds: bodies::authress_seeds },
    Target { name: "legacy_bodies", run: bodies::legacy, seeds: bodies::legacy_seeds },
    Target { name: "admin_bodies", run: bodies::admin, seeds: bodies::admin_seeds },
    Target { name: "gzip_bodies", run: bodies::gzip, seeds: bodies::gzip_seeds },
    Target { name: "seeds", run: files::seed, seeds: files::seed_seeds },
    Target { name: "states", run: files::state, seeds: files::state_seeds },
    Target { name: "recordings", run: recordings::recording, seeds: recordings::recording_seeds },
    Target { name: "replays", run: recordings::replay, seeds: recordings::replay_seeds },
    Target { name: "accepted_differences", run: recordings::accepted, seeds: recordings::accepted_seeds },
    Target { name: "fault_headers", run: faults::header, seeds: faults::header_seeds },
    Target { name: "faults", run: faults::json, seeds: faults::json_seeds },
    Target { name: "patterns", run: faults::pattern, seeds: faults::pattern_seeds },
];
