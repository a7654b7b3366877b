//! What surrounds the mocked APIs: faults, limits, the journal and the explanations made from it.
//!
//! Vendor-neutral. Imports `failure` and `store`.

pub mod body;
pub mod coverage;
pub mod effect;
pub mod fault;
pub mod faults;
pub mod journal;
pub mod limit;
pub mod pattern;
pub mod redact;
pub mod schedule;
pub mod span;
pub mod text;

mod fail_items;

pub use fail_items::FailItems;
