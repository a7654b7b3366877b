//! `RateLimitStatus`: the status of a caller's rate limit.

use axum::http::HeaderMap;
use axum::http::header::RETRY_AFTER;
use chrono::{DateTime, TimeDelta, Utc};

/// The status of a caller's rate limit, which each dialect writes into its own headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// The maximum number of requests in a window.
    pub limit: u64,
    /// The number of requests that remain in the current window.
    pub remaining: u64,
    /// The duration of a window.
    pub window: TimeDelta,
    /// The end of the current window, on the virtual clock.
    pub reset_at: DateTime<Utc>,
    /// The current time on the virtual clock.
    pub now: DateTime<Utc>,
    /// Whether this request exceeds the limit.
    pub is_exceeded: bool,
}

impl RateLimitStatus {
    /// Returns the whole seconds until the window ends, rounded up, and at least 1.
    pub fn seconds_left(&self) -> i64 {
        let left = (self.reset_at - self.now).num_milliseconds();
        (left.max(1) + 999) / 1000
    }

    /// Writes `Retry-After` in seconds if this request exceeds the limit.
    pub fn write_retry_after(&self, headers: &mut HeaderMap) {
        if self.is_exceeded {
            headers.insert(RETRY_AFTER, self.seconds_left().into());
        }
    }
}
