//! `ChunkedVec`: a vector in chunks that clones share until one of them is written.

mod search;

use std::sync::Arc;

use super::cow_arc::make_mut;
use super::segment_texts::{SEGMENT, SegmentTexts};
use super::slot_set::CHUNK;
pub(super) use search::TextSearch;

/// The number of chunks in a branch: the first write to a shared branch increments this many reference counts.
const BRANCH: usize = 256;

/// A vector whose clone increments one reference count per 16,384 items.
#[derive(Debug)]
pub(super) struct ChunkedVec<T> {
    branches: Vec<Arc<Branch<T>>>,
    /// The items after those of the full chunks.
    tail: Arc<Vec<T>>,
    len: usize,
}

/// A full chunk. Its items are inline, because one more level of indirection is measurable on cache misses.
type Chunk<T> = [T; CHUNK];

/// A list of full chunks, and the texts of their items for searches, by segment.
#[derive(Debug)]
struct Branch<T> {
    chunks: Vec<Arc<Chunk<T>>>,
    texts: Vec<SegmentTexts>,
}

// `derive` would add an unnecessary bound on `T`.
impl<T> Clone for Branch<T> {
    fn clone(&self) -> Self {
        Self { chunks: self.chunks.clone(), texts: self.texts.clone() }
    }
}

impl<T> Default for Branch<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), texts: Vec::new() }
    }
}

// `derive` would add an unnecessary bound on `T`.
impl<T> Clone for ChunkedVec<T> {
    fn clone(&self) -> Self {
        Self { branches: self.branches.clone(), tail: Arc::clone(&self.tail), len: self.len }
    }
}

impl<T> Default for ChunkedVec<T> {
    fn default() -> Self {
        Self { branches: Vec::new(), tail: Arc::default(), len: 0 }
    }
}

impl<T: Clone> ChunkedVec<T> {
    /// Returns the number of items.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Returns the item at `index`.
    pub(super) fn get(&self, index: u32) -> &T {
        let (branch, chunk, item) = path(index as usize);
        if self.is_in_tail(index) {
            return &self.tail[item];
        }
        &self.branches[branch].chunks[chunk][item]
    }

    /// Returns a mutable reference to the item at `index`.
    pub(super) fn get_mut(&mut self, index: u32) -> &mut T {
        let (branch, chunk, item) = path(index as usize);
        if self.is_in_tail(index) {
            return &mut make_mut(&mut self.tail)[item];
        }
        let Branch { chunks, texts } = make_mut(&mut self.branches[branch]);
        texts[chunk / SEGMENT].invalidate(chunk % SEGMENT * CHUNK + item);
        &mut make_mut(&mut chunks[chunk])[item]
    }

    /// Appends an item.
    pub(super) fn push(&mut self, item: T) {
        let tail = make_mut(&mut self.tail);
        // The first chunk grows on demand, because most collections have only a few records.
        if tail.is_empty() && self.len > 0 {
            tail.reserve_exact(CHUNK);
        }
        tail.push(item);
        self.len += 1;
        if tail.len() == CHUNK {
            let items: Result<Box<[T; CHUNK]>, Vec<T>> = std::mem::take(tail).try_into();
            let items = *items.unwrap_or_else(|_| unreachable!("the length was compared above"));
            self.push_chunk(Arc::new(items));
        }
    }

    /// Returns the sum of `measure` over the items in chunks that `other` does not share, each with the item of `other`
    /// at the same index, plus `chunk_bytes` and the bytes of the texts for each of these chunks.
    pub(super) fn sum_unshared(
        &self,
        other: &Self,
        chunk_bytes: usize,
        measure: &dyn Fn(&T, Option<&T>) -> usize,
    ) -> usize {
        let sum_chunk = |first: usize, items: &[T]| {
            let mut sum = chunk_bytes;
            for (at, item) in items.iter().enumerate() {
                let index = first + at;
                let other_item = if index < other.len { Some(other.get(to_u32(index))) } else { None };
                sum += measure(item, other_item);
            }
            sum
        };
        let mut sum = 0;
        for (number, branch) in self.branches.iter().enumerate() {
            let other_branch = other.branches.get(number);
            if other_branch.is_some_and(|other| Arc::ptr_eq(branch, other)) {
                continue;
            }
            for (position, texts) in branch.texts.iter().enumerate() {
                sum += texts.unshared_bytes(other_branch.and_then(|branch| branch.texts.get(position)));
            }
            for (position, chunk) in branch.chunks.iter().enumerate() {
                let other_chunk = other_branch.and_then(|branch| branch.chunks.get(position));
                if other_chunk.is_none_or(|other| !Arc::ptr_eq(chunk, other)) {
                    sum += sum_chunk((number * BRANCH + position) * CHUNK, &**chunk);
                }
            }
        }
        if self.tail.is_empty() || Arc::ptr_eq(&self.tail, &other.tail) {
            return sum;
        }
        sum + sum_chunk(self.len - self.tail.len(), &self.tail)
    }

    fn push_chunk(&mut self, chunk: Arc<Chunk<T>>) {
        if self.branches.last().is_none_or(|branch| branch.chunks.len() == BRANCH) {
            self.branches.push(Arc::default());
        }
        let branch = self.branches.last_mut().expect("a branch with room was pushed above");
        let Branch { chunks, texts } = make_mut(branch);
        chunks.push(chunk);
        texts.resize_with(chunks.len().div_ceil(SEGMENT), SegmentTexts::default);
        texts[(chunks.len() - 1) / SEGMENT].grow((chunks.len() - 1) % SEGMENT + 1);
    }

    /// Returns the full chunks of a segment, and their texts; `None` if it has no full chunk.
    fn segment(&self, number: usize) -> Option<(&[Arc<Chunk<T>>], &SegmentTexts)> {
        let (branch, first) = (number * SEGMENT / BRANCH, number * SEGMENT % BRANCH);
        let Branch { chunks, texts } = &**self.branches.get(branch)?;
        let end = chunks.len().min(first + SEGMENT);
        Some((chunks.get(first..end)?, texts.get(first / SEGMENT)?))
    }

    const fn is_in_tail(&self, index: u32) -> bool {
        index as usize / CHUNK == self.len / CHUNK
    }
}

fn to_u32(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 items fit into memory")
}

/// Returns the index of the branch, of the chunk in the branch, and of the item in the chunk.
const fn path(index: usize) -> (usize, usize, usize) {
    (index / (CHUNK * BRANCH), index / CHUNK % BRANCH, index % CHUNK)
}
