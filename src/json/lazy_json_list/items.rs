//! `Items`: the items of a list as JSON, without their type, so that the compiler generates the code around threads once
//! and not for every type of items.

use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, mpsc};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::json::json_text::JsonText;

/// The number of items above which another thread creates the items of a state.
const PARALLEL_LEN: usize = 2_000;

/// The number of items that another thread reads at a time, and of such batches that wait.
const BATCH_LEN: usize = 128;
const MAX_BATCHES: usize = 4;

/// Where the items of a list are.
#[derive(Clone)]
pub(super) enum Items {
    /// The compact JSON of the items, each followed by a line feed.
    Json(Vec<u8>),
    /// A state from which the items are created.
    State(Arc<dyn Source>),
    /// The parts of a text that have the items.
    Text(JsonText, Arc<[Block]>),
}

/// A part of a text with some items and commas between them.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) range: Range<u64>,
    /// The number of items.
    pub(super) len: usize,
    /// Whether any of the items is marked.
    pub(super) is_marked: bool,
}

/// A state from which the items of a list are created.
pub(super) trait Source: Send + Sync {
    fn items(&self) -> Box<dyn Iterator<Item = Box<RawValue>> + '_>;
}

/// The file of a list was changed after it was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedText;

impl fmt::Display for ChangedText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the file was changed while it was read")
    }
}

/// The JSON array of some consecutive items.
pub(super) type BatchJson = Result<Vec<u8>, ChangedText>;

/// A value of any type.
pub(super) type Erased = Box<dyn Any + Send>;

impl Items {
    /// Returns every `threads`th batch of items, starting with the one at `thread`.
    pub(super) fn batches(&self, thread: usize, threads: usize) -> Box<dyn Iterator<Item = BatchJson> + '_> {
        match self {
            Self::Json(json) => {
                let batches = Batches(raw_items(json)).skip(thread).step_by(threads);
                Box::new(batches.map(|items| Ok(array(items.iter().map(|item| item.get())))))
            }
            Self::State(source) => {
                let batches = Batches(source.items()).skip(thread).step_by(threads);
                Box::new(batches.map(|items| Ok(array(items.iter().map(|item| item.get())))))
            }
            Self::Text(text, blocks) => {
                let blocks = blocks.iter().skip(thread).step_by(threads);
                Box::new(blocks.map(|block| read_array(text, &block.range).ok_or(ChangedText)))
            }
        }
    }

    /// Calls `read` with what `parse` returns for the batches, in their order; `threads` threads call `parse` meanwhile.
    pub(super) fn read_parallel(
        &self,
        threads: usize,
        parse: &(dyn Fn(BatchJson) -> Erased + Sync),
        read: &mut dyn FnMut(&mut dyn Iterator<Item = Erased>),
    ) {
        std::thread::scope(|scope| {
            let receivers: Vec<mpsc::Receiver<Erased>> = (0..threads)
                .map(|thread| {
                    let (sender, receiver) = mpsc::sync_channel(MAX_BATCHES);
                    // The receiver is dropped if the reader needs no further items.
                    scope.spawn(move || {
                        self.batches(thread, threads).map(parse).try_for_each(|batch| sender.send(batch))
                    });
                    receiver
                })
                .collect();
            read(&mut (0..threads).cycle().map_while(|thread| receivers[thread].recv().ok()));
        });
    }
}

impl Serialize for Items {
    /// Serializes the items; those of a text must be checked before.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(json) => serializer.collect_seq(raw_items(json)),
            Self::State(source) => serialize_items(&**source, serializer),
            Self::Text(..) => Err(serde::ser::Error::custom("the items of a text are not checked")),
        }
    }
}

/// Serializes the items of a state; if there are many, another thread creates them meanwhile.
fn serialize_items<S: Serializer>(source: &dyn Source, serializer: S) -> Result<S::Ok, S::Error> {
    if source.items().nth(PARALLEL_LEN).is_none() {
        return serializer.collect_seq(source.items());
    }
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<Vec<Box<RawValue>>>(MAX_BATCHES);
        // The receiver is dropped if nobody needs further items.
        scope.spawn(move || Batches(source.items()).try_for_each(|batch| sender.send(batch).map_err(drop)));
        serializer.collect_seq(receiver.into_iter().flatten())
    })
}

/// Checks the parts `ranges` of `text` with `check` in two threads, and returns the blocks.
pub(super) fn check_blocks(
    ranges: &[Range<u64>],
    check: &(dyn Fn(&Range<u64>) -> Option<Block> + Sync),
) -> Option<Vec<Block>> {
    let (first, second) = ranges.split_at(ranges.len() / 2);
    let check_all = |ranges: &[Range<u64>]| -> Option<Vec<Block>> { ranges.iter().map(check).collect() };
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| check_all(first));
        let second = check_all(second);
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    });
    Some([first?, second?].concat())
}

/// Returns the part `range` of `text` as a JSON array.
pub(super) fn read_array(text: &JsonText, range: &Range<u64>) -> Option<Vec<u8>> {
    let mut json = b"[".to_vec();
    text.read(range.clone(), &mut json).ok()?;
    json.push(b']');
    Some(json)
}

/// Returns a JSON array of values.
fn array<'a>(values: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut json = b"[".to_vec();
    for value in values {
        if json.len() > 1 {
            json.push(b',');
        }
        json.extend_from_slice(value.as_bytes());
    }
    json.push(b']');
    json
}

/// Returns the JSON of the items in [`Items::Json`].
fn raw_items(json: &[u8]) -> impl Iterator<Item = &RawValue> {
    serde_json::Deserializer::from_slice(json).into_iter().map(|item| item.expect("the items are JSON"))
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
