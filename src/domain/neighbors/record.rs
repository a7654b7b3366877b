//! `Neighbor`: a neighbor as it is stored, and how its JSON is composed.

use serde_json::value::RawValue;

use super::draft::{Draft, ObjectWriter, json_string};
use super::kind::{AddedValue, IdSource, NeighborKind};
use crate::json::{RawFields, minify};
use crate::store::{Index, Key, Partition, Record, Tx};

/// A neighbor as it is stored.
#[derive(Debug, Clone)]
pub struct Neighbor {
    /// The kind.
    pub kind: &'static NeighborKind,
    /// The list that it belongs to, such as `accounts/1/access/apps`.
    pub list: Box<str>,
    /// The identifier, unique in the list.
    pub id: Box<str>,
    /// The owner, such as the account, of a neighbor in a list of all owners; otherwise empty.
    pub owner: Box<str>,
    /// The object that responses contain, without whitespace between tokens.
    pub json: Box<RawValue>,
    /// The revision of the last change.
    pub revision: u64,
}

impl Record for Neighbor {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: Self::partition, orders: &[] }];

    fn key(&self) -> Key<'_> {
        (&self.list, &self.id)
    }

    fn unshared_bytes(&self, _newer: Option<&Self>) -> usize {
        self.list.len() + self.id.len() + self.json.get().len()
    }
}

impl Neighbor {
    fn partition(&self) -> Partition<'_> {
        (&self.list, &self.owner)
    }

    /// Returns the fields of the object.
    pub fn fields(&self) -> RawFields<'_> {
        serde_json::from_str(self.json.get()).expect("a stored neighbor is an object")
    }

    /// Returns whether the field `name` is the string `text`.
    pub fn has_text(&self, name: &str, text: &str) -> bool {
        self.fields().string(name).is_some_and(|value| value == text)
    }
}

/// Returns the identifier in `fields` that the client chose.
pub(super) fn sent_id(kind: &NeighborKind, fields: &RawFields<'_>) -> Option<String> {
    match kind.id {
        IdSource::Sent(name, _) => fields.string(name),
        IdSource::Drawn(_) => None,
    }
}

/// Returns the object of a neighbor with the sent `fields`: first those that the vendor adds, then the sent ones.
///
/// An update keeps what was added once to `previous`.
pub(super) fn compose(
    kind: &NeighborKind,
    (list, id): (&str, &str),
    fields: &RawFields<'_>,
    previous: Option<&RawFields<'_>>,
    tx: &mut Tx<'_>,
) -> Box<RawValue> {
    let mut object = ObjectWriter::new();
    for added in kind.added {
        let kept = previous.and_then(|previous| previous.get_or_null(added.name));
        let json = match (added.value, kept) {
            (AddedValue::Default(_), _) if fields.get(added.name).is_some() => continue,
            (AddedValue::Once(_) | AddedValue::Owner, Some(kept)) => kept.get().to_owned(),
            (AddedValue::Owner, None) => json_string(&kind.owner(fields)),
            (value, _) => compute(value, &mut Draft { list, id, fields, tx }),
        };
        object.push(added.name, &json);
    }
    for (name, value) in fields.iter() {
        let is_replaced = kind.sets(name) || (kind.has_default(name) && value.get() == "null");
        if is_replaced {
            continue;
        }
        match kind.has_ids(name) {
            true => object.push(name, &objects_of_ids(value)),
            false => object.push(name, minify(value).get()),
        }
    }
    object.finish()
}

/// Returns the array `json`, in which each identifier is replaced by an object with it; or anything else unchanged.
fn objects_of_ids(json: &RawValue) -> String {
    let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json.get()) else {
        return minify(json).get().to_owned();
    };
    let objects = items.into_iter().map(|item| match item.get().starts_with('"') {
        true => format!(r#"{{"id":{}}}"#, item.get()),
        false => minify(item).get().to_owned(),
    });
    format!("[{}]", objects.collect::<Vec<_>>().join(","))
}

/// Returns the object of a neighbor of a seed: the fields in the seed, then those that the vendor adds and that the
/// seed lacks.
pub(super) fn complete(
    kind: &NeighborKind,
    (list, id): (&str, &str),
    seeded: &RawFields<'_>,
    tx: &mut Tx<'_>,
) -> Box<RawValue> {
    let mut object = ObjectWriter::new();
    for (name, value) in seeded.iter() {
        object.push(name, minify(value).get());
    }
    for added in kind.added.iter().filter(|added| seeded.get_or_null(added.name).is_none()) {
        object.push(added.name, &compute(added.value, &mut Draft { list, id, fields: seeded, tx }));
    }
    object.finish()
}

fn compute(value: AddedValue, draft: &mut Draft<'_, '_>) -> String {
    match value {
        AddedValue::Id => json_string(draft.id),
        AddedValue::Owner => json_string(""),
        AddedValue::Once(compute) | AddedValue::Always(compute) => compute(draft),
        AddedValue::Default(json) => json.to_owned(),
    }
}
