//! Reading of JSON beyond `serde_json`: objects that are never read from arrays, and long lists that stay text until they are used.

mod lazy_json_list;
pub mod strict_json;

pub use lazy_json_list::LazyJsonList;
