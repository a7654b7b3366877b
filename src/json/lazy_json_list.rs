//! `LazyJsonList`: a long list of a seed, whose items are deserialized when they are read.
//!
//! Imports its siblings `distinct_names`, `json_text` and `strict_json`.

#[cfg(test)]
mod tests;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::{Arc, mpsc};

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::distinct_names::DistinctNames;
use super::json_text::JsonText;
use super::strict_json;

/// The length of a list in bytes, and its number of items, above which other threads read its items.
const PARALLEL_BYTES: usize = 1024 * 1024;
const PARALLEL_LEN: usize = 2_000;

/// The number of items that another thread reads at a time, and of such batches that wait.
const BATCH_LEN: usize = 128;
const MAX_BATCHES: usize = 4;

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

/// The file of a list was changed after it was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedText;

impl fmt::Display for ChangedText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the file was changed while it was read")
    }
}

/// A list of a seed that deserializes its items one by one.
///
/// As deserialized values, the items would take several times as much memory, and the process would keep that memory:
/// the allocator cannot return pages below the records that are created from the items. So the items of a long document
/// stay in its text, those of a saved state are created from its records, and those of other lists are stored as JSON.
pub struct LazyJsonList<T: ListItem>(Items<T>);

enum Items<T: ListItem> {
    /// The compact JSON of the items, each followed by a line feed.
    Json(Vec<u8>),
    /// A state from which the items are created.
    State(Arc<dyn Source<T>>),
    /// The parts of a text that have the items.
    Text(JsonText, Arc<[Block]>),
}

/// A part of a text with some items and commas between them.
#[derive(Debug, Clone)]
struct Block {
    range: Range<u64>,
    /// The number of items.
    len: usize,
    /// Whether any of the items is marked.
    is_marked: bool,
}

/// A state from which the items of a list are created.
trait Source<T: ListItem>: Send + Sync {
    fn items(&self) -> Box<dyn Iterator<Item = T::Saved<'_>> + '_>;
}

/// A state, and the function that returns its items.
struct StateSource<S, T: ListItem> {
    state: S,
    items: for<'a> fn(&'a S) -> Box<dyn Iterator<Item = T::Saved<'a>> + 'a>,
}

impl<S: Send + Sync, T: ListItem> Source<T> for StateSource<S, T> {
    fn items(&self) -> Box<dyn Iterator<Item = T::Saved<'_>> + '_> {
        (self.items)(&self.state)
    }
}

// `derive` would add unnecessary bounds on `T`.
impl<T: ListItem> Clone for LazyJsonList<T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Items::Json(json) => Items::Json(json.clone()),
            Items::State(source) => Items::State(Arc::clone(source)),
            Items::Text(text, blocks) => Items::Text(text.clone(), Arc::clone(blocks)),
        })
    }
}

impl<T: ListItem> fmt::Debug for LazyJsonList<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = match &self.0 {
            Items::Json(json) => Some(String::from_utf8_lossy(json)),
            Items::State(_) | Items::Text(..) => None,
        };
        formatter.debug_struct("LazyJsonList").field("json", &json).finish_non_exhaustive()
    }
}

impl<T: ListItem> Default for LazyJsonList<T> {
    fn default() -> Self {
        Self(Items::Json(Vec::new()))
    }
}

impl<T: ListItem> LazyJsonList<T> {
    /// Returns the list of the items that `items` returns for `state`, which should be cheap to clone.
    pub fn from_state<S: Send + Sync + 'static>(
        state: S,
        items: for<'a> fn(&'a S) -> Box<dyn Iterator<Item = T::Saved<'a>> + 'a>,
    ) -> Self {
        Self(Items::State(Arc::new(StateSource::<S, T> { state, items })))
    }

    /// Returns the list of the items in the parts `ranges` of `text`, which have commas between them; `None` if they are not
    /// valid. Only a single part can be blank.
    pub fn from_text(text: &JsonText, ranges: &[Range<u64>]) -> Option<Self> {
        let (first, second) = ranges.split_at(ranges.len() / 2);
        let check = |ranges: &[Range<u64>]| -> Option<Vec<Block>> {
            ranges.iter().map(|range| check_block::<T>(text, range)).collect()
        };
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| check(first));
            let second = check(second);
            (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
        });
        let blocks = [first?, second?].concat();
        if blocks.len() == 1 && blocks[0].len == 0 {
            return Some(Self::default());
        }
        // A blank part would be a comma without an item, and no part a list without an end.
        let is_valid = !blocks.is_empty() && blocks.iter().all(|block| block.len > 0);
        is_valid.then(|| Self(Items::Text(text.clone(), blocks.into())))
    }

    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Items::Json(json) => json.is_empty(),
            Items::State(source) => source.items().next().is_none(),
            Items::Text(_, blocks) => blocks.is_empty(),
        }
    }

    /// Appends an item to a list that was created empty.
    pub fn push(&mut self, item: &T) {
        match &mut self.0 {
            Items::Json(json) => push(json, item),
            Items::State(_) | Items::Text(..) => debug_assert!(false, "the list was not created empty"),
        }
    }

    /// Returns the items.
    pub fn iter(&self) -> impl Iterator<Item = Result<T, ChangedText>> {
        self.batches(0, 1).flat_map(into_items)
    }

    /// Calls `read` with the items; if the list is long, other threads deserialize them meanwhile.
    pub fn read<O>(&self, read: impl FnOnce(&mut dyn Iterator<Item = Result<T, ChangedText>>) -> O) -> O {
        self.read_as(|item| item, read)
    }

    /// Calls `read` with what `parse` returns for the items, like [`LazyJsonList::read`]; the other threads also call
    /// `parse`.
    pub fn read_as<U: Send, O>(
        &self,
        parse: impl Fn(T) -> U + Sync,
        read: impl FnOnce(&mut dyn Iterator<Item = Result<U, ChangedText>>) -> O,
    ) -> O {
        let threads = match &self.0 {
            Items::Json(json) if json.len() < PARALLEL_BYTES => {
                return read(&mut self.iter().map(|item| item.map(&parse)));
            }
            Items::Json(_) | Items::State(_) => 1,
            Items::Text(..) => THREADS,
        };
        let parse_batch = |batch: Batch<T>| -> Batch<U> { Ok(batch?.into_iter().map(&parse).collect()) };
        std::thread::scope(|scope| {
            let receivers: Vec<mpsc::Receiver<Batch<U>>> = (0..threads)
                .map(|thread| {
                    let (sender, receiver) = mpsc::sync_channel(MAX_BATCHES);
                    let parse_batch = &parse_batch;
                    // The receiver is dropped if the reader needs no further items.
                    scope.spawn(move || {
                        self.batches(thread, threads)
                            .map(parse_batch)
                            .try_for_each(|batch| sender.send(batch))
                    });
                    receiver
                })
                .collect();
            let batches = (0..threads).cycle().map_while(|thread| receivers[thread].recv().ok());
            read(&mut batches.flat_map(into_items))
        })
    }

    /// Calls `visit` with each marked item and its index.
    ///
    /// # Errors
    /// The first error of `visit`.
    pub fn for_each_marked<E: From<ChangedText>>(
        &self,
        mut visit: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        let Items::Text(text, blocks) = &self.0 else {
            let items = self.iter().enumerate();
            return visit_marked(items, visit);
        };
        let mut first = 0;
        for block in &**blocks {
            if block.is_marked {
                let items = into_items(read_block(text, &block.range));
                visit_marked((first..).zip(items), &mut visit)?;
            }
            first += block.len;
        }
        Ok(())
    }

    /// Returns every `threads`th batch of items, starting with the one at `thread`.
    fn batches(&self, thread: usize, threads: usize) -> Box<dyn Iterator<Item = Batch<T>> + '_> {
        match &self.0 {
            Items::Json(json) => {
                let items = serde_json::Deserializer::from_slice(json).into_iter();
                let items = items.map(|item| item.expect("a serialized item can be deserialized"));
                Box::new(Batches(items).skip(thread).step_by(threads).map(Ok))
            }
            Items::State(source) => {
                let items = source.items().map(|item| {
                    let json = serde_json::to_vec(&item).expect("an item of a state serializes to JSON");
                    serde_json::from_slice(&json).expect("a serialized item can be deserialized")
                });
                Box::new(Batches(items).skip(thread).step_by(threads).map(Ok))
            }
            Items::Text(text, blocks) => {
                let blocks = blocks.iter().skip(thread).step_by(threads);
                Box::new(blocks.map(|block| read_block(text, &block.range)))
            }
        }
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

/// The items of an iterator in batches.
struct Batches<I>(I);

impl<I: Iterator> Iterator for Batches<I> {
    type Item = Vec<I::Item>;

    fn next(&mut self) -> Option<Vec<I::Item>> {
        let batch: Vec<I::Item> = self.0.by_ref().take(BATCH_LEN).collect();
        Some(batch).filter(|batch| !batch.is_empty())
    }
}

fn visit_marked<T: ListItem, E: From<ChangedText>>(
    items: impl Iterator<Item = (usize, Result<T, ChangedText>)>,
    mut visit: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    for (index, item) in items {
        let item = item?;
        if item.is_marked() {
            visit(index, item)?;
        }
    }
    Ok(())
}

/// Returns the part `range` of `text` as a JSON array.
fn read_array(text: &JsonText, range: &Range<u64>) -> Option<Vec<u8>> {
    let mut json = b"[".to_vec();
    text.read(range.clone(), &mut json).ok()?;
    json.push(b']');
    Some(json)
}

/// Returns the items in the part `range` of `text`.
fn read_block<T: ListItem>(text: &JsonText, range: &Range<u64>) -> Batch<T> {
    let json = read_array(text, range).ok_or(ChangedText)?;
    strict_json::from_slice(&json).map_err(|_| ChangedText)
}

/// Returns the part `range` of `text` if its items are valid.
fn check_block<T: ListItem>(text: &JsonText, range: &Range<u64>) -> Option<Block> {
    let json = read_array(text, range)?;
    let items: Vec<T> = strict_json::from_slice(&json).ok()?;
    if !T::REJECTS_DUPLICATES {
        serde_json::from_slice::<DistinctNames>(&json).ok()?;
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
        match &self.0 {
            Items::Json(json) => {
                let items = serde_json::Deserializer::from_slice(json).into_iter::<&RawValue>();
                serializer.collect_seq(items.map(|item| item.expect("the items are JSON")))
            }
            Items::State(source) => serialize_items(&**source, serializer),
            Items::Text(..) => {
                let items: Result<Self, ChangedText> = self.iter().collect();
                items.map_err(S::Error::custom)?.serialize(serializer)
            }
        }
    }
}

/// Serializes the items of a state; if there are many, another thread creates them meanwhile.
fn serialize_items<T: ListItem, S: Serializer>(
    source: &dyn Source<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if source.items().nth(PARALLEL_LEN).is_none() {
        return serializer.collect_seq(source.items());
    }
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<Vec<T::Saved<'_>>>(MAX_BATCHES);
        // The receiver is dropped if nobody needs further items.
        scope.spawn(move || Batches(source.items()).try_for_each(|batch| sender.send(batch).map_err(drop)));
        serializer.collect_seq(receiver.into_iter().flatten())
    })
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
