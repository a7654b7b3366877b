//! `RawFields`: the fields of a JSON object in their original order, with their values as written.
//!
//! Imports nothing of this crate.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::field_name::FieldName;

/// The fields of a JSON object in their original order, with their values as written.
///
/// If a name occurs more than once, its last field counts.
#[derive(Debug, Clone, Default)]
pub struct RawFields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for RawFields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawFieldsVisitor)
    }
}

struct RawFieldsVisitor;

impl<'de> Visitor<'de> for RawFieldsVisitor {
    type Value = RawFields<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawFields<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some((FieldName(name), value)) = map.next_entry()? {
            fields.push((name, value));
        }
        Ok(RawFields(fields))
    }
}

impl<'a> RawFields<'a> {
    /// Returns the field `name`, unless it is `null`.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.get_or_null(name).filter(|value| value.get() != "null")
    }

    /// Returns the field `name`, which may be `null`.
    pub fn get_or_null(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(other, _)| other == name).map(|(_, value)| *value)
    }

    /// Returns the field `name` if it is a string.
    pub fn string(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|value| serde_json::from_str(value.get()).ok())
    }

    /// Returns each field once, in the order of the last occurrences.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        let mut names = BTreeSet::new();
        let mut fields: Vec<_> = self.0.iter().rev().filter(|(name, _)| names.insert(&**name)).collect();
        fields.reverse();
        fields.into_iter().map(|(name, value)| (&**name, *value))
    }

    /// Returns the fields without those that have one of `names`.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&&**name)).cloned().collect())
    }

    /// Returns only the fields that have one of `names`.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| names.contains(&&**name)).cloned().collect())
    }

    /// Returns the fields with those of `newer`, which replace the fields of the same names.
    #[must_use]
    pub fn merge(&self, newer: &Self) -> Self {
        let names: BTreeSet<&str> = newer.0.iter().map(|(name, _)| &**name).collect();
        let kept = self.0.iter().filter(|(name, _)| !names.contains(&**name));
        Self(kept.chain(&newer.0).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_field_of_a_name_counts_and_null_is_absent() {
        let fields: RawFields<'_> =
            serde_json::from_str(r#"{"a":1,"b":null,"\u0061":"x\n","c":1.50}"#).unwrap();

        assert_eq!(fields.string("a").as_deref(), Some("x\n"));
        assert_eq!((fields.get("b").is_none(), fields.get_or_null("b").is_some()), (true, true));
        let text = |fields: &RawFields<'_>| {
            fields.iter().map(|(name, value)| format!("{name}={value} ")).collect::<String>()
        };
        assert_eq!(text(&fields), r#"b=null a="x\n" c=1.50 "#);
        assert_eq!(text(&fields.without(&["a", "c"])), "b=null ");
        assert_eq!(text(&fields.only(&["c", "b"])), "b=null c=1.50 ");
        let newer: RawFields<'_> = serde_json::from_str(r#"{"d":[],"b":2}"#).unwrap();
        assert_eq!(text(&fields.merge(&newer)), r#"a="x\n" c=1.50 d=[] b=2 "#);
    }
}
