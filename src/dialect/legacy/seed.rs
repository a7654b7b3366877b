//! The section of the seed file: `{"access_groups": [..]}`, each group as the API answers it.
//!
//! `id` and `created_at` may be left out; `"pinned": true` makes a deletion restore the seeded value. A saved state
//! is a seed too: what no answer shows of a group stands in its `$state`.

mod save;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::input;
use super::model::{AccessGroup, Content, State, Taken};
use crate::seed_error::SeedError;
use crate::seed_list::SeedList;
use crate::store::{Kept, Tx};
pub use save::save;

/// The member with what no answer shows.
const STATE: &str = "$state";

/// The objects of the legacy dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The access groups.
    #[serde(default, skip_serializing_if = "SeedList::is_empty")]
    pub access_groups: SeedList<Map<String, Value>>,
    /// What no answer shows of the access groups together.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

/// What no answer shows of the access groups together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct SectionState {
    /// The last place in the creation order that was given.
    last_sequence: u64,
    /// The greatest id of an access group that was ever given.
    last_id: i32,
    /// The id of a customer that was given last.
    last_customer_id: i32,
}

/// What no answer shows of an access group, or of the value that its deletion restores.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
struct GroupState {
    /// The place in the creation order; behind all others when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; a new one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The time of the last change; the present when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<DateTime<Utc>>,
    /// What a deletion restores, where it is not the present value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<Map<String, Value>>,
}

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    for (index, group) in section.access_groups.iter().enumerate() {
        load_group(state, &group, tx).map_err(|error| error.below(format!("access_groups[{index}]")))?;
    }
    match &section.state {
        Some(hidden) => load_state(state, hidden).map_err(|error| error.below(STATE)),
        None => Ok(()),
    }
}

fn load_state(state: &mut State, hidden: &SectionState) -> Result<(), SeedError> {
    for (member, id) in [("last_id", hidden.last_id), ("last_customer_id", hidden.last_customer_id)] {
        if id < 0 {
            return Err(SeedError::new(member, "must not be negative"));
        }
    }
    state.set_last_ids(hidden.last_id, hidden.last_customer_id);
    state
        .leave_out(hidden.last_sequence)
        .map_err(|greatest| SeedError::new("last_sequence", format!("must be a number from 0 to {greatest}")))
}

/// The members of a group and of a customer; in a seed, unlike in a request, no other is passed over.
const GROUP_MEMBERS: [&str; 19] = [
    "created_at",
    "name",
    "valid",
    "company_id",
    "license_id",
    "theme_settings_id",
    "auto_update",
    "send_mail",
    "sso_platform_id",
    "sso_admin_group_id",
    "sso_member_group_id",
    "id",
    "customers",
    "user_count",
    "project_count",
    "domains",
    "invite_type",
    "pinned",
    STATE,
];
const CUSTOMER_MEMBERS: [&str; 15] = [
    "id",
    "organisation",
    "email",
    "expire_at",
    "group_id",
    "valid",
    "created_at",
    "confirmed",
    "disabled",
    "invited",
    "custom_data_1",
    "authentication",
    "allowed_concurrent_users",
    "monthly_cost",
    "account_type",
];

fn check_members(object: &Map<String, Value>, known: &[&str]) -> Result<(), SeedError> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(SeedError::new(name.as_str(), "is no member of this object")),
        None => Ok(()),
    }
}

fn check_known(group: &Map<String, Value>) -> Result<(), SeedError> {
    check_members(group, &GROUP_MEMBERS)?;
    let customers = group.get("customers").and_then(Value::as_array).into_iter().flatten().enumerate();
    for (index, customer) in customers {
        let Some(customer) = customer.as_object() else { continue };
        check_members(customer, &CUSTOMER_MEMBERS)
            .map_err(|error| error.below(format!("customers[{index}]")))?;
    }
    Ok(())
}

fn load_group(state: &mut State, group: &Map<String, Value>, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    check_known(group)?;
    let content = read_content(group)?;
    let id = match group.get("id") {
        None | Some(Value::Null) => state.next_id(),
        Some(id) => read_id(id)?,
    };
    let mut hidden = read_state(group)?;
    let (sequence, pinned) = (hidden.sequence.take(), hidden.pinned.take());
    let record = complete(group, (id, content), &hidden, tx)?;
    state.put(record, sequence, tx).map_err(|taken| match taken {
        Taken::Key => SeedError::new("id", format!("{id} is taken by an earlier access group")),
        Taken::Place => SeedError::new(
            "$state.sequence",
            "must be a number from 1 to 9007199254740991 that no earlier access group has",
        ),
    })?;
    match (group.get("pinned"), pinned) {
        (None | Some(Value::Bool(false)), None) => {}
        (None | Some(Value::Bool(false)), Some(pinned)) => {
            let pinned = read_pinned(&pinned, id, tx).map_err(|error| error.below("$state.pinned"))?;
            state.pin_as(pinned, tx);
        }
        (Some(Value::Bool(true)), None) => state.pin(id),
        (Some(Value::Bool(true)), Some(_)) => {
            return Err(SeedError::new("$state.pinned", "must not stand beside `pinned`"));
        }
        (Some(_), _) => return Err(SeedError::new("pinned", "must be true or false")),
    }
    Ok(())
}

/// Reads the value that a deletion of the group `id` restores.
fn read_pinned(group: &Map<String, Value>, id: i32, tx: &mut Tx<'_>) -> Result<AccessGroup, SeedError> {
    check_known(group)?;
    let content = read_content(group)?;
    if group.get("id").is_some_and(|own_id| read_id(own_id) != Ok(id)) {
        return Err(SeedError::new("id", format!("must be {id}, as that of the group")));
    }
    let hidden = read_state(group)?;
    let members = [
        ("pinned", group.contains_key("pinned")),
        ("$state.sequence", hidden.sequence.is_some()),
        ("$state.pinned", hidden.pinned.is_some()),
    ];
    if let Some((member, _)) = members.into_iter().find(|(_, is_there)| *is_there) {
        return Err(SeedError::new(member, "means nothing in a pinned value"));
    }
    complete(group, (id, content), &hidden, tx)
}

fn read_content(group: &Map<String, Value>) -> Result<Content, SeedError> {
    let change = input::change_of(&(&json!({ "entry": group })).into()).map_err(|refusal| {
        let violation = refusal.violations.into_iter().next();
        let (path, reason) = violation.map(|it| (it.path, it.reason)).unwrap_or_default();
        let path = path.trim_start_matches("entry").trim_start_matches('.');
        SeedError::new(path, reason)
    })?;
    let mut content = Content { customers: Some(Vec::new()), ..Content::default() };
    change(&mut content);
    Ok(content)
}

fn read_id(id: &Value) -> Result<i32, SeedError> {
    let id = id.as_i64().and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 0);
    id.ok_or_else(|| SeedError::new("id", "must be an integer from 1 to 2147483647"))
}

/// Returns the record of a group with what its seed says besides its content.
fn complete(
    group: &Map<String, Value>,
    (id, content): (i32, Content),
    hidden: &GroupState,
    tx: &mut Tx<'_>,
) -> Result<AccessGroup, SeedError> {
    let created_at = match group.get("created_at") {
        None | Some(Value::Null) => tx.now.fixed_offset(),
        Some(time) => input::seeded_time(time)
            .ok_or_else(|| SeedError::new("created_at", "must be an ISO 8601 time"))?,
    };
    Ok(AccessGroup {
        id,
        id_text: id.to_string(),
        created_at: Some(created_at),
        content: Arc::new(content),
        modified: hidden.modified.unwrap_or(tx.now),
        revision: hidden.revision.unwrap_or_else(|| tx.next_revision()),
        json: Kept::default(),
    })
}

/// Reads the member [`STATE`] of a seeded group.
fn read_state(group: &Map<String, Value>) -> Result<GroupState, SeedError> {
    let Some(state) = group.get(STATE) else { return Ok(GroupState::default()) };
    if !state.is_object() {
        // Read by position, an array would do for an object.
        return Err(SeedError::new(STATE, "must be an object"));
    }
    serde_path_to_error::deserialize(state).map_err(|error: serde_path_to_error::Error<serde_json::Error>| {
        let path = error.path().to_string();
        SeedError::new(path.trim_end_matches(['.', '?']), error.inner().to_string()).below(STATE)
    })
}
