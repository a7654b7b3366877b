//! The objects in the responses of IBM Cloud.
//!
//! The objects of all accounts are collected in the same lists, because many responses do not name the account.

mod assignments;
mod kinds;
mod members;
mod section;

use serde_json::{Value, json};

use super::super::json_text::JsonText;
use super::super::operations::RecordedOperation;
use super::kind::Kind;
use super::records::{Change, ListKey, key};
use super::{Import, text};
use kinds::{ACCOUNT, ASSIGNMENT, GROUP, POLICY, POLICY_TEMPLATE_VERSION, PRINCIPAL, RESOURCE_GROUP, RULE};
use kinds::{SERVICE_ID_GROUP, SETTINGS, TEMPLATE_VERSION, USER, USER_SETTINGS};

pub(super) use section::section;

/// The id of the group that every account has.
const PUBLIC_ACCESS: &str = "AccessGroupId-PublicAccess";

/// The lists whose objects have an operation each for a list, an object, a creation, an update and a deletion.
struct Resource {
    /// The path of the list, without a slash at its end.
    path: &'static str,
    /// The name of the list in the responses.
    items: &'static str,
    list: &'static str,
    kind: &'static Kind,
    /// Whether lists are in the order of creation.
    is_ordered: bool,
}

const RESOURCES: [Resource; 11] = [
    resource("/v2/groups", "groups", "groups", &GROUP, false),
    resource("/v2/groups/{access_group_id}/rules", "rules", "rules", &RULE, true),
    resource("/v1/group_assignments", "assignments", "assignments", &ASSIGNMENT, true),
    resource("/v1/serviceids", "serviceids", "service_ids", &PRINCIPAL, true),
    resource("/v1/profiles", "profiles", "profiles", &PRINCIPAL, true),
    resource("/v1/policies", "policies", "policies", &POLICY, true),
    resource("/v2/policies", "policies", "policies", &POLICY, true),
    resource("/v2/accounts/{account_id}/users", "resources", "users", &USER, true),
    resource("/v2/resource_groups", "resources", "resource_groups", &RESOURCE_GROUP, true),
    resource("/v1/serviceid_groups", "serviceid_groups", "serviceid_groups", &SERVICE_ID_GROUP, true),
    resource(
        "/v1/policy_templates/{policy_template_id}/versions",
        "versions",
        "policy_template_versions",
        &POLICY_TEMPLATE_VERSION,
        true,
    ),
];

const fn resource(
    path: &'static str,
    items: &'static str,
    list: &'static str,
    kind: &'static Kind,
    is_ordered: bool,
) -> Resource {
    Resource { path, items, list, kind, is_ordered }
}

/// Returns the resource of an operation, its list, and the identifier in the path if it names an object.
fn find(operation: &RecordedOperation) -> Option<(&'static Resource, ListKey, Option<String>)> {
    let path = operation.operation.path.trim_end_matches('/');
    RESOURCES.iter().find_map(|resource| {
        let rest = path.strip_prefix(resource.path)?;
        let id = rest.strip_prefix("/{").and_then(|rest| rest.strip_suffix('}'));
        let id = id.filter(|name| !name.contains('/'));
        if !rest.is_empty() && id.is_none() {
            return None;
        }
        let mut list = key(["ibm", resource.list]);
        if resource.path.contains('{') {
            list.extend(operation.params.first().map(|(_, owner)| owner.clone()));
        }
        Some((resource, list, id.map(|name| operation.param(name).to_owned())))
    })
}

fn members(group: &str) -> ListKey {
    key(["ibm", "members", group])
}

fn rules(group: &str) -> ListKey {
    key(["ibm", "rules", group])
}

fn template_versions(template: &str) -> ListKey {
    key(["ibm", "template_versions", template])
}

fn policy_template_versions(template: &str) -> ListKey {
    key(["ibm", "policy_template_versions", template])
}

/// Returns the list and the identifier of the object that the path names.
pub(super) fn object(operation: &RecordedOperation) -> Option<(ListKey, String)> {
    if operation.operation.path == "/v1/group_templates/{template_id}/versions/{version_num}" {
        let (template, version) = (operation.param("template_id"), operation.param("version_num"));
        return Some((template_versions(template), version.to_owned()));
    }
    if operation.operation.id == "is_member_of_access_group" {
        let (group, id) = (operation.param("access_group_id"), operation.param("iam_id"));
        return Some((members(group), id.to_owned()));
    }
    let (_, list, id) = find(operation)?;
    id.map(|id| (list, id))
}

/// Imports a successful response.
pub(super) fn import(import: &mut Import<'_>, json: JsonText<'_>) -> Result<(), String> {
    let operation = import.operation;
    if let Some((resource, list, id)) = find(operation) {
        return match (import.exchange.method.as_str(), id) {
            ("HEAD", _) => Ok(()),
            ("GET", None) => import_list(import, resource, &list, json),
            ("GET", Some(id)) => {
                import_object(import, resource, (&list, Some(id), Change::Read), json.value())
            }
            ("POST", None) if operation.operation.id == "invite_users" => {
                Err("an invitation does not show the IAM id of the user".to_owned())
            }
            ("POST", None) => import_object(import, resource, (&list, None, Change::Created), json.value()),
            ("DELETE", Some(id)) => {
                delete(import, resource, &list, &id);
                Ok(())
            }
            (_, Some(id)) => {
                import_object(import, resource, (&list, Some(id), Change::Updated), json.value())
            }
            (_, None) => Ok(()),
        };
    }
    match operation.operation.path {
        path if path.contains("/members") => members::import(import, json),
        path if path.starts_with("/v1/group_templates") => import_template(import, json),
        path if path.starts_with("/v1/policy_templates") => import_policy_template(import, json),
        "/v2/groups/settings" => {
            import.show(&key(["ibm", "settings"]), &SETTINGS, change(import), json.value()).map(drop)
        }
        "/v2/accounts/{account_id}/users/{iam_id}/settings" => {
            let list = key(["ibm", "user_settings", operation.param("account_id")]);
            let settings = Some(json.value()).filter(Value::is_object);
            let settings = settings.unwrap_or_else(|| import.request_json());
            let change = change(import);
            import.show_as(&list, &USER_SETTINGS, (operation.param("iam_id"), change), settings)
        }
        "/coe/v2/accounts" => import_names(import, "account_names", json, ("/metadata/guid", "/entity/name")),
        "/coe/v2/accounts/{account_id}" => {
            import_name(import, "account_names", &json.value(), ("/metadata/guid", "/entity/name"))
        }
        "/v1/accounts" => import_names(import, "account_names", json, ("/id", "/name")),
        "/v1/accounts/{account_id}" => import_name(import, "account_names", &json.value(), ("/id", "/name")),
        "/v1/account-groups" => import_names(import, "account_group_names", json, ("/id", "/name")),
        "/v1/account-groups/{account_group_id}" => {
            import_name(import, "account_group_names", &json.value(), ("/id", "/name"))
        }
        // Tokens, API keys, roles and enterprises are no objects of a seed.
        _ => Ok(()),
    }
}

/// Returns the change that the method of the exchange makes to an object.
fn change(import: &Import<'_>) -> Change {
    if import.exchange.method == "GET" { Change::Read } else { Change::Updated }
}

fn import_list(
    import: &mut Import<'_>,
    resource: &Resource,
    list: &ListKey,
    json: JsonText<'_>,
) -> Result<(), String> {
    let items = array(json, resource.items)?;
    let operation = import.operation;
    let account = operation.query("account_id");
    let is_policy = std::ptr::eq(resource.kind, &raw const POLICY);
    let is_ordered = resource.is_ordered && operation.query("sort").is_none();
    import.show_all((list, is_ordered), resource.kind, items, &mut |mut item| {
        if item["id"] == PUBLIC_ACCESS {
            return None;
        }
        if let (Some(account), Some(fields)) = (account, item.as_object_mut()) {
            fields.entry("account_id").or_insert_with(|| account.into());
        }
        if is_policy { with_account(item, operation) } else { Some(item) }
    })
}

fn import_object(
    import: &mut Import<'_>,
    resource: &Resource,
    (list, id, change): (&ListKey, Option<String>, Change),
    mut json: Value,
) -> Result<(), String> {
    if id.as_deref() == Some(PUBLIC_ACCESS) {
        return Ok(());
    }
    if std::ptr::eq(resource.kind, &raw const POLICY) {
        let Some(policy) = with_account(json, import.operation) else {
            if let Some(id) = &id {
                import.records.delete(list, id);
            }
            return Ok(());
        };
        json = policy;
    }
    if resource.list == "assignments" && json["operation"] == "remove" {
        assignments::delete(import, list, &id.unwrap_or_default());
        return Ok(());
    }
    if resource.list == "resource_groups" && json.get("name").is_none() {
        // The response to a creation has only the id.
        if let (Value::Object(fields), Value::Object(request)) = (&mut json, import.request_json()) {
            for (name, value) in request {
                fields.entry(name).or_insert(value);
            }
        }
    }
    let groups = if resource.list == "assignments" { assignments::created_groups(&json) } else { Vec::new() };
    let id = match id {
        Some(id) => import.show_as(list, resource.kind, (&id, change), json).map(|()| id)?,
        None => import.show(list, resource.kind, change, json)?,
    };
    assignments::note_created(import, list, &id, &groups);
    Ok(())
}

/// Adds the account, which only the resource of a policy names; returns `None` for a policy that is deleted.
fn with_account(mut policy: Value, operation: &RecordedOperation) -> Option<Value> {
    if policy["state"] == "deleted" {
        return None;
    }
    let account = account_of_resource(&policy).or_else(|| operation.query("account_id"));
    let account = account.map(str::to_owned);
    if let (Some(fields), Some(account)) = (policy.as_object_mut(), account) {
        fields.insert("account_id".to_owned(), account.into());
    }
    Some(policy)
}

/// Returns the account in the resource of a policy.
fn account_of_resource(policy: &Value) -> Option<&str> {
    let attributes = [&policy["resources"][0]["attributes"], &policy["resource"]["attributes"]];
    let mut attributes = attributes.into_iter().filter_map(Value::as_array).flatten();
    let is_account = |attribute: &&Value| attribute["name"] == "accountId" || attribute["key"] == "accountId";
    attributes.find(is_account)?["value"].as_str()
}

fn delete(import: &mut Import<'_>, resource: &Resource, list: &ListKey, id: &str) {
    match resource.list {
        "assignments" => assignments::delete(import, list, id),
        "groups" => {
            import.records.delete(list, id);
            import.records.delete_others(&members(id), &[]);
            import.records.delete_others(&rules(id), &[]);
        }
        _ => import.records.delete(list, id),
    }
}

/// Imports the response of an operation on access group templates.
fn import_template(import: &mut Import<'_>, json: JsonText<'_>) -> Result<(), String> {
    let (id, version) = (import.param("template_id"), import.param("version_num"));
    match import.operation.operation.id {
        "list_templates" => {
            let account = import.operation.query("account_id").map(str::to_owned);
            array(json, "group_templates")?.for_each(&mut |item| {
                import_template_version(import, "", Change::Read, item, account.as_deref())
            })
        }
        "list_template_versions" => array(json, "group_template_versions")?
            .for_each(&mut |item| import_template_version(import, &id, Change::Read, item, None)),
        "delete_template" => {
            import.records.delete_others(&template_versions(&id), &[]);
            Ok(())
        }
        "delete_template_version" => {
            import.records.delete(&template_versions(&id), &version);
            Ok(())
        }
        "commit_template" => commit(import, &template_versions(&id), &TEMPLATE_VERSION, &version),
        "create_template" | "create_template_version" => {
            import_template_version(import, &id, Change::Created, json.value(), None)
        }
        "update_template_version" => {
            import_template_version(import, &id, Change::Updated, json.value(), None)
        }
        _ => import_template_version(import, &id, Change::Read, json.value(), None),
    }
}

/// Imports a version of a template, whose id may be only in the path.
fn import_template_version(
    import: &mut Import<'_>,
    path_id: &str,
    change: Change,
    mut version: Value,
    account: Option<&str>,
) -> Result<(), String> {
    let Some(fields) = version.as_object_mut() else { return Err("a template that is not an object".into()) };
    fields.entry("id").or_insert_with(|| path_id.into());
    if let Some(account) = account {
        fields.entry("account_id").or_insert_with(|| account.into());
    }
    let id = text(fields, "id").unwrap_or_default().to_owned();
    import.show(&template_versions(&id), &TEMPLATE_VERSION, change, version).map(drop)
}

/// Imports the response of an operation on policy templates that [`RESOURCES`] does not contain.
fn import_policy_template(import: &mut Import<'_>, json: JsonText<'_>) -> Result<(), String> {
    let (id, version) = (import.param("policy_template_id"), import.param("version"));
    let operation = import.operation.operation.id;
    let change = if operation == "create_policy_template" { Change::Created } else { Change::Read };
    let mut import_version = |item: Value| {
        let id = item["id"].as_str().ok_or("a policy template without `id`")?.to_owned();
        import.show(&policy_template_versions(&id), &POLICY_TEMPLATE_VERSION, change, item).map(drop)
    };
    match operation {
        "list_policy_templates" => array(json, "policy_templates")?.for_each(&mut import_version),
        "create_policy_template" | "get_policy_template" => import_version(json.value()),
        "delete_policy_template" => {
            import.records.delete_others(&policy_template_versions(&id), &[]);
            Ok(())
        }
        "commit_policy_template" => {
            commit(import, &policy_template_versions(&id), &POLICY_TEMPLATE_VERSION, &version)
        }
        _ => Ok(()),
    }
}

/// Notes that a version was committed.
fn commit(import: &mut Import<'_>, list: &ListKey, kind: &'static Kind, version: &str) -> Result<(), String> {
    if !import.records.contains(list, version) {
        return Ok(());
    }
    import.show_as(list, kind, (version, Change::Updated), json!({"committed": true}))
}

fn import_names(
    import: &mut Import<'_>,
    list: &str,
    json: JsonText<'_>,
    pointers: (&str, &str),
) -> Result<(), String> {
    array(json, "resources")?.for_each(&mut |item| import_name(import, list, &item, pointers))
}

/// Imports the name of an account or account group; all other fields are made up.
fn import_name(
    import: &mut Import<'_>,
    list: &str,
    json: &Value,
    (id, name): (&str, &str),
) -> Result<(), String> {
    let [id, name] = [id, name].map(|pointer| json.pointer(pointer).and_then(Value::as_str));
    let id = id.ok_or("an account without id")?;
    import.show_as(&key(["ibm", list]), &ACCOUNT, (id, Change::Read), json!({"name": name}))
}

/// Returns the array `name` of a response.
fn array<'a>(json: JsonText<'a>, name: &str) -> Result<JsonText<'a>, String> {
    Some(json.field(name))
        .filter(|items| items.is_array())
        .ok_or_else(|| format!("the response has no array `{name}`"))
}
