//! Pagination by page number.

use serde::Serialize;

use crate::http::Query;
use crate::store::PageRange;

/// The requested page of a list, with its number and size within the allowed bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    number: usize,
    size: usize,
}

/// The `result_info` object of a list.
#[derive(Debug, Serialize)]
pub(super) struct ResultInfo {
    count: usize,
    page: usize,
    per_page: usize,
    total_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_pages: Option<usize>,
}

impl Page {
    /// Parses `page` and `per_page`.
    ///
    /// Zero and non-numeric values mean the default; `per_page` is capped at `max`.
    pub(super) fn from_query(query: &Query, default: usize, max: usize) -> Self {
        let positive = |name| {
            query.get_non_empty(name).and_then(|value| value.parse().ok()).filter(|number| *number > 0)
        };
        let size: usize = positive("per_page").unwrap_or(default);
        Self { number: positive("page").unwrap_or(1), size: size.min(max) }
    }

    /// Returns the single page that contains all objects.
    pub(super) fn unpaged(total: usize, default: usize) -> Self {
        Self { number: 1, size: total.max(default) }
    }

    pub(super) const fn window(self) -> PageRange {
        PageRange { offset: (self.number - 1).saturating_mul(self.size), limit: self.size }
    }

    /// Returns `result_info` for a page with `count` of `total` objects.
    pub(super) const fn info(self, count: usize, total: usize) -> ResultInfo {
        ResultInfo {
            count,
            page: self.number,
            per_page: self.size,
            total_count: total,
            total_pages: Some(total.div_ceil(self.size)),
        }
    }
}

impl ResultInfo {
    /// Removes `total_pages`, which lists of permission groups do not have.
    pub(super) const fn without_total_pages(mut self) -> Self {
        self.total_pages = None;
        self
    }
}
