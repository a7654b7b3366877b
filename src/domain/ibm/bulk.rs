//! Bulk requests: requests with several items, each with its own result, and the faults injected into single items.

use crate::spec::ErrorCode;

/// The items of a bulk request in the order of the request, and the faults injected into them.
pub struct Batch<'a, T> {
    /// The items.
    pub items: &'a [T],
    /// The injected faults.
    pub faults: ItemFaults<'a>,
}

/// Returns the status with which the item with the given zero-based index and id fails; `None` if no fault is injected.
pub type ItemFaults<'a> = &'a dyn Fn(usize, &str) -> Option<u16>;

/// The result of one item of a bulk request; its error does not fail the whole request.
pub type ItemResult<T> = Result<T, ItemError>;

/// The error of one item of a bulk request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemError {
    /// An error of the API, or a fault that injects one.
    Api(&'static ErrorCode),
    /// A fault with a status that no error of the API has.
    Fault(u16),
}

impl<T> Clone for Batch<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Batch<'_, T> {}

impl<T> std::fmt::Debug for Batch<'_, T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Batch").field("items", &self.items.len()).finish_non_exhaustive()
    }
}

impl From<&'static ErrorCode> for ItemError {
    fn from(error_code: &'static ErrorCode) -> Self {
        Self::Api(error_code)
    }
}

/// Runs the operation of one item. If a fault is injected, the operation does not run and the error is the first one of
/// `known` with the status of the fault.
pub fn apply_item_fault<T>(
    fault: Option<u16>,
    known: &[&'static ErrorCode],
    operation: impl FnOnce() -> ItemResult<T>,
) -> ItemResult<T> {
    let Some(status) = fault else { return operation() };
    let error_code = known.iter().find(|error_code| error_code.status == status);
    Err(error_code.map_or(ItemError::Fault(status), |error_code| ItemError::Api(error_code)))
}
