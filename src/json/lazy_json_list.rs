//! `LazyJsonList`: a long list of a seed, whose items are deserialized when they are read.
//!
//! Imports its siblings `distinct_names`, `json_text` and `strict_json`.

mod items;
#[cfg(test)]
mod tests;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::distinct_names::DistinctNames;
use super::json_text::JsonText;
use super::strict_json;
pub use items::ChangedText;
use items::{BatchJson, Block, Erased, Items, Source, check_blocks, read_array};

/// The length of a list in bytes above which another thread reads its items.
const PARALLEL_BYTES: usize = 1024 * 1024;

/// The number of threads that deserialize the parts of a text.
const THREADS: usize = 2;

/// An item of a [`LazyJsonList`]; deserializing it must accept its serialized form.
pub trait ListItem: Serialize + DeserializeOwned + Send + 'static {
    /// The form in which an item of a state is serialized, which can refer to the state.
    type Saved<'a>: Serialize + Send;

    /// Whether deserializing an item fails for each object in it that has two fields of the same name.
    const REJECTS_DUPLICATES: bool = false;

    /// Returns whether [`LazyJsonList::for_each_marked`] visits the item.
    fn is_marked(&self) -> bool {
        false
    }
}

impl ListItem for Map<String, Value> {
    type Saved<'a> = Self;
}

impl ListItem for Box<RawValue> {
    type Saved<'a> = Self;
}

/// A list of a seed that deserializes its items one by one.
///
/// As deserialized values, the items would take several times as much memory, and the process would keep that memory:
/// the allocator cannot return pages below the records that are created from the items. So the items of a long document
/// stay in its text, those of a saved state are created from its records, and those of other lists are stored as JSON.
pub struct LazyJsonList<T> {
    items: Items,
    item: PhantomData<fn() -> T>,
}

/// A state, and the function that returns its items.
struct StateSource<S, T: ListItem> {
    state: S,
    items: for<'a> fn(&'a S) -> Box<dyn Iterator<Item = T::Saved<'a>> + 'a>,
}

impl<S: Send + Sync, T: ListItem> Source for StateSource<S, T> {
    fn items(&self) -> Box<dyn Iterator<Item = Box<RawValue>> + '_> {
        let items = (self.items)(&self.state);
        Box::new(items.map(|item| to_raw_value(&item).expect("an item of a state serializes to JSON")))
    }
}

// `derive` would add an unnecessary bound on `T`.
impl<T> Clone for LazyJsonList<T> {
    fn clone(&self) -> Self {
        Self::new(self.items.clone())
    }
}

impl<T> fmt::Debug for LazyJsonList<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = match &self.items {
            Items::Json(json) => Some(String::from_utf8_lossy(json)),
            Items::State(_) | Items::Text(..) => None,
        };
        formatter.debug_struct("LazyJsonList").field("json", &json).finish_non_exhaustive()
    }
}

impl<T> Default for LazyJsonList<T> {
    fn default() -> Self {
        Self::new(Items::Json(Vec::new()))
    }
}

impl<T> LazyJsonList<T> {
    const fn new(items: Items) -> Self {
        Self { items, item: PhantomData }
    }

    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        match &self.items {
            Items::Json(json) => json.is_empty(),
            Items::State(source) => source.items().next().is_none(),
            Items::Text(_, blocks) => blocks.is_empty(),
        }
    }
}

impl<T: ListItem> LazyJsonList<T> {
    /// Returns the list of the items that `items` returns for `state`, which should be cheap to clone.
    pub fn from_state<S: Send + Sync + 'static>(
        state: S,
        items: for<'a> fn(&'a S) -> Box<dyn Iterator<Item = T::Saved<'a>> + 'a>,
    ) -> Self {
        Self::new(Items::State(Arc::new(StateSource::<S, T> { state, items })))
    }

    /// Returns the list of the items in the parts `ranges` of `text`, which have commas between them; `None` if they are not
    /// valid. Only a single part can be blank.
    pub fn from_text(text: &JsonText, ranges: &[Range<u64>]) -> Option<Self> {
        let blocks = check_blocks(ranges, &|range| check_block::<T>(text, range))?;
        if blocks.len() == 1 && blocks[0].len == 0 {
            return Some(Self::default());
        }
        // A blank part would be a comma without an item, and no part a list without an end.
        let is_valid = !blocks.is_empty() && blocks.iter().all(|block| block.len > 0);
        is_valid.then(|| Self::new(Items::Text(text.clone(), blocks.into())))
    }

    /// Appends an item to a list that was created empty.
    pub fn push(&mut self, item: &T) {
        match &mut self.items {
            Items::Json(json) => push(json, item),
            Items::State(_) | Items::Text(..) => debug_assert!(false, "the list was not created empty"),
        }
    }

    /// Returns the items.
    pub fn iter(&self) -> impl Iterator<Item = Result<T, ChangedText>> {
        self.items.batches(0, 1).flat_map(|batch| into_items(parse_batch(batch)))
    }

    /// Calls `read` with the items; if the list is long, other threads deserialize them meanwhile.
    pub fn read<O>(&self, read: impl FnOnce(&mut dyn Iterator<Item = Result<T, ChangedText>>) -> O) -> O {
        self.read_as(|item| item, read)
    }

    /// Calls `read` with what `parse` returns for the items, like [`LazyJsonList::read`]; the other threads also call
    /// `parse`.
    pub fn read_as<U: Send + 'static, O>(
        &self,
        parse: impl Fn(T) -> U + Sync,
        read: impl FnOnce(&mut dyn Iterator<Item = Result<U, ChangedText>>) -> O,
    ) -> O {
        let threads = match &self.items {
            Items::Json(json) if json.len() < PARALLEL_BYTES => {
                return read(&mut self.iter().map(|item| item.map(&parse)));
            }
            Items::Json(_) | Items::State(_) => 1,
            Items::Text(..) => THREADS,
        };
        let parse_all = |items: Vec<T>| -> Vec<U> { items.into_iter().map(&parse).collect() };
        let parse_erased = |batch: BatchJson| Box::new(parse_batch(batch).map(parse_all)) as Erased;
        let (mut read, mut output) = (Some(read), None);
        self.items.read_parallel(threads, &parse_erased, &mut |batches| {
            let batch = |erased: Erased| *erased.downcast::<Batch<U>>().expect("it is what `parse` returns");
            output = read.take().map(|read| read(&mut batches.flat_map(|erased| into_items(batch(erased)))));
        });
        output.expect("the closure is called once")
    }

    /// Calls `visit` with each marked item and its index.
    ///
    /// # Errors
    /// The first error of `visit`.
    pub fn for_each_marked<E: From<ChangedText>>(
        &self,
        mut visit: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        let Items::Text(text, blocks) = &self.items else {
            return visit_marked(&mut self.iter().enumerate(), &mut visit);
        };
        let mut first = 0;
        for block in &**blocks {
            if block.is_marked {
                let items = into_items(parse_batch(read_array(text, &block.range).ok_or(ChangedText)));
                visit_marked(&mut (first..).zip(items), &mut visit)?;
            }
            first += block.len;
        }
        Ok(())
    }

    /// Returns the items of a text as the JSON of its items.
    fn checked(&self) -> Result<Items, ChangedText> {
        self.iter().collect::<Result<Self, ChangedText>>().map(|list| list.items)
    }
}

/// Some consecutive items.
type Batch<T> = Result<Vec<T>, ChangedText>;

fn into_items<T>(batch: Batch<T>) -> impl Iterator<Item = Result<T, ChangedText>> {
    let (items, error) = match batch {
        Ok(items) => (items, None),
        Err(error) => (Vec::new(), Some(Err(error))),
    };
    items.into_iter().map(Ok).chain(error)
}

fn visit_marked<T: ListItem, E: From<ChangedText>>(
    items: &mut dyn Iterator<Item = (usize, Result<T, ChangedText>)>,
    visit: &mut dyn FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    for (index, item) in items {
        let item = item?;
        if item.is_marked() {
            visit(index, item)?;
        }
    }
    Ok(())
}

/// Parses the JSON of a batch; only that of a file that was changed is not valid.
fn parse_batch<T: ListItem>(json: BatchJson) -> Batch<T> {
    strict_json::from_slice(&json?).map_err(|_| ChangedText)
}

/// Returns the part `range` of `text` if its items are valid.
fn check_block<T: ListItem>(text: &JsonText, range: &Range<u64>) -> Option<Block> {
    let json = read_array(text, range)?;
    let items: Vec<T> = strict_json::from_slice(&json).ok()?;
    if !T::REJECTS_DUPLICATES {
        DistinctNames::check(&json).ok()?;
    }
    Some(Block { range: range.clone(), len: items.len(), is_marked: items.iter().any(T::is_marked) })
}

fn push(json: &mut Vec<u8>, item: &impl Serialize) {
    serde_json::to_writer(&mut *json, item)
        .expect("an item of a seed serializes to JSON, and writing to memory cannot fail");
    // Without a separator, the digits of two adjacent numbers would form one number.
    json.push(b'\n');
}

impl<T: ListItem> FromIterator<T> for LazyJsonList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        items.into_iter().for_each(|item| list.push(&item));
        list
    }
}

impl<T: ListItem> Serialize for LazyJsonList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.items {
            Items::Json(_) | Items::State(_) => self.items.serialize(serializer),
            Items::Text(..) => self.checked().map_err(S::Error::custom)?.serialize(serializer),
        }
    }
}

impl<'de, T: ListItem> Deserialize<'de> for LazyJsonList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: ListItem> Visitor<'de> for ListVisitor<T> {
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
