//! `Items`: the items of a list as JSON, without their type, so that the compiler generates the code around threads once
//! and not for every type of items.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock, mpsc};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::turns::{Part, Turns};
use crate::json::json_text::JsonText;

/// The length in bytes of a list as JSON above which several threads read its items.
const PARALLEL_BYTES: usize = 1024 * 1024;

/// The number of items of a state above which several threads create and read them.
const PARALLEL_LEN: usize = 2_000;

/// The number of threads that create or deserialize the items of a long list.
const THREADS: usize = 2;

/// The number of items of a list that are read at a time, unless they are in a text.
const BATCH_LEN: usize = 64;

/// The number of batches of each thread that wait to be serialized.
const MAX_BATCHES: usize = 4;

/// Where the items of a list are.
#[derive(Clone)]
pub(super) enum Items {
    /// The compact JSON of the items, each followed by a line feed.
    Json(Vec<u8>),
    /// A state from which the items are created.
    State(Arc<dyn Source>),
    /// The parts of a text that have the items.
    Text(JsonText, Arc<Blocks>),
}

/// The parts of a text with the items of a list, each with some items and commas between them.
#[derive(Debug)]
pub(super) struct Blocks {
    pub(super) ranges: Box<[Range<u64>]>,
    /// What is known of the parts since they were checked.
    pub(super) checked: OnceLock<Box<[CheckedBlock]>>,
}

/// What is known of a part of a text that was checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct CheckedBlock {
    /// The number of items.
    pub(super) len: usize,
    /// Whether any of the items is marked.
    pub(super) is_marked: bool,
}

/// A state from which the items of a list are created.
pub(super) trait Source: Send + Sync {
    /// Returns the items of `share`.
    fn items(&self, share: Share) -> Box<dyn Iterator<Item = Box<RawValue>> + '_>;
}

/// The items of a state that one of several threads creates: of every `threads` batches the one at `thread`.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    thread: usize,
    threads: usize,
    next: usize,
}

impl Share {
    /// All items.
    pub(super) const ALL: Self = Self { thread: 0, threads: 1, next: 0 };

    /// Returns whether the next item is in the share; to be called for each item in order, before the item is created.
    pub fn has_next(&mut self) -> bool {
        let batch = self.next / BATCH_LEN;
        self.next += 1;
        batch % self.threads == self.thread
    }
}

/// The items of a list are not what they were when it was checked, or it was not checked and cannot be read without that.
///
/// After a check, only a file that another process has changed is the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedText;

impl fmt::Display for ChangedText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the file was changed while it was read")
    }
}

/// The JSON array of some consecutive items.
pub(super) type BatchJson = Result<Vec<u8>, ChangedText>;

impl Items {
    /// Returns whether the items are those of a text that was not checked.
    pub(super) fn is_unchecked(&self) -> bool {
        matches!(self, Self::Text(_, blocks) if blocks.checked.get().is_none())
    }

    /// Returns every `threads`th batch of items, starting with the one at `thread`.
    pub(super) fn batches(&self, thread: usize, threads: usize) -> Box<dyn Iterator<Item = BatchJson> + '_> {
        match self {
            Self::Json(json) => {
                let batches = Batches(raw_items(json)).skip(thread).step_by(threads);
                Box::new(batches.map(|items| Ok(array(items.iter().map(|item| item.get())))))
            }
            Self::State(source) => {
                let batches = Batches(source.items(Share { thread, threads, next: 0 }));
                Box::new(batches.map(|items| Ok(array(items.iter().map(|item| item.get())))))
            }
            Self::Text(text, blocks) => {
                let ranges = blocks.ranges.iter().skip(thread).step_by(threads);
                Box::new(ranges.map(|range| read_array(text, range).ok_or(ChangedText)))
            }
        }
    }

    /// Calls `work` with the batches, each as a part of which the turns are in the order of the list; two threads do so if
    /// there are many.
    pub(super) fn for_each_batch(&self, work: &(dyn Fn(BatchJson, Part<'_>) + Sync)) {
        let (threads, turns) = (self.threads(), Turns::default());
        turns.run(threads, &|thread| {
            for (number, batch) in self.batches(thread, threads).enumerate() {
                work(batch, turns.part(thread + number * threads));
                if turns.is_stopped() {
                    return;
                }
            }
        });
    }

    /// Returns the number of threads that read the items.
    fn threads(&self) -> usize {
        let is_long = match self {
            Self::Json(json) => json.len() >= PARALLEL_BYTES,
            Self::State(source) => has_many_items(&**source),
            Self::Text(_, blocks) => blocks.ranges.len() > 1,
        };
        if is_long { THREADS } else { 1 }
    }
}

fn has_many_items(source: &dyn Source) -> bool {
    source.items(Share::ALL).nth(PARALLEL_LEN).is_some()
}

impl Serialize for Items {
    /// Serializes the items; those of a text must be checked before.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(json) => serializer.collect_seq(raw_items(json)),
            Self::State(source) => {
                let (mut serializer, mut result) = (Some(serializer), None);
                with_items(&**source, &mut |items| {
                    result = serializer.take().map(|serializer| serializer.collect_seq(items));
                });
                result.expect("the closure is called once")
            }
            Self::Text(..) => Err(serde::ser::Error::custom("the items of a text are not checked")),
        }
    }
}

/// Calls `serialize` once with the items of a state; if there are many, other threads create them meanwhile.
fn with_items(
    source: &dyn Source,
    serialize: &mut dyn FnMut(&mut (dyn Iterator<Item = Box<RawValue>> + '_)),
) {
    if !has_many_items(source) {
        serialize(&mut source.items(Share::ALL));
        return;
    }
    std::thread::scope(|scope| {
        let receivers: Vec<mpsc::Receiver<Vec<Box<RawValue>>>> = (0..THREADS)
            .map(|thread| {
                let (sender, receiver) = mpsc::sync_channel(MAX_BATCHES);
                let share = Share { thread, threads: THREADS, next: 0 };
                // The receiver is dropped if nobody needs further items.
                scope.spawn(move || Batches(source.items(share)).try_for_each(|batch| sender.send(batch)));
                receiver
            })
            .collect();
        let batches = (0..THREADS).cycle().map_while(|thread| receivers[thread].recv().ok());
        serialize(&mut batches.flatten());
    });
}

/// Checks the parts `ranges` of `text` with `check` in two threads.
pub(super) fn check_blocks(
    ranges: &[Range<u64>],
    check: &(dyn Fn(&Range<u64>) -> Option<CheckedBlock> + Sync),
) -> Option<Vec<CheckedBlock>> {
    let (first, second) = ranges.split_at(ranges.len() / 2);
    let check_all =
        |ranges: &[Range<u64>]| -> Option<Vec<CheckedBlock>> { ranges.iter().map(check).collect() };
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| check_all(first));
        let second = check_all(second);
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    });
    Some([first?, second?].concat())
}

/// Returns the part `range` of `text` as a JSON array.
pub(super) fn read_array(text: &JsonText, range: &Range<u64>) -> Option<Vec<u8>> {
    let len = usize::try_from(range.end - range.start).ok()?;
    let mut json = Vec::with_capacity(len + 2);
    json.push(b'[');
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
