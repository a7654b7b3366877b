//! `LazyJsonList`: a long list of a seed, stored as compact JSON.
//!
//! Imports nothing of this crate.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock, mpsc};

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The length of a list in bytes above which another thread deserializes its items.
const PARALLEL_BYTES: usize = 1024 * 1024;

/// The number of items that the other thread deserializes at a time, and of such batches that wait.
const BATCH_LEN: usize = 128;
const MAX_BATCHES: usize = 4;

/// A list of a seed that stores its items as JSON and deserializes them one by one.
///
/// As deserialized values, the items would take several times as much memory, and the process would keep that memory:
/// the allocator cannot return pages below the records that are created from the items. A list of a saved state consists
/// of the state, and serializes its items one by one; they are stored as JSON only if they are read again.
///
/// Deserializing an item must accept its serialized form.
pub struct LazyJsonList<T> {
    /// The JSON of the items, each followed by a line feed; not set if they come from `source` and were not read.
    json: OnceLock<Vec<u8>>,
    source: Option<Arc<dyn Source<T>>>,
}

/// A state from which the items of a list are created.
trait Source<T>: Send + Sync {
    fn items(&self) -> Box<dyn Iterator<Item = T> + '_>;
}

/// A state, and the function that returns its items.
struct StateSource<S, T> {
    state: S,
    items: for<'a> fn(&'a S) -> Box<dyn Iterator<Item = T> + 'a>,
}

impl<S: Send + Sync, T> Source<T> for StateSource<S, T> {
    fn items(&self) -> Box<dyn Iterator<Item = T> + '_> {
        (self.items)(&self.state)
    }
}

// `derive` would add unnecessary bounds on `T`.
impl<T> Clone for LazyJsonList<T> {
    fn clone(&self) -> Self {
        Self { json: self.json.clone(), source: self.source.clone() }
    }
}

impl<T> fmt::Debug for LazyJsonList<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = self.json.get().map(|json| String::from_utf8_lossy(json));
        formatter.debug_struct("LazyJsonList").field("json", &json).finish_non_exhaustive()
    }
}

impl<T> LazyJsonList<T> {
    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        match (self.json.get(), &self.source) {
            (Some(json), _) => json.is_empty(),
            (None, Some(source)) => source.items().next().is_none(),
            (None, None) => true,
        }
    }
}

impl<T: Serialize> LazyJsonList<T> {
    /// Returns the list of the items that `items` returns for `state`, which should be cheap to clone.
    pub fn from_state<S: Send + Sync + 'static>(
        state: S,
        items: for<'a> fn(&'a S) -> Box<dyn Iterator<Item = T> + 'a>,
    ) -> Self
    where
        T: 'static,
    {
        Self { json: OnceLock::new(), source: Some(Arc::new(StateSource { state, items })) }
    }

    /// Returns the JSON of the items, each followed by a line feed.
    fn json(&self) -> &[u8] {
        self.json.get_or_init(|| {
            let mut json = Vec::new();
            self.source.iter().flat_map(|source| source.items()).for_each(|item| push(&mut json, &item));
            json
        })
    }

    /// Returns the compact JSON of each item.
    pub fn iter_json(&self) -> impl Iterator<Item = &[u8]> {
        self.json().split_inclusive(|byte| *byte == b'\n')
    }

    /// Returns the items as another type, which must accept the serialized form of `T`.
    pub fn iter_as<'a, U: Deserialize<'a>>(&'a self) -> impl Iterator<Item = U> + use<'a, T, U> {
        let items = serde_json::Deserializer::from_slice(self.json()).into_iter();
        items.map(|item| item.expect("a serialized item can be deserialized"))
    }
}

impl<T: Serialize> LazyJsonList<T> {
    /// Appends an item.
    pub fn push(&mut self, item: &T) {
        self.json();
        push(self.json.get_mut().expect("the JSON was created above"), item);
    }
}

fn push(json: &mut Vec<u8>, item: &impl Serialize) {
    serde_json::to_writer(&mut *json, item)
        .expect("an item of a seed serializes to JSON, and writing to memory cannot fail");
    // Without a separator, the digits of two adjacent numbers would form one number.
    json.push(b'\n');
}

impl<T: Serialize + DeserializeOwned> LazyJsonList<T> {
    /// Returns the items.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'_, T> {
        self.iter_as()
    }

    /// Calls `read` with the items; if the list is long, another thread deserializes them meanwhile.
    pub fn read<O>(&self, read: impl FnOnce(&mut dyn Iterator<Item = T>) -> O) -> O
    where
        T: Send + Sync,
    {
        if self.json().len() < PARALLEL_BYTES {
            return read(&mut self.iter());
        }
        std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel::<Vec<T>>(MAX_BATCHES);
            scope.spawn(move || {
                let mut items = self.iter();
                loop {
                    let batch: Vec<T> = items.by_ref().take(BATCH_LEN).collect();
                    // The receiver is dropped if the reader needs no further items.
                    if batch.is_empty() || sender.send(batch).is_err() {
                        return;
                    }
                }
            });
            read(&mut receiver.into_iter().flatten())
        })
    }
}

impl<T> Default for LazyJsonList<T> {
    fn default() -> Self {
        Self { json: OnceLock::new(), source: None }
    }
}

impl<T: Serialize> FromIterator<T> for LazyJsonList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        items.into_iter().for_each(|item| list.push(&item));
        list
    }
}

impl<T: Serialize> Serialize for LazyJsonList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.json.get(), &self.source) {
            (None, Some(source)) => serializer.collect_seq(source.items()),
            (Some(_), _) | (None, None) => serializer.collect_seq(self.iter_as::<&RawValue>()),
        }
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
    fn long_list_is_read_in_order_and_as_far_as_needed() {
        let list: LazyJsonList<String> = (0..300_000).map(|number| number.to_string()).collect();
        assert!(list.json().len() > PARALLEL_BYTES);

        let is_ordered = list.read(|items| {
            (0..300_000).all(|number| items.next() == Some(number.to_string())) && items.next().is_none()
        });
        let second = list.read(|items| items.nth(1));

        assert!(is_ordered);
        assert_eq!(second.as_deref(), Some("1"));
        assert_eq!(list.iter_json().nth(2), Some(&b"\"2\"\n"[..]));
    }

    #[test]
    fn list_of_a_state_is_like_a_list_of_its_items() {
        let mut list =
            LazyJsonList::from_state(vec![1, 2], |numbers| Box::new(numbers.iter().map(|it| it + 1)));
        let empty = LazyJsonList::from_state(Vec::<u32>::new(), |numbers| Box::new(numbers.iter().copied()));

        assert!(!list.is_empty() && empty.is_empty());
        assert_eq!(serde_json::to_string(&list).unwrap(), "[2,3]");
        assert_eq!(list.iter().collect::<Vec<u32>>(), [2, 3]);
        list.push(&4);
        assert_eq!(serde_json::to_string(&list.clone()).unwrap(), "[2,3,4]");
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
