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

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use serde_json_borrow::{ObjectAsVec, Value};

use super::input;
use super::model::{AccessGroup, Content, CustomerId, InsertError, LegacyState};
use crate::domain::seed::SeedError;
use crate::json::strict_json::{self, PathError};
use crate::json::{BorrowedObject, JsonText, LazyJsonList, ListItem};
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
    pub access_groups: LazyJsonList<GroupItem>,
    /// Internal state of all access groups, not exposed by the API.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

impl Section {
    /// Returns whether there is nothing to load.
    pub fn is_empty(&self) -> bool {
        let Self { access_groups, state } = self;
        access_groups.is_empty() && state.is_none()
    }

    /// Returns whether the list at `path` is one of groups, which can be long.
    pub fn is_long_list(path: &[&str]) -> bool {
        matches!(path, ["access_groups"])
    }

    /// Sets the items of the list at `path` to those in the parts `blocks` of `text`, which are not checked; `None` if there
    /// is no such list, or the text cannot be read.
    pub fn set_long_list(&mut self, path: &[&str], text: &JsonText, blocks: &[Range<u64>]) -> Option<()> {
        self.access_groups = Self::is_long_list(path).then(|| LazyJsonList::from_text(text, blocks))??;
        Some(())
    }

    /// Checks the items of long lists that were not checked before; returns whether there are any.
    ///
    /// # Errors
    /// The text, if an item is not valid.
    pub fn check_lists(&self) -> Result<bool, JsonText> {
        self.access_groups.check()
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

    /// Returns whether the group has no id.
    fn is_marked(BorrowedObject(group): &BorrowedObject<'_>) -> bool {
        group.get("id").is_none_or(Value::is_null)
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
    pinned: Option<Map<String, serde_json::Value>>,
}

/// Loads the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first error.
pub fn load(state: &mut LegacyState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let reserved = reserved_ids(&section.access_groups)?;
    section.access_groups.for_each_parsed(
        |BorrowedObject(group)| ParsedGroup::parse(group),
        |index, group| {
            group
                .and_then(|group| load_group(state, group, &reserved, tx))
                .map_err(|error| error.nested_in(format!("access_groups[{index}]")))
        },
    )?;
    state.finish_bulk_load().map_err(SeedError::of_bulk_load)?;
    match &section.state {
        Some(internal) => load_state(state, internal).map_err(|error| error.nested_in(STATE)),
        None => Ok(()),
    }
}

/// Returns the ids in a list in which some groups have none: these must not get the id of a later group.
fn reserved_ids(groups: &LazyJsonList<GroupItem>) -> Result<BTreeSet<i32>, SeedError> {
    let mut is_missing = false;
    groups.for_each_marked(|_, _| {
        is_missing = true;
        Ok::<(), SeedError>(())
    })?;
    if !is_missing {
        return Ok(BTreeSet::new());
    }
    let mut given = BTreeSet::new();
    groups.for_each(|_, BorrowedObject(group)| {
        given.extend(group.get("id").and_then(|id| parse_id(id).ok()));
        Ok::<(), SeedError>(())
    })?;
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

fn check_fields(object: &ObjectAsVec<'_>, allowed: &[&[&str]]) -> Result<(), SeedError> {
    match object.keys().find(|name| !allowed.iter().any(|fields| fields.contains(name))) {
        Some(name) => Err(SeedError::new(name, "is not a field of this object")),
        None => Ok(()),
    }
}

fn check_known_fields(group: &ObjectAsVec<'_>) -> Result<(), SeedError> {
    check_fields(group, &[&GROUP_FIELDS, &SEED_FIELDS])?;
    let customers = group.get("customers").and_then(Value::as_array).into_iter().flatten().enumerate();
    for (index, customer) in customers {
        let Some(customer) = customer.as_object() else { continue };
        check_fields(customer, &[&CUSTOMER_FIELDS])
            .map_err(|error| error.nested_in(format!("customers[{index}]")))?;
    }
    Ok(())
}

/// One value of a seeded group.
///
/// The fields that only a seed has are reported after a missing content, the id first and `pinned` last.
struct ParsedGroup {
    content: Content,
    id: Result<Option<i32>, SeedError>,
    internal: Result<GroupState, SeedError>,
    created_at: Result<Option<DateTime<FixedOffset>>, SeedError>,
    /// Whether a deletion restores this value; `None` if it has no field that says so.
    is_pinned: Result<Option<bool>, SeedError>,
}

impl ParsedGroup {
    fn parse(group: ObjectAsVec<'_>) -> Result<Self, SeedError> {
        check_known_fields(&group)?;
        let id = group.get("id").filter(|id| !id.is_null()).map(parse_id).transpose();
        let internal = parse_state(&group);
        let created_at = group.get("created_at").filter(|time| !time.is_null()).map(|time| {
            let time = input::seeded_time(time);
            time.ok_or_else(|| SeedError::new("created_at", "must be an ISO 8601 time"))
        });
        let is_pinned = group.get("pinned").map(|is_pinned| {
            is_pinned.as_bool().ok_or_else(|| SeedError::new("pinned", "must be true or false"))
        });
        let content = parse_content(group)?;
        Ok(Self {
            content,
            id,
            internal,
            created_at: created_at.transpose(),
            is_pinned: is_pinned.transpose(),
        })
    }
}

fn load_group(
    state: &mut LegacyState,
    ParsedGroup { content, id, internal, created_at, is_pinned }: ParsedGroup,
    reserved: &BTreeSet<i32>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let id = id?.unwrap_or_else(|| state.next_id_besides(reserved));
    let mut internal = internal?;
    let (sequence, pinned) = (internal.sequence.take(), internal.pinned.take());
    let record = build_group((id, content), created_at?, &internal, tx);
    state.insert(record, sequence, tx).map_err(|conflict| match conflict {
        InsertError::DuplicateKey => {
            SeedError::new("id", format!("{id} is already used by an earlier access group"))
        }
        InsertError::SequenceTaken => SeedError::new(
            "$state.sequence",
            "must be a number from 1 to 9007199254740991 that no earlier access group has",
        ),
    })?;
    match (is_pinned?.unwrap_or_default(), pinned) {
        (false, None) => {}
        (false, Some(pinned)) => {
            let pinned = load_pinned(&pinned, id, tx).map_err(|error| error.nested_in("$state.pinned"))?;
            state.set_pinned(pinned, tx);
        }
        (true, None) => state.pin(id),
        (true, Some(_)) => {
            return Err(SeedError::new("$state.pinned", "cannot be combined with `pinned`"));
        }
    }
    Ok(())
}

/// Returns the value that a deletion of the group `id` restores.
fn load_pinned(
    pinned: &Map<String, serde_json::Value>,
    id: i32,
    tx: &mut Tx<'_>,
) -> Result<AccessGroup, SeedError> {
    let pinned: ObjectAsVec<'_> = pinned.iter().map(|(name, value)| (name.as_str(), value.into())).collect();
    let has_id = pinned.contains_key("id");
    let ParsedGroup { content, id: pinned_id, internal, created_at, is_pinned } = ParsedGroup::parse(pinned)?;
    if has_id && pinned_id != Ok(Some(id)) {
        return Err(SeedError::new("id", format!("must be {id}, the identifier of the group")));
    }
    let internal = internal?;
    let fields = [
        ("pinned", is_pinned != Ok(None)),
        ("$state.sequence", internal.sequence.is_some()),
        ("$state.pinned", internal.pinned.is_some()),
    ];
    if let Some((field, _)) = fields.into_iter().find(|(_, is_present)| *is_present) {
        return Err(SeedError::new(field, "is not allowed in a pinned value"));
    }
    Ok(build_group((id, content), created_at?, &internal, tx))
}

/// Parses the content of a seeded group.
fn parse_content(group: ObjectAsVec<'_>) -> Result<Content, SeedError> {
    let body = Value::Object(vec![("entry", Value::Object(group))].into());
    let update = input::parse_update(&body).map_err(|error| {
        let violation = error.violations.into_iter().next();
        let (path, reason) = violation.map(|it| (it.path, it.reason)).unwrap_or_default();
        let path = path.trim_start_matches("entry").trim_start_matches('.');
        SeedError::new(path, reason)
    })?;
    let mut content = Content { customers: Some(Vec::new()), ..Content::default() };
    update(&mut content);
    Ok(content)
}

fn parse_id(id: &Value<'_>) -> Result<i32, SeedError> {
    let id = id.as_i64().and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 0);
    id.ok_or_else(|| SeedError::new("id", "must be an integer from 1 to 2147483647"))
}

/// Builds the record of a seeded group from its id, content, time of creation and internal state.
fn build_group(
    (id, content): (i32, Content),
    created_at: Option<DateTime<FixedOffset>>,
    internal: &GroupState,
    tx: &mut Tx<'_>,
) -> AccessGroup {
    AccessGroup {
        id,
        id_text: id.to_string(),
        created_at: Some(created_at.unwrap_or_else(|| tx.now.fixed_offset())),
        content: Arc::new(content),
        modified: internal.modified.unwrap_or(tx.now),
        revision: tx.revision_or_next(internal.revision),
        json: Memo::default(),
    }
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
