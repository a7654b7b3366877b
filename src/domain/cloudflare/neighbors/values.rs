//! The values that Cloudflare adds to neighbors.

use std::borrow::Cow;

use chrono::SecondsFormat;
use serde_json::value::RawValue;

use super::super::predefined::push_role;
use crate::domain::neighbors::{Draft, json_string};
use crate::json::{RawFields, minify};
use crate::store::{IdGenerator, stable_hex_id};

/// Returns a UUID.
pub(super) fn uuid(ids: &mut IdGenerator) -> String {
    ids.uuid().to_string()
}

/// Returns the time of the write with whole seconds, like the times of an Access group.
pub(super) fn now(draft: &mut Draft<'_, '_>) -> String {
    json_string(&draft.tx.now.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Returns the audience tag of an application: 64 hexadecimal digits.
pub(super) fn audience(draft: &mut Draft<'_, '_>) -> String {
    json_string(&[draft.tx.ids.hex(), draft.tx.ids.hex()].concat())
}

/// Returns the user of a member, of whom only the address is known.
pub(super) fn member_user(draft: &mut Draft<'_, '_>) -> String {
    let email = draft.fields.string("email").unwrap_or_default();
    let id = stable_hex_id(&format!("cloudflare/user/{email}"));
    format!(
        r#"{{"id":{},"email":{},"first_name":null,"last_name":null,"two_factor_authentication_enabled":false}}"#,
        json_string(&id),
        json_string(&email)
    )
}

/// Returns the roles of a member as objects; a request to add a member has only their identifiers.
pub(super) fn member_roles(draft: &mut Draft<'_, '_>) -> String {
    let roles = draft.fields.get("roles").and_then(parse_items);
    let mut json = String::from("[");
    for role in roles.unwrap_or_default() {
        if json.len() > 1 {
            json.push(',');
        }
        match serde_json::from_str::<Cow<'_, str>>(role.get()) {
            Ok(id) => push_role(&mut json, &id),
            Err(_) => json.push_str(minify(role).get()),
        }
    }
    json.push(']');
    json
}

/// Returns the policies of a user group; those without an identifier get one.
pub(super) fn policies_with_ids(draft: &mut Draft<'_, '_>) -> String {
    let policies = draft.fields.get("policies").and_then(parse_items);
    let mut items = Vec::new();
    for policy in policies.unwrap_or_default() {
        let json = minify(policy).get().to_owned();
        items.push(match serde_json::from_str::<RawFields<'_>>(policy.get()) {
            Ok(fields) if fields.get("id").is_none() && fields.iter().next().is_some() => {
                let id = json_string(&draft.tx.ids.hex());
                format!(r#"{{"id":{id},{}"#, &json[1..])
            }
            Ok(_) | Err(_) => json,
        });
    }
    format!("[{}]", items.join(","))
}

/// Returns the items of an array.
fn parse_items(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}
