//! The objects in the responses of Authress: groups, roles, access records and users.

use serde_json::{Map, Value, json};

use super::super::json_text::JsonText;
use super::super::operations::RecordedOperation;
use super::Import;
use super::kind::Kind;
use super::records::{Change, ListKey, Records, key};

/// A collection of the API, whose name is also that of the list in its responses.
struct Collection {
    name: &'static str,
    kind: Kind,
}

static COLLECTIONS: [Collection; 4] = [
    Collection {
        name: "groups",
        kind: Kind {
            name: "a group",
            id_field: "groupId",
            fields: &["groupId", "name", "users", "admins", "tags", "lastUpdated"],
            derived: &["links"],
            only_in_full: &[],
        },
    },
    neighbor("roles", "a role", "roleId"),
    neighbor("records", "an access record", "recordId"),
    neighbor("users", "a user", "userId"),
];

const fn neighbor(name: &'static str, kind: &'static str, id_field: &'static str) -> Collection {
    Collection { name, kind: Kind { derived: &["links"], ..Kind::any(kind, id_field) } }
}

/// Returns the collection of an operation.
fn collection(operation: &RecordedOperation) -> Option<&'static Collection> {
    let name = operation.operation.path.strip_prefix("/v1/")?.split('/').next()?;
    COLLECTIONS.iter().find(|collection| collection.name == name)
}

fn list(collection: &Collection) -> ListKey {
    key(["authress", collection.name])
}

/// Returns the list and the identifier of the object that the path names.
pub(super) fn object(operation: &RecordedOperation) -> Option<(ListKey, String)> {
    let collection = collection(operation)?;
    let id = operation.param(collection.kind.id_field);
    (!id.is_empty()).then(|| (list(collection), id.to_owned()))
}

/// Imports a successful response.
pub(super) fn import(import: &mut Import<'_>, json: JsonText<'_>) -> Result<(), String> {
    let Some(collection) = collection(import.operation) else { return Ok(()) };
    let (list, kind) = (list(collection), &collection.kind);
    let id = import.operation.param(kind.id_field).to_owned();
    match (import.exchange.method.as_str(), id.is_empty()) {
        ("GET", true) => import.show_all((&list, true), kind, json.field(collection.name), &mut Some),
        ("GET", false) => import.show(&list, kind, Change::Read, json.value()).map(drop),
        ("POST", true) => import.show(&list, kind, Change::Created, json.value()).map(drop),
        ("PUT" | "POST", false) => import.show(&list, kind, Change::Updated, json.value()).map(drop),
        ("DELETE", false) => {
            import.records.delete(&list, &id);
            Ok(())
        }
        (_, _) => Ok(()),
    }
}

/// Returns the section of the seed.
pub(super) fn section(records: &mut Records) -> Value {
    let (mut section, mut neighbors) = (Map::new(), Map::new());
    for collection in &COLLECTIONS {
        let objects: Vec<Value> =
            records.take(&list(collection)).into_iter().map(super::seed_file::item).collect();
        if objects.is_empty() {
            continue;
        }
        let target = if collection.name == "groups" { &mut section } else { &mut neighbors };
        target.insert(collection.name.to_owned(), objects.into());
    }
    if !neighbors.is_empty() {
        section.insert("neighbors".to_owned(), json!(neighbors));
    }
    Value::Object(section)
}
