//! `CowArc`: a value with copy-on-write sharing.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::undo::{Undo, WriteEnd};

/// A value that its clones share until one of them is written (copy-on-write).
///
/// A clone is O(1) (it increments a reference count), so a snapshot of any size is cheap; the first write after it
/// copies the value. [`Deref`] gives shared access; [`DerefMut`] copies a shared value.
#[derive(Debug, Default)]
pub struct CowArc<T>(Arc<T>);

impl<T> Clone for CowArc<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> CowArc<T> {
    /// Returns the bytes of the value, as `measure` returns them for it and `newer`; 0 if it is shared with `newer`.
    pub fn unshared_bytes(&self, newer: &Self, measure: impl FnOnce(&T, &T) -> usize) -> usize {
        if Arc::ptr_eq(&self.0, &newer.0) { 0 } else { measure(&self.0, &newer.0) }
    }
}

impl<T: Undo + Clone> CowArc<T> {
    /// Ends a write: keeps or undoes the changes of the value. A value without changes stays shared.
    pub fn end_write(&mut self, end: WriteEnd) {
        if self.0.has_changes() {
            make_mut(&mut self.0).end_write(end);
        }
    }
}

impl<T> Deref for CowArc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for CowArc<T> {
    fn deref_mut(&mut self) -> &mut T {
        make_mut(&mut self.0)
    }
}

/// Returns a mutable reference to a shared value, which is copied first if it has other owners.
///
/// It is [`Arc::make_mut`] without support for weak references and for values that are written in place, from which the
/// compiler generates three times as much code for each type.
///
/// # Panics
/// Panics if the value has weak references.
pub(super) fn make_mut<T: Clone>(shared: &mut Arc<T>) -> &mut T {
    if Arc::strong_count(shared) != 1 {
        *shared = Arc::new(T::clone(shared));
    }
    Arc::get_mut(shared).expect("the value has no other owner")
}
