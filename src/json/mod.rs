//! Additions to `serde_json`: structs that deserialize from objects only, long lists that are
//! deserialized lazily, and JSON that is saved exactly.

mod exact_json;
mod lazy_json_list;
pub mod strict_json;

pub use exact_json::shown_and_exact;
pub use lazy_json_list::LazyJsonList;
