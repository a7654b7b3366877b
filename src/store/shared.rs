//! A value that is shared until it is written.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A value whose clones share it until one of them is written, which then gets a copy of its own.
///
/// A clone costs a count, so that a snapshot of any size is taken at once; the first write after it pays for the
/// copy. Reading goes through [`Deref`]; asking for a mutable reference is what makes the copy.
#[derive(Debug, Default)]
pub struct Shared<T>(Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}
