//! The components of `openapi.yaml` for the authress dialect.

use serde_json::{Value, json};

use super::neighbors;
use crate::spec::parse_schemas;

/// The meaning of fields by their names.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("userId", "The id of a user, as in the `sub` of its token."),
    ("users", "The users."),
    ("admins", "The users who may change the group."),
    ("links", "The URLs of the object and of the next page."),
    ("tags", "Any strings by name."),
    ("pagination", "The next page."),
    ("cursor", "The value of the parameter `cursor` for the next page."),
    ("action", "The action, such as `documents:read`; `*` matches any part."),
    ("allow", "Whether the role allows the action."),
    ("statements", "Which roles apply to which resources."),
    ("resourceUri", "The resource; `*` at its end matches everything below."),
    ("title", "The message."),
    ("errorCode", "The code of the error."),
];

pub(super) fn schemas() -> Value {
    let mut schemas = parse_schemas(&[include_str!("schema.json")]);
    schemas.extend(neighbors::schemas().map(|(name, schema)| (name.to_owned(), schema)));
    schemas.into()
}

pub(super) fn security() -> Value {
    json!({
        "oauth2": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A JWT signed with an access key, or the access key itself."
        }
    })
}
