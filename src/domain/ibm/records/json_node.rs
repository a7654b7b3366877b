//! A JSON value with its path, whose accessors collect violations.

use serde_json::Value;

use crate::spec::{Violation, Violations};

/// A JSON value and its path; `null` counts as absent.
#[derive(Debug, Clone)]
pub struct JsonNode<'a> {
    value: Option<&'a Value>,
    path: String,
}

impl<'a> JsonNode<'a> {
    /// Returns the value at `path`.
    pub fn new(value: &'a Value, path: impl Into<String>) -> Self {
        Self { value: Some(value).filter(|value| !value.is_null()), path: path.into() }
    }

    /// Returns whether the value is absent.
    pub const fn is_absent(&self) -> bool {
        self.value.is_none()
    }

    /// Returns the path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Checks that the value is an object; any other value is reported and becomes absent.
    pub fn require_object(self, violations: &mut Violations) -> Self {
        if self.value.is_none_or(Value::is_object) {
            return self;
        }
        violations.push(Violation::new(&*self.path, "must be an object"));
        Self { value: None, path: self.path }
    }

    /// Returns the field `name` of an object.
    pub fn field(&self, name: &str) -> Self {
        let value = self.value.and_then(|value| value.get(name)).filter(|value| !value.is_null());
        Self { value, path: format!("{}.{name}", self.path) }
    }

    /// Returns the items of an array with at most `max` items; reports a longer array and any other value.
    pub fn items(&self, max: usize, violations: &mut Violations) -> Vec<Self> {
        let Some(value) = self.value else { return Vec::new() };
        let Some(items) = value.as_array() else {
            violations.push(Violation::new(&*self.path, "must be an array"));
            return Vec::new();
        };
        if items.len() > max {
            violations.push(Violation::new(&*self.path, format!("must have at most {max} entries")));
            return Vec::new();
        }
        let items = items.iter().enumerate();
        items.map(|(index, item)| Self::new(item, format!("{}[{index}]", self.path))).collect()
    }

    /// Returns the string; reports any other value.
    pub fn string(&self, violations: &mut Violations) -> Option<String> {
        let value = self.value?;
        let string = value.as_str().map(str::to_owned);
        if string.is_none() {
            violations.push(Violation::new(&*self.path, "must be a string"));
        }
        string
    }

    /// Returns the boolean; reports any other value.
    pub fn boolean(&self, violations: &mut Violations) -> Option<bool> {
        let boolean = self.value?.as_bool();
        if boolean.is_none() {
            violations.push(Violation::new(&*self.path, "must be true or false"));
        }
        boolean
    }

    /// Returns the number; `None` also for any other value.
    pub fn number(&self) -> Option<f64> {
        self.value?.as_f64()
    }

    /// Adds the `nested` violations, whose paths are relative to this node, to `violations`. A path that already has a
    /// violation is skipped.
    pub fn report_nested(&self, nested: Violations, violations: &mut Violations) {
        for Violation { path, reason } in nested {
            let path = format!("{}.{path}", self.path);
            if !violations.iter().any(|reported| reported.path == path) {
                violations.push(Violation { path, reason });
            }
        }
    }
}
