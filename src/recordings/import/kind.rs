//! `Kind`: the fields of a kind of object that a seed can contain.

use serde_json::Value;

use super::records::Fields;

/// A kind of object.
#[derive(Debug)]
pub(super) struct Kind {
    /// The name of one, with its article.
    pub(super) name: &'static str,
    /// The field with the identifier.
    pub(super) id_field: &'static str,
    /// The fields that a seed can contain; empty for all.
    pub(super) fields: &'static [&'static str],
    /// The fields that the server derives from others, which need not be in the seed.
    pub(super) derived: &'static [&'static str],
    /// The fields that the complete form of the object has, and the short form has not.
    pub(super) only_in_full: &'static [&'static str],
}

impl Kind {
    /// Returns a kind whose objects are kept as they are.
    pub(super) const fn any(name: &'static str, id_field: &'static str) -> Self {
        Self { name, id_field, fields: &[], derived: &[], only_in_full: &[] }
    }

    /// Returns the identifier of an object.
    pub(super) fn id_of(&self, value: &Value) -> Option<String> {
        match &value[self.id_field] {
            Value::String(id) if !id.is_empty() => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    /// Returns whether this is the complete form of an object.
    pub(super) fn is_complete(&self, fields: &Fields) -> bool {
        self.only_in_full.iter().all(|name| fields.contains_key(*name))
    }

    /// Returns the fields that a seed can contain, and calls `unknown` with each that is dropped and not derived.
    pub(super) fn project(&self, mut fields: Fields, mut unknown: impl FnMut(&str)) -> Fields {
        fields.retain(|name, _| {
            if self.derived.contains(&name.as_str()) {
                return false;
            }
            let is_known = self.fields.is_empty() || self.fields.contains(&name.as_str());
            if !is_known {
                unknown(name);
            }
            is_known
        });
        fields
    }
}
