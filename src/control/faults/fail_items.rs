//! `FailItems`: the injected item failures of a bulk request.

/// The items of a bulk request that fail because of a fault, and their status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailItems {
    /// The status of the failing items, 400 to 599.
    pub status: u16,
    /// The ids of the failing items; if empty, the first item fails.
    pub ids: Vec<String>,
}

impl FailItems {
    /// Returns whether the item with `id` at `index`, counted from 0 in the order of the request, fails.
    pub fn fails(&self, index: usize, id: &str) -> bool {
        if self.ids.is_empty() { index == 0 } else { self.ids.iter().any(|failing| failing == id) }
    }
}
