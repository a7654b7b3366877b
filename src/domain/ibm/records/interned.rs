//! Strings that many records share, such as the id of their account.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A string that is stored once for all records that contain it; each record holds one pointer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InternedStr(Arc<Box<str>>);

impl From<&str> for InternedStr {
    fn from(value: &str) -> Self {
        Self(Arc::new(value.into()))
    }
}

impl Deref for InternedStr {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for InternedStr {
    fn borrow(&self) -> &str {
        self
    }
}

impl fmt::Display for InternedStr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}
