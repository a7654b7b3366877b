//! `ErrorPath`: the path of an error in a JSON document.
//!
//! Imports nothing of this crate.

use std::cell::RefCell;
use std::fmt;

/// The path of an error in a JSON document, such as `groups[2].name`; empty for the document itself.
///
/// The levels of the document add their parts when the error passes them, the innermost one first.
#[derive(Debug, Default)]
pub struct ErrorPath(RefCell<Vec<String>>);

impl ErrorPath {
    /// Adds the field or the enum variant `name`.
    pub(super) fn add_field(&self, name: &str) {
        self.0.borrow_mut().push(format!(".{name}"));
    }

    /// Adds the item at `index`.
    pub(super) fn add_index(&self, index: usize) {
        self.0.borrow_mut().push(format!("[{index}]"));
    }
}

impl fmt::Display for ErrorPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.borrow();
        let path: String = parts.iter().rev().map(String::as_str).collect();
        formatter.write_str(path.strip_prefix('.').unwrap_or(&path))
    }
}
