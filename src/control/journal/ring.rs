//! `Ring`: the exchanges of one journal, the oldest first, with their size.

use std::collections::VecDeque;
use std::sync::Arc;

use super::entry::Entry;

/// The exchanges of one journal.
#[derive(Debug, Default)]
pub(super) struct Ring {
    /// The exchanges, each with its number among those of all journals.
    pub(super) entries: VecDeque<(u64, Arc<Entry>)>,
    /// The size of the exchanges.
    pub(super) bytes: usize,
    /// The number of the last write to this journal, among the writes to all journals.
    pub(super) last_write: u64,
    /// The number of exchanges that were evicted.
    pub(super) evicted: u64,
    /// A short exchange that was evicted, whose memory the next one uses.
    pub(super) reusable: Option<Arc<Entry>>,
}

impl Ring {
    pub(super) fn push(&mut self, number: u64, entry: Arc<Entry>) {
        self.bytes += entry.bytes();
        self.entries.push_back((number, entry));
        self.last_write = number;
    }

    /// Removes and returns the oldest exchange if there are more than `max_entries` or more than `max_bytes`.
    pub(super) fn evict_oldest(&mut self, max_entries: usize, max_bytes: usize) -> Option<Arc<Entry>> {
        if self.entries.len() <= max_entries && self.bytes <= max_bytes {
            return None;
        }
        self.evict()
    }

    /// Keeps an exchange that was evicted for the next one; returns it if there is one already, or if it is long.
    pub(super) fn keep_reusable(&mut self, evicted: Arc<Entry>) -> Option<Arc<Entry>> {
        if self.reusable.is_some() || !evicted.is_reusable() {
            return Some(evicted);
        }
        self.reusable = Some(evicted);
        None
    }

    /// Removes and returns the oldest exchanges, until they have at least `bytes` bytes or none is left.
    pub(super) fn evict_bytes(&mut self, bytes: usize) -> Vec<Arc<Entry>> {
        let target = self.bytes.saturating_sub(bytes);
        let mut evicted = Vec::new();
        while self.bytes > target
            && let Some(oldest) = self.evict()
        {
            evicted.push(oldest);
        }
        evicted
    }

    fn evict(&mut self) -> Option<Arc<Entry>> {
        let (_, oldest) = self.entries.pop_front()?;
        self.bytes -= oldest.bytes();
        self.evicted += 1;
        Some(oldest)
    }

    /// Removes and returns all exchanges.
    pub(super) fn clear(&mut self) -> VecDeque<(u64, Arc<Entry>)> {
        self.bytes = 0;
        self.reusable = None;
        std::mem::take(&mut self.entries)
    }

    /// Returns the number of exchanges whose number is at most `number`.
    pub(super) fn count_through(&self, number: u64) -> usize {
        self.entries.partition_point(|(other, _)| *other <= number)
    }
}
