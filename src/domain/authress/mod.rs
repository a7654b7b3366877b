//! The records, the rules, the error table and the seed section of the authress dialect; no HTTP.

pub mod body_schema;
pub mod coercion;
pub mod error;
pub mod input;
pub mod model;
pub mod neighbors;
pub mod page;
pub mod precondition;
pub mod seed;
pub mod source;

pub use model::AuthressState as State;
