//! The components of user management, IAM identity and policy management.

use serde_json::{Value, json};

use super::{request, strict, time};

pub(super) fn schemas() -> [Value; 6] {
    [users(), principals(), principal_requests(), policies(), policy_requests(), roles()]
}

fn text() -> Value {
    json!({"type": "string"})
}

fn uri() -> Value {
    json!({"type": "string", "format": "uri"})
}

fn users() -> Value {
    json!({
        "UserList": strict(&json!({
            "total_results": {"type": "integer", "minimum": 0, "description": "Of all pages."},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "first_url": text(),
            "next_url": {"type": "string", "description": "A path; empty on the last page."},
            "resources": {"type": "array", "maxItems": 100, "items": {"$ref": "UserProfile"}}
        }), &[]),
        "UserProfile": strict(&json!({
            "id": text(),
            "iam_id": text(),
            "realm": text(),
            "user_id": text(),
            "firstname": text(),
            "lastname": text(),
            "state": text(),
            "email": text(),
            "phonenumber": text(),
            "altphonenumber": text(),
            "photo": text(),
            "account_id": text(),
            "added_on": time()
        }), &[])
    })
}

fn principals() -> Value {
    let mut profile = json!({
        "id": {"type": "string", "description": "The IAM id without `iam-`."},
        "iam_id": text(),
        "entity_tag": text(),
        "crn": text(),
        "created_at": time(),
        "modified_at": time(),
        "account_id": text(),
        "name": text(),
        "description": {"type": "string", "description": "Only when there is one."}
    });
    let mut service_id = profile.clone();
    profile["email"] = json!({"type": "string", "description": "Only when there is one."});
    service_id["locked"] = json!({"type": "boolean", "const": false});
    service_id["unique_instance_crns"] = json!({"type": "array", "items": {"type": "string"}});
    json!({
        "ServiceId": strict(&service_id, &["description"]),
        "TrustedProfile": strict(&profile, &["description", "email"]),
        "ServiceIdList": page("serviceids", "ServiceId"),
        "TrustedProfilesList": page("profiles", "TrustedProfile")
    })
}

fn page(items: &str, item: &str) -> Value {
    let members = json!({
        "offset": {"type": "integer", "minimum": 0},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100},
        "first": uri(),
        "previous": uri(),
        "next": uri(),
        items: {"type": "array", "maxItems": 100, "items": {"$ref": item}}
    });
    strict(&members, &["previous", "next"])
}

fn principal_requests() -> Value {
    let nullable = json!({"type": ["string", "null"]});
    let name = json!({"type": ["string", "null"], "minLength": 1});
    let profile = json!({"name": name, "description": nullable, "email": nullable});
    let crns = json!({"type": ["array", "null"], "items": {"type": "string"}});
    let service_id = json!({"name": name, "description": nullable, "unique_instance_crns": crns});
    let new = |members: &Value| {
        let mut members = members.clone();
        members["account_id"] = json!({"type": "string", "minLength": 1});
        members["name"] = json!({"type": "string", "minLength": 1});
        request(&["account_id", "name"], &members)
    };
    json!({
        "ServiceIdRequest": new(&service_id),
        "ServiceIdUpdateRequest": request(&[], &service_id),
        "TrustedProfileRequest": new(&profile),
        "TrustedProfileUpdateRequest": request(&[], &profile)
    })
}

/// A value of version 2: a text, a truth value or a list of texts.
fn value() -> Value {
    json!({"anyOf": [
        {"type": "string", "minLength": 1, "maxLength": 1000},
        {"type": "boolean"},
        {"type": "array", "minItems": 1, "items": {"type": "string"}}
    ]})
}

fn policy_type() -> Value {
    json!({"type": "string", "enum": ["access", "authorization"]})
}

/// What the answers of both versions have.
fn common() -> Value {
    json!({
        "id": {"type": "string", "format": "uuid"},
        "type": policy_type(),
        "description": {"type": "string", "description": "Only when there is one."},
        "href": {"type": "string", "format": "uri", "description": "By the version by which it was made."},
        "created_at": time(),
        "created_by_id": text(),
        "last_modified_at": time(),
        "last_modified_by_id": text(),
        "state": {"type": "string", "const": "active"}
    })
}

fn list_of(item: &Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": item})
}

fn only(item: &Value) -> Value {
    json!({"type": "array", "minItems": 1, "maxItems": 1, "items": item})
}

fn policies() -> Value {
    let attribute = strict(&json!({"name": text(), "value": text(), "operator": text()}), &["operator"]);
    let attributes = list_of(&attribute);
    let mut first = common();
    let plain = list_of(&strict(&json!({"name": text(), "value": text()}), &[]));
    first["subjects"] = only(&strict(&json!({"attributes": plain}), &[]));
    first["resources"] = only(&strict(&json!({"attributes": attributes, "tags": attributes}), &["tags"]));
    let role = json!({"role_id": text(), "display_name": text(), "description": text()});
    first["roles"] = list_of(&strict(&role, &[]));

    let attribute = strict(&json!({"key": text(), "operator": text(), "value": value()}), &[]);
    let attributes = list_of(&attribute);
    let mut second = common();
    second["subject"] = strict(&json!({"attributes": attributes}), &[]);
    second["resource"] = strict(&json!({"attributes": attributes, "tags": attributes}), &["tags"]);
    second["pattern"] = text();
    second["rule"] = json!({"description": "As it was sent."});
    let roles = list_of(&strict(&json!({"role_id": text()}), &[]));
    second["control"] = strict(&json!({"grant": strict(&json!({"roles": roles}), &[])}), &[]);
    json!({
        "Policy": strict(&first, &["description"]),
        "V2Policy": strict(&second, &["description", "pattern", "rule"]),
        "PolicyCollection": collection("Policy"),
        "V2PolicyCollection": collection("V2Policy")
    })
}

fn collection(item: &str) -> Value {
    let link = strict(&json!({"href": uri(), "start": text()}), &["start"]);
    let members = json!({
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "description": "With `limit`."},
        "first": link,
        "next": link,
        "previous": link,
        "policies": {"type": "array", "items": {"$ref": item}}
    });
    strict(&members, &["limit", "first", "next", "previous"])
}

fn policy_requests() -> Value {
    let role = request(&["role_id"], &json!({"role_id": text()}));
    let attribute = request(
        &["name", "value"],
        &json!({"name": text(), "value": value(), "operator": {"type": ["string", "null"]}}),
    );
    let attributes = list_of(&attribute);
    let subject = request(&["attributes"], &json!({"attributes": attributes}));
    let resource = request(
        &["attributes"],
        &json!({"attributes": attributes, "tags": {"type": "array", "items": attribute}}),
    );
    let first = json!({
        "type": policy_type(),
        "description": {"type": ["string", "null"]},
        "subjects": list_of(&subject),
        "roles": list_of(&role),
        "resources": list_of(&resource)
    });
    let attribute = request(
        &["key", "value"],
        &json!({"key": text(), "value": value(), "operator": {"type": ["string", "null"]}}),
    );
    let attributes = list_of(&attribute);
    let grant = request(&["roles"], &json!({"roles": list_of(&role)}));
    let second = json!({
        "type": policy_type(),
        "description": {"type": ["string", "null"]},
        "subject": request(&["attributes"], &json!({"attributes": attributes})),
        "resource": request(
            &["attributes"],
            &json!({"attributes": attributes, "tags": {"type": "array", "items": attribute}})
        ),
        "pattern": {"type": ["string", "null"], "description": "Needed with `rule`."},
        "rule": {"description": "Further conditions, which are stored and echoed as they are."},
        "control": request(&["grant"], &json!({"grant": grant}))
    });
    json!({
        "PolicyRequest": request(&["type", "subjects", "roles", "resources"], &first),
        "V2PolicyRequest": request(&["type", "subject", "resource", "control"], &second)
    })
}

fn roles() -> Value {
    let nothing = json!({"type": "array", "maxItems": 0});
    let role = strict(
        &json!({"display_name": text(), "description": text(), "actions": nothing, "crn": text()}),
        &[],
    );
    json!({
        "RoleCollection": strict(&json!({
            "custom_roles": nothing,
            "service_roles": list_of(&role),
            "system_roles": list_of(&role)
        }), &[])
    })
}
