//! The section of the seed file: `{"groups": [..]}`, each group as the API answers it.
//!
//! `groupId` and `lastUpdated` may be left out, `links` is ignored; `"pinned": true` makes a deletion restore
//! the seeded value. A saved state is a seed too: what no answer shows of a group stands in its `$state`.

mod save;
#[cfg(test)]
mod tests;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::input;
use super::model::{Group, State, Taken};
use crate::seed_error::SeedError;
use crate::seed_list::SeedList;
use crate::store::Tx;
pub use save::save;

/// The member with what no answer shows.
const STATE: &str = "$state";

/// The objects of the authress dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The groups.
    #[serde(default, skip_serializing_if = "SeedList::is_empty")]
    pub groups: SeedList<Map<String, Value>>,
    /// What no answer shows of the groups together.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

/// What no answer shows of the groups together.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct SectionState {
    /// The last place in the creation order that was given.
    last_sequence: u64,
}

/// What no answer shows of a group, or of the value that its deletion restores.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
struct GroupState {
    /// The place in the creation order; behind all others when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; a new one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The time of the last change, where `lastUpdated` cannot say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated: Option<DateTime<Utc>>,
    /// What a deletion restores, where it is not the present value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<Map<String, Value>>,
}

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    for (index, group) in section.groups.iter().enumerate() {
        load_group(state, group, tx).map_err(|error| error.below(format!("groups[{index}]")))?;
    }
    if let Some(SectionState { last_sequence }) = section.state {
        state.leave_out(last_sequence).map_err(|greatest| {
            SeedError::new("$state.last_sequence", format!("must be a number from 0 to {greatest}"))
        })?;
    }
    Ok(())
}

fn load_group(state: &mut State, mut group: Map<String, Value>, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let is_pinned = match group.remove("pinned") {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(SeedError::new("pinned", "must be true or false")),
    };
    let mut hidden = take_state(&mut group)?;
    let (sequence, pinned) = (hidden.sequence.take(), hidden.pinned.take());
    if is_pinned && pinned.is_some() {
        return Err(SeedError::new("$state.pinned", "must not stand beside `pinned`"));
    }
    let group = read_group(group, &hidden, None, tx)?;
    let group_id = group.group_id.clone();
    state.seed_group(group, sequence).map_err(|taken| match taken {
        Taken::Key => SeedError::new("groupId", format!("{group_id} is taken by an earlier group")),
        Taken::Place => SeedError::new(
            "$state.sequence",
            "must be a number from 1 to 9007199254740991 that no earlier group has",
        ),
    })?;
    if is_pinned {
        state.pin(&group_id);
    }
    if let Some(pinned) = pinned {
        let pinned = read_pinned(pinned, &group_id, tx).map_err(|error| error.below("$state.pinned"))?;
        state.pin_as(pinned);
    }
    Ok(())
}

/// Reads the value that a deletion of the group `group_id` restores.
fn read_pinned(mut pinned: Map<String, Value>, group_id: &str, tx: &mut Tx<'_>) -> Result<Group, SeedError> {
    let hidden = take_state(&mut pinned)?;
    for (member, is_there) in [("sequence", hidden.sequence.is_some()), ("pinned", hidden.pinned.is_some())] {
        if is_there {
            return Err(SeedError::new(format!("$state.{member}"), "means nothing in a pinned value"));
        }
    }
    let pinned = read_group(pinned, &hidden, Some(group_id), tx)?;
    if pinned.group_id != group_id {
        return Err(SeedError::new("groupId", format!("must be {group_id}, as that of the group")));
    }
    Ok(pinned)
}

/// Reads one value of a group; without an identifier it gets `own_id`, or a new one.
fn read_group(
    group: Map<String, Value>,
    hidden: &GroupState,
    own_id: Option<&str>,
    tx: &mut Tx<'_>,
) -> Result<Group, SeedError> {
    let last_updated = match group.get("lastUpdated") {
        None | Some(Value::Null) => tx.now,
        Some(time) => {
            time_of(time).ok_or_else(|| SeedError::new("lastUpdated", "must be an RFC 3339 time"))?
        }
    };
    let (group_id, content) =
        input::new_group(&(&Value::Object(group)).into(), "").map_err(|violations| {
            let first = violations.into_iter().next();
            first.map_or_else(|| SeedError::new("", ""), |first| SeedError::new(first.path, first.reason))
        })?;
    let group_id = group_id.or_else(|| own_id.map(str::to_owned));
    let group_id = group_id.unwrap_or_else(|| Group::new_id(tx));
    let revision = hidden.revision.unwrap_or_else(|| tx.next_revision());
    Ok(Group::new(group_id, content, hidden.last_updated.unwrap_or(last_updated), revision))
}

/// Takes the member [`STATE`] out of a seeded group.
fn take_state(group: &mut Map<String, Value>) -> Result<GroupState, SeedError> {
    let Some(state) = group.remove(STATE) else { return Ok(GroupState::default()) };
    if !state.is_object() {
        // Read by position, an array would do for an object.
        return Err(SeedError::new(STATE, "must be an object"));
    }
    serde_path_to_error::deserialize(state).map_err(|error: serde_path_to_error::Error<serde_json::Error>| {
        let path = error.path().to_string();
        SeedError::new(path.trim_end_matches(['.', '?']), error.inner().to_string()).below(STATE)
    })
}

fn time_of(value: &Value) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.to_utc().trunc_subsecs(3))
}
