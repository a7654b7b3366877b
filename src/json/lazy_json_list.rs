//! `LazyJsonList`: a long list of a seed, stored as compact JSON.
//!
//! Imports nothing of this crate.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A list of a seed that stores its items as JSON and deserializes them one by one.
///
/// As deserialized values, the items would take several times as much memory, and the process would keep that memory:
/// the allocator cannot return pages below the records that are created from the items.
///
/// Deserializing an item must accept its serialized form.
#[derive(Debug, Clone)]
pub struct LazyJsonList<T> {
    /// The JSON of the items, each followed by a line feed.
    json: Vec<u8>,
    items: PhantomData<T>,
}

impl<T> LazyJsonList<T> {
    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.json.is_empty()
    }

    /// Returns the items as another type, which must accept the serialized form of `T`.
    pub fn iter_as<'a, U: Deserialize<'a>>(&'a self) -> impl Iterator<Item = U> + use<'a, T, U> {
        let items = serde_json::Deserializer::from_slice(&self.json).into_iter();
        items.map(|item| item.expect("a serialized item can be deserialized"))
    }
}

impl<T: Serialize> LazyJsonList<T> {
    /// Appends an item.
    pub fn push(&mut self, item: &T) {
        serde_json::to_writer(&mut self.json, item)
            .expect("an item of a seed serializes to JSON, and writing to memory cannot fail");
        // Without a separator, the digits of two adjacent numbers would form one number.
        self.json.push(b'\n');
    }
}

impl<T: DeserializeOwned> LazyJsonList<T> {
    /// Returns the items.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'_, T> {
        self.iter_as()
    }
}

impl<T> Default for LazyJsonList<T> {
    fn default() -> Self {
        Self { json: Vec::new(), items: PhantomData }
    }
}

impl<T: Serialize> FromIterator<T> for LazyJsonList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        items.into_iter().for_each(|item| list.push(&item));
        list
    }
}

impl<T> Serialize for LazyJsonList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter_as::<&RawValue>())
    }
}

impl<'de, T: Serialize + Deserialize<'de>> Deserialize<'de> for LazyJsonList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Serialize + Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = LazyJsonList<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<LazyJsonList<T>, A::Error> {
        let mut list = LazyJsonList::default();
        while let Some(item) = items.next_element::<T>()? {
            list.push(&item);
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_round_trips_through_its_items_and_its_json() {
        let json = r#"[{"name":"é","scale":1.5},{"name":null},{}]"#;

        let list: LazyJsonList<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_str(json).unwrap();

        assert_eq!(list.iter().map(|item| item.len()).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(serde_json::to_string(&list).unwrap(), json);
        assert_eq!(serde_json::to_string(&list.iter().collect::<LazyJsonList<_>>()).unwrap(), json);
    }

    #[test]
    fn empty_list_has_no_items() {
        let list: LazyJsonList<u32> = serde_json::from_str("[]").unwrap();

        assert!(list.is_empty());
        assert_eq!(list.iter().next(), None);
        assert_eq!(serde_json::to_string(&list).unwrap(), "[]");
    }

    #[test]
    fn non_list_is_rejected_with_the_usual_message() {
        let error = serde_json::from_str::<LazyJsonList<u32>>("7").unwrap_err();

        assert_eq!(error.to_string(), "invalid type: integer `7`, expected a sequence at line 1 column 1");
    }
}
