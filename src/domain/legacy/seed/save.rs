//! Saves the state of the dialect as a seed file section that restores it.

use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat};
use serde_json::{Map, Value};

use super::super::model::{AccessGroup, Customer, InviteType, LegacyState};
use super::{GroupState, STATE, Section, SectionState};
use crate::json::LazyJsonList;
use crate::store::{GroupSelector, SavedRecord};

/// Returns the section that restores `state`, with the groups in creation order.
pub fn save(state: &LegacyState) -> Section {
    let groups = LazyJsonList::from_state(state.clone(), |state, mut share| {
        let groups = state.iter_with_pins().filter(move |_| share.has_next());
        Box::new(groups.map(|(sequence, group, pinned)| save_group(sequence, group, pinned)))
    });
    let (last_id, customer) = state.last_ids();
    let internal = SectionState {
        last_sequence: state.last_sequence(),
        last_id,
        last_customer_id: customer.last,
        customer_ids_restarted: customer.has_restarted,
    };
    let is_empty = internal == SectionState::default();
    Section { access_groups: groups, state: (!is_empty).then_some(internal) }
}

/// Returns the seed of a group.
fn save_group(sequence: u64, group: &AccessGroup, pinned: Option<&AccessGroup>) -> Map<String, Value> {
    let mut saved = Map::new();
    saved.insert("id".to_owned(), group.id.into());
    let internal = save_value(group, &mut saved);
    let is_current_value = pinned == Some(group);
    if is_current_value {
        saved.insert("pinned".to_owned(), true.into());
    }
    let pinned = pinned.filter(|_| !is_current_value).map(save_pinned);
    add_state(GroupState { sequence: Some(sequence), pinned, ..internal }, &mut saved);
    saved
}

/// Returns the groups of `kind` that `selector` selects, each as an object of the section.
pub fn saved_records(state: &LegacyState, kind: &str, selector: &GroupSelector) -> Vec<SavedRecord> {
    let selected = state
        .iter_with_pins()
        .filter(|(_, group, _)| kind == "access_group" && selector.matches("", &group.id_text));
    let saved = selected.map(|(sequence, group, pinned)| {
        SavedRecord::new("", &group.id_text, &save_group(sequence, group, pinned))
    });
    saved.collect()
}

/// Returns the value that a deletion restores, without the id, which is the same as that of the group.
fn save_pinned(group: &AccessGroup) -> Map<String, Value> {
    let mut saved = Map::new();
    let internal = save_value(group, &mut saved);
    add_state(internal, &mut saved);
    saved
}

/// Adds the fields of a group that the API exposes, except the id, to `saved`, and returns the internal state.
fn save_value(group: &AccessGroup, saved: &mut Map<String, Value>) -> GroupState {
    let content = &group.content;
    let invite_type = match content.invite_type {
        InviteType::InviteOnly => "InviteOnly",
    };
    add(saved, "created_at", group.created_at.map(time));
    add(saved, "name", content.name.as_deref());
    add(saved, "valid", content.valid);
    add(saved, "company_id", content.company_id);
    add(saved, "license_id", content.license_id);
    add(saved, "theme_settings_id", content.theme_settings_id);
    add(saved, "auto_update", content.auto_update);
    add(saved, "send_mail", content.send_mail);
    add(saved, "sso_platform_id", content.sso_platform_id);
    add(saved, "sso_admin_group_id", content.sso_admin_group_id.as_deref());
    add(saved, "sso_member_group_id", content.sso_member_group_id.as_deref());
    // `null` must be explicit, because an absent list is loaded as an empty one.
    let customers = content.customers.as_ref().map(|all| all.iter().map(customer).collect::<Vec<Value>>());
    saved.insert("customers".to_owned(), customers.into());
    add(saved, "project_count", Some(content.project_count));
    add(saved, "domains", content.domains.clone());
    add(saved, "invite_type", Some(invite_type));
    GroupState { revision: Some(group.revision), modified: Some(group.modified), ..GroupState::default() }
}

fn customer(customer: &Customer) -> Value {
    let mut saved = Map::new();
    add(&mut saved, "id", Some(customer.id));
    add(&mut saved, "organisation", customer.organisation.as_deref());
    add(&mut saved, "email", customer.email.as_deref());
    add(&mut saved, "expire_at", customer.expire_at.map(time));
    add(&mut saved, "group_id", customer.group_id);
    add(&mut saved, "valid", customer.valid);
    add(&mut saved, "created_at", customer.created_at.map(time));
    add(&mut saved, "confirmed", customer.confirmed);
    add(&mut saved, "disabled", customer.disabled);
    add(&mut saved, "invited", customer.invited);
    add(&mut saved, "custom_data_1", customer.custom_data_1.as_deref());
    add(&mut saved, "authentication", Some(customer.authentication));
    add(&mut saved, "allowed_concurrent_users", customer.allowed_concurrent_users);
    add(&mut saved, "monthly_cost", customer.monthly_cost);
    add(&mut saved, "account_type", Some(customer.account_type));
    Value::Object(saved)
}

/// Adds a field unless it is null, because absent fields are null too.
fn add(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

/// Formats a time with its offset and all fraction digits, of which the API exposes only seven.
fn time(time: DateTime<FixedOffset>) -> String {
    if (0..=9999).contains(&time.year()) {
        return time.to_rfc3339_opts(SecondsFormat::AutoSi, false);
    }
    // RFC 3339 ends with the year 9999. Later times can only be parsed without an offset, that is, in UTC.
    time.naive_utc().format("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

fn add_state(internal: GroupState, saved: &mut Map<String, Value>) {
    let internal = serde_json::to_value(internal).expect("numbers, times and strings can be serialized");
    saved.insert(STATE.to_owned(), internal);
}
