//! The dialect's section of the seed file: `{"access_groups": [..]}`, each group in the JSON shape of the API.
//!
//! `id` and `created_at` are optional; `"pinned": true` makes a deletion restore the seeded value. A saved state has
//! the same format: the internal state of a group, which the API does not expose, is in `$state`.

mod save;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::input;
use super::model::{AccessGroup, Content, CustomerId, InsertError, LegacyState};
use crate::domain::seed::SeedError;
use crate::json::strict_json::{self, PathError};
use crate::json::{JsonText, LazyJsonList, ListItem};
use crate::store::{Memo, Tx};
pub use save::{save, saved_records};

/// The field with the internal state, which the API does not expose.
const STATE: &str = "$state";

/// The objects of the legacy dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The access groups.
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    pub access_groups: LazyJsonList<AccessGroupSeed>,
    /// Internal state of all access groups, not exposed by the API.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

impl Section {
    /// Returns whether the list at `path` is one of groups, which can be long.
    pub fn is_long_list(path: &[&str]) -> bool {
        matches!(path, ["access_groups"])
    }

    /// Sets the items of the list at `path` to those in the parts `blocks` of `text`; `None` if there is no such list, or if
    /// an item is invalid.
    pub fn set_long_list(&mut self, path: &[&str], text: &JsonText, blocks: &[Range<u64>]) -> Option<()> {
        self.access_groups = Self::is_long_list(path).then(|| LazyJsonList::from_text(text, blocks))??;
        Some(())
    }
}

/// A seeded group, as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccessGroupSeed(Map<String, Value>);

impl ListItem for AccessGroupSeed {
    type Saved<'a> = Map<String, Value>;

    /// Returns whether the group has no id.
    fn is_marked(&self) -> bool {
        self.0.get("id").is_none_or(Value::is_null)
    }
}

/// Internal state of all access groups, not exposed by the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionState {
    /// The last assigned sequence number.
    last_sequence: u64,
    /// The highest id assigned to an access group.
    last_id: i32,
    /// The last id assigned to a customer.
    last_customer_id: i32,
    /// Whether the ids of customers started again at 1 after the maximum.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    customer_ids_restarted: bool,
}

/// Internal state, not exposed by the API, of an access group or of the value that its deletion restores.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GroupState {
    /// The sequence number in creation order; if absent, the group is added last.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; if absent, a new one is assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The time of the last change; the current time if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<DateTime<Utc>>,
    /// The value that a deletion restores, if it differs from the current value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<Map<String, Value>>,
}

/// Loads the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first error.
pub fn load(state: &mut LegacyState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let reserved = reserved_ids(&section.access_groups)?;
    section.access_groups.read_as(parse_group, |groups| {
        for (index, group) in groups.enumerate() {
            group?
                .and_then(|group| load_group(state, group, &reserved, tx))
                .map_err(|error| error.nested_in(format!("access_groups[{index}]")))?;
        }
        Ok::<(), SeedError>(())
    })?;
    state.finish_bulk_load().map_err(SeedError::of_bulk_load)?;
    match &section.state {
        Some(internal) => load_state(state, internal).map_err(|error| error.nested_in(STATE)),
        None => Ok(()),
    }
}

/// Returns the ids in a list in which some groups have none: these must not get the id of a later group.
fn reserved_ids(groups: &LazyJsonList<AccessGroupSeed>) -> Result<BTreeSet<i32>, SeedError> {
    let mut is_missing = false;
    groups.for_each_marked(|_, _| {
        is_missing = true;
        Ok::<(), SeedError>(())
    })?;
    if !is_missing {
        return Ok(BTreeSet::new());
    }
    let mut given = BTreeSet::new();
    for group in groups.iter() {
        given.extend(group?.0.get("id").and_then(|id| parse_id(id).ok()));
    }
    Ok(given)
}

fn load_state(state: &mut LegacyState, internal: &SectionState) -> Result<(), SeedError> {
    for (field, id) in [("last_id", internal.last_id), ("last_customer_id", internal.last_customer_id)] {
        if id < 0 {
            return Err(SeedError::new(field, "must not be negative"));
        }
    }
    let customer =
        CustomerId { last: internal.last_customer_id, has_restarted: internal.customer_ids_restarted };
    state.set_last_ids(internal.last_id, customer);
    state
        .reserve_sequences(internal.last_sequence)
        .map_err(|max| SeedError::new("last_sequence", format!("must be a number from 0 to {max}")))
}

/// The fields of a group in the API, which a seeded group can have; unlike in a request, other fields are rejected.
pub const GROUP_FIELDS: [&str; 17] = [
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
];
/// The fields of a seeded group that are not fields of the API.
const SEED_FIELDS: [&str; 2] = ["pinned", STATE];
/// The fields of a seeded customer; unlike in a request, other fields are rejected.
const CUSTOMER_FIELDS: [&str; 15] = [
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

fn check_fields(object: &Map<String, Value>, allowed: &[&[&str]]) -> Result<(), SeedError> {
    match object.keys().find(|name| !allowed.iter().any(|fields| fields.contains(&name.as_str()))) {
        Some(name) => Err(SeedError::new(name.as_str(), "is not a field of this object")),
        None => Ok(()),
    }
}

fn check_known_fields(group: &Map<String, Value>) -> Result<(), SeedError> {
    check_fields(group, &[&GROUP_FIELDS, &SEED_FIELDS])?;
    let customers = group.get("customers").and_then(Value::as_array).into_iter().flatten().enumerate();
    for (index, customer) in customers {
        let Some(customer) = customer.as_object() else { continue };
        check_fields(customer, &[&CUSTOMER_FIELDS])
            .map_err(|error| error.nested_in(format!("customers[{index}]")))?;
    }
    Ok(())
}

/// A seeded group with its parsed content.
struct ParsedGroup {
    group: Map<String, Value>,
    content: Content,
    internal: Result<GroupState, SeedError>,
}

fn parse_group(AccessGroupSeed(group): AccessGroupSeed) -> Result<ParsedGroup, SeedError> {
    check_known_fields(&group)?;
    let (group, content) = parse_content(group)?;
    let internal = parse_state(&group);
    Ok(ParsedGroup { group, content, internal })
}

fn load_group(
    state: &mut LegacyState,
    ParsedGroup { group, content, internal }: ParsedGroup,
    reserved: &BTreeSet<i32>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let id = match group.get("id") {
        None | Some(Value::Null) => state.next_id_besides(reserved),
        Some(id) => parse_id(id)?,
    };
    let mut internal = internal?;
    let (sequence, pinned) = (internal.sequence.take(), internal.pinned.take());
    let record = build_group(&group, (id, content), &internal, tx)?;
    state.insert(record, sequence, tx).map_err(|conflict| match conflict {
        InsertError::DuplicateKey => {
            SeedError::new("id", format!("{id} is already used by an earlier access group"))
        }
        InsertError::SequenceTaken => SeedError::new(
            "$state.sequence",
            "must be a number from 1 to 9007199254740991 that no earlier access group has",
        ),
    })?;
    match (group.get("pinned"), pinned) {
        (None | Some(Value::Bool(false)), None) => {}
        (None | Some(Value::Bool(false)), Some(pinned)) => {
            let pinned = parse_pinned(pinned, id, tx).map_err(|error| error.nested_in("$state.pinned"))?;
            state.set_pinned(pinned, tx);
        }
        (Some(Value::Bool(true)), None) => state.pin(id),
        (Some(Value::Bool(true)), Some(_)) => {
            return Err(SeedError::new("$state.pinned", "cannot be combined with `pinned`"));
        }
        (Some(_), _) => return Err(SeedError::new("pinned", "must be true or false")),
    }
    Ok(())
}

/// Parses the value that a deletion of the group `id` restores.
fn parse_pinned(group: Map<String, Value>, id: i32, tx: &mut Tx<'_>) -> Result<AccessGroup, SeedError> {
    check_known_fields(&group)?;
    let (group, content) = parse_content(group)?;
    if group.get("id").is_some_and(|pinned_id| parse_id(pinned_id) != Ok(id)) {
        return Err(SeedError::new("id", format!("must be {id}, the identifier of the group")));
    }
    let internal = parse_state(&group)?;
    let fields = [
        ("pinned", group.contains_key("pinned")),
        ("$state.sequence", internal.sequence.is_some()),
        ("$state.pinned", internal.pinned.is_some()),
    ];
    if let Some((field, _)) = fields.into_iter().find(|(_, is_present)| *is_present) {
        return Err(SeedError::new(field, "is not allowed in a pinned value"));
    }
    build_group(&group, (id, content), &internal, tx)
}

/// Parses the content of a seeded group, which is also returned.
fn parse_content(group: Map<String, Value>) -> Result<(Map<String, Value>, Content), SeedError> {
    let mut body = Value::Object(Map::from_iter([("entry".to_owned(), Value::Object(group))]));
    let update = input::parse_update(&(&body).into()).map_err(|error| {
        let violation = error.violations.into_iter().next();
        let (path, reason) = violation.map(|it| (it.path, it.reason)).unwrap_or_default();
        let path = path.trim_start_matches("entry").trim_start_matches('.');
        SeedError::new(path, reason)
    })?;
    let mut content = Content { customers: Some(Vec::new()), ..Content::default() };
    update(&mut content);
    let Value::Object(group) = body["entry"].take() else { unreachable!("the entry is an object") };
    Ok((group, content))
}

fn parse_id(id: &Value) -> Result<i32, SeedError> {
    let id = id.as_i64().and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 0);
    id.ok_or_else(|| SeedError::new("id", "must be an integer from 1 to 2147483647"))
}

/// Builds the record of a seeded group from its id, content and internal state.
fn build_group(
    group: &Map<String, Value>,
    (id, content): (i32, Content),
    internal: &GroupState,
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
        modified: internal.modified.unwrap_or(tx.now),
        revision: tx.revision_or_next(internal.revision),
        json: Memo::default(),
    })
}

/// Parses the field [`STATE`] of a seeded group.
fn parse_state(group: &Map<String, Value>) -> Result<GroupState, SeedError> {
    let Some(state) = group.get(STATE) else { return Ok(GroupState::default()) };
    if !state.is_object() {
        return Err(SeedError::new(STATE, "must be an object"));
    }
    strict_json::with_path(state.to_string().as_bytes()).map_err(|PathError { path, error }| {
        SeedError::new(path, strict_json::reason(&error)).nested_in(STATE)
    })
}
