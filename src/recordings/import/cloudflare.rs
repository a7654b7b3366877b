//! The objects in the responses of Cloudflare.
//!
//! The list of an object is the path of its operation below the account or zone, as in the seed.

use serde_json::{Map, Value, json};

use super::super::json_text::JsonText;
use super::super::operations::RecordedOperation;
use super::kind::Kind;
use super::records::{Change, ListKey, Object, Records, key};
use super::{Import, UnusedList, text};

static ACCESS_GROUP: Kind = Kind {
    name: "an Access group",
    id_field: "id",
    fields: &["id", "name", "include", "exclude", "require", "is_default", "created_at", "updated_at"],
    derived: &["uid"],
    only_in_full: &[],
};

static RESOURCE_GROUP: Kind = Kind {
    name: "a resource group",
    id_field: "id",
    fields: &["id", "name", "scope", "meta"],
    derived: &[],
    only_in_full: &[],
};

static PERMISSION_GROUP: Kind = Kind {
    name: "a permission group",
    id_field: "id",
    fields: &["id", "name", "meta"],
    derived: &["status", "created_on", "modified_on"],
    only_in_full: &[],
};

static NEIGHBOR: Kind = Kind::any("an object", "id");

/// An account or a zone.
static OWNER: Kind = Kind {
    name: "an account",
    id_field: "id",
    fields: &["name", "account"],
    derived: &[],
    only_in_full: &[],
};

/// The lists of the groups themselves; all others are neighbors.
const OWN_LISTS: [(&str, &str, &Kind); 3] = [
    ("access/groups", "access_groups", &ACCESS_GROUP),
    ("iam/resource_groups", "resource_groups", &RESOURCE_GROUP),
    ("iam/permission_groups", "permission_groups", &PERMISSION_GROUP),
];

/// The paths below an account whose responses show no object of the seed.
const WITHOUT_STATE: [&str; 2] = ["roles", "tokens"];

/// The subject of an operation.
struct Subject {
    list: ListKey,
    kind: &'static Kind,
    /// The identifier in the path; absent if it is that of a list.
    id: Option<String>,
}

/// Returns the subject of an operation below an account or zone.
fn subject(operation: &RecordedOperation) -> Option<Subject> {
    let path = operation.operation.path.strip_prefix('/')?;
    let (collection, rest) = path.split_once('/')?;
    let (owner, template) = rest.split_once('/')?;
    let owner = operation.param(owner.trim_start_matches('{').trim_end_matches('}'));
    if !["accounts", "zones"].contains(&collection) {
        return None;
    }
    if WITHOUT_STATE.contains(&template.split('/').next()?) {
        return None;
    }
    let is_item = template.ends_with('}');
    let (template, last) = if is_item { template.rsplit_once('/')? } else { (template, "") };
    let own = OWN_LISTS.iter().find(|(path, _, _)| *path == template);
    let id = is_item.then(|| operation.param(last.trim_start_matches('{').trim_end_matches('}')).to_owned());
    let list = match own {
        Some((_, name, _)) => key(["cloudflare", collection, owner, name]),
        None => {
            let segments = template.split('/').map(|segment| {
                let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                name.map_or(segment, |name| operation.param(name))
            });
            let path = segments.collect::<Vec<_>>().join("/");
            key(["cloudflare", collection, owner, "neighbors", &path])
        }
    };
    Some(Subject { list, kind: own.map_or(&NEIGHBOR, |(_, _, kind)| *kind), id })
}

/// Returns the list and the identifier of the object that the path names.
pub(super) fn object(operation: &RecordedOperation) -> Option<(ListKey, String)> {
    let subject = subject(operation)?;
    subject.id.map(|id| (subject.list, id))
}

/// Imports a successful response.
pub(super) fn import(import: &mut Import<'_>, json: JsonText<'_>) -> Result<(), String> {
    let result = json.field("result");
    let Some(Subject { list, kind, id }) = subject(import.operation) else {
        return import_owners(import, result);
    };
    match (import.exchange.method.as_str(), id) {
        ("GET", None) => import.show_all((&list, true), kind, result, &mut |item| Some(with_seed_meta(item))),
        ("GET", Some(_)) => import.show(&list, kind, Change::Read, with_seed_meta(result.value())).map(drop),
        ("DELETE", Some(id)) => {
            import.records.delete(&list, &id);
            import.records.delete_children(|child| is_below(child, &list, &id));
            Ok(())
        }
        // The members of a user group are added and replaced as a list.
        ("POST" | "PUT", None) if result.is_array() => import_members(import, &list, result),
        ("POST", None) => import.show(&list, kind, Change::Created, with_seed_meta(result.value())).map(drop),
        (_, Some(_)) => import.show(&list, kind, Change::Updated, with_seed_meta(result.value())).map(drop),
        (_, None) => Ok(()),
    }
}

/// Returns whether `child` is a list below the object `id` of a list of neighbors.
fn is_below(child: &[String], list: &[String], id: &str) -> bool {
    let (Some((path, owner)), Some((own_path, own_owner))) = (child.split_last(), list.split_last()) else {
        return false;
    };
    let rest = path.strip_prefix(own_path.as_str()).and_then(|rest| rest.strip_prefix('/'));
    owner == own_owner
        && rest.and_then(|rest| rest.strip_prefix(id)).is_some_and(|rest| rest.starts_with('/'))
}

fn import_members(import: &mut Import<'_>, list: &ListKey, result: JsonText<'_>) -> Result<(), String> {
    if import.exchange.method == "PUT" {
        let mut ids = Vec::new();
        result.for_each(&mut |item| {
            ids.extend(NEIGHBOR.id_of(&item));
            Ok(())
        })?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        import.records.delete_others(list, &ids);
    }
    result.for_each(&mut |item| import.show(list, &NEIGHBOR, Change::Created, item).map(drop))
}

/// Reduces the `meta` of a resource group or permission group to what a seed can contain.
fn with_seed_meta(mut item: Value) -> Value {
    if let Some(meta) = item.get_mut("meta").and_then(Value::as_object_mut) {
        meta.retain(|name, _| ["editable", "label", "description", "scopes"].contains(&name.as_str()));
    }
    item
}

/// Imports the names of accounts and zones.
fn import_owners(import: &mut Import<'_>, result: JsonText<'_>) -> Result<(), String> {
    let list = match import.operation.operation.path {
        "/accounts" | "/accounts/{account_id}" => key(["cloudflare", "account_names"]),
        "/zones" | "/zones/{zone_id}" => key(["cloudflare", "zone_names"]),
        _ => return Ok(()),
    };
    let mut import_owner = |owner: Value| {
        let id = OWNER.id_of(&owner).ok_or("an account or zone without `id`")?;
        // Only these fields are state; all others are made up.
        let fields = json!({"name": owner["name"], "account": owner["account"]["id"]});
        import.show_as(&list, &OWNER, (&id, Change::Read), fields)
    };
    if result.is_array() { result.for_each(&mut import_owner) } else { import_owner(result.value()) }
}

/// Returns the section of the seed.
pub(super) fn section(records: &mut Records, unused: &mut UnusedList) -> Value {
    let mut section = Map::new();
    for (collection, names) in [("accounts", "account_names"), ("zones", "zone_names")] {
        let mut owners = Map::new();
        for owner in records.take(&key(["cloudflare", names])) {
            let mut fields = Map::new();
            if let Some(name) = text(&owner.fields, "name") {
                fields.insert("name".to_owned(), name.into());
            }
            if let Some(account) = text(&owner.fields, "account").filter(|_| collection == "zones") {
                fields.insert("account".to_owned(), account.into());
            }
            owners.insert(owner.id, Value::Object(fields));
        }
        for list in records.keys(&["cloudflare", collection]) {
            let mut objects = records.take(&list);
            objects.retain(|object| {
                let is_predefined = is_predefined(object, &list[2]);
                if is_predefined && !has_predefined_id(&object.id, &list[2]) {
                    unused.add(
                        &object.place,
                        format!("every account has `{}`, with an id of its own", object.id),
                    );
                }
                !is_predefined
            });
            let items: Vec<Value> = objects.into_iter().map(super::seed_file::item).collect();
            if items.is_empty() {
                continue;
            }
            let owner = owners.entry(list[2].clone()).or_insert_with(|| json!({}));
            match list.as_slice() {
                [_, _, _, _, path] => owner["neighbors"][path] = items.into(),
                [_, _, _, name] => owner[name] = items.into(),
                _ => {}
            }
        }
        if !owners.is_empty() {
            section.insert(collection.to_owned(), Value::Object(owners));
        }
    }
    Value::Object(section)
}

/// Returns whether every account has the object: a predefined permission group, or the predefined resource group.
fn is_predefined(object: &Object, account: &str) -> bool {
    let name = text(&object.fields, "name").unwrap_or_default();
    has_predefined_id(&object.id, account)
        || name.strip_prefix("com.cloudflare.api.account.") == Some(account)
}

/// Returns whether `id` belongs to a predefined object of this server.
#[cfg(feature = "cloudflare")]
fn has_predefined_id(id: &str, account: &str) -> bool {
    use crate::domain::cloudflare::{model, predefined};
    predefined::is_predefined(id) || id == model::predefined_id(account)
}

/// Returns `false`: without the dialect there are no predefined objects.
#[cfg(not(feature = "cloudflare"))]
const fn has_predefined_id(_: &str, _: &str) -> bool {
    false
}
