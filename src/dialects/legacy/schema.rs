//! The components of `openapi.yaml` for the legacy dialect.

use serde_json::{Value, json};

use crate::spec::parse_schemas;

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
    parse_schemas(&[include_str!("schema.json")]).into()
}

pub(super) fn security() -> Value {
    json!({"bearer": {"type": "http", "scheme": "bearer"}})
}
