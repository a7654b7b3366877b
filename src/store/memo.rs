//! `Memo`: a cached value that is derived from a record.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// A cached value that is derived from a record, such as its JSON; a field of the record that is computed on first use.
///
/// A clone is empty, and a collection updates a record by changing a clone of it, so the cached value always agrees
/// with the record. It does not take part in comparisons: all memos are equal.
pub struct Memo<T>(OnceLock<T>);

/// Whether something was used before, for values that are cached from their second use on.
///
/// It does not take part in comparisons and debug output: all are equal.
#[derive(Default)]
pub struct UsedBefore(AtomicBool);

impl UsedBefore {
    /// Returns whether this was called before.
    pub fn note_use(&self) -> bool {
        // Stored only once, because all processors that read share this cache line.
        let is_used = self.0.load(Ordering::Relaxed);
        if !is_used {
            self.0.store(true, Ordering::Relaxed);
        }
        is_used
    }
}

impl PartialEq for UsedBefore {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for UsedBefore {}

impl fmt::Debug for UsedBefore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UsedBefore")
    }
}

impl<T> Memo<T> {
    /// Returns the cached value, computed by `init` on first use.
    pub fn get_or_init(&self, init: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(init)
    }

    /// Returns the value if it is cached.
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> PartialEq for Memo<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Memo<T> {}

impl<T> fmt::Debug for Memo<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Memo")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_is_noted_once() {
        let used = UsedBefore::default();

        assert_eq!([used.note_use(), used.note_use(), used.note_use()], [false, true, true]);
        assert_eq!(used, UsedBefore::default());
        assert_eq!(format!("{used:?}"), format!("{:?}", UsedBefore::default()));
    }

    #[test]
    fn first_value_is_cached_and_a_clone_computes_its_own() {
        let memo = Memo::default();

        assert_eq!(*memo.get_or_init(|| 1), 1);
        assert_eq!(*memo.get_or_init(|| 2), 1);
        let clone = memo.clone();
        assert_eq!((*clone.get_or_init(|| 3), *memo.get_or_init(|| 4)), (3, 1));
    }
}
