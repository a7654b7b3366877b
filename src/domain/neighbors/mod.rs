//! Neighbors: resources of a vendor beside its groups, which are kept as they were sent.
//!
//! Clients of access groups also need other resources of the vendor, such as the policies that refer to a group. A
//! neighbor is checked only for the fields of its kind, and returned as it was sent, with the fields that the vendor
//! adds. A kind is a row of a table: each vendor declares its [`NeighborKind`]s, and its dialect the operations, which
//! determine the envelope, the pages, the status codes and the errors. Imports `json`, `spec`, `store` and the seed
//! error; no vendor and no HTTP.

mod draft;
mod kind;
mod record;
pub mod seed;
mod state;

pub use draft::{Draft, json_string};
pub use kind::{AddedField, AddedValue, FieldType, IdSource, KnownField, NeighborKind};
pub use record::Neighbor;
pub use state::Neighbors;
