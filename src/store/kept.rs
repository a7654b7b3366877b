//! What was made of a record, kept beside it.

use std::fmt;
use std::sync::OnceLock;

/// What was made of a record, such as its JSON, kept beside it from its first use on.
///
/// A clone keeps nothing, and a collection changes a record by changing a clone of it. So what is kept is always made
/// of the record as it is, and it is no part of the record: all are equal.
pub struct Kept<T>(OnceLock<T>);

impl<T> Kept<T> {
    /// Returns what is kept; `make` makes it where nothing is yet.
    pub fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(make)
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
        formatter.write_str("Kept")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_first_stays_and_a_clone_makes_its_own() {
        let kept = Kept::default();

        assert_eq!(*kept.get_or_make(|| 1), 1);
        assert_eq!(*kept.get_or_make(|| 2), 1);
        let clone = kept.clone();
        assert_eq!((*clone.get_or_make(|| 3), *kept.get_or_make(|| 4)), (3, 1));
    }
}
