//! The assignments of templates, which create groups.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::Import;
use super::super::records::{ListKey, Object, key};
use super::{members, rules};

/// Notes that an assignment was deleted, and with it the groups that it had created.
pub(super) fn delete(import: &mut Import<'_>, list: &ListKey, id: &str) {
    let groups: Vec<String> = match import.records.get(list, id) {
        Some(assignment) => group_ids(assignment).map(str::to_owned).collect(),
        None => Vec::new(),
    };
    import.records.delete(list, id);
    for group in groups {
        import.records.delete(&key(["ibm", "groups"]), &group);
        import.records.delete_others(&members(&group), &[]);
        import.records.delete_others(&rules(&group), &[]);
    }
}

/// Returns the ids of the groups that an assignment created, as its verbose form shows them.
pub(super) fn created_groups(assignment: &Value) -> Vec<String> {
    ids_in(assignment.get("resources")).map(str::to_owned).collect()
}

/// Notes that the groups of an assignment that a write of the recording has created were also created by it.
pub(super) fn note_created(import: &mut Import<'_>, list: &ListKey, id: &str, groups: &[String]) {
    if import.records.contains(list, id) {
        return;
    }
    for group in groups {
        import.records.created(&key(["ibm", "groups"]), group, &import.exchange.place);
    }
}

/// Returns the ids of the groups that an assignment created.
fn group_ids(assignment: &Object) -> impl Iterator<Item = &str> {
    ids_in(assignment.fields.get("resources"))
}

fn ids_in(resources: Option<&Value>) -> impl Iterator<Item = &str> {
    let resources = resources.and_then(Value::as_array).into_iter().flatten();
    resources.filter(|resource| is_created(resource)).filter_map(|it| it["group"]["group"]["id"].as_str())
}

/// Returns whether the resources of an assignment in an account exist: a failed group has the id of the template.
fn is_created(resource: &Value) -> bool {
    let group = &resource["group"]["group"];
    group["resource"].as_str().is_some_and(|id| !id.is_empty()) && group["id"] == group["resource"]
}

/// Marks each assignment whose groups are all among `groups` as saved. The groups of the others are created by the
/// assignment when the seed is loaded; returns their ids.
pub(super) fn mark_saved(assignments: &mut [Object], groups: &[Object]) -> BTreeSet<String> {
    let shown: BTreeSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let mut created = BTreeSet::new();
    for assignment in assignments {
        let ids: Vec<String> = group_ids(assignment).map(str::to_owned).collect();
        let is_saved = assignment.fields.get("status").is_some_and(|status| status == "succeeded")
            && !ids.is_empty()
            && ids.iter().all(|id| shown.contains(id.as_str()));
        if is_saved {
            assignment.fields.insert("$state".to_owned(), json!({}));
        } else {
            created.extend(ids);
        }
    }
    created
}
