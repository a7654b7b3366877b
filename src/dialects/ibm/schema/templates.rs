//! The OpenAPI schemas of templates and assignments.

use serde_json::{Value, json};

use super::{closed_object, date_time, page, request_object};

pub(super) fn templates() -> Value {
    let version = json!({
        "id": {"type": "string"},
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "description": {"type": "string", "maxLength": 250, "description": "Empty if none was given."},
        "account_id": {"type": "string"},
        "version": {"type": "string", "pattern": "^[0-9]+$"},
        "committed": {"type": "boolean"},
        "group": {"$ref": "TemplateGroup"},
        "policy_template_references": {"$ref": "PolicyTemplateReferences"},
        "href": {"type": "string", "format": "uri"},
        "created_at": date_time(),
        "created_by_id": {"type": "string"},
        "last_modified_at": date_time(),
        "last_modified_by_id": {"type": "string"}
    });
    let without = |name: &str| {
        let mut properties = version.clone();
        if let Some(properties) = properties.as_object_mut() {
            properties.remove(name);
        }
        closed_object(&properties, &[])
    };
    json!({
        "TemplateVersion": closed_object(&version, &[]),
        "GroupTemplate": without("account_id"),
        "ListTemplates": page("group_templates", "GroupTemplate"),
        "ListTemplateVersion": without("id"),
        "ListTemplateVersions": page("group_template_versions", "ListTemplateVersion"),
        "PolicyTemplateReferences": {
            "type": "array",
            "maxItems": 100,
            "description": "Returned as sent, including undocumented fields.",
            "items": request_object(&[], &json!({"id": nullable("string"), "version": nullable("string")}))
        }
    })
}

/// Returns the schema of a field that may be `null`.
fn nullable(kind: &str) -> Value {
    json!({"type": [kind, "null"]})
}

/// Returns the schema of an object that may be `null` and may have additional properties.
fn nullable_object(properties: &Value) -> Value {
    json!({"type": ["object", "null"], "properties": properties})
}

fn nullable_list(items: &Value) -> Value {
    json!({"type": ["array", "null"], "maxItems": 50, "items": items})
}

pub(super) fn template_group() -> Value {
    let iam_ids = nullable_list(&json!({"type": "string", "minLength": 1}));
    let boolean = nullable("boolean");
    let rule = request_object(
        &["expiration", "realm_name", "conditions"],
        &json!({
            "name": nullable("string"),
            "expiration": {"type": "integer", "minimum": 1, "maximum": 24, "description": "In hours."},
            "realm_name": {"type": "string", "minLength": 1},
            "conditions": {
                "type": "array", "minItems": 1, "maxItems": 50,
                "items": request_object(&["claim", "operator", "value"], &json!({
                    "claim": {"type": "string", "minLength": 1},
                    "operator": super::operator(),
                    "value": {"type": "string", "description": "A JSON value as a string."}
                }))
            },
            "action_controls": nullable_object(&json!({"remove": boolean}))
        }),
    );
    let controls = nullable_object(&json!({"add": boolean, "remove": boolean}));
    let mut group = request_object(
        &["name"],
        &json!({
            "name": {"type": "string", "minLength": 1, "maxLength": 100},
            "description": {"type": ["string", "null"], "maxLength": 250},
            "members": nullable_object(&json!({"users": iam_ids, "services": iam_ids, "action_controls": controls})),
            "assertions": nullable_object(&json!({"rules": nullable_list(&rule), "action_controls": controls})),
            "action_controls": nullable_object(&json!({"access": nullable_object(&json!({"add": boolean}))}))
        }),
    );
    group["description"] = json!(
        "Returned as sent, including undocumented fields. `action_controls` define what the account that gets the \
         group may do to it; anything else is not allowed."
    );
    json!({"TemplateGroup": group})
}

pub(super) fn assignments() -> Value {
    let mut assignment = json!({});
    for name in ["id", "account_id", "template_id", "target", "created_by_id", "last_modified_by_id"] {
        assignment[name] = json!({"type": "string"});
    }
    assignment["template_version"] = json!({"type": "string", "pattern": "^[0-9]+$"});
    assignment["target_type"] = json!({"type": "string", "enum": ["Account", "AccountGroup"]});
    assignment["operation"] = json!({"type": "string", "enum": ["assign", "update", "remove"]});
    assignment["status"] =
        json!({"type": "string", "enum": ["accepted", "in_progress", "succeeded", "failed", "superseded"]});
    assignment["href"] = json!({"type": "string", "format": "uri"});
    assignment["created_at"] = date_time();
    assignment["last_modified_at"] = date_time();
    let plain = closed_object(&assignment, &[]);
    assignment["resources"] = json!({
        "type": "array", "items": {"$ref": "AssignmentResource"}, "description": "With `verbose`."
    });
    let entries = json!({"type": "array", "items": {"$ref": "AssignmentResourceEntry"}});
    json!({
        "TemplateAssignment": plain,
        "TemplateAssignmentVerbose": closed_object(&assignment, &["resources"]),
        "ListTemplateAssignments": page("assignments", "TemplateAssignment"),
        "AssignmentResource": closed_object(&json!({
            "target": {"type": "string"},
            "group": closed_object(&json!({
                "group": {"$ref": "AssignmentResourceEntry"}, "members": entries, "rules": entries
            }), &[]),
            "policy_template_references": entries
        }), &[]),
        "AssignmentResourceEntry": closed_object(&json!({
            "id": {"type": "string"},
            "name": {"type": "string"},
            "version": {"type": "string"},
            "resource": {"type": "string"},
            "error": {"type": "string", "description": "Empty if there is none."},
            "operation": {"type": "string"},
            "status": {"type": "string"}
        }), &["name"])
    })
}

pub(super) fn requests() -> Value {
    let content = json!({
        "name": {"type": ["string", "null"], "minLength": 1, "maxLength": 100},
        "description": {"type": ["string", "null"], "maxLength": 250},
        "group": {"oneOf": [{"$ref": "TemplateGroup"}, {"type": "null"}]},
        "policy_template_references": {"oneOf": [{"$ref": "PolicyTemplateReferences"}, {"type": "null"}]}
    });
    let mut template = content.clone();
    template["name"]["type"] = json!("string");
    template["account_id"] = json!({"type": "string", "minLength": 1});
    let string = json!({"type": "string", "minLength": 1});
    json!({
        "CreateTemplateRequest": request_object(&["name", "account_id"], &template),
        "TemplateVersionRequest": request_object(&[], &content),
        "CreateAssignmentRequest": request_object(&["template_id", "template_version", "target_type", "target"], &json!({
            "template_id": string,
            "template_version": string,
            "target_type": {"type": "string", "enum": ["Account", "AccountGroup"]},
            "target": string
        })),
        "UpdateAssignmentRequest": request_object(&["template_version"], &json!({"template_version": string}))
    })
}
