//! The components of `openapi.yaml` for the legacy dialect.

use serde_json::{Value, json};

/// The meaning of fields by their names.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("customers", "The members of the group."),
    ("domains", "The domains whose customers may join the group."),
    ("expire_at", "The end of the membership."),
    ("Message", "The message."),
    ("MessageDetail", "The exact cause of the error."),
    ("ModelState", "The errors of the body by field."),
];

pub(super) fn schemas() -> Value {
    json!({
        "Error": {
            "type": "object",
            "description": "An `HttpError` of ASP.NET Web API.",
            "required": ["Message"],
            "properties": {
                "Message": {"type": "string"},
                "MessageDetail": {"type": "string"},
                "ModelState": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "string"}}
                }
            },
            "additionalProperties": false
        },
        "Entry": {
            "type": "object",
            "required": ["entry"],
            "properties": {"entry": {"$ref": "AccessGroup"}},
            "additionalProperties": false
        },
        "Entries": {
            "type": "object",
            "required": ["entries"],
            "properties": {"entries": {"type": "array", "items": {"$ref": "AccessGroup"}}},
            "additionalProperties": false
        },
        "EntryRequest": {
            "type": "object",
            "required": ["entry"],
            "properties": {"entry": {"type": "object", "properties": group_properties()}}
        },
        "AccessGroup": {
            "type": "object",
            "required": [
                "created_at", "name", "valid", "company_id", "license_id", "theme_settings_id", "auto_update",
                "send_mail", "sso_platform_id", "sso_admin_group_id", "sso_member_group_id", "id", "customers",
                "user_count", "project_count", "domains", "invite_type"
            ],
            "properties": group_properties(),
            "additionalProperties": false
        },
        "Customer": customer()
    })
}

fn group_properties() -> Value {
    json!({
        "created_at": {"type": ["string", "null"], "format": "date-time"},
        "name": {"type": ["string", "null"]},
        "valid": {"type": ["integer", "null"], "format": "int32"},
        "company_id": {"type": ["integer", "null"], "format": "int32"},
        "license_id": {"type": ["integer", "null"], "format": "int32"},
        "theme_settings_id": {"type": ["integer", "null"], "format": "int32"},
        "auto_update": {"type": ["boolean", "null"]},
        "send_mail": {"type": ["boolean", "null"]},
        "sso_platform_id": {"type": ["integer", "null"], "format": "int32"},
        "sso_admin_group_id": {"type": ["string", "null"]},
        "sso_member_group_id": {"type": ["string", "null"]},
        "id": {"type": "integer", "format": "int32"},
        "customers": {"type": ["array", "null"], "items": {"$ref": "Customer"}},
        "user_count": {"type": "integer", "format": "int32", "description": "The number of customers."},
        "project_count": {"type": "integer", "format": "int32"},
        "domains": {"type": ["array", "null"], "items": {"type": "string"}},
        "invite_type": {"type": "string", "enum": ["InviteOnly"]}
    })
}

fn customer() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": {"type": "integer", "format": "int32"},
            "organisation": {"type": ["string", "null"]},
            "email": {"type": ["string", "null"]},
            "expire_at": {"type": ["string", "null"], "format": "date-time"},
            "group_id": {"type": ["integer", "null"], "format": "int32"},
            "valid": {"type": ["boolean", "null"]},
            "created_at": {"type": ["string", "null"], "format": "date-time"},
            "confirmed": {"type": ["boolean", "null"]},
            "disabled": {"type": ["boolean", "null"]},
            "invited": {"type": ["boolean", "null"]},
            "custom_data_1": {"type": ["string", "null"]},
            "authentication": {"type": "integer", "minimum": 0, "maximum": 255},
            "allowed_concurrent_users": {"type": ["integer", "null"], "format": "int32"},
            "monthly_cost": {"type": ["integer", "null"], "format": "int32"},
            "account_type": {"type": "integer", "minimum": 0, "maximum": 255}
        }
    })
}

pub(super) fn security() -> Value {
    json!({"bearer": {"type": "http", "scheme": "bearer"}})
}
