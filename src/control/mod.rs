//! Test control for the mocked APIs: faults, rate limits, the journal, request patterns and coverage.
//!
//! Vendor-neutral. Imports `json`, `spec` and `store`.

pub mod coverage;
pub mod faults;
pub mod human_duration;
pub mod journal;
mod keyed_hash;
pub mod matching;
pub mod rate_limit;
pub mod redaction;
