//! Entity tags.

use crate::store::stable_hex_id;

/// Returns an entity tag: the change count of the resource, then hexadecimal digits that are unique to its state.
///
/// The tag of the first state depends only on the id, so that seeded resources have the same tags in every run.
pub fn entity_tag(id: &str, changes: u32, revision: u64) -> String {
    entity_tag_of_revision(id, changes, if changes == 1 { 0 } else { revision })
}

/// Returns an entity tag like [`entity_tag`], whose digits always depend on the revision: for resources whose id is
/// used again after their deletion.
pub fn entity_tag_of_revision(id: &str, changes: u32, revision: u64) -> String {
    let (changes, revision) = (changes.to_string(), revision.to_string());
    [&changes, "-", &stable_hex_id(&[id, "/", &changes, "/", &revision].concat())].concat()
}
