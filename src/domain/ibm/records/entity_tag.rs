//! Entity tags.

use crate::store::stable_hex_id;

/// Returns an entity tag: the change count of the resource, then hexadecimal digits that are unique to its state.
///
/// The tag of the first state depends only on the id, so that seeded resources have the same tags in every run.
pub fn entity_tag(id: &str, changes: u32, revision: u64) -> String {
    let state = if changes == 1 { 0 } else { revision }.to_string();
    let changes = changes.to_string();
    [&changes, "-", &stable_hex_id(&[id, "/", &changes, "/", &state].concat())].concat()
}
