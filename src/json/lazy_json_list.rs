//! `LazyJsonList`: a long list of a seed, whose items are deserialized when they are read.
//!
//! Imports its siblings `distinct_names`, `json_text` and `strict_json`.

mod items;
#[cfg(test)]
mod tests;
mod turns;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use serde::de::{SeqAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::distinct_names::DistinctNames;
use super::json_text::JsonText;
use super::strict_json;
use items::{BatchJson, Blocks, CheckedBlock, Items, Source, check_blocks, read_array};
pub use items::{ChangedText, Share};
use turns::Part;

/// The items of a [`LazyJsonList`].
pub trait ListItem: 'static {
    /// An item, which can borrow strings from its JSON.
    type Item<'a>: Deserialize<'a>;

    /// An item with which the whole document is deserialized, and whose errors are shown; it must accept its serialized
    /// form, and all that [`ListItem::Item`] accepts.
    type Shown<'a>: Serialize + Deserialize<'a>;

    /// The form in which an item of a state is serialized, which can refer to the state.
    type Saved<'a>: Serialize;

    /// Whether deserializing an item fails for each object in it that has two fields of the same name.
    const REJECTS_DUPLICATES: bool = false;

    /// Returns whether [`LazyJsonList::for_each_marked`] visits an item.
    fn is_marked(_: &Self::Item<'_>) -> bool {
        false
    }
}

impl ListItem for Box<RawValue> {
    type Item<'a> = &'a RawValue;
    type Shown<'a> = Self;
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

/// A state, and the function that returns the items of a share.
struct StateSource<S, T: ListItem> {
    state: S,
    items: for<'a> fn(&'a S, Share) -> Box<dyn Iterator<Item = T::Saved<'a>> + 'a>,
}

impl<S: Send + Sync, T: ListItem> Source for StateSource<S, T> {
    fn items(&self, share: Share) -> Box<dyn Iterator<Item = Box<RawValue>> + '_> {
        let items = (self.items)(&self.state, share);
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

    /// Returns the list of the items in the parts `ranges` of `text`, which have commas between them, and are not checked;
    /// `None` if the text cannot be read.
    pub fn from_text(text: &JsonText, ranges: &[Range<u64>]) -> Option<Self> {
        if let [range] = ranges {
            let mut json = Vec::new();
            text.read(range.clone(), &mut json).ok()?;
            if json.iter().all(|byte| b" \t\r\n".contains(byte)) {
                return Some(Self::default());
            }
        }
        let blocks = Blocks { ranges: ranges.into(), checked: OnceLock::new() };
        Some(Self::new(Items::Text(text.clone(), Arc::new(blocks))))
    }

    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        match &self.items {
            Items::Json(json) => json.is_empty(),
            Items::State(source) => source.items(Share::ALL).next().is_none(),
            Items::Text(..) => false,
        }
    }

    /// Appends an item to a list that was created empty.
    pub fn push(&mut self, item: &impl Serialize) {
        match &mut self.items {
            Items::Json(json) => push(json, item),
            Items::State(_) | Items::Text(..) => debug_assert!(false, "the list was not created empty"),
        }
    }
}

impl<T: ListItem> LazyJsonList<T> {
    /// Returns the list of the items that `items` returns for `state`, which should be cheap to clone, and a share, of which
    /// it must call [`Share::has_next`] for each item.
    pub fn from_state<S: Send + Sync + 'static>(
        state: S,
        items: for<'a> fn(&'a S, Share) -> Box<dyn Iterator<Item = T::Saved<'a>> + 'a>,
    ) -> Self {
        Self::new(Items::State(Arc::new(StateSource::<S, T> { state, items })))
    }

    /// Checks the items of a text, unless they were checked before; returns whether they were not.
    ///
    /// # Errors
    /// The text, if an item is not valid.
    pub fn check(&self) -> Result<bool, JsonText> {
        let Items::Text(text, blocks) = &self.items else { return Ok(false) };
        if blocks.checked.get().is_some() {
            return Ok(false);
        }
        let checked = check_blocks(&blocks.ranges, &|range| check_block::<T>(text, range));
        // A blank part would be a comma without an item, and no part a list without an end.
        let checked = checked.filter(|blocks| !blocks.is_empty() && blocks.iter().all(|block| block.len > 0));
        let checked = checked.ok_or_else(|| text.clone())?;
        Ok(blocks.checked.set(checked.into()).is_ok())
    }

    /// Calls `visit` with each item and its index, in order; if the list is long, two threads do so in turn, while the other
    /// one deserializes further items.
    ///
    /// If the list was not checked, marked items are an error.
    ///
    /// # Errors
    /// The first error of `visit`, or [`ChangedText`].
    pub fn for_each<E: From<ChangedText> + Send>(
        &self,
        visit: impl FnMut(usize, T::Item<'_>) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let progress = Mutex::new(Progress { visit, next: 0, result: Ok(()) });
        self.items.for_each_batch(&|batch, part| {
            let json = batch.as_deref().map_err(|error| *error);
            visit_all(&progress, json.and_then(|json| self.parse(json)), part);
        });
        progress.into_inner().result
    }

    /// Calls `visit` like [`LazyJsonList::for_each`] with what `parse` returns for the items; two threads call `parse` at
    /// the same time.
    ///
    /// # Errors
    /// As [`LazyJsonList::for_each`].
    pub fn for_each_parsed<U, E: From<ChangedText> + Send>(
        &self,
        parse: impl Fn(T::Item<'_>) -> U + Sync,
        visit: impl FnMut(usize, U) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let progress = Mutex::new(Progress { visit, next: 0, result: Ok(()) });
        self.items.for_each_batch(&|batch, part| {
            let json = batch.as_deref().map_err(|error| *error);
            let items = json.and_then(|json| self.parse(json));
            let parsed = items.map(|items| items.into_iter().map(&parse).collect::<Vec<U>>());
            visit_all(&progress, parsed, part);
        });
        progress.into_inner().result
    }

    /// Calls `visit` with each marked item and its index; with none if the list was not checked.
    ///
    /// # Errors
    /// The first error of `visit`, or [`ChangedText`].
    pub fn for_each_marked<E: From<ChangedText>>(
        &self,
        mut visit: impl FnMut(usize, T::Item<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut first = 0;
        let Items::Text(text, blocks) = &self.items else {
            for batch in self.items.batches(0, 1) {
                first += self.visit_marked(first, batch, &mut visit)?;
            }
            return Ok(());
        };
        let checked = blocks.checked.get().map(|blocks| &**blocks).unwrap_or_default();
        for (range, block) in blocks.ranges.iter().zip(checked) {
            if block.is_marked {
                self.visit_marked(first, read_array(text, range).ok_or(ChangedText), &mut visit)?;
            }
            first += block.len;
        }
        Ok(())
    }

    /// Calls `visit` with the marked items of a batch, of which the first one has the index `first`, and returns the number
    /// of its items.
    fn visit_marked<E: From<ChangedText>>(
        &self,
        first: usize,
        batch: BatchJson,
        visit: &mut impl FnMut(usize, T::Item<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let json = batch?;
        let items = self.parse(&json)?;
        let len = items.len();
        for (index, item) in (first..).zip(items) {
            if T::is_marked(&item) {
                visit(index, item)?;
            }
        }
        Ok(len)
    }

    /// Parses the JSON of a batch.
    fn parse<'a>(&self, json: &'a [u8]) -> Result<Vec<T::Item<'a>>, ChangedText> {
        let items = parse_items::<T>(json, self.items.is_unchecked()).ok_or(ChangedText)?;
        let is_known = !self.items.is_unchecked() || !items.is_empty() && !has_marked::<T>(&items);
        if is_known { Ok(items) } else { Err(ChangedText) }
    }

    /// Returns the items of a text as the JSON of its items.
    fn to_json(&self) -> Result<Self, ChangedText> {
        let mut list = Self::default();
        for batch in self.items.batches(0, 1) {
            let json = batch?;
            self.parse(&json)?;
            let items: Vec<T::Shown<'_>> = strict_json::from_slice(&json).map_err(|_| ChangedText)?;
            items.iter().for_each(|item| list.push(item));
        }
        Ok(list)
    }
}

/// The items of a list that were visited.
struct Progress<F, E> {
    visit: F,
    /// The index of the next item.
    next: usize,
    /// The first error.
    result: Result<(), E>,
}

/// Visits the items of a batch when it is the turn of `part`.
fn visit_all<I, F: FnMut(usize, I) -> Result<(), E>, E: From<ChangedText>>(
    progress: &Mutex<Progress<F, E>>,
    items: Result<Vec<I>, ChangedText>,
    part: Part<'_>,
) {
    let Some(turn) = part.wait() else { return };
    let Progress { visit, next, result } = &mut *progress.lock();
    *result = items.map_err(E::from).and_then(|items| {
        for item in items {
            visit(*next, item)?;
            *next += 1;
        }
        Ok(())
    });
    if result.is_err() {
        turn.stop();
    }
}

/// Parses the items of a JSON array; returns `None` if any is not valid, or an object has two fields of the same name
/// although `checks_names`.
fn parse_items<T: ListItem>(json: &[u8], checks_names: bool) -> Option<Vec<T::Item<'_>>> {
    let items = strict_json::from_slice(json).ok()?;
    if checks_names && !T::REJECTS_DUPLICATES {
        DistinctNames::check(json).ok()?;
    }
    Some(items)
}

fn has_marked<T: ListItem>(items: &[T::Item<'_>]) -> bool {
    items.iter().any(|item| T::is_marked(item))
}

/// Returns what is known of the part `range` of `text` if its items are valid.
fn check_block<T: ListItem>(text: &JsonText, range: &Range<u64>) -> Option<CheckedBlock> {
    let json = read_array(text, range)?;
    let items = parse_items::<T>(&json, true)?;
    Some(CheckedBlock { len: items.len(), is_marked: has_marked::<T>(&items) })
}

fn push(json: &mut Vec<u8>, item: &impl Serialize) {
    serde_json::to_writer(&mut *json, item)
        .expect("an item of a seed serializes to JSON, and writing to memory cannot fail");
    // Without a separator, the digits of two adjacent numbers would form one number.
    json.push(b'\n');
}

impl<T: ListItem> Serialize for LazyJsonList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.items {
            Items::Json(_) | Items::State(_) => self.items.serialize(serializer),
            Items::Text(..) => self.to_json().map_err(S::Error::custom)?.items.serialize(serializer),
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
        while let Some(item) = items.next_element::<T::Shown<'de>>()? {
            list.push(&item);
        }
        Ok(list)
    }
}
