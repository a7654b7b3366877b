//! The state of the dialect as a section of a seed that brings it back.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::super::model::{Group, State};
use super::{GroupState, STATE, Section, SectionState, time_of};

/// Returns the section that brings `state` back, the groups in creation order.
pub fn save(state: &State) -> Section {
    let groups = state.groups_after(0).map(|(sequence, group)| {
        let pinned = state.pinned(&group.group_id);
        let mut saved = Map::new();
        saved.insert("groupId".to_owned(), group.group_id.as_str().into());
        let hidden = save_value(group, &mut saved);
        let is_present = pinned == Some(group);
        if is_present {
            saved.insert("pinned".to_owned(), true.into());
        }
        let pinned = pinned.filter(|_| !is_present).map(save_pinned);
        add_state(GroupState { sequence: Some(sequence), pinned, ..hidden }, &mut saved);
        saved
    });
    let last_sequence = state.last_sequence();
    let section_state = (last_sequence > 0).then_some(SectionState { last_sequence });
    Section { groups: groups.collect(), state: section_state }
}

/// Returns the value that a deletion restores; its identifier is that of the group.
fn save_pinned(group: &Group) -> Map<String, Value> {
    let mut saved = Map::new();
    let hidden = save_value(group, &mut saved);
    add_state(hidden, &mut saved);
    saved
}

/// Adds to `saved` what the API shows of a group besides its identifier, and returns the rest.
fn save_value(group: &Group, saved: &mut Map<String, Value>) -> GroupState {
    let content = &group.content;
    saved.insert("name".to_owned(), content.name.as_str().into());
    saved.insert("users".to_owned(), users(&content.users));
    saved.insert("admins".to_owned(), users(&content.admins));
    if let Some(tags) = &content.tags {
        let tags = tags.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
        saved.insert("tags".to_owned(), Value::Object(tags.collect()));
    }
    let shown = shown_time(group.last_updated);
    let last_updated = shown.is_none().then_some(group.last_updated);
    if let Some(shown) = shown {
        saved.insert("lastUpdated".to_owned(), shown);
    }
    GroupState { revision: Some(group.revision), last_updated, ..GroupState::default() }
}

fn users(user_ids: &[String]) -> Value {
    user_ids.iter().map(|user_id| json!({"userId": user_id})).collect()
}

/// Returns a time as the API shows it; `None` where that does not say it exactly.
fn shown_time(time: DateTime<Utc>) -> Option<Value> {
    let shown = Value::from(time.to_rfc3339_opts(SecondsFormat::Millis, true));
    (time_of(&shown) == Some(time)).then_some(shown)
}

fn add_state(hidden: GroupState, saved: &mut Map<String, Value>) {
    let hidden = serde_json::to_value(hidden).expect("numbers, times and texts can be written");
    saved.insert(STATE.to_owned(), hidden);
}
