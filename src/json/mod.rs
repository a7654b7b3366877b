//! Additions to `serde_json`: structs that deserialize from objects only, long lists that are
//! deserialized lazily, the raw fields of objects, times, and JSON that is saved exactly.

mod exact_json;
mod lazy_json_list;
mod minify;
mod raw_fields;
pub mod rfc3339;
pub mod strict_json;

pub use exact_json::shown_and_exact;
pub use lazy_json_list::LazyJsonList;
pub use minify::{end_of_string, minify};
pub use raw_fields::RawFields;
