//! The kinds of objects, each with the fields of the seed.

use super::super::kind::Kind;

const fn kind(name: &'static str, id_field: &'static str, fields: &'static [&'static str]) -> Kind {
    Kind { name, id_field, fields, derived: &["href"], only_in_full: &[] }
}

pub(super) static GROUP: Kind = Kind {
    derived: &["href", "is_federated", "crn"],
    // Lists do not name the account.
    only_in_full: &["account_id"],
    ..kind(
        "a group",
        "id",
        &[
            "id",
            "name",
            "description",
            "account_id",
            "created_at",
            "created_by_id",
            "last_modified_at",
            "last_modified_by_id",
        ],
    )
};

pub(super) static MEMBER: Kind = Kind {
    derived: &["href", "status_code", "trace"],
    only_in_full: &["name", "email"],
    ..kind(
        "a member",
        "iam_id",
        &["iam_id", "type", "membership_type", "name", "email", "description", "created_at", "created_by_id"],
    )
};

pub(super) static RULE: Kind = kind(
    "a rule",
    "id",
    &[
        "id",
        "name",
        "expiration",
        "realm_name",
        "access_group_id",
        "account_id",
        "conditions",
        "created_at",
        "created_by_id",
        "last_modified_at",
        "last_modified_by_id",
    ],
);

pub(super) static SETTINGS: Kind = kind(
    "settings",
    "account_id",
    &["account_id", "last_modified_at", "last_modified_by_id", "public_access_enabled"],
);

pub(super) static TEMPLATE_VERSION: Kind = Kind {
    only_in_full: &["group"],
    ..kind(
        "a template",
        "version",
        &[
            "id",
            "name",
            "description",
            "account_id",
            "version",
            "committed",
            "group",
            "policy_template_references",
            "created_at",
            "created_by_id",
            "last_modified_at",
            "last_modified_by_id",
        ],
    )
};

pub(super) static ASSIGNMENT: Kind = Kind {
    only_in_full: &["resources"],
    ..kind(
        "an assignment",
        "id",
        &[
            "id",
            "account_id",
            "template_id",
            "template_version",
            "target_type",
            "target",
            "operation",
            "status",
            "resources",
            "created_at",
            "created_by_id",
            "last_modified_at",
            "last_modified_by_id",
        ],
    )
};

pub(super) static USER: Kind = kind(
    "a user",
    "iam_id",
    &[
        "iam_id",
        "id",
        "realm",
        "user_id",
        "firstname",
        "lastname",
        "state",
        "email",
        "phonenumber",
        "altphonenumber",
        "photo",
        "account_id",
        "added_on",
    ],
);

pub(super) static USER_SETTINGS: Kind = Kind {
    only_in_full: &["language", "notification_language", "allowed_ip_addresses", "self_manage"],
    ..kind(
        "the settings of a user",
        "iam_id",
        &["language", "notification_language", "allowed_ip_addresses", "self_manage"],
    )
};

/// A service id or a trusted profile.
pub(super) static PRINCIPAL: Kind = Kind {
    derived: &["href", "entity_tag", "crn", "locked"],
    ..kind(
        "an identity",
        "id",
        &[
            "id",
            "iam_id",
            "name",
            "description",
            "email",
            "unique_instance_crns",
            "account_id",
            "created_at",
            "modified_at",
        ],
    )
};

/// A policy of either version; `account_id` is not part of the response.
pub(super) static POLICY: Kind = kind(
    "a policy",
    "id",
    &[
        "id",
        "type",
        "description",
        "subjects",
        "roles",
        "resources",
        "subject",
        "resource",
        "control",
        "pattern",
        "rule",
        "href",
        "state",
        "account_id",
        "created_at",
        "created_by_id",
        "last_modified_at",
        "last_modified_by_id",
    ],
);

pub(super) static RESOURCE_GROUP: Kind =
    Kind { only_in_full: &["name", "state"], ..Kind::any("a resource group", "id") };

pub(super) static SERVICE_ID_GROUP: Kind = Kind::any("a service id group", "id");

pub(super) static POLICY_TEMPLATE_VERSION: Kind =
    Kind { derived: &["href"], only_in_full: &["policy"], ..Kind::any("a policy template", "version") };

pub(super) static ACCOUNT: Kind = kind("an account", "id", &["name"]);
