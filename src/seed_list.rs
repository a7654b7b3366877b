//! `SeedList`: a long list of a seed, in the memory that its text takes.
//!
//! Imports nothing of this crate.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A list of a seed whose items are kept as their JSON, and made of it one by one.
///
/// As values all of them together would take several times as much memory, which a server keeps for as long as it
/// runs: what is freed below the records that are made of them goes back to no one.
///
/// An item type must read what it writes.
#[derive(Debug, Clone)]
pub struct SeedList<T> {
    /// The items one after another.
    text: Vec<u8>,
    items: PhantomData<T>,
}

impl<T> SeedList<T> {
    /// Returns whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the items as another type, which reads some of what `T` writes.
    pub fn iter_as<'a, U: Deserialize<'a>>(&'a self) -> impl Iterator<Item = U> + use<'a, T, U> {
        let items = serde_json::Deserializer::from_slice(&self.text).into_iter();
        items.map(|item| item.expect("an item is read as it was written"))
    }
}

impl<T: Serialize> SeedList<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: &T) {
        serde_json::to_writer(&mut self.text, item).expect("an item of a seed is JSON, and memory takes it");
        // A number would go on in the next item.
        self.text.push(b'\n');
    }
}

impl<T: DeserializeOwned> SeedList<T> {
    /// Returns the items.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'_, T> {
        self.iter_as()
    }
}

impl<T> Default for SeedList<T> {
    fn default() -> Self {
        Self { text: Vec::new(), items: PhantomData }
    }
}

impl<T: Serialize> FromIterator<T> for SeedList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        items.into_iter().for_each(|item| list.push(&item));
        list
    }
}

impl<T> Serialize for SeedList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter_as::<&RawValue>())
    }
}

impl<'de, T: Serialize + Deserialize<'de>> Deserialize<'de> for SeedList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Serialize + Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = SeedList<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<SeedList<T>, A::Error> {
        let mut list = SeedList::default();
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
    fn a_list_gives_its_items_and_its_json_back() {
        let json = r#"[{"name":"é","scale":1.5},{"name":null},{}]"#;

        let list: SeedList<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(json).unwrap();

        assert_eq!(list.iter().map(|item| item.len()).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(serde_json::to_string(&list).unwrap(), json);
        assert_eq!(serde_json::to_string(&list.iter().collect::<SeedList<_>>()).unwrap(), json);
    }

    #[test]
    fn an_empty_list_has_no_item() {
        let list: SeedList<u32> = serde_json::from_str("[]").unwrap();

        assert!(list.is_empty());
        assert_eq!(list.iter().next(), None);
        assert_eq!(serde_json::to_string(&list).unwrap(), "[]");
    }

    #[test]
    fn what_is_no_list_is_told_of_as_it_is_of_other_lists() {
        let mistake = serde_json::from_str::<SeedList<u32>>("7").unwrap_err();

        assert_eq!(mistake.to_string(), "invalid type: integer `7`, expected a sequence at line 1 column 1");
    }
}
