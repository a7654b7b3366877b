//! What is replaced and what is kept: the names of types, states and operators, prefixes, and predefined objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The fields whose texts are kept: they are names of types, states, operators and other values of the vendors.
pub(super) const KEPT_FIELDS: [&str; 41] = [
    "version",
    "version_num",
    "entity_tag",
    "sort",
    "type",
    "membership_type",
    "decision",
    "operator",
    "claim",
    "status",
    "state",
    "target_type",
    "operation",
    "template_version",
    "invite_type",
    "realm",
    "language",
    "notification_language",
    "country_code",
    "scopes",
    "label",
    "editable",
    "effect",
    "access",
    "action",
    "actions",
    "action_type",
    "pattern",
    "session_duration",
    "system_role_id",
    "quota_id",
    "auto_update",
    "error",
    "dialect",
    "role",
    "method",
    "auth_method",
    "integration_type",
    "created_on",
    "modified_on",
    "same_site_cookie_attribute",
];

/// The fields of responses with the texts of errors, in which only what was sent is replaced.
pub(super) const ERROR_FIELDS: [&str; 2] = ["errors", "messages"];

/// The fields with tokens of a vendor's notation, in which only identifiers are replaced.
pub(super) const NOTATION_FIELDS: [&str; 6] =
    ["key", "name_id_format", "role_id", "resource", "quota_url", "action_id"];

/// The attributes of IBM's policies whose values are names of the vendor.
pub(super) const SERVICE_ATTRIBUTES: [&str; 6] =
    ["serviceName", "serviceType", "resourceType", "region", "service_group_id", "serviceInstanceType"];

/// The parts of identifiers that are kept, because the vendors recognize them.
const PREFIXES: [&str; 15] = [
    "iam-ServiceId-",
    "iam-Profile-",
    "iam-",
    "ServiceId-",
    "Profile-",
    "IBMid-",
    "AccessGroupAssignmentId-",
    "PolicyAssignmentId-",
    "AccessGroupTemplateId-",
    "AccessGroupId-",
    "ClaimRule-",
    "TemplateAssignment-",
    "policyTemplate-",
    "ServiceIdGroup-",
    "BluePagesGroup-",
];

/// The start of the CRN of a role that is not one of an account.
const PUBLIC_ROLE: &str = "crn:v1:bluemix:public:iam::::";

/// The identifiers of objects that every account has.
pub(super) const PREDEFINED: [&str; 4] = ["AccessGroupId-PublicAccess", "IBMid", "iam-ServiceId", "true"];

/// Adds the identifiers of accounts and objects in `value`, which is that of `field`.
pub(super) fn collect_identifiers(field: &str, value: &Value, identifiers: &mut BTreeSet<String>) {
    let is_id = matches!(field, "id" | "uid") || field.ends_with("_id") || field.ends_with("Id");
    match value {
        Value::String(text) if is_id && !KEPT_FIELDS.contains(&field) && !text.starts_with("crn:") => {
            identifiers.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect_identifiers(field, item, identifiers)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if matches!(field, "accounts" | "zones" | "account_groups" | "account_group_names") {
                    identifiers.insert(name.clone());
                }
                collect_identifiers(name, value, identifiers);
            }
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

/// Returns whether `text` is a UUID or a hexadecimal identifier of the usual lengths, in lower case.
pub(super) fn is_identifier(text: &str) -> bool {
    let is_hex = |char: char| matches!(char, '0'..='9' | 'a'..='f');
    match text.len() {
        32 | 40 | 64 => text.chars().all(is_hex),
        36 => text.char_indices().all(|(index, char)| match index {
            8 | 13 | 18 | 23 => char == '-',
            _ => is_hex(char),
        }),
        _ => false,
    }
}

pub(super) fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|char| char.is_alphanumeric() || char == '-'))
}

/// Returns the length of the part of an identifier that is kept: the kind of an object, or the provider of a user.
pub(super) fn prefix_length(text: &str) -> usize {
    if let Some(prefix) = PREFIXES.iter().find(|prefix| text.starts_with(**prefix)) {
        // The identifier of an assignment contains that of its template.
        return prefix.len() + prefix_length(&text[prefix.len()..]);
    }
    if let Some(bar) = text.find('|') {
        return bar + 1;
    }
    match text.find('_') {
        Some(end) if (2..=4).contains(&end) && text[..end].bytes().all(|byte| byte.is_ascii_lowercase()) => {
            end + 1
        }
        Some(_) | None => 0,
    }
}

/// Returns whether an object is one of the vendor, which every account has: its texts are kept.
pub(super) fn is_of_vendor(fields: &Map<String, Value>) -> bool {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_public = |crn: &str| crn.starts_with(PUBLIC_ROLE);
    PREDEFINED.contains(&text("id"))
        || is_predefined(text("id"))
        || is_public(text("crn"))
        || is_public(text("role_id"))
}

/// Returns whether every account has the object `id`.
#[cfg(feature = "cloudflare")]
pub(super) fn is_predefined(id: &str) -> bool {
    use crate::domain::cloudflare::predefined;
    predefined::is_predefined(id) || predefined::role(id).is_some()
}

/// Returns `false`: without the dialect there are no predefined objects.
#[cfg(not(feature = "cloudflare"))]
pub(super) const fn is_predefined(_: &str) -> bool {
    false
}
