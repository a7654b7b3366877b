//! The OpenAPI schemas of the ibm dialect.

mod fields;
mod neighbors;
mod related_services;
mod templates;

use serde_json::{Map, Value, json};

pub(super) use fields::FIELDS;

/// Returns all schemas by name.
pub(super) fn schemas() -> Value {
    let access_groups =
        [errors(), groups(), members(), bulk_responses(), requests(), rules(), settings_and_token()];
    let templates = [
        templates::templates(),
        templates::template_group(),
        templates::assignments(),
        templates::requests(),
    ];
    let sections = access_groups
        .into_iter()
        .chain(templates)
        .chain(related_services::schemas())
        .chain(neighbors::schemas());
    let sections = sections.filter_map(|section| match section {
        Value::Object(schemas) => Some(schemas),
        _ => None,
    });
    Value::Object(sections.flatten().collect::<Map<String, Value>>())
}

/// Returns the security schemes.
pub(super) fn security() -> Value {
    json!({
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "basic": {"type": "http", "scheme": "basic"}
    })
}

/// Returns the schema of an object without additional properties, where all `properties` except `optional` are
/// required.
fn closed_object(properties: &Value, optional: &[&str]) -> Value {
    let names = properties.as_object().into_iter().flat_map(Map::keys);
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

/// Returns the schema of a request object, which may have additional properties because unknown fields are ignored.
fn request_object(required: &[&str], properties: &Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn date_time() -> Value {
    json!({"type": "string", "format": "date-time", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"})
}

fn errors() -> Value {
    json!({
        "GroupsError": closed_object(&json!({
            "trace": {"type": "string", "description": "The `Transaction-Id` of the response."},
            "errors": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "ErrorItem"}},
            "status_code": {"type": "integer"}
        }), &[]),
        "ErrorItem": closed_object(&json!({
            "code": {"type": "string"},
            "message": {"type": "string"},
            "more_info": {
                "type": "string",
                "description": "The exact cause of the error and its location. No known response of IBM has this \
                    field here; this server adds it, because `message` is the same for every invalid payload.",
                "x-evidence": "assumed"
            },
            "details": {
                "type": "object",
                "description": "Of the conflict of a policy: `conflicts_with` contains the `etag` and the existing `policy`."
            }
        }), &["more_info", "details"]),
        "IdentityError": closed_object(&json!({
            "errors": {"type": "array", "minItems": 1, "maxItems": 1, "items": closed_object(&json!({
                "code": {"type": "string"},
                "message_code": {"type": "string", "pattern": "^BXNIM[0-9]{4}E$"},
                "message": {"type": "string"},
                "details": {"type": "string", "description": "The exact cause of the error, or the message again."}
            }), &[])},
            "trace": {"type": "string", "description": "The `Transaction-Id` of the response."},
            "status_code": {"type": "integer"}
        }), &[]),
        "TokenError": closed_object(&json!({
            "errorCode": {"type": "string"},
            "errorMessage": {"type": "string"},
            "errorDetails": {"type": "string"},
            "context": {"$ref": "TokenErrorContext"}
        }), &["errorDetails"]),
        "TokenErrorContext": closed_object(&json!({
            "requestId": {"type": "string"},
            "requestType": {"type": "string"},
            "url": {"type": "string"}
        }), &[]),
        "PartErrors": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": closed_object(&json!({
                "code": {"type": "string", "const": "error_occurred"},
                "message": {"type": "string"}
            }), &[])
        }
    })
}

fn groups() -> Value {
    let mut properties = json!({
        "id": {"type": "string"},
        "name": {"type": "string"},
        "description": {"type": "string", "description": "Empty if none was given."},
        "account_id": {"type": "string"},
        "created_at": date_time(),
        "created_by_id": {"type": "string"},
        "last_modified_at": date_time(),
        "last_modified_by_id": {"type": "string"},
        "is_federated": {"type": "boolean", "description": "With `show_federated`: whether the group has a rule."},
        "crn": {"type": "string", "description": "With `show_crn`."}
    });
    let group = closed_object(&properties, &["is_federated", "crn"]);
    if let Some(properties) = properties.as_object_mut() {
        properties.remove("account_id");
        properties.insert("href".to_owned(), json!({"type": "string", "format": "uri"}));
    }
    json!({
        "Group": group,
        "GroupItem": closed_object(&properties, &["is_federated", "crn"]),
        "GroupsList": page("groups", "GroupItem"),
        "Href": closed_object(&json!({"href": {"type": "string", "format": "uri"}}), &[])
    })
}

fn page(items: &str, item: &str) -> Value {
    closed_object(
        &json!({
            "limit": {"type": "integer", "minimum": 0, "maximum": 100},
            "offset": {"type": "integer", "minimum": 0},
            "total_count": {"type": "integer", "minimum": 0},
            "first": {"$ref": "Href"},
            "previous": {"$ref": "Href"},
            "next": {"$ref": "Href"},
            "last": {"$ref": "Href"},
            items: {"type": "array", "maxItems": 100, "items": {"$ref": item}}
        }),
        &["previous", "next"],
    )
}

fn member_type() -> Value {
    json!({"type": "string", "enum": ["user", "service", "profile"]})
}

fn members() -> Value {
    json!({
        "GroupMembersList": page("members", "ListGroupMembersResponseMember"),
        "ListGroupMembersResponseMember": closed_object(&json!({
            "iam_id": {"type": "string"},
            "type": member_type(),
            "membership_type": {"type": "string", "const": "static"},
            "name": {"type": "string", "description": "With `verbose`."},
            "email": {"type": "string", "description": "With `verbose`, of users."},
            "description": {"type": "string", "description": "With `verbose`, of service ids."},
            "href": {"type": "string", "format": "uri"},
            "created_at": date_time(),
            "created_by_id": {"type": "string"}
        }), &["name", "email", "description"])
    })
}

/// Returns the schema of a part of a 207 response: succeeded with the status `success`, or failed. The field `name`
/// holds the id of the part.
fn part(name: &str, success: u16, failures: &[u16], mut succeeded: Value) -> Value {
    let failures: Vec<String> = failures.iter().map(ToString::to_string).collect();
    succeeded[name] = json!({"type": "string"});
    succeeded["status_code"] = json!({"type": "integer", "const": success});
    let failed = json!({
        name: {"type": "string"},
        "trace": {"type": "string"},
        "errors": {"$ref": "PartErrors"},
        "status_code": {
            "type": "integer", "minimum": 400, "maximum": 599,
            "description": format!("{}; other values only if injected by a fault.", failures.join(", "))
        }
    });
    json!({"oneOf": [closed_object(&succeeded, &[]), closed_object(&failed, &[])]})
}

fn part_list(item: &str) -> Value {
    json!({"type": "array", "minItems": 1, "items": {"$ref": item}})
}

/// Returns the schema of the part of one added member; with `--fidelity live`, a failed one has more fields.
fn added_member() -> Value {
    let added =
        json!({"type": member_type(), "created_at": date_time(), "created_by_id": {"type": "string"}});
    let mut schema = part("iam_id", 200, &[400, 403, 409], added);
    let mut failed = schema["oneOf"][1]["properties"].clone();
    failed["type"] = member_type();
    failed["created_at"] = json!({"type": "string", "const": ""});
    failed["created_by_id"] = json!({"type": "string", "const": ""});
    if let Some(alternatives) = schema["oneOf"].as_array_mut() {
        alternatives.push(closed_object(&failed, &[]));
    }
    schema
}

fn bulk_responses() -> Value {
    json!({
        "AddGroupMembersResponse": closed_object(&json!({"members": part_list("AddedMember")}), &[]),
        "AddedMember": added_member(),
        "DeleteGroupBulkMembersResponse": closed_object(&json!({
            "access_group_id": {"type": "string"},
            "members": part_list("RemovedMember")
        }), &[]),
        "RemovedMember": part("iam_id", 204, &[404, 409], json!({})),
        "DeleteFromAllGroupsResponse": closed_object(&json!({
            "iam_id": {"type": "string"},
            "groups": part_list("LeftGroup")
        }), &[]),
        "LeftGroup": part("access_group_id", 204, &[409], json!({})),
        "AddMembershipMultipleGroupsResponse": closed_object(&json!({
            "iam_id": {"type": "string"},
            "groups": part_list("JoinedGroup")
        }), &[]),
        "JoinedGroup": part("access_group_id", 200, &[400, 403, 404, 405, 409], json!({}))
    })
}

fn requests() -> Value {
    let group = json!({
        "name": {"type": ["string", "null"], "minLength": 1, "maxLength": 100},
        "description": {"type": ["string", "null"], "maxLength": 250}
    });
    let mut new_group = group.clone();
    new_group["name"]["type"] = json!("string");
    let new_member = request_object(
        &["iam_id", "type"],
        &json!({
            "iam_id": {"type": "string", "minLength": 1},
            "type": member_type()
        }),
    );
    let strings = json!({
        "type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": true,
        "items": {"type": "string", "minLength": 1}
    });
    json!({
        "GroupCreateRequest": request_object(&["name"], &new_group),
        "GroupUpdateRequest": request_object(&[], &group),
        "AddGroupMembersRequest": request_object(&["members"], &json!({
            "members": {"type": "array", "minItems": 1, "maxItems": 50, "items": new_member}
        })),
        "DeleteGroupBulkMembersRequest": request_object(&["members"], &json!({"members": strings})),
        "AddMembershipMultipleGroupsRequest": request_object(&["type", "groups"], &json!({
            "type": member_type(),
            "groups": strings
        })),
        "AccountSettingsRequest": request_object(&[], &json!({"public_access_enabled": {"type": ["boolean", "null"]}})),
        "TokenRequest": request_object(&["grant_type"], &json!({
            "grant_type": {"type": "string", "minLength": 1},
            "apikey": {"type": "string"},
            "cr_token": {"type": "string"},
            "access_token": {"type": "string"},
            "refresh_token": {"type": "string"},
            "profile_id": {"type": "string"},
            "profile_crn": {"type": "string"},
            "profile_name": {"type": "string"},
            "account": {"type": "string"},
            "desired_iam_id": {"type": "string"},
            "scope": {"type": "string"}
        }))
    })
}

fn operator() -> Value {
    json!({
        "type": "string",
        "enum": ["EQUALS", "EQUALS_IGNORE_CASE", "IN", "NOT_EQUALS_IGNORE_CASE", "NOT_EQUALS", "CONTAINS"]
    })
}

fn rules() -> Value {
    let content = json!({
        "name": {"type": "string", "description": "Empty if none was given."},
        "expiration": {"type": "integer", "minimum": 1, "maximum": 24, "description": "In hours."},
        "realm_name": {"type": "string", "minLength": 1},
        "conditions": {"type": "array", "minItems": 1, "items": {"$ref": "RuleConditions"}}
    });
    let mut rule = content.clone();
    for name in ["id", "access_group_id", "account_id", "created_by_id", "last_modified_by_id"] {
        rule[name] = json!({"type": "string"});
    }
    rule["created_at"] = date_time();
    rule["last_modified_at"] = date_time();
    json!({
        "Rule": closed_object(&rule, &[]),
        "RuleConditions": closed_object(&json!({
            "claim": {"type": "string", "minLength": 1},
            "operator": operator(),
            "value": {"type": "string", "description": "A JSON value as a string."}
        }), &[]),
        "RulesList": closed_object(&json!({"rules": {"type": "array", "items": {"$ref": "Rule"}}}), &[]),
        "RuleRequest": request_object(&["expiration", "realm_name", "conditions"], &content)
    })
}

fn settings_and_token() -> Value {
    json!({
        "AccountSettings": closed_object(&json!({
            "account_id": {"type": "string"},
            "last_modified_at": date_time(),
            "last_modified_by_id": {"type": "string"},
            "public_access_enabled": {"type": "boolean"}
        }), &[]),
        "Token": closed_object(&json!({
            "access_token": {"type": "string"},
            "refresh_token": {"type": "string", "description": "`not_supported` without client credentials."},
            "ims_user_id": {"type": "integer"},
            "token_type": {"type": "string", "const": "Bearer"},
            "expires_in": {"type": "integer", "description": "In seconds."},
            "expiration": {"type": "integer", "description": "In seconds since the Unix epoch."},
            "scope": {"type": "string"}
        }), &[])
    })
}
