//! Pages by number.

use serde::Serialize;

use crate::http::Query;
use crate::store::Window;

/// What a list is asked for, and the bounds that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    number: usize,
    length: usize,
}

/// `result_info` of a list.
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
    /// Reads `page` and `per_page`.
    ///
    /// 0 and what is no number mean the default; more than `greatest` per page is cut to it.
    pub(super) fn of(query: &Query, default: usize, greatest: usize) -> Self {
        let positive =
            |name| query.text(name).and_then(|text| text.parse().ok()).filter(|number| *number > 0);
        let length: usize = positive("per_page").unwrap_or(default);
        Self { number: positive("page").unwrap_or(1), length: length.min(greatest) }
    }

    /// Returns the one page that holds everything.
    pub(super) fn whole(total: usize, default: usize) -> Self {
        Self { number: 1, length: total.max(default) }
    }

    pub(super) const fn window(self) -> Window {
        Window { offset: (self.number - 1).saturating_mul(self.length), limit: self.length }
    }

    /// Returns `result_info` for a page with `count` of `total` objects.
    pub(super) const fn info(self, count: usize, total: usize) -> ResultInfo {
        ResultInfo {
            count,
            page: self.number,
            per_page: self.length,
            total_count: total,
            total_pages: Some(total.div_ceil(self.length)),
        }
    }
}

impl ResultInfo {
    /// Leaves `total_pages` out, as the permission groups do.
    pub(super) const fn without_total_pages(mut self) -> Self {
        self.total_pages = None;
        self
    }
}
