//! `Violations`: the invalid values of one request, of which only the first ones are kept.

use std::fmt;
use std::ops::Deref;

/// The maximum number of violations that are kept and shown, which keeps the response shorter than the request.
pub const MAX_VIOLATIONS: usize = 100;

/// One invalid value in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The location: a field path such as `members[0].type`, or the name of a parameter.
    pub path: String,
    /// The reason: a phrase such as `must be a string`.
    pub reason: String,
}

impl Violation {
    /// Returns the violation at `path` with `reason`.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return formatter.write_str(&self.reason);
        }
        write!(formatter, "{} {}", self.path, self.reason)
    }
}

/// The invalid values of one request, in its order: the first 100 of them, and the number of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    first: Vec<Violation>,
    omitted: usize,
}

impl Violations {
    /// Returns an empty list.
    pub const fn new() -> Self {
        Self { first: Vec::new(), omitted: 0 }
    }

    /// Adds a violation.
    pub fn push(&mut self, violation: Violation) {
        self.push_with(|| violation);
    }

    /// Adds the violation that `violation` returns, which is called only if it is kept.
    pub fn push_with(&mut self, violation: impl FnOnce() -> Violation) {
        if self.first.len() < MAX_VIOLATIONS {
            self.first.push(violation());
        } else {
            self.omitted += 1;
        }
    }

    /// Adds the violations of a part of the request.
    pub fn append(&mut self, part: Self) {
        self.extend(part.first);
        self.omitted += part.omitted;
    }

    /// Returns the number of violations that were not kept.
    pub const fn omitted(&self) -> usize {
        self.omitted
    }
}

impl Deref for Violations {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        &self.first
    }
}

impl Extend<Violation> for Violations {
    fn extend<I: IntoIterator<Item = Violation>>(&mut self, violations: I) {
        for violation in violations {
            self.push(violation);
        }
    }
}

impl FromIterator<Violation> for Violations {
    fn from_iter<I: IntoIterator<Item = Violation>>(violations: I) -> Self {
        let mut all = Self::new();
        all.extend(violations);
        all
    }
}

impl From<Vec<Violation>> for Violations {
    fn from(violations: Vec<Violation>) -> Self {
        violations.into_iter().collect()
    }
}

impl From<Violation> for Violations {
    fn from(violation: Violation) -> Self {
        Self { first: vec![violation], omitted: 0 }
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_violations_are_kept_and_the_others_counted() {
        let mut violations: Violations =
            (0..150).map(|index| Violation::new(format!("[{index}]"), "")).collect();
        violations.append((0..120).map(|_| Violation::new("", "")).collect());
        violations.push_with(|| unreachable!("the list is full"));

        assert_eq!((violations.len(), violations.omitted()), (100, 171));
        assert_eq!(violations[99].path, "[99]");
    }
}
