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
    len: usize,
}

type Branch<T> = Vec<Arc<Vec<T>>>;

// Derived, these would ask more of the items than they need.
impl<T> Clone for Slots<T> {
    fn clone(&self) -> Self {
        Self { branches: self.branches.clone(), len: self.len }
    }
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { branches: Vec::new(), len: 0 }
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
        &self.branches[branch][chunk][place]
    }

    /// Returns the place `index` for writing.
    pub(super) fn get_mut(&mut self, index: u32) -> &mut T {
        let (branch, chunk, place) = path(index as usize);
        &mut Arc::make_mut(&mut Arc::make_mut(&mut self.branches[branch])[chunk])[place]
    }

    /// Adds a place at the end.
    pub(super) fn push(&mut self, item: T) {
        let (branch, chunk, place) = path(self.len);
        self.len += 1;
        if branch == self.branches.len() {
            self.branches.push(Arc::default());
        }
        let branch = Arc::make_mut(&mut self.branches[branch]);
        if place > 0 {
            Arc::make_mut(&mut branch[chunk]).push(item);
            return;
        }
        // A short vector grows as it is needed: most collections hold a few records.
        let room = if self.len == 1 { 1 } else { CHUNK };
        let mut items = Vec::with_capacity(room);
        items.push(item);
        branch.push(Arc::new(items));
    }
}

/// The branch, the chunk in it and the place in that.
const fn path(index: usize) -> (usize, usize, usize) {
    (index / (CHUNK * BRANCH), index / CHUNK % BRANCH, index % CHUNK)
}
