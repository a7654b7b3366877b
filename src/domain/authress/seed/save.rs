//! Saves the state of the dialect as a seed file section that restores it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::super::model::{AuthressState, Group};
use super::{GroupState, STATE, Section, SectionState, parse_time};
use crate::domain::neighbors::seed::NeighborLists;
use crate::json::LazyJsonList;
use crate::store::{GroupSelector, SavedRecord};

/// Returns the section that restores `state`, with the groups in creation order.
pub fn save(state: &AuthressState) -> Section {
    let groups = LazyJsonList::from_state(state.clone(), |state, mut share| {
        let groups = state.groups_after(0).filter(move |_| share.has_next());
        Box::new(groups.map(move |(sequence, group)| save_group(state, sequence, group)))
    });
    let last_sequence = state.last_sequence();
    let last_neighbor_sequence = state.neighbors.last_sequence();
    let is_used = last_sequence > 0 || last_neighbor_sequence > 0;
    let section_state = is_used.then_some(SectionState { last_sequence, last_neighbor_sequence });
    let mut neighbors = NeighborLists::default();
    for (list, neighbor) in state.neighbors.saved() {
        neighbors.push(list, &neighbor);
    }
    Section { groups, neighbors, state: section_state }
}

/// Returns the seed of a group.
fn save_group(state: &AuthressState, sequence: u64, group: &Group) -> Map<String, Value> {
    let pinned = state.pinned(&group.group_id);
    let mut saved = Map::new();
    saved.insert("groupId".to_owned(), group.group_id.as_str().into());
    let internal = save_value(group, &mut saved);
    let is_current_value = pinned == Some(group);
    if is_current_value {
        saved.insert("pinned".to_owned(), true.into());
    }
    let pinned = pinned.filter(|_| !is_current_value).map(save_pinned);
    add_state(GroupState { sequence: Some(sequence), pinned, ..internal }, &mut saved);
    saved
}

/// Returns the records of `kind` that `selector` selects, each as an object of the section.
pub fn saved_records(state: &AuthressState, kind: &str, selector: &GroupSelector) -> Vec<SavedRecord> {
    if kind != "group" {
        return state.neighbors.saved_records(kind, selector, |_| String::new());
    }
    let selected = state.groups_after(0).filter(|(_, group)| selector.matches("", &group.group_id));
    let saved = selected
        .map(|(sequence, group)| SavedRecord::new("", &group.group_id, &save_group(state, sequence, group)));
    saved.collect()
}

/// Returns the value that a deletion restores, without the identifier, which is the same as that of the group.
fn save_pinned(group: &Group) -> Map<String, Value> {
    let mut saved = Map::new();
    let internal = save_value(group, &mut saved);
    add_state(internal, &mut saved);
    saved
}

/// Adds the fields of a group that the API exposes, except the identifier, to `saved`, and returns the internal state.
fn save_value(group: &Group, saved: &mut Map<String, Value>) -> GroupState {
    let content = &group.content;
    saved.insert("name".to_owned(), content.name.as_str().into());
    saved.insert("users".to_owned(), users(&content.users));
    saved.insert("admins".to_owned(), users(&content.admins));
    if let Some(tags) = &content.tags {
        let tags = tags.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
        saved.insert("tags".to_owned(), Value::Object(tags.collect()));
    }
    let exposed = exposed_time(group.last_updated);
    let last_updated = exposed.is_none().then_some(group.last_updated);
    if let Some(exposed) = exposed {
        saved.insert("lastUpdated".to_owned(), exposed);
    }
    GroupState { revision: Some(group.revision), last_updated, ..GroupState::default() }
}

fn users(user_ids: &[String]) -> Value {
    user_ids.iter().map(|user_id| json!({"userId": user_id})).collect()
}

/// Returns a time in the format of the API, or `None` if the format cannot represent it exactly.
fn exposed_time(time: DateTime<Utc>) -> Option<Value> {
    let exposed = time.to_rfc3339_opts(SecondsFormat::Millis, true);
    (parse_time(&exposed) == Some(time)).then(|| exposed.into())
}

fn add_state(internal: GroupState, saved: &mut Map<String, Value>) {
    let internal = serde_json::to_value(internal).expect("numbers, times and strings can be serialized");
    saved.insert(STATE.to_owned(), internal);
}
