//! The protocol plumbing that every dialect shares: it knows axum and no vendor.
//!
//! Imports `app`, `config`, `failure` and `store`. Invariant: whatever goes wrong in an extractor or a handler
//! is a `Failure`, carried in the response until the dialect renders it.

pub mod answer;
pub mod bearer;
pub mod body;
pub mod carrier;
pub mod context;
pub mod dialect;
pub mod endpoint;
pub mod known;
pub mod links;
pub mod operation;
pub mod path;
pub mod piece;
pub mod query;
pub mod quota;
pub mod unread;

pub use answer::{Answer, Reply, json, json_linked, json_linked_page, json_page};
pub use body::JsonBody;
pub use carrier::{Carried, Ruled, refused};
pub use context::{Context, Meta};
pub use dialect::Dialect;
pub use endpoint::{Endpoint, Handling};
pub use known::Known;
pub use operation::{Operation, Parameter};
pub use path::{Captures, Path};
pub use piece::{Piece, linked_piece, piece};
pub use query::Query;
pub use quota::Quota;
