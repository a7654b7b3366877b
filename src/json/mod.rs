//! Additions to `serde_json`: structs that deserialize from objects only, and long lists that are deserialized lazily.

mod lazy_json_list;
pub mod strict_json;

pub use lazy_json_list::LazyJsonList;
