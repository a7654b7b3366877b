//! The extractors, responses and routing types that all dialects share; none is specific to a vendor.
//!
//! Imports `app`, `config`, `control`, `json`, `spec` and `store`. Invariant: every error of an extractor or a handler
//! is a `RequestError` in the extensions of the response until the dialect renders it.

pub mod authorization;
pub mod base_url;
pub mod body;
pub mod context;
pub mod dialect;
pub mod dialect_router;
pub mod encoding;
pub mod error_extension;
pub mod forwarding;
pub mod gzip;
pub mod handler;
pub mod json_fragment;
pub mod long_body;
pub mod namespace;
pub mod origin;
pub mod path;
pub mod query;
pub mod rate_limit;
pub mod received_headers;
pub mod render;
pub mod response;
pub mod tee_body;

pub use crate::json::RawFields;
pub use body::JsonBody;
pub use context::{RequestContext, RequestMeta};
pub use dialect::DialectSpec;
pub use dialect_router::{DialectRouter, Endpoint};
pub use error_extension::{ErrorCodeExtension, ErrorExtension, error_response};
pub use handler::{BoxedHandler, HandlerFuture};
pub use json_fragment::{Items, JsonFragment, cached_json, cached_json_in_shape, cached_json_with_base_url};
pub use path::Path;
pub use query::Query;
pub use rate_limit::RateLimitStatus;
pub use response::{
    ApiResponse, HandlerResult, json, json_enveloped, json_list, json_with_base_url, json_with_capacity,
};
