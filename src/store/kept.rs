//! `Memo`: a cached value that is derived from a record.

use std::fmt;
use std::sync::OnceLock;

/// A cached value that is derived from a record, such as its JSON; a field of the record that is computed on first use.
///
/// A clone is empty, and a collection updates a record by changing a clone of it, so the cached value always agrees
/// with the record. It does not take part in comparisons: all memos are equal.
pub struct Kept<T>(OnceLock<T>);

impl<T> Kept<T> {
    /// Returns the cached value, computed by `init` on first use.
    pub fn get_or_make(&self, init: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(init)
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> PartialEq for Kept<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Kept<T> {}

impl<T> fmt::Debug for Kept<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Memo")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_value_is_cached_and_a_clone_computes_its_own() {
        let memo = Kept::default();

        assert_eq!(*memo.get_or_make(|| 1), 1);
        assert_eq!(*memo.get_or_make(|| 2), 1);
        let clone = memo.clone();
        assert_eq!((*clone.get_or_make(|| 3), *memo.get_or_make(|| 4)), (3, 1));
    }
}
