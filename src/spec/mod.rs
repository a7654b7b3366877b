//! The terms in which APIs are described and requests fail: operations, error codes with their evidence, request errors.
//!
//! Imports nothing of this crate, and of HTTP only its types for methods and statuses.

mod error;
mod field_path;
mod operation;

pub use error::{ApiError, ErrorCode, Evidence, RequestError, Violation};
pub use field_path::{FieldPath, Segment};
pub use operation::{Operation, Parameter};
