//! `Node`: a value of JSON and where it stands, read with everything that is wrong with it.

use serde_json::Value;

use crate::failure::Violation;

/// A value of JSON and its path; `null` is as good as absent.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    value: Option<&'a Value>,
    path: String,
}

impl<'a> Node<'a> {
    /// Returns the value at `path`.
    pub(super) fn new(value: &'a Value, path: impl Into<String>) -> Self {
        Self { value: Some(value).filter(|value| !value.is_null()), path: path.into() }
    }

    /// Returns whether there is nothing.
    pub(super) const fn is_absent(&self) -> bool {
        self.value.is_none()
    }

    /// Returns the path.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the node if it is an object; what is none has no members.
    pub(super) fn object(self, violations: &mut Vec<Violation>) -> Self {
        if self.value.is_none_or(Value::is_object) {
            return self;
        }
        violations.push(Violation::new(&*self.path, "must be an object"));
        Self { value: None, path: self.path }
    }

    /// Returns the member `name` of an object.
    pub(super) fn member(&self, name: &str) -> Self {
        let value = self.value.and_then(|value| value.get(name)).filter(|value| !value.is_null());
        Self { value, path: format!("{}.{name}", self.path) }
    }

    /// Returns the items of an array of at most `greatest`.
    pub(super) fn items(&self, greatest: usize, violations: &mut Vec<Violation>) -> Vec<Self> {
        let Some(value) = self.value else { return Vec::new() };
        let Some(items) = value.as_array() else {
            violations.push(Violation::new(&*self.path, "must be an array"));
            return Vec::new();
        };
        if items.len() > greatest {
            violations.push(Violation::new(&*self.path, format!("must have at most {greatest} entries")));
            return Vec::new();
        }
        let items = items.iter().enumerate();
        items.map(|(index, item)| Self::new(item, format!("{}[{index}]", self.path))).collect()
    }

    /// Returns a text.
    pub(super) fn text(&self, violations: &mut Vec<Violation>) -> Option<String> {
        let value = self.value?;
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            violations.push(Violation::new(&*self.path, "must be a string"));
        }
        text
    }

    /// Returns a flag.
    pub(super) fn flag(&self, violations: &mut Vec<Violation>) -> Option<bool> {
        let flag = self.value?.as_bool();
        if flag.is_none() {
            violations.push(Violation::new(&*self.path, "must be true or false"));
        }
        flag
    }

    /// Returns a number; `None` also for what is none.
    pub(super) fn number(&self) -> Option<f64> {
        self.value?.as_f64()
    }

    /// Puts `found`, whose paths begin at this node, below it; a place that is wrong already is not named twice.
    pub(super) fn report(&self, found: Vec<Violation>, violations: &mut Vec<Violation>) {
        for Violation { path, reason } in found {
            let path = format!("{}.{path}", self.path);
            if !violations.iter().any(|known| known.path == path) {
                violations.push(Violation { path, reason });
            }
        }
    }
}
