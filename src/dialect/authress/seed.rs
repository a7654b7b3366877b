//! The section of the seed file: `{"groups": [..]}`, each group as the API answers it.
//!
//! `groupId` and `lastUpdated` may be left out, `links` is ignored; `"pinned": true` makes a deletion restore
//! the seeded value.

use chrono::{DateTime, SubsecRound, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::input;
use super::model::State;
use crate::seed_error::SeedError;
use crate::store::Tx;

/// The objects of the authress dialect.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The groups.
    #[serde(default)]
    pub groups: Vec<Map<String, Value>>,
}

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    for (index, group) in section.groups.iter().enumerate() {
        load_group(state, group.clone(), tx).map_err(|error| error.below(format!("groups[{index}]")))?;
    }
    Ok(())
}

fn load_group(state: &mut State, mut group: Map<String, Value>, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let is_pinned = match group.remove("pinned") {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(SeedError::new("pinned", "must be true or false")),
    };
    let last_updated = match group.get("lastUpdated") {
        None | Some(Value::Null) => tx.now,
        Some(time) => {
            time_of(time).ok_or_else(|| SeedError::new("lastUpdated", "must be an RFC 3339 time"))?
        }
    };
    let (group_id, content) = input::new_group(Value::Object(group), "").map_err(|violations| {
        let first = violations.into_iter().next();
        first.map_or_else(|| SeedError::new("", ""), |first| SeedError::new(first.path, first.reason))
    })?;
    let added = state.put_group(group_id, content, last_updated, tx);
    let group_id = added.map(|group| group.group_id.clone()).map_err(|refusal| {
        SeedError::new("groupId", format!("{} is taken by an earlier group", refusal.subject))
    })?;
    if is_pinned {
        state.pin(&group_id);
    }
    Ok(())
}

fn time_of(value: &Value) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.to_utc().trunc_subsecs(3))
}
