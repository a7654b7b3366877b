//! Pages of lists.

/// One page of a list, and the total number of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage<T> {
    /// The items on the page.
    pub items: Vec<T>,
    /// The number of items that match the filters.
    pub total: usize,
}
