//! `DistinctNames`: any JSON value whose objects have no two fields of the same name.
//!
//! Imports nothing of this crate.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Any JSON value; deserializing it fails if an object has duplicate keys.
#[derive(Debug)]
pub struct DistinctNames;

impl<'de> Deserialize<'de> for DistinctNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DistinctNamesVisitor)
    }
}

struct DistinctNamesVisitor;

/// The key of a field, borrowed from the JSON unless it contains escape sequences.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The keys of an object: the first ones in a list, which is faster than a set for nearly all objects.
#[derive(Default)]
struct Keys<'a> {
    first: Vec<Key<'a>>,
    others: BTreeSet<Key<'a>>,
}

/// The maximum number of keys in the list.
const MAX_LISTED_KEYS: usize = 16;

impl<'a> Keys<'a> {
    fn contains(&self, key: &Key<'a>) -> bool {
        self.first.contains(key) || self.others.contains(key)
    }

    fn insert(&mut self, key: Key<'a>) {
        if self.first.len() < MAX_LISTED_KEYS {
            self.first.push(key);
        } else {
            self.others.insert(key);
        }
    }
}

impl<'de> Visitor<'de> for DistinctNamesVisitor {
    type Value = DistinctNames;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<DistinctNames, A::Error> {
        let mut keys = Keys::default();
        while let Some(key) = fields.next_key::<Key<'de>>()? {
            if keys.contains(&key) {
                return Err(A::Error::custom(format!("duplicate field `{}`", key.0)));
            }
            keys.insert(key);
            fields.next_value::<DistinctNames>()?;
        }
        Ok(DistinctNames)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<DistinctNames, A::Error> {
        while items.next_element::<DistinctNames>()?.is_some() {}
        Ok(DistinctNames)
    }

    fn visit_unit<E>(self) -> Result<DistinctNames, E> {
        Ok(DistinctNames)
    }

    fn visit_bool<E>(self, _: bool) -> Result<DistinctNames, E> {
        Ok(DistinctNames)
    }

    fn visit_i64<E>(self, _: i64) -> Result<DistinctNames, E> {
        Ok(DistinctNames)
    }

    fn visit_u64<E>(self, _: u64) -> Result<DistinctNames, E> {
        Ok(DistinctNames)
    }

    fn visit_f64<E>(self, _: f64) -> Result<DistinctNames, E> {
        Ok(DistinctNames)
    }

    fn visit_str<E>(self, _: &str) -> Result<DistinctNames, E> {
        Ok(DistinctNames)
    }
}
