//! The terms in which APIs are described and requests fail: operations, error codes with their evidence, request errors.
//!
//! Imports nothing of this crate, and of HTTP only its types for methods and statuses.

mod api;
mod error;
mod field_path;
mod operation;
mod suggestions;

pub use api::{Api, ApiSpec, Apis, has_path_prefix};
pub use error::{ApiError, ErrorCode, Evidence, RequestError, Violation};
pub use field_path::{FieldPath, Segment};
pub use operation::{Operation, Parameter};
pub use suggestions::Suggestion;
