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
use serde_json::Map;
use serde_json_borrow::{ObjectAsVec, Value};

use super::input;
use super::model::{AuthressState, Content, Group, InsertError};
use super::neighbors;
use crate::domain::neighbors::seed::NeighborLists;
use crate::domain::seed::SeedError;
use crate::json::strict_json::{self, PathError};
use crate::json::{BorrowedObject, JsonText, LazyJsonList, ListItem};
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
    pub groups: LazyJsonList<GroupItem>,
    /// The neighbors of the groups, by the names of their lists.
    #[serde(default, skip_serializing_if = "NeighborLists::is_empty")]
    pub neighbors: NeighborLists,
    /// Internal state of all groups, not exposed by the API.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

impl Section {
    /// Returns whether there is nothing to load.
    pub fn is_empty(&self) -> bool {
        let Self { groups, neighbors, state } = self;
        groups.is_empty() && neighbors.is_empty() && state.is_none()
    }

    /// Returns whether the list at `path` is one of groups, which can be long.
    pub fn is_long_list(path: &[&str]) -> bool {
        matches!(path, ["groups"])
    }

    /// Sets the items of the list at `path` to those in the parts `blocks` of `text`, which are not checked; `None` if there
    /// is no such list, or the text cannot be read.
    pub fn set_long_list(&mut self, path: &[&str], text: &JsonText, blocks: &[Range<u64>]) -> Option<()> {
        self.groups = Self::is_long_list(path).then(|| LazyJsonList::from_text(text, blocks))??;
        Some(())
    }

    /// Checks the items of long lists that were not checked before; returns whether there are any.
    ///
    /// # Errors
    /// The text, if an item is not valid.
    pub fn check_lists(&self) -> Result<bool, JsonText> {
        self.groups.check()
    }
}

/// A seeded group, as it is written.
#[derive(Debug)]
pub struct GroupItem;

impl ListItem for GroupItem {
    type Item<'a> = BorrowedObject<'a>;
    type Shown<'a> = Map<String, serde_json::Value>;
    type Saved<'a> = Map<String, serde_json::Value>;

    const REJECTS_DUPLICATES: bool = true;
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
    pinned: Option<Map<String, serde_json::Value>>,
}

/// Loads the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first error.
pub fn load(state: &mut AuthressState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let now = tx.now;
    section.groups.for_each_parsed(
        |BorrowedObject(group)| ParsedGroup::parse(group, now),
        |index, group| {
            group
                .and_then(|group| load_group(state, group, tx))
                .map_err(|error| error.nested_in(format!("groups[{index}]")))
        },
    )?;
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

/// One value of a seeded group.
struct ParsedGroup {
    group_id: Option<String>,
    content: Content,
    last_updated: DateTime<Utc>,
    /// Whether a deletion restores this value.
    is_pinned: bool,
    internal: GroupState,
}

impl ParsedGroup {
    /// Parses a group, which was last updated at `now` if it does not say when.
    fn parse(group: ObjectAsVec<'_>, now: DateTime<Utc>) -> Result<Self, SeedError> {
        let is_pinned = match group.get("pinned") {
            None | Some(Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            Some(_) => return Err(SeedError::new("pinned", "must be true or false")),
        };
        let internal = parse_state(&group)?;
        if is_pinned && internal.pinned.is_some() {
            return Err(SeedError::new("$state.pinned", "cannot be combined with `pinned`"));
        }
        Self::parse_value(group, &["pinned", STATE], (is_pinned, internal), now)
    }

    /// Parses the value of a group that a deletion restores.
    fn parse_pinned(group: ObjectAsVec<'_>, now: DateTime<Utc>) -> Result<Self, SeedError> {
        let internal = parse_state(&group)?;
        for (field, is_present) in
            [("sequence", internal.sequence.is_some()), ("pinned", internal.pinned.is_some())]
        {
            if is_present {
                return Err(SeedError::new(format!("$state.{field}"), "is not allowed in a pinned value"));
            }
        }
        Self::parse_value(group, &[STATE], (false, internal), now)
    }

    /// Parses the fields of the API, and ignores the others.
    fn parse_value(
        group: ObjectAsVec<'_>,
        others: &'static [&'static str],
        (is_pinned, internal): (bool, GroupState),
        now: DateTime<Utc>,
    ) -> Result<Self, SeedError> {
        let last_updated = match group.get("lastUpdated") {
            None | Some(Value::Null) => now,
            Some(time) => time
                .as_str()
                .and_then(parse_time)
                .ok_or_else(|| SeedError::new("lastUpdated", "must be an RFC 3339 time"))?,
        };
        let parsed = input::parse_group_with(&Value::Object(group), "", others);
        let (group_id, content) = parsed.map_err(|violations| {
            let first = violations.into_iter().next();
            first.map_or_else(|| SeedError::new("", ""), |first| SeedError::new(first.path, first.reason))
        })?;
        Ok(Self { group_id, content, last_updated, is_pinned, internal })
    }

    /// Returns the group; if it has no identifier, it gets that of `default_id`.
    fn into_group(self, default_id: impl FnOnce(&mut Tx<'_>) -> String, tx: &mut Tx<'_>) -> Group {
        let group_id = self.group_id.unwrap_or_else(|| default_id(tx));
        let revision = tx.revision_or_next(self.internal.revision);
        let last_updated = self.internal.last_updated.unwrap_or(self.last_updated);
        Group::new(group_id, self.content, last_updated, revision)
    }
}

fn load_group(state: &mut AuthressState, mut group: ParsedGroup, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let (sequence, pinned) = (group.internal.sequence, group.internal.pinned.take());
    let is_pinned = group.is_pinned;
    let group = group.into_group(|tx| state.new_group_id(tx), tx);
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
        let pinned = load_pinned(&pinned, &group_id, tx).map_err(|error| error.nested_in("$state.pinned"))?;
        state.set_pinned(pinned);
    }
    Ok(())
}

/// Returns the value that a deletion of the group `group_id` restores.
fn load_pinned(
    pinned: &Map<String, serde_json::Value>,
    group_id: &str,
    tx: &mut Tx<'_>,
) -> Result<Group, SeedError> {
    let pinned = pinned.iter().map(|(name, value)| (name.as_str(), value.into())).collect();
    let pinned = ParsedGroup::parse_pinned(pinned, tx.now)?;
    let pinned = pinned.into_group(|_| group_id.to_owned(), tx);
    if pinned.group_id != group_id {
        return Err(SeedError::new("groupId", format!("must be {group_id}, the identifier of the group")));
    }
    Ok(pinned)
}

/// Parses the field [`STATE`] of a seeded group.
fn parse_state(group: &ObjectAsVec<'_>) -> Result<GroupState, SeedError> {
    let Some(state) = group.get(STATE) else { return Ok(GroupState::default()) };
    if !state.is_object() {
        return Err(SeedError::new(STATE, "must be an object"));
    }
    GroupState::deserialize(state).or_else(|_| {
        strict_json::with_path(state.to_string().as_bytes()).map_err(|PathError { path, error }| {
            SeedError::new(path, strict_json::reason(&error)).nested_in(STATE)
        })
    })
}

fn parse_time(time: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(time).ok()?.to_utc().trunc_subsecs(3))
}
