//! The OpenAPI schemas of user management, IAM identity and policy management.

use serde_json::{Value, json};

use super::{closed_object, date_time, request_object};

pub(super) fn schemas() -> [Value; 6] {
    [users(), principals(), principal_requests(), policies(), policy_requests(), roles()]
}

fn string() -> Value {
    json!({"type": "string"})
}

fn uri() -> Value {
    json!({"type": "string", "format": "uri"})
}

fn users() -> Value {
    json!({
        "UserList": closed_object(&json!({
            "total_results": {"type": "integer", "minimum": 0, "description": "The number of users on all pages."},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "first_url": string(),
            "next_url": {"type": "string", "description": "A path; only if there is another page."},
            "resources": {"type": "array", "maxItems": 100, "items": {"$ref": "UserProfile"}}
        }), &["next_url"]),
        "UserProfile": closed_object(&json!({
            "id": string(),
            "iam_id": string(),
            "realm": string(),
            "user_id": string(),
            "firstname": string(),
            "lastname": string(),
            "state": string(),
            "email": string(),
            "phonenumber": string(),
            "altphonenumber": string(),
            "photo": string(),
            "account_id": string(),
            "added_on": date_time()
        }), &[])
    })
}

fn principals() -> Value {
    let mut profile = json!({
        "id": {"type": "string", "description": "The IAM id without `iam-`."},
        "iam_id": string(),
        "entity_tag": string(),
        "crn": string(),
        "created_at": date_time(),
        "modified_at": date_time(),
        "account_id": string(),
        "name": string(),
        "description": {"type": "string", "description": "Only if there is one."}
    });
    let mut service_id = profile.clone();
    profile["email"] = json!({"type": "string", "description": "Only if there is one."});
    service_id["locked"] = json!({"type": "boolean", "description": "`false`."});
    service_id["unique_instance_crns"] = json!({"type": "array", "items": {"type": "string"}});
    json!({
        "ServiceId": closed_object(&service_id, &["description"]),
        "TrustedProfile": closed_object(&profile, &["description", "email"]),
        "ServiceIdList": page("serviceids", "ServiceId"),
        "TrustedProfilesList": page("profiles", "TrustedProfile")
    })
}

fn page(items: &str, item: &str) -> Value {
    let properties = json!({
        "offset": {"type": "integer", "minimum": 0},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100},
        "first": uri(),
        "previous": uri(),
        "next": uri(),
        items: {"type": "array", "maxItems": 100, "items": {"$ref": item}}
    });
    closed_object(&properties, &["previous", "next"])
}

fn principal_requests() -> Value {
    let nullable = json!({"type": ["string", "null"]});
    let name = json!({"type": ["string", "null"], "minLength": 1});
    let profile = json!({"name": name, "description": nullable, "email": nullable});
    let group = json!({"type": ["string", "null"], "maxLength": 0, "description": "Service ids cannot be in a group here."});
    let crns = json!({"type": ["array", "null"], "items": {"type": "string"}});
    let service_id =
        json!({"name": name, "description": nullable, "unique_instance_crns": crns, "group_id": group});
    let creation = |properties: &Value| {
        let mut properties = properties.clone();
        properties["account_id"] = json!({"type": "string", "minLength": 1});
        properties["name"] = json!({"type": "string", "minLength": 1});
        request_object(&["account_id", "name"], &properties)
    };
    json!({
        "ServiceIdRequest": creation(&service_id),
        "ServiceIdUpdateRequest": request_object(&[], &service_id),
        "TrustedProfileRequest": creation(&profile),
        "TrustedProfileUpdateRequest": request_object(&[], &profile)
    })
}

/// Returns the schema of an attribute value of version 2: a string, a boolean or a list of strings.
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

/// Returns the properties that the policies of both versions have.
fn common_properties() -> Value {
    json!({
        "id": {"type": "string", "format": "uuid"},
        "type": policy_type(),
        "description": {"type": "string", "description": "Only if there is one."},
        "href": {"type": "string", "format": "uri", "description": "A URL of the API version that created the policy."},
        "created_at": date_time_in_milliseconds(),
        "created_by_id": string(),
        "last_modified_at": date_time_in_milliseconds(),
        "last_modified_by_id": string(),
        "state": {"type": "string", "const": "active"}
    })
}

fn date_time_in_milliseconds() -> Value {
    json!({
        "type": "string", "format": "date-time", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"
    })
}

/// The fields that the placeholder of a policy does not have.
const NOT_IN_PLACEHOLDERS: [&str; 6] =
    ["description", "created_at", "created_by_id", "last_modified_at", "last_modified_by_id", "state"];

fn list_schema(item: &Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": item})
}

fn single_item_list(item: &Value) -> Value {
    json!({"type": "array", "minItems": 1, "maxItems": 1, "items": item})
}

fn policies() -> Value {
    let attribute =
        closed_object(&json!({"name": string(), "value": string(), "operator": string()}), &["operator"]);
    let attributes = list_schema(&attribute);
    let mut v1 = common_properties();
    let plain = list_schema(&closed_object(&json!({"name": string(), "value": string()}), &[]));
    v1["subjects"] = single_item_list(&closed_object(&json!({"attributes": plain}), &[]));
    v1["resources"] =
        single_item_list(&closed_object(&json!({"attributes": attributes, "tags": attributes}), &["tags"]));
    let role = json!({"role_id": string(), "display_name": string(), "description": string()});
    v1["roles"] = list_schema(&closed_object(&role, &["display_name", "description"]));

    let attribute = closed_object(&json!({"key": string(), "operator": string(), "value": value()}), &[]);
    let attributes = list_schema(&attribute);
    let mut v2 = common_properties();
    v2["subject"] = closed_object(&json!({"attributes": attributes}), &[]);
    v2["resource"] = closed_object(&json!({"attributes": attributes, "tags": attributes}), &["tags"]);
    v2["pattern"] = string();
    v2["rule"] = json!({"description": "Returned as sent."});
    let roles = list_schema(&closed_object(&json!({"role_id": string()}), &[]));
    v2["control"] = closed_object(&json!({"grant": closed_object(&json!({"roles": roles}), &[])}), &[]);
    json!({
        "Policy": closed_object(&v1, &NOT_IN_PLACEHOLDERS),
        "V2Policy": closed_object(&v2, &["description", "pattern", "rule"]),
        "PolicyCollection": collection("Policy"),
        "V2PolicyCollection": collection("V2Policy")
    })
}

fn collection(item: &str) -> Value {
    let link = closed_object(&json!({"href": uri(), "start": string()}), &["start"]);
    let properties = json!({
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "description": "Only if the request has `limit`."},
        "first": link,
        "next": link,
        "previous": link,
        "policies": {"type": "array", "items": {"$ref": item}}
    });
    closed_object(&properties, &["limit", "first", "next", "previous"])
}

fn policy_requests() -> Value {
    let role = request_object(&["role_id"], &json!({"role_id": string()}));
    let attribute = request_object(
        &["name", "value"],
        &json!({"name": string(), "value": value(), "operator": {"type": ["string", "null"]}}),
    );
    let attributes = list_schema(&attribute);
    let subject = request_object(&["attributes"], &json!({"attributes": attributes}));
    let resource = request_object(
        &["attributes"],
        &json!({"attributes": attributes, "tags": {"type": "array", "items": attribute}}),
    );
    let v1 = json!({
        "type": policy_type(),
        "description": {"type": ["string", "null"]},
        "subjects": list_schema(&subject),
        "roles": list_schema(&role),
        "resources": list_schema(&resource)
    });
    let attribute = request_object(
        &["key", "value"],
        &json!({"key": string(), "value": value(), "operator": {"type": ["string", "null"]}}),
    );
    let attributes = list_schema(&attribute);
    let grant = request_object(&["roles"], &json!({"roles": list_schema(&role)}));
    let v2 = json!({
        "type": policy_type(),
        "description": {"type": ["string", "null"]},
        "subject": request_object(&["attributes"], &json!({"attributes": attributes})),
        "resource": request_object(
            &["attributes"],
            &json!({"attributes": attributes, "tags": {"type": "array", "items": attribute}})
        ),
        "pattern": {"type": ["string", "null"], "description": "Required with `rule`."},
        "rule": {"description": "Additional conditions, stored and returned as sent."},
        "control": request_object(&["grant"], &json!({"grant": grant}))
    });
    json!({
        "PolicyRequest": request_object(&["type", "subjects", "roles", "resources"], &v1),
        "V2PolicyRequest": request_object(&["type", "subject", "resource", "control"], &v2)
    })
}

fn roles() -> Value {
    let empty_list = json!({"type": "array", "maxItems": 0, "items": {}});
    let role = closed_object(
        &json!({"display_name": string(), "description": string(), "actions": empty_list, "crn": string()}),
        &[],
    );
    json!({
        "RoleCollection": closed_object(&json!({
            "custom_roles": empty_list,
            "service_roles": list_schema(&role),
            "system_roles": list_schema(&role)
        }), &[])
    })
}
