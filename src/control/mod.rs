//! Test control for the mocked APIs: faults, rate limits, the journal, request patterns and coverage.
//!
//! Vendor-neutral. Imports `failure`, `store` and `strict_json`.

pub mod body_matcher;
pub mod coverage;
pub mod effect;
pub mod fault;
pub mod faults;
pub mod human_duration;
pub mod journal;
pub mod pattern;
pub mod rate_limit;
pub mod redact;
pub mod schedule;
pub mod string_matcher;

mod fail_items;

pub use fail_items::FailItems;
