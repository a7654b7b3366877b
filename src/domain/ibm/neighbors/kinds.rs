//! The kinds of neighbors.

use serde_json::Value;

use super::super::error::neighbors as error;
use super::row::IbmNeighbor;
use super::values;
use crate::domain::neighbors::{AddedField, AddedValue, FieldType, IdSource, KnownField, NeighborKind};
use crate::json::RawFields;
use crate::spec::{Violation, Violations};
use crate::store::IdGenerator;

/// All kinds, in the order of the seed's documentation.
pub static KINDS: [&NeighborKind; 4] =
    [&RESOURCE_GROUPS.kind, &SERVICE_ID_GROUPS.kind, &POLICY_TEMPLATES.kind, &POLICY_TEMPLATE_VERSIONS];

/// The resource groups. The adapter chooses the id only of the default one.
pub static RESOURCE_GROUPS: IbmNeighbor = IbmNeighbor {
    kind: NeighborKind {
        name: "resource_group",
        path: "resource_groups",
        id: IdSource::Sent("id", IdGenerator::hex),
        fields: &[
            required("account_id", FieldType::Text),
            required("name", FieldType::Text),
            optional("state", FieldType::Text),
        ],
        check: None,
        added: &[
            added("id", AddedValue::Id),
            added("crn", AddedValue::Once(values::resource_group_crn)),
            added("account_id", AddedValue::Owner),
            added("state", AddedValue::Default("\"ACTIVE\"")),
            added("default", AddedValue::Default("false")),
            added("quota_id", AddedValue::Default(values::QUOTA_ID)),
            added("quota_url", AddedValue::Default(values::QUOTA_URL)),
            added("payment_methods_url", AddedValue::Once(values::payment_methods_url)),
            added("resource_linkages", AddedValue::Default("[]")),
            added("teams_url", AddedValue::Once(values::teams_url)),
            added("created_at", AddedValue::Once(values::created_at_in_milliseconds)),
            added("updated_at", AddedValue::Always(values::now_in_milliseconds)),
        ],
        children: &[],
    },
    unknown: &error::RESOURCE_GROUP_NOT_FOUND,
    name_in_use: &error::RESOURCE_GROUP_NAME_IN_USE,
};

pub static SERVICE_ID_GROUPS: IbmNeighbor = IbmNeighbor {
    kind: NeighborKind {
        name: "service_id_group",
        path: "serviceid_groups",
        id: IdSource::Drawn(values::service_id_group_id),
        fields: &[
            required("account_id", FieldType::Text),
            required("name", FieldType::Text),
            optional("description", FieldType::String),
        ],
        check: None,
        added: &[
            added("id", AddedValue::Id),
            added("entity_tag", AddedValue::Always(values::entity_tag)),
            added("account_id", AddedValue::Owner),
            added("crn", AddedValue::Once(values::service_id_group_crn)),
            added("created_at", AddedValue::Once(values::now)),
            added("created_by", AddedValue::Default(values::DEFAULT_AUTHOR)),
            added("modified_at", AddedValue::Always(values::now)),
        ],
        children: &[],
    },
    unknown: &error::SERVICE_ID_GROUP_NOT_FOUND,
    name_in_use: &error::SERVICE_ID_GROUP_NAME_IN_USE,
};

/// The policy templates: only what all versions have in common, and the number of the last version.
pub(super) static POLICY_TEMPLATES: IbmNeighbor = IbmNeighbor {
    kind: NeighborKind {
        name: "policy_template",
        path: "policy_templates",
        id: IdSource::Drawn(values::policy_template_id),
        fields: &[
            required("account_id", FieldType::Text),
            required("name", FieldType::Text),
            optional("last_version", FieldType::Number),
        ],
        check: None,
        added: &[
            added("id", AddedValue::Id),
            added("account_id", AddedValue::Owner),
            added("last_version", AddedValue::Default("0")),
        ],
        children: &["versions"],
    },
    unknown: &error::POLICY_TEMPLATE_NOT_FOUND,
    name_in_use: &error::POLICY_TEMPLATE_CONFLICT,
};

/// The versions of a policy template, as responses contain them. The adapter chooses the numbers.
pub static POLICY_TEMPLATE_VERSIONS: NeighborKind = NeighborKind {
    name: "policy_template_version",
    path: "policy_templates/{policy_template_id}/versions",
    id: IdSource::Sent("version", values::policy_template_id),
    fields: &[
        required("account_id", FieldType::Text),
        required("name", FieldType::Text),
        required("policy", FieldType::Object),
        optional("committed", FieldType::Boolean),
        optional("description", FieldType::String),
    ],
    check: Some(check_policy),
    added: &[
        added("id", AddedValue::Once(values::policy_template_of_list)),
        added("committed", AddedValue::Default("false")),
        added("state", AddedValue::Default("\"active\"")),
        added("created_at", AddedValue::Once(values::now_in_milliseconds)),
        added("created_by_id", AddedValue::Default(values::DEFAULT_AUTHOR)),
        added("last_modified_at", AddedValue::Always(values::now_in_milliseconds)),
        added("last_modified_by_id", AddedValue::Default(values::DEFAULT_AUTHOR)),
    ],
    children: &[],
};

/// Checks the type of the policy, and the form of its subject, resource, control and rule.
fn check_policy(fields: &RawFields<'_>, violations: &mut Violations) {
    let Some(policy) = fields.get("policy") else { return };
    // That it is an object is checked before; a number or a string in it may be one that cannot be represented.
    let Ok(Value::Object(policy)) = serde_json::from_str(policy.get()) else {
        violations.push(Violation::new("policy", "must have values that can be represented"));
        return;
    };
    if !matches!(policy.get("type").and_then(Value::as_str), Some("access" | "authorization")) {
        violations.push(Violation::new("policy.type", "must be one of access, authorization"));
    }
    let mut check = |path: &str, is_valid: bool, expected: &str| {
        if !is_valid {
            violations.push(Violation::new(format!("policy.{path}"), format!("must be {expected}")));
        }
    };
    for name in ["subject", "resource"] {
        let Some(part) = policy.get(name) else { continue };
        check(name, part.is_object(), "an object");
        let has_attributes = is_list_of_objects(&part["attributes"], &["key", "operator"]);
        check(&format!("{name}.attributes"), has_attributes, "an array of objects with `key` and `operator`");
    }
    if let Some(control) = policy.get("control") {
        check("control.grant", control["grant"].is_object(), "an object");
        let roles = &control["grant"]["roles"];
        let is_valid = roles.is_null() || is_list_of_objects(roles, &["role_id"]);
        check("control.grant.roles", is_valid, "an array of objects with a `role_id`");
    }
    if let Some(rule) = policy.get("rule") {
        check("rule", rule.is_object(), "an object");
    }
}

/// Returns whether a value is an array of objects in which the fields with these names are strings.
fn is_list_of_objects(value: &Value, names: &[&str]) -> bool {
    let is_valid = |item: &Value| names.iter().all(|name| item[*name].is_string());
    value.as_array().is_some_and(|items| items.iter().all(is_valid))
}

const fn required(name: &'static str, field_type: FieldType) -> KnownField {
    KnownField { name, required: true, field_type }
}

const fn optional(name: &'static str, field_type: FieldType) -> KnownField {
    KnownField { name, required: false, field_type }
}

const fn added(name: &'static str, value: AddedValue) -> AddedField {
    AddedField { name, value }
}
