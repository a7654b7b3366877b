//! The schemas of the envelope of successful responses.

use serde_json::{Map, Value, json};

/// The meaning of fields by their names.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("errors", "The errors; empty in a successful response."),
    ("messages", "Always empty."),
    ("result_info", "The page."),
    ("count", "The number of objects on the page."),
    ("page", "The number of the page, starting at 1."),
    ("per_page", "The maximum number of objects on a page."),
    ("total_count", "The number of objects on all pages."),
    ("total_pages", "The number of pages."),
    ("include", "A user must match at least one of these rules."),
    ("exclude", "A user must match none of these rules."),
    ("require", "A user must match all of these rules."),
    ("identity_provider_id", "The identity provider that the rule refers to."),
    ("code", "The vendor's code of the error."),
    ("error_chain", "The causes of the error."),
    ("decision", "The effect of the policy."),
    ("aud", "The audience tag of the application."),
    ("reusable", "Whether several applications can use the policy."),
    ("scopes", "The levels that the permission group applies to."),
    ("editable", "Whether the group can be changed, as a string."),
    ("permissions", "The rights of the role by area."),
    ("everyone", "Every user."),
    ("any_valid_service_token", "Every valid service token."),
    ("certificate", "Every valid client certificate."),
    ("cloudflare_account_member", "Every member of the account."),
    ("email_domain", "Users with an e-mail address of a domain."),
    ("ip", "Requests from a range of addresses."),
    ("geo", "Requests from a country."),
    ("group", "Users who match an Access group."),
    ("service_token", "One service token."),
    ("login_method", "Users of an identity provider."),
    ("external_evaluation", "Users whom an external service admits."),
    ("country_code", "The country as two letters."),
    ("integration_uid", "The device posture check."),
    ("objects", "The objects that the group contains."),
];

/// Returns the schema of a response whose `result` has the schema `result`.
pub(super) fn envelope(result: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["errors", "messages", "result", "success"],
        "properties": {
            "errors": {"type": "array", "maxItems": 0, "items": {}},
            "messages": {"type": "array", "maxItems": 0, "items": {}},
            "result": result,
            "success": {"type": "boolean", "description": "`true`."}
        },
        "additionalProperties": false
    })
}

/// Returns the schema of a page of a list of `item`.
pub(super) fn list(item: &str) -> Value {
    let fields = ["count", "page", "per_page", "total_count", "total_pages"];
    let properties: Map<String, Value> =
        fields.iter().map(|field| ((*field).to_owned(), json!({"type": "integer", "minimum": 0}))).collect();
    let mut list = envelope(&json!({
        "type": "array", "items": {"$ref": item}, "description": "The objects of the page."
    }));
    list["required"] = json!(["errors", "messages", "result", "result_info", "success"]);
    list["properties"]["result_info"] = json!({
        "type": "object",
        "required": fields,
        "properties": properties,
        "additionalProperties": false
    });
    list
}
