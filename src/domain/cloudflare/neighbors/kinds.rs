//! The kinds of neighbors.

use super::super::error;
use super::policies::{check_member, check_policies};
use super::row::CloudflareNeighbor;
use super::values::{audience, member_roles, member_user, now, policies_with_ids, uuid};
use crate::domain::neighbors::{AddedField, AddedValue, FieldType, IdSource, KnownField, NeighborKind};
use crate::store::IdGenerator;

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
        check: None,
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
        check: None,
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
            optional("policies", FieldType::ObjectsOrIds),
            optional("type", FieldType::Text),
        ],
        check: None,
        added: &[
            added("id", AddedValue::Id),
            added("aud", AddedValue::Once(audience)),
            added("created_at", AddedValue::Once(now)),
            added("updated_at", AddedValue::Always(now)),
            added("type", AddedValue::Default("\"self_hosted\"")),
        ],
        children: &["policies"],
    },
    filters_names: true,
    unknown: &error::UNKNOWN_APPLICATION,
    ..ACCESS
};

pub static ACCESS_APP_POLICIES: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "access_application_policy",
        path: "access/apps/{app_id}/policies",
        id: IdSource::Drawn(uuid),
        fields: POLICY_FIELDS,
        check: None,
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
            optional("policies", FieldType::Objects),
            optional("roles", FieldType::Array),
            optional("status", FieldType::OneOf(&["accepted", "pending"])),
            optional("user", FieldType::Object),
        ],
        check: Some(check_member),
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
        fields: &[required("name", FieldType::Text), optional("policies", FieldType::Objects)],
        check: Some(check_policies),
        added: &[
            added("id", AddedValue::Id),
            added("created_on", AddedValue::Once(now)),
            added("modified_on", AddedValue::Always(now)),
            added("policies", AddedValue::Always(policies_with_ids)),
        ],
        children: &["members"],
    },
    name_in_use: Some(&error::USER_GROUP_NAME_IN_USE),
    filters_names: true,
    updates_fields: true,
    ..IAM
};

pub static USER_GROUP_MEMBERS: CloudflareNeighbor = CloudflareNeighbor {
    kind: NeighborKind {
        name: "user_group_member",
        path: "iam/user_groups/{user_group_id}/members",
        id: IdSource::Sent("id", IdGenerator::hex),
        fields: &[required("id", FieldType::Text)],
        check: None,
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
        check: None,
        added: &[],
        children: &[],
    },
    rules: &[],
    name_in_use: None,
    filters_names: false,
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
    required("include", FieldType::Objects),
    required("name", FieldType::Text),
    optional("exclude", FieldType::Objects),
    optional("require", FieldType::Objects),
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
