//! Additions to `serde_json`: structs that deserialize from objects only, long documents and their lists, which are
//! deserialized lazily, the raw fields of objects, times, and JSON that is saved exactly.

#[cfg(any(feature = "authress", feature = "legacy"))]
mod borrowed_object;
pub mod borrowed_text;
mod distinct_names;
mod error_path;
mod exact_json;
mod field_name;
mod json_text;
mod lazy_json_list;
mod minify;
mod outline;
mod raw_fields;
pub mod rfc3339;
pub mod strict_json;

#[cfg(any(feature = "authress", feature = "legacy"))]
pub use borrowed_object::BorrowedObject;
pub use distinct_names::DistinctNames;
pub use exact_json::shown_and_exact;
pub use json_text::JsonText;
pub use lazy_json_list::{ChangedText, LazyJsonList, ListItem};
pub use minify::{end_of_string, minify};
pub use outline::{Outline, OutlinedList};
pub use raw_fields::RawFields;
