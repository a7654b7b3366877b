//! The path from a value to one of its parts.

use std::fmt;

/// The path from the root of a value to one of its parts, such as `entry.customers[0].email`.
///
/// It is formatted only when an error is reported.
#[derive(Debug, Default)]
pub struct Trail {
    root: String,
    segments: Vec<Step>,
}

/// One segment of a path.
#[derive(Debug)]
pub enum Step {
    /// A field whose name needs no quotes.
    Member(&'static str),
    /// A field or map key with any name.
    Key(String),
    /// An array index, counted from 0.
    Item(usize),
}

impl Trail {
    /// Returns the path of the root, which is named `root`; with an empty name, its fields have no leading dot.
    pub fn of(root: &str) -> Self {
        Self { root: root.to_owned(), segments: Vec::new() }
    }

    /// Appends a segment.
    pub fn enter(&mut self, segment: Step) {
        self.segments.push(segment);
    }

    /// Removes the last segment.
    pub fn leave(&mut self) {
        self.segments.pop();
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.root)?;
        for (index, segment) in self.segments.iter().enumerate() {
            match segment {
                Step::Member(name) if index == 0 && self.root.is_empty() => formatter.write_str(name)?,
                Step::Member(name) => write!(formatter, ".{name}")?,
                Step::Key(name) => write!(formatter, "['{name}']")?,
                Step::Item(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_path_is_formatted_from_root_to_part() {
        let mut path = Trail::of("entry");
        path.enter(Step::Member("customers"));
        path.enter(Step::Item(2));
        path.enter(Step::Key("a b".to_owned()));
        assert_eq!(path.to_string(), "entry.customers[2]['a b']");

        path.leave();
        path.leave();
        assert_eq!(path.to_string(), "entry.customers");
    }

    #[test]
    fn field_path_with_empty_root_has_no_leading_dot() {
        let mut path = Trail::of("");
        path.enter(Step::Member("users"));
        path.enter(Step::Item(0));

        assert_eq!(path.to_string(), "users[0]");
    }
}
