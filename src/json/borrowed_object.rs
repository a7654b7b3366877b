//! `BorrowedObject`: an object of a seed that borrows its strings from the JSON.
//!
//! Imports nothing of this crate.

use std::collections::BTreeSet;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json_borrow::{ObjectAsVec, Value};

/// The name of a field to which `serde_json` gives a meaning of its own in a nested object.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// The maximum number of fields whose names are compared with each other, which is faster than a set for nearly all objects.
const MAX_COMPARED_NAMES: usize = 16;

/// An object of a seed, in which no object has two fields of the same name.
///
/// It is deserialized from less than a `serde_json::Map`, but from all objects that a seed can contain; errors are not
/// meant to be shown.
#[derive(Debug)]
pub struct BorrowedObject<'a>(pub ObjectAsVec<'a>);

impl<'de> Deserialize<'de> for BorrowedObject<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(object) if has_distinct_names(&object) => Ok(Self(object)),
            _ => Err(D::Error::custom("expected an object without duplicate names")),
        }
    }
}

/// Returns whether no object in `object`, or itself, has two fields of the same name.
fn has_distinct_names(object: &ObjectAsVec<'_>) -> bool {
    let are_distinct = if object.len() > MAX_COMPARED_NAMES {
        object.keys().collect::<BTreeSet<&str>>().len() == object.len()
    } else {
        object.keys().enumerate().all(|(index, name)| object.keys().take(index).all(|other| other != name))
    };
    are_distinct && object.iter().all(|(_, value)| is_distinct(value))
}

fn is_distinct(value: &Value<'_>) -> bool {
    match value {
        Value::Object(object) => !object.contains_key(RAW_VALUE) && has_distinct_names(object),
        Value::Array(items) => items.iter().all(is_distinct),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Str(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_with_distinct_names_are_accepted() {
        let fields: Vec<String> = (0..20).map(|number| format!(r#""{number}":0"#)).collect();
        let many = fields.join(",");
        for (json, is_accepted) in [
            (r#"{"a":[{"b":1},{"b":2}],"c":{"a":null}}"#, true),
            (r#"{"a":1,"b":2,"\u0061":3}"#, false),
            (r#"{"a":[1,[{"b":1,"b":1}]]}"#, false),
            (r#"{"a":{"$serde_json::private::RawValue":"1"}}"#, false),
            (r#"{"$serde_json::private::RawValue":"1"}"#, true),
            (&format!("{{{many}}}"), true),
            (&format!(r#"{{{many},"7":1}}"#), false),
            ("[]", false),
            ("1", false),
        ] {
            let object = serde_json::from_str::<BorrowedObject<'_>>(json);

            assert_eq!(object.is_ok(), is_accepted, "{json}");
        }
    }
}
