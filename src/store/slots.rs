//! Places for records, numbered from 0, in chunks that clones share until one of them is written.

use std::sync::Arc;

/// Number of places in a chunk, a power of two: what the first write to a shared chunk copies.
const CHUNK: usize = 64;

/// Number of chunks in a branch: what the first write to a shared branch counts.
const BRANCH: usize = 256;

/// A vector whose clone costs a count for every 16,384 places.
#[derive(Debug)]
pub(super) struct Slots<T> {
    branches: Vec<Arc<Branch<T>>>,
    /// The places behind those of the full chunks.
    tail: Arc<Vec<T>>,
    len: usize,
}

/// Full chunks; their items stand behind the pointer itself, as a way of one step less counts where memory is cold.
type Branch<T> = Vec<Arc<[T]>>;

// Derived, these would ask more of the items than they need.
impl<T> Clone for Slots<T> {
    fn clone(&self) -> Self {
        Self { branches: self.branches.clone(), tail: Arc::clone(&self.tail), len: self.len }
    }
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { branches: Vec::new(), tail: Arc::default(), len: 0 }
    }
}

impl<T: Clone> Slots<T> {
    /// Returns the number of places.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Returns what is in the place `index`.
    pub(super) fn get(&self, index: u32) -> &T {
        let (branch, chunk, place) = path(index as usize);
        if self.is_in_tail(index) {
            return &self.tail[place];
        }
        &self.branches[branch][chunk][place]
    }

    /// Returns the place `index` for writing.
    pub(super) fn get_mut(&mut self, index: u32) -> &mut T {
        let (branch, chunk, place) = path(index as usize);
        if self.is_in_tail(index) {
            return &mut Arc::make_mut(&mut self.tail)[place];
        }
        &mut Arc::make_mut(&mut Arc::make_mut(&mut self.branches[branch])[chunk])[place]
    }

    /// Adds a place at the end.
    pub(super) fn push(&mut self, item: T) {
        let tail = Arc::make_mut(&mut self.tail);
        // The first chunk grows as it is needed: most collections hold a few records.
        if tail.is_empty() && self.len > 0 {
            tail.reserve_exact(CHUNK);
        }
        tail.push(item);
        self.len += 1;
        if tail.len() == CHUNK {
            let chunk = std::mem::take(tail).into();
            self.push_chunk(chunk);
        }
    }

    fn push_chunk(&mut self, chunk: Arc<[T]>) {
        if self.branches.last().is_none_or(|branch| branch.len() == BRANCH) {
            self.branches.push(Arc::default());
        }
        let branch = self.branches.last_mut().expect("there is a branch with room");
        Arc::make_mut(branch).push(chunk);
    }

    const fn is_in_tail(&self, index: u32) -> bool {
        index as usize / CHUNK == self.len / CHUNK
    }
}

/// The branch, the chunk in it and the place in that.
const fn path(index: usize) -> (usize, usize, usize) {
    (index / (CHUNK * BRANCH), index / CHUNK % BRANCH, index % CHUNK)
}
