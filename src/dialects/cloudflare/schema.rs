//! The components of `openapi.yaml` for the cloudflare dialect.

use serde_json::{Map, Value, json};

use crate::domain::cloudflare::rules::KINDS;
use crate::spec::parse_schemas;

pub(super) fn schemas() -> Value {
    let mut schemas = parse_schemas(&[include_str!("schema.json")]);
    schemas.insert("Rule".to_owned(), rule());
    schemas.extend(super::neighbors::schemas());
    schemas.extend(parse_schemas(&[include_str!("account_schema.json")]));
    schemas.into()
}

/// Returns the schema of a rule: any object with one field, because unknown kinds are stored as written.
fn rule() -> Value {
    let kinds: Map<String, Value> = KINDS
        .iter()
        .map(|(kind, fields)| {
            let properties: Map<String, Value> =
                fields.iter().map(|field| ((*field).to_owned(), inner_field(kind))).collect();
            let schema = match fields {
                [] => json!({"type": "object"}),
                _ => json!({"type": "object", "required": fields, "properties": properties}),
            };
            ((*kind).to_owned(), schema)
        })
        .collect();
    json!({
        "description": "A rule: an object with one kind as its only field. It is stored and returned as written.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": kinds,
        "additionalProperties": {"type": "object", "description": "A kind that is not listed."}
    })
}

fn inner_field(kind: &str) -> Value {
    if kind == "user_risk_score" {
        let score = json!({"type": "string", "enum": ["low", "medium", "high", "unscored"]});
        return json!({"type": "array", "minItems": 1, "items": score});
    }
    json!({"type": "string"})
}

pub(super) fn security() -> Value {
    json!({
        "token": {"type": "http", "scheme": "bearer"},
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Auth-Key",
            "description": "The API key of the user in `X-Auth-Email`."
        },
        "email": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Auth-Email",
            "description": "The user of the API key in `X-Auth-Key`."
        },
        "serviceKey": {"type": "apiKey", "in": "header", "name": "X-Auth-User-Service-Key"}
    })
}
