//! `DistinctNames`: JSON whose objects have no two fields of the same name.
//!
//! Imports only its siblings.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use super::error_path::ErrorPath;
use super::field_name::FieldName;
use super::strict_json::PathError;

/// A check that the objects of a JSON document have no two fields of the same name.
#[derive(Debug, Clone, Copy)]
pub struct DistinctNames<'p>(&'p ErrorPath);

impl DistinctNames<'_> {
    /// Checks a document.
    ///
    /// # Errors
    /// The path of the first object with duplicate keys, or of the first syntax error.
    pub fn check(json: &[u8]) -> Result<(), PathError> {
        let path = ErrorPath::default();
        let mut parser = serde_json::Deserializer::from_slice(json);
        let result = DistinctNames(&path).deserialize(&mut parser).and_then(|()| parser.end());
        result.map_err(|error| PathError { path: path.to_string(), error })
    }
}

impl<'de> DeserializeSeed<'de> for DistinctNames<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The keys of an object: the first ones in a list, which is faster than a set for nearly all objects.
#[derive(Default)]
struct Keys<'a> {
    first: Vec<FieldName<'a>>,
    others: BTreeSet<FieldName<'a>>,
}

/// The maximum number of keys in the list.
const MAX_LISTED_KEYS: usize = 16;

impl<'a> Keys<'a> {
    fn contains(&self, key: &FieldName<'a>) -> bool {
        self.first.contains(key) || self.others.contains(key)
    }

    fn insert(&mut self, key: FieldName<'a>) {
        if self.first.len() < MAX_LISTED_KEYS {
            self.first.push(key);
        } else {
            self.others.insert(key);
        }
    }
}

impl<'de> Visitor<'de> for DistinctNames<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut keys = Keys::default();
        while let Some(key) = fields.next_key::<FieldName<'de>>()? {
            if keys.contains(&key) {
                return Err(A::Error::custom(format!("duplicate field `{}`", key.0)));
            }
            fields.next_value_seed(self).inspect_err(|_| self.0.add_field(&key.0))?;
            keys.insert(key);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while items.next_element_seed(self).inspect_err(|_| self.0.add_index(index))?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}
