//! The protocol plumbing that every dialect shares: it knows axum and no vendor.
//!
//! Imports `app`, `config`, `failure`, `store` and `strict_json`. Invariant: whatever goes wrong in an extractor or a
//! handler is a `Failure`, carried in the response until the dialect renders it.

pub mod answer;
pub mod apis;
pub mod bearer;
pub mod body;
pub mod carrier;
pub mod context;
pub mod dialect;
pub mod dialect_router;
pub mod handler;
pub mod base_url;
pub mod namespace;
pub mod operation;
pub mod path;
pub mod piece;
pub mod query;
pub mod quota;
pub mod render;
pub mod suggestions;
pub mod unread;

pub use apis::{Api, Apis};
pub use answer::{Answer, Reply, json, json_linked, json_linked_page, json_page};
pub use body::JsonBody;
pub use carrier::{Carried, Ruled, refused};
pub use context::{Context, Meta};
pub use dialect::Dialect;
pub use dialect_router::{DialectRouter, Endpoint};
pub use handler::{BoxedHandler, HandlerFuture};
pub use operation::{Operation, Parameter};
pub use path::{Path, PathParams};
pub use piece::{Piece, linked_piece, piece};
pub use query::Query;
pub use quota::Quota;
