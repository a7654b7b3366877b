//! The objects in the responses of FlickRocket.

use serde_json::{Value, json};

use super::super::json_text::JsonText;
use super::super::operations::RecordedOperation;
use super::Import;
use super::kind::Kind;
use super::records::{Change, ListKey, Records, key};
#[cfg(feature = "legacy")]
use crate::domain::legacy::seed::GROUP_FIELDS;

/// Without the dialect there are no groups.
#[cfg(not(feature = "legacy"))]
const GROUP_FIELDS: [&str; 0] = [];

static ACCESS_GROUP: Kind = Kind {
    name: "an access group",
    id_field: "id",
    fields: &GROUP_FIELDS,
    derived: &["user_count"],
    only_in_full: &[],
};

fn list() -> ListKey {
    key(["legacy", "access_groups"])
}

/// Returns the list and the identifier of the object that the path names.
pub(super) fn object(operation: &RecordedOperation) -> Option<(ListKey, String)> {
    let id = operation.param("id");
    (!id.is_empty()).then(|| (list(), id.to_owned()))
}

/// Imports a successful response.
pub(super) fn import(import: &mut Import<'_>, json: JsonText<'_>) -> Result<(), String> {
    let list = list();
    match import.operation.operation.id {
        "list_access_groups" => {
            import.show_all((&list, true), &ACCESS_GROUP, json.field("entries"), &mut Some)
        }
        "delete_access_group" => {
            let id = import.param("id");
            import.records.delete(&list, &id);
            Ok(())
        }
        id => {
            let change = match id {
                "get_access_group" => Change::Read,
                "create_access_group" => Change::Created,
                _ => Change::Updated,
            };
            import.show(&list, &ACCESS_GROUP, change, json.field("entry").value()).map(drop)
        }
    }
}

/// Returns the section of the seed.
pub(super) fn section(records: &mut Records) -> Value {
    let groups: Vec<Value> = records.take(&list()).into_iter().map(super::seed_file::item).collect();
    if groups.is_empty() { json!({}) } else { json!({"access_groups": groups}) }
}
