//! `Memo`: a cached value that is derived from a record.

use std::fmt;
use std::sync::OnceLock;

/// A cached value that is derived from a record, such as its JSON; a field of the record that is computed on first use.
///
/// A clone is empty, and a collection updates a record by changing a clone of it, so the cached value always agrees
/// with the record. It does not take part in comparisons: all memos are equal.
pub struct Memo<T>(OnceLock<T>);

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
    fn first_value_is_cached_and_a_clone_computes_its_own() {
        let memo = Memo::default();

        assert_eq!(*memo.get_or_init(|| 1), 1);
        assert_eq!(*memo.get_or_init(|| 2), 1);
        let clone = memo.clone();
        assert_eq!((*clone.get_or_init(|| 3), *memo.get_or_init(|| 4)), (3, 1));
    }
}
