//! Which parts of a bulk call fail because a fault says so.

/// Parts of a bulk call that fail, and the status with which they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailItems {
    /// The status of a failing part, 400 to 599.
    pub status: u16,
    /// The ids of the parts that fail; where there are none, the first part fails.
    pub ids: Vec<String>,
}

impl FailItems {
    /// Returns whether the part at `index`, counted from 0 in the order of the request, with this `id` fails.
    pub fn fails(&self, index: usize, id: &str) -> bool {
        if self.ids.is_empty() { index == 0 } else { self.ids.iter().any(|failing| failing == id) }
    }
}
