//! The kinds of neighbors of Cloudflare's groups, and what is checked of them beside their fields.

use chrono::SecondsFormat;
use serde_json::value::RawValue;

use super::error;
use super::model::CloudflareState;
use super::predefined::role_json;
use super::rules::Rules;
use crate::config::RuleCheck;
use crate::domain::neighbors::{
    AddedField, AddedValue, Draft, FieldType, IdSource, KnownField, Neighbor, NeighborKind, json_string,
};
use crate::json::{RawFields, minify};
use crate::spec::{ApiError, ErrorCode};
use crate::store::{IdGenerator, Tx, stable_hex_id};

/// A kind of neighbor with the errors of its service.
#[derive(Debug)]
pub struct CloudflareNeighbor {
    pub kind: NeighborKind,
    /// The fields that are lists of rules, like those of an Access group.
    pub rules: &'static [&'static str],
    /// Whether the names are unique in an account; the error if not.
    pub name_in_use: Option<&'static ErrorCode>,
    /// Whether an update replaces only the fields that are sent.
    pub updates_fields: bool,
    /// The error for an invalid body.
    pub invalid: &'static ErrorCode,
    /// The error for an unknown identifier.
    pub unknown: &'static ErrorCode,
    /// The kind of the neighbor that a list belongs to, if it is not an account or a zone.
    pub parent: Option<&'static Self>,
}

/// The kinds that accounts have, in the order of the seed's documentation.
pub static KINDS: [&NeighborKind; 7] = [
    &IDENTITY_PROVIDERS.kind,
    &ACCESS_POLICIES.kind,
    &ACCESS_APPS.kind,
    &ACCESS_APP_POLICIES.kind,
    &MEMBERS.kind,
    &USER_GROUPS.kind,
    &USER_GROUP_MEMBERS.kind,
];

/// The kinds that zones have, too.
pub static ZONE_KINDS: [&NeighborKind; 3] =
    [&IDENTITY_PROVIDERS.kind, &ACCESS_APPS.kind, &ACCESS_APP_POLICIES.kind];

pub static IDENTITY_PROVIDERS: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "identity_provider",
        path: "access/identity_providers",
        id: IdSource::Drawn(uuid),
        fields: &[
            required("config", FieldType::Object),
            required("name", FieldType::Text),
            required("type", FieldType::Text),
        ],
        added: &[added("id", AddedValue::Id)],
        children: &[],
    },
    ..ACCESS
};

pub static ACCESS_POLICIES: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "access_policy",
        path: "access/policies",
        id: IdSource::Drawn(uuid),
        fields: POLICY_FIELDS,
        added: &[
            added("id", AddedValue::Id),
            added("created_at", AddedValue::Once(now)),
            added("updated_at", AddedValue::Always(now)),
            added("exclude", AddedValue::Default("[]")),
            added("require", AddedValue::Default("[]")),
            added("reusable", AddedValue::Always(|_| "true".to_owned())),
        ],
        children: &[],
    },
    rules: RULES,
    ..ACCESS
};

pub static ACCESS_APPS: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "access_application",
        path: "access/apps",
        id: IdSource::Drawn(uuid),
        fields: &[
            optional("domain", FieldType::String),
            optional("name", FieldType::String),
            optional("policies", FieldType::Array),
            optional("type", FieldType::Text),
        ],
        added: &[
            added("id", AddedValue::Id),
            added("aud", AddedValue::Once(audience)),
            added("created_at", AddedValue::Once(now)),
            added("updated_at", AddedValue::Always(now)),
            added("type", AddedValue::Default("\"self_hosted\"")),
        ],
        children: &["policies"],
    },
    unknown: &error::UNKNOWN_APPLICATION,
    ..ACCESS
};

pub static ACCESS_APP_POLICIES: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "access_application_policy",
        path: "access/apps/{app_id}/policies",
        id: IdSource::Drawn(uuid),
        fields: POLICY_FIELDS,
        added: &[
            added("id", AddedValue::Id),
            added("created_at", AddedValue::Once(now)),
            added("updated_at", AddedValue::Always(now)),
            added("exclude", AddedValue::Default("[]")),
            added("require", AddedValue::Default("[]")),
        ],
        children: &[],
    },
    rules: RULES,
    parent: Some(&ACCESS_APPS),
    ..ACCESS
};

pub static MEMBERS: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "account_member",
        path: "members",
        id: IdSource::Drawn(IdGenerator::hex),
        fields: &[
            required("email", FieldType::Text),
            optional("policies", FieldType::Array),
            optional("roles", FieldType::Array),
            optional("status", FieldType::OneOf(&["accepted", "pending"])),
        ],
        added: &[
            added("id", AddedValue::Id),
            added("status", AddedValue::Default("\"pending\"")),
            added("user", AddedValue::Always(member_user)),
            added("roles", AddedValue::Always(member_roles)),
        ],
        children: &[],
    },
    unknown: &error::UNKNOWN_MEMBER,
    updates_fields: true,
    ..IAM
};

pub static USER_GROUPS: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "user_group",
        path: "iam/user_groups",
        id: IdSource::Drawn(IdGenerator::hex),
        fields: &[required("name", FieldType::Text), optional("policies", FieldType::Array)],
        added: &[
            added("id", AddedValue::Id),
            added("created_on", AddedValue::Once(now)),
            added("modified_on", AddedValue::Always(now)),
            added("policies", AddedValue::Always(policies_with_ids)),
        ],
        children: &["members"],
    },
    name_in_use: Some(&error::USER_GROUP_NAME_IN_USE),
    updates_fields: true,
    ..IAM
};

pub static USER_GROUP_MEMBERS: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "user_group_member",
        path: "iam/user_groups/{user_group_id}/members",
        id: IdSource::Sent("id", IdGenerator::hex),
        fields: &[required("id", FieldType::Text)],
        added: &[],
        children: &[],
    },
    unknown: &error::UNKNOWN_USER_GROUP_MEMBER,
    parent: Some(&USER_GROUPS),
    ..IAM
};

/// The defaults of the Access service.
const ACCESS: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "",
        path: "",
        id: IdSource::Drawn(uuid),
        fields: &[],
        added: &[],
        children: &[],
    },
    rules: &[],
    name_in_use: None,
    updates_fields: false,
    invalid: &error::ACCESS_INVALID,
    unknown: &error::UNKNOWN_ACCESS_OBJECT,
    parent: None,
};

/// The defaults of the IAM service.
const IAM: CloudflareNeighbor =
    CloudflareNeighbor { invalid: &error::IAM_INVALID, unknown: &error::UNKNOWN_USER_GROUP, ..ACCESS };

/// The fields of a policy of Access.
const POLICY_FIELDS: &[KnownField] = &[
    required("decision", FieldType::OneOf(&["allow", "deny", "non_identity", "bypass"])),
    required("include", FieldType::Array),
    required("name", FieldType::Text),
    optional("exclude", FieldType::Array),
    optional("require", FieldType::Array),
];

/// The lists of rules of a policy of Access.
const RULES: &[&str] = &["include", "exclude", "require"];

const fn required(name: &'static str, field_type: FieldType) -> KnownField {
    KnownField { name, required: true, field_type }
}

const fn optional(name: &'static str, field_type: FieldType) -> KnownField {
    KnownField { name, required: false, field_type }
}

const fn added(name: &'static str, value: AddedValue) -> AddedField {
    AddedField { name, value }
}

fn uuid(ids: &mut IdGenerator) -> String {
    ids.uuid().to_string()
}

/// Returns the time of the write with whole seconds, like the times of an Access group.
fn now(draft: &mut Draft<'_, '_>) -> String {
    json_string(&draft.tx.now.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Returns the audience tag of an application: 64 hexadecimal digits.
fn audience(draft: &mut Draft<'_, '_>) -> String {
    json_string(&[draft.tx.ids.hex(), draft.tx.ids.hex()].concat())
}

/// Returns the user of a member, of whom only the address is known.
fn member_user(draft: &mut Draft<'_, '_>) -> String {
    let email = draft.fields.string("email").unwrap_or_default();
    let id = stable_hex_id(&format!("cloudflare/user/{email}"));
    format!(
        r#"{{"id":{},"email":{},"first_name":null,"last_name":null,"two_factor_authentication_enabled":false}}"#,
        json_string(&id),
        json_string(&email)
    )
}

/// Returns the roles of a member as objects; a request to add a member has only their identifiers.
fn member_roles(draft: &mut Draft<'_, '_>) -> String {
    let roles = draft.fields.get("roles").and_then(|roles| parse_items(roles));
    let objects =
        roles.unwrap_or_default().into_iter().map(|role| match serde_json::from_str::<String>(role.get()) {
            Ok(id) => role_json(&id),
            Err(_) => minify(role).get().to_owned(),
        });
    format!("[{}]", objects.collect::<Vec<_>>().join(","))
}

/// Returns the policies of a user group; those without an identifier get one.
fn policies_with_ids(draft: &mut Draft<'_, '_>) -> String {
    let policies = draft.fields.get("policies").and_then(|policies| parse_items(policies));
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

impl CloudflareNeighbor {
    /// Checks the fields of a body; those that are absent only if the body must be complete.
    ///
    /// # Errors
    /// The error of the service with every invalid field.
    pub fn check(
        &self,
        fields: &RawFields<'_>,
        is_complete: bool,
        rule_check: RuleCheck,
    ) -> Result<(), ApiError> {
        let mut violations =
            if is_complete { self.kind.check(fields) } else { self.kind.check_partial(fields) };
        for name in self.rules {
            let rules = fields.get(name).filter(|json| json.get().starts_with('['));
            if let Some(Err(found)) = rules.map(|json| Rules::parse(json, name, rule_check)) {
                violations.append(found);
            }
        }
        if violations.is_empty() { Ok(()) } else { Err(self.invalid.with_violations(violations)) }
    }
}

impl CloudflareState {
    /// Returns the neighbor `id` of `list`, such as `accounts/1/access/apps`.
    ///
    /// # Errors
    /// The error of the kind, or of the kind of its parent, for an unknown identifier.
    pub fn neighbor(&self, row: &CloudflareNeighbor, list: &str, id: &str) -> Result<&Neighbor, ApiError> {
        self.check_parent(row, list)?;
        self.neighbors.get(list, id).ok_or_else(|| row.unknown.error())
    }

    /// Checks that the neighbor that `list` belongs to exists.
    ///
    /// # Errors
    /// The error of its kind for an unknown identifier.
    pub fn check_parent(&self, row: &CloudflareNeighbor, list: &str) -> Result<(), ApiError> {
        let Some(parent) = row.parent else { return Ok(()) };
        let path = list.rsplit_once('/').and_then(|(path, _)| path.rsplit_once('/'));
        let found = path.and_then(|(parent_list, id)| self.neighbors.get(parent_list, id));
        found.map(|_| ()).ok_or_else(|| parent.unknown.error())
    }

    /// Adds a neighbor with the given fields, which were checked.
    ///
    /// # Errors
    /// The error of an unknown parent, or of a name that is in use.
    pub fn create_neighbor(
        &mut self,
        row: &'static CloudflareNeighbor,
        list: &str,
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        self.check_parent(row, list)?;
        self.check_name(row, list, fields, None)?;
        self.note_owner_of(list);
        let created = self.neighbors.create(&row.kind, list, fields, tx);
        Ok(created.expect("the server draws the identifiers of this kind"))
    }

    /// Replaces a neighbor, or the given fields of it.
    ///
    /// # Errors
    /// The error of an unknown identifier, or of a name that is in use.
    pub fn update_neighbor(
        &mut self,
        row: &'static CloudflareNeighbor,
        (list, id): (&str, &str),
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        self.neighbor(row, list, id)?;
        self.check_name(row, list, fields, Some(id))?;
        let updated = if row.updates_fields {
            self.neighbors.update((list, id), fields, tx)
        } else {
            self.neighbors.replace((list, id), fields, tx)
        };
        updated.ok_or_else(|| row.unknown.error())
    }

    /// Deletes a neighbor.
    ///
    /// # Errors
    /// The error of an unknown identifier.
    pub fn delete_neighbor(
        &mut self,
        row: &CloudflareNeighbor,
        list: &str,
        id: &str,
    ) -> Result<Neighbor, ApiError> {
        self.neighbor(row, list, id)?;
        self.neighbors.delete(list, id).ok_or_else(|| row.unknown.error())
    }

    /// Makes the account or zone of `list` known.
    fn note_owner_of(&mut self, list: &str) {
        let end = list.match_indices('/').nth(1).map_or(list.len(), |(index, _)| index);
        self.note_owner(&list[..end]);
    }

    /// Checks that no other neighbor of a list with unique names has the name in `fields`.
    fn check_name(
        &self,
        row: &CloudflareNeighbor,
        list: &str,
        fields: &RawFields<'_>,
        id: Option<&str>,
    ) -> Result<(), ApiError> {
        let (Some(code), Some(name)) = (row.name_in_use, fields.string("name")) else { return Ok(()) };
        let is_other = |other: &&Neighbor| id.is_none_or(|id| id != &*other.id);
        let mut others = self.neighbors.list(list).iter().filter(is_other);
        if others.any(|other| other.has_text("name", &name)) {
            return Err(code.error());
        }
        Ok(())
    }
}
