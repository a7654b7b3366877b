//! `SharedState`: a state whose copies share what did not change, and whose writes can be undone.
//!
//! Imports only its sibling `undo`.

use std::sync::Arc;

use super::undo::WriteEnd;

/// A state whose clones share all parts that are not written afterwards.
pub trait SharedState: Clone {
    /// Returns an estimate of the bytes that this copy keeps in memory besides `newer`, a later copy.
    ///
    /// The cost is proportional to what changed between the copies.
    fn unshared_bytes(&self, newer: &Self) -> usize;

    /// Ends a write: keeps all its changes, or undoes them.
    fn end_write(&mut self, end: WriteEnd);
}

/// Returns the bytes of a shared value, as `measure` returns them; 0 if `newer` is the same value.
pub fn unshared_arc_bytes<T: ?Sized>(
    value: &Arc<T>,
    newer: Option<&Arc<T>>,
    measure: impl FnOnce(&T) -> usize,
) -> usize {
    if newer.is_some_and(|newer| Arc::ptr_eq(value, newer)) { 0 } else { measure(value) }
}
