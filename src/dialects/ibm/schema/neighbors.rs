//! The OpenAPI schemas of resource groups, service id groups, policy templates, API keys, invitations, accounts and
//! enterprises.

use serde_json::{Value, json};

use super::{closed_object, date_time, request_object};

pub(super) fn schemas() -> [Value; 6] {
    [resource_groups(), service_id_groups(), policy_templates(), users_and_keys(), accounts(), enterprises()]
}

fn string() -> Value {
    json!({"type": "string"})
}

fn list_of(item: &str) -> Value {
    json!({"type": "array", "items": {"$ref": item}})
}

fn non_empty() -> Value {
    json!({"type": "string", "minLength": 1})
}

fn nullable(json_type: &str) -> Value {
    json!({"type": [json_type, "null"]})
}

fn resource_groups() -> Value {
    let name = json!({"type": ["string", "null"], "minLength": 1});
    json!({
        "ResourceGroup": closed_object(&json!({
            "id": string(),
            "crn": string(),
            "account_id": string(),
            "state": string(),
            "default": {"type": "boolean"},
            "quota_id": string(),
            "quota_url": string(),
            "payment_methods_url": string(),
            "resource_linkages": {"type": "array", "items": {}},
            "teams_url": string(),
            "created_at": {"type": "string", "format": "date-time"},
            "updated_at": {"type": "string", "format": "date-time"},
            "name": string()
        }), &[]),
        "ResourceGroupList": closed_object(&json!({"resources": list_of("ResourceGroup")}), &[]),
        "ResourceGroupCreated": closed_object(&json!({"id": string(), "crn": string()}), &[]),
        "ResourceGroupRequest":
            request_object(&["account_id", "name"], &json!({"account_id": non_empty(), "name": non_empty()})),
        "ResourceGroupUpdateRequest": request_object(&[], &json!({"name": name, "state": name}))
    })
}

fn service_id_groups() -> Value {
    json!({
        "ServiceIdGroup": closed_object(&json!({
            "id": string(),
            "entity_tag": string(),
            "account_id": string(),
            "crn": string(),
            "created_at": date_time(),
            "created_by": string(),
            "modified_at": date_time(),
            "name": string(),
            "description": {"type": ["string", "null"], "description": "Only if it was sent."}
        }), &["description"]),
        "ServiceIdGroupList": closed_object(&json!({"serviceid_groups": list_of("ServiceIdGroup")}), &[]),
        "ServiceIdGroupRequest": request_object(&["account_id", "name"], &json!({
            "account_id": non_empty(), "name": non_empty(), "description": nullable("string")
        })),
        "ServiceIdGroupUpdateRequest": request_object(&[], &json!({
            "name": {"type": ["string", "null"], "minLength": 1}, "description": nullable("string")
        }))
    })
}

fn policy_templates() -> Value {
    let time = json!({"type": "string", "format": "date-time"});
    let policy = json!({
        "type": "object",
        "description": "As it was sent.",
        "required": ["type"],
        "properties": {"type": {"type": "string", "enum": ["access", "authorization"]}}
    });
    let page = |items: &str| {
        let link = json!({"$ref": "PolicyTemplateLink"});
        let properties = json!({
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "first": link,
            "next": link,
            "previous": link,
            items: list_of("PolicyTemplate")
        });
        closed_object(&properties, &["limit", "first", "next", "previous"])
    };
    let content = json!({
        "policy": policy, "description": nullable("string"), "committed": nullable("boolean"), "name": nullable("string")
    });
    let mut template = content.clone();
    template["name"] = non_empty();
    template["account_id"] = non_empty();
    json!({
        "PolicyTemplate": closed_object(&json!({
            "id": string(),
            "version": string(),
            "account_id": string(),
            "name": string(),
            "committed": {"type": "boolean"},
            "state": {"type": "string", "const": "active"},
            "created_at": time,
            "created_by_id": string(),
            "last_modified_at": time,
            "last_modified_by_id": string(),
            "policy": policy,
            "description": {"type": ["string", "null"], "description": "Only if it was sent."},
            "href": {"type": "string", "format": "uri"}
        }), &["description"]),
        "PolicyTemplateLink": closed_object(&json!({
            "href": {"type": "string", "format": "uri"}, "start": string()
        }), &["start"]),
        "PolicyTemplateCollection": page("policy_templates"),
        "PolicyTemplateVersionsCollection": page("versions"),
        "PolicyTemplateRequest": request_object(&["name", "account_id", "policy"], &template),
        "PolicyTemplateVersionRequest": request_object(&["policy"], &content)
    })
}

fn users_and_keys() -> Value {
    json!({
        "InvitationRequest": request_object(&["users"], &json!({
            "users": {
                "type": "array",
                "minItems": 1,
                "items": request_object(&["email"], &json!({"email": {"type": "string", "pattern": "@"}}))
            },
            "access_groups": {"type": ["array", "null"], "items": string()}
        })),
        "InvitedUserList": closed_object(&json!({"resources": {"type": "array", "items": closed_object(&json!({
            "email": string(),
            "id": {"type": "string", "description": "The IAM id."},
            "state": {"type": "string", "const": "PROCESSING"}
        }), &[])}}), &[]),
        "UserSettings": closed_object(&json!({
            "language": string(),
            "notification_language": string(),
            "allowed_ip_addresses": string(),
            "self_manage": {"type": "boolean"}
        }), &[]),
        "UserSettingsRequest": request_object(&[], &json!({
            "language": nullable("string"),
            "notification_language": nullable("string"),
            "allowed_ip_addresses": nullable("string"),
            "self_manage": nullable("boolean")
        })),
        "ApiKey": closed_object(&json!({
            "id": string(),
            "entity_tag": string(),
            "crn": string(),
            "locked": {"type": "boolean"},
            "disabled": {"type": "boolean"},
            "created_at": date_time(),
            "created_by": string(),
            "modified_at": date_time(),
            "name": string(),
            "iam_id": string(),
            "account_id": string(),
            "apikey": {"type": "string", "const": "", "description": "Never the key itself."}
        }), &[])
    })
}

fn accounts() -> Value {
    let strings = |names: &[&str]| -> Value {
        names.iter().map(|name| ((*name).to_owned(), string())).collect::<serde_json::Map<_, _>>().into()
    };
    let mut metadata = strings(&["guid", "url", "created_by", "updated_by", "update_comments"]);
    metadata["created_at"] = date_time();
    metadata["updated_at"] = date_time();
    let mut entity = strings(&[
        "name",
        "type",
        "state",
        "owner",
        "owner_userid",
        "owner_unique_id",
        "owner_iam_id",
        "customer_id",
        "country_code",
        "currency_code",
        "billing_country_code",
        "subscription_id",
        "current_billing_system",
        "origin",
    ]);
    for name in ["isIBMer", "team_directory_enabled"] {
        entity[name] = json!({"type": "boolean"});
    }
    for name in ["tags", "organizations_region", "linkages", "bluemix_subscriptions"] {
        entity[name] = json!({"type": "array", "items": {}});
    }
    entity["terms_and_conditions"] = json!({"type": "object"});
    entity["onboarded"] = json!({"type": "integer"});
    json!({
        "AccountResource": closed_object(&json!({
            "metadata": closed_object(&metadata, &[]), "entity": closed_object(&entity, &[])
        }), &[]),
        "AccountList": closed_object(&json!({
            "total_results": {"type": "integer", "minimum": 0},
            "next_url": {"type": "string", "description": "A path; absent on the last page."},
            "resources": list_of("AccountResource")
        }), &["next_url"])
    })
}

fn enterprises() -> Value {
    let common = json!({
        "url": string(),
        "id": string(),
        "crn": string(),
        "enterprise_account_id": string(),
        "name": string(),
        "state": string(),
        "created_at": date_time(),
        "created_by": string()
    });
    let with = |strings: &[&str]| {
        let mut properties = common.clone();
        for name in strings {
            properties[*name] = string();
        }
        properties
    };
    let mut account = with(&["parent", "enterprise_id", "enterprise_path", "owner_iam_id", "owner_email"]);
    account["paid"] = json!({"type": "boolean"});
    account["is_enterprise_account"] = json!({"type": "boolean"});
    let contact = ["primary_contact_iam_id", "primary_contact_email"];
    let group = with(&["parent", "enterprise_id", "enterprise_path", contact[0], contact[1]]);
    let enterprise = with(&["source_account_id", contact[0], contact[1]]);
    let page = |item: &str| {
        closed_object(
            &json!({
                "rows_count": {"type": "integer", "minimum": 0, "description": "The number of items on the page."},
                "next_url": {"type": "string", "description": "A path; absent on the last page."},
                "resources": list_of(item)
            }),
            &["next_url"],
        )
    };
    json!({
        "Enterprise": closed_object(&enterprise, &[]),
        "EnterpriseList": page("Enterprise"),
        "EnterpriseAccount": closed_object(&account, &[]),
        "EnterpriseAccountList": page("EnterpriseAccount"),
        "AccountGroup": closed_object(&group, &[]),
        "AccountGroupList": page("AccountGroup")
    })
}
