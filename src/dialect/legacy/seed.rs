//! The section of the seed file: `{"access_groups": [..]}`, each group as the API answers it.
//!
//! `id` and `created_at` may be left out; `"pinned": true` makes a deletion restore the seeded value.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::input;
use super::model::{AccessGroup, Content, State};
use crate::seed_error::SeedError;
use crate::store::Tx;

/// The objects of the legacy dialect.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The access groups.
    #[serde(default)]
    pub access_groups: Vec<Map<String, Value>>,
}

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    for (index, group) in section.access_groups.iter().enumerate() {
        load_group(state, group, tx).map_err(|error| error.below(format!("access_groups[{index}]")))?;
    }
    Ok(())
}

/// The members of a group and of a customer; in a seed, unlike in a request, no other is passed over.
const GROUP_MEMBERS: [&str; 18] = [
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
    let change = input::change_of(&json!({ "entry": group })).map_err(|refusal| {
        let violation = refusal.violations.into_iter().next();
        let (path, reason) = violation.map(|it| (it.path, it.reason)).unwrap_or_default();
        let path = path.trim_start_matches("entry").trim_start_matches('.');
        SeedError::new(path, reason)
    })?;
    let mut content = Content { customers: Some(Vec::new()), ..Content::default() };
    change(&mut content);
    let id = match group.get("id") {
        None | Some(Value::Null) => state.next_id(),
        Some(id) => {
            let id = id.as_i64().and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 0);
            id.ok_or_else(|| SeedError::new("id", "must be an integer from 1 to 2147483647"))?
        }
    };
    let created_at = match group.get("created_at") {
        None | Some(Value::Null) => tx.now.fixed_offset(),
        Some(time) => input::seeded_time(time)
            .ok_or_else(|| SeedError::new("created_at", "must be an ISO 8601 time"))?,
    };
    let record = AccessGroup { id, created_at: Some(created_at), content, ..AccessGroup::default() };
    if state.put(record, tx).is_none() {
        return Err(SeedError::new("id", format!("{id} is taken by an earlier access group")));
    }
    match group.get("pinned") {
        None | Some(Value::Bool(false)) => {}
        Some(Value::Bool(true)) => state.pin(id),
        Some(_) => return Err(SeedError::new("pinned", "must be true or false")),
    }
    Ok(())
}
