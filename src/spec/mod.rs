//! The types that describe APIs and errors: operations, error codes with their evidence, and request errors.
//!
//! Imports nothing of this crate, and only the types for methods and statuses from axum.

mod api;
mod error;
mod field_path;
mod operation;
mod suggestions;
mod violations;

pub use api::{
    Api, ApiSpec, Apis, EXAMPLE_BASE_URL, EXAMPLE_REQUEST_ID, FidelityDifference, has_path_prefix,
    parse_schemas,
};
pub use error::{ApiError, Confidence, ErrorCode, Evidence, Observation, RequestError};
pub use field_path::{FieldPath, Segment};
pub use operation::{Operation, Parameter};
pub use suggestions::Suggestion;
pub use violations::{MAX_VIOLATIONS, Violation, Violations};
