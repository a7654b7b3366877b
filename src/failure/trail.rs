//! The way to a part of a value that is being read.

use std::fmt;

/// The way from the root of a value to one of its parts, such as `entry.customers[0].email`.
///
/// It is written out only where something is wrong.
#[derive(Debug, Default)]
pub struct Trail {
    root: String,
    steps: Vec<Step>,
}

/// One step from a value to a part of it.
#[derive(Debug)]
pub enum Step {
    /// To a member with a name that needs no quotes.
    Member(&'static str),
    /// To a member with any name.
    Key(String),
    /// To an item of a list, counted from 0.
    Item(usize),
}

impl Trail {
    /// Returns the way to the root, which is called `root`; where that is empty, its members go without a point.
    pub fn of(root: &str) -> Self {
        Self { root: root.to_owned(), steps: Vec::new() }
    }

    /// Goes on to a part of the present value.
    pub fn enter(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Goes back to the value that the present one is a part of.
    pub fn leave(&mut self) {
        self.steps.pop();
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.root)?;
        for (index, step) in self.steps.iter().enumerate() {
            match step {
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
    fn a_trail_leads_from_its_root_to_a_part() {
        let mut trail = Trail::of("entry");
        trail.enter(Step::Member("customers"));
        trail.enter(Step::Item(2));
        trail.enter(Step::Key("a b".to_owned()));
        assert_eq!(trail.to_string(), "entry.customers[2]['a b']");

        trail.leave();
        trail.leave();
        assert_eq!(trail.to_string(), "entry.customers");
    }

    #[test]
    fn a_root_without_a_name_has_no_point_behind_it() {
        let mut trail = Trail::of("");
        trail.enter(Step::Member("users"));
        trail.enter(Step::Item(0));

        assert_eq!(trail.to_string(), "users[0]");
    }
}
