//! The dialect's section of the seed file: `{"groups": [..]}`, each group in the JSON shape of the API.
//!
//! `groupId` and `lastUpdated` are optional, `links` is ignored; `"pinned": true` makes a deletion restore the seeded
//! value. `neighbors` contains roles, access records and users. A saved state has the same format: the internal state of a group, which the API does not expose, is in
//! `$state`.

mod save;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::input;
use super::model::{AuthressState, Group, InsertError};
use super::neighbors;
use crate::domain::neighbors::seed::NeighborLists;
use crate::domain::seed::SeedError;
use crate::json::strict_json::{self, PathError};
use crate::json::{JsonText, LazyJsonList};
use crate::store::Tx;
pub use save::{save, saved_records};

/// The field with the internal state, which the API does not expose.
const STATE: &str = "$state";

/// The objects of the authress dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The groups.
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    pub groups: LazyJsonList<Map<String, Value>>,
    /// The neighbors of the groups, by the names of their lists.
    #[serde(default, skip_serializing_if = "NeighborLists::is_empty")]
    pub neighbors: NeighborLists,
    /// Internal state of all groups, not exposed by the API.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

impl Section {
    /// Returns whether the list at `path` is one of groups, which can be long.
    pub fn is_long_list(path: &[&str]) -> bool {
        matches!(path, ["groups"])
    }

    /// Sets the items of the list at `path` to those in the parts `blocks` of `text`; `None` if there is no such list, or if
    /// an item is invalid.
    pub fn set_long_list(&mut self, path: &[&str], text: &JsonText, blocks: &[Range<u64>]) -> Option<()> {
        self.groups = Self::is_long_list(path).then(|| LazyJsonList::from_text(text, blocks))??;
        Some(())
    }
}

/// Internal state of all groups, not exposed by the API.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionState {
    /// The last assigned sequence number of a group.
    last_sequence: u64,
    /// The last assigned sequence number of a neighbor.
    #[serde(default, skip_serializing_if = "is_zero")]
    last_neighbor_sequence: u64,
}

/// Internal state, not exposed by the API, of a group or of the value that its deletion restores.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GroupState {
    /// The sequence number in creation order; if absent, the group is added last.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; if absent, a new one is assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The time of the last change, if `lastUpdated` cannot represent it exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated: Option<DateTime<Utc>>,
    /// The value that a deletion restores, if it differs from the current value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<Map<String, Value>>,
}

/// Loads the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first error.
pub fn load(state: &mut AuthressState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    section.groups.read(|groups| {
        for (index, group) in groups.enumerate() {
            load_group(state, group?, tx).map_err(|error| error.nested_in(format!("groups[{index}]")))?;
        }
        Ok::<(), SeedError>(())
    })?;
    state.finish_bulk_load().map_err(SeedError::of_bulk_load)?;
    let loaded = section.neighbors.load_into(&mut state.neighbors, "", &neighbors::KINDS, tx);
    loaded.map_err(|error| error.nested_in("neighbors"))?;
    if let Some(SectionState { last_sequence, last_neighbor_sequence }) = section.state {
        for (name, result) in [
            ("last_sequence", state.reserve_sequences(last_sequence)),
            ("last_neighbor_sequence", state.neighbors.reserve_sequences(last_neighbor_sequence)),
        ] {
            result.map_err(|max| {
                SeedError::new(format!("$state.{name}"), format!("must be a number from 0 to {max}"))
            })?;
        }
    }
    Ok(())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn load_group(
    state: &mut AuthressState,
    mut group: Map<String, Value>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let is_pinned = match group.remove("pinned") {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(SeedError::new("pinned", "must be true or false")),
    };
    let mut internal = take_state(&mut group)?;
    let (sequence, pinned) = (internal.sequence.take(), internal.pinned.take());
    if is_pinned && pinned.is_some() {
        return Err(SeedError::new("$state.pinned", "cannot be combined with `pinned`"));
    }
    let group = parse_group(group, &internal, |tx| state.new_group_id(tx), tx)?;
    let group_id = group.group_id.clone();
    state.seed_group(group, sequence).map_err(|conflict| match conflict {
        InsertError::DuplicateKey => {
            SeedError::new("groupId", format!("{group_id} is already used by an earlier group"))
        }
        InsertError::SequenceTaken => SeedError::new(
            "$state.sequence",
            "must be a number from 1 to 9007199254740991 that no earlier group has",
        ),
    })?;
    if is_pinned {
        state.pin(&group_id);
    }
    if let Some(pinned) = pinned {
        let pinned = parse_pinned(pinned, &group_id, tx).map_err(|error| error.nested_in("$state.pinned"))?;
        state.set_pinned(pinned);
    }
    Ok(())
}

/// Parses the value that a deletion of the group `group_id` restores.
fn parse_pinned(mut pinned: Map<String, Value>, group_id: &str, tx: &mut Tx<'_>) -> Result<Group, SeedError> {
    let internal = take_state(&mut pinned)?;
    for (field, is_present) in
        [("sequence", internal.sequence.is_some()), ("pinned", internal.pinned.is_some())]
    {
        if is_present {
            return Err(SeedError::new(format!("$state.{field}"), "is not allowed in a pinned value"));
        }
    }
    let pinned = parse_group(pinned, &internal, |_| group_id.to_owned(), tx)?;
    if pinned.group_id != group_id {
        return Err(SeedError::new("groupId", format!("must be {group_id}, the identifier of the group")));
    }
    Ok(pinned)
}

/// Parses one value of a group; if it has no identifier, it gets that of `default_id`.
fn parse_group(
    group: Map<String, Value>,
    internal: &GroupState,
    default_id: impl FnOnce(&mut Tx<'_>) -> String,
    tx: &mut Tx<'_>,
) -> Result<Group, SeedError> {
    let last_updated = match group.get("lastUpdated") {
        None | Some(Value::Null) => tx.now,
        Some(time) => {
            parse_time(time).ok_or_else(|| SeedError::new("lastUpdated", "must be an RFC 3339 time"))?
        }
    };
    let (group_id, content) =
        input::parse_group(&(&Value::Object(group)).into(), "").map_err(|violations| {
            let first = violations.into_iter().next();
            first.map_or_else(|| SeedError::new("", ""), |first| SeedError::new(first.path, first.reason))
        })?;
    let group_id = group_id.unwrap_or_else(|| default_id(tx));
    let revision = tx.revision_or_next(internal.revision);
    Ok(Group::new(group_id, content, internal.last_updated.unwrap_or(last_updated), revision))
}

/// Removes the field [`STATE`] from a seeded group and parses it.
fn take_state(group: &mut Map<String, Value>) -> Result<GroupState, SeedError> {
    let Some(state) = group.remove(STATE) else { return Ok(GroupState::default()) };
    if !state.is_object() {
        return Err(SeedError::new(STATE, "must be an object"));
    }
    strict_json::with_path(state.to_string().as_bytes()).map_err(|PathError { path, error }| {
        SeedError::new(path, strict_json::reason(&error)).nested_in(STATE)
    })
}

fn parse_time(value: &Value) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.to_utc().trunc_subsecs(3))
}
