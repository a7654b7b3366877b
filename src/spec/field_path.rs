//! The path from a value to one of its parts.

use std::fmt;

/// The path from the root of a value to one of its parts, such as `entry.customers[0].email`.
///
/// It is formatted only when an error is reported.
#[derive(Debug, Default)]
pub struct FieldPath {
    root: String,
    segments: Vec<Segment>,
}

/// One segment of a path.
#[derive(Debug)]
pub enum Segment {
    /// A field whose name needs no quotes.
    Field(&'static str),
    /// A field or map key with any name.
    Key(String),
    /// An array index, counted from 0.
    Index(usize),
}

impl FieldPath {
    /// Returns the path of the root, which is named `root`; with an empty name, its fields have no leading dot.
    pub fn new(root: &str) -> Self {
        Self { root: root.to_owned(), segments: Vec::new() }
    }

    /// Appends a segment.
    pub fn push(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    /// Removes the last segment.
    pub fn pop(&mut self) {
        self.segments.pop();
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.root)?;
        for (index, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Field(name) if index == 0 && self.root.is_empty() => formatter.write_str(name)?,
                Segment::Field(name) => write!(formatter, ".{name}")?,
                Segment::Key(name) => write!(formatter, "['{name}']")?,
                Segment::Index(index) => write!(formatter, "[{index}]")?,
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
        let mut path = FieldPath::new("entry");
        path.push(Segment::Field("customers"));
        path.push(Segment::Index(2));
        path.push(Segment::Key("a b".to_owned()));
        assert_eq!(path.to_string(), "entry.customers[2]['a b']");

        path.pop();
        path.pop();
        assert_eq!(path.to_string(), "entry.customers");
    }

    #[test]
    fn field_path_with_empty_root_has_no_leading_dot() {
        let mut path = FieldPath::new("");
        path.push(Segment::Field("users"));
        path.push(Segment::Index(0));

        assert_eq!(path.to_string(), "users[0]");
    }
}
