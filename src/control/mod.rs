//! What surrounds the mocked APIs: faults, limits, the journal and the explanations made from it.
//!
//! Vendor-neutral. Imports `failure` and `store`.

mod fail_items;

pub use fail_items::FailItems;
