//! The records, the rules, the error table and the seed section of the legacy dialect; no HTTP.

pub mod error;
pub mod input;
pub mod model;
pub mod seed;
pub mod source;

pub use model::LegacyState as State;
