//! Places for records, numbered from 0, in chunks that clones share until one of them is written.

use std::sync::Arc;

/// Number of places in a chunk, a power of two: what the first write to a shared chunk copies.
const CHUNK: usize = 64;

/// A vector whose clone costs a count for every 64 places.
#[derive(Debug)]
pub(super) struct Slots<T> {
    chunks: Vec<Arc<Vec<T>>>,
}

// Derived, these would ask more of the items than they need.
impl<T> Clone for Slots<T> {
    fn clone(&self) -> Self {
        Self { chunks: self.chunks.clone() }
    }
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T: Clone> Slots<T> {
    /// Returns the number of places.
    pub(super) fn len(&self) -> usize {
        let full = self.chunks.len().saturating_sub(1) * CHUNK;
        full + self.chunks.last().map_or(0, |chunk| chunk.len())
    }

    /// Returns what is in the place `index`.
    pub(super) fn get(&self, index: u32) -> &T {
        &self.chunks[index as usize / CHUNK][index as usize % CHUNK]
    }

    /// Returns the place `index` for writing.
    pub(super) fn get_mut(&mut self, index: u32) -> &mut T {
        &mut Arc::make_mut(&mut self.chunks[index as usize / CHUNK])[index as usize % CHUNK]
    }

    /// Adds a place at the end.
    pub(super) fn push(&mut self, item: T) {
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => Arc::make_mut(chunk).push(item),
            Some(_) => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(item);
                self.chunks.push(Arc::new(chunk));
            }
            // A short vector grows as it is needed: most collections hold a few records.
            None => self.chunks.push(Arc::new(vec![item])),
        }
    }
}
