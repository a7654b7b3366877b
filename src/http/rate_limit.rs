//! What is left of a caller's rate limit.

use axum::http::HeaderMap;
use axum::http::header::RETRY_AFTER;
use chrono::{DateTime, TimeDelta, Utc};

/// What is left of a caller's rate limit; each dialect writes it in its own headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// How many requests a window lets in.
    pub limit: u64,
    /// How many more the present window lets in.
    pub remaining: u64,
    /// How long a window lasts.
    pub window: TimeDelta,
    /// When the present window ends, on the mock's clock.
    pub reset_at: DateTime<Utc>,
    /// The present time on the mock's clock.
    pub now: DateTime<Utc>,
    /// Whether this request was refused because nothing was left.
    pub is_exceeded: bool,
}

impl RateLimitStatus {
    /// Returns the whole seconds until the window ends, rounded up, and at least 1.
    pub fn seconds_left(&self) -> i64 {
        let left = (self.reset_at - self.now).num_milliseconds();
        (left.max(1) + 999) / 1000
    }

    /// Writes `Retry-After` in seconds when this request was refused because nothing was left.
    pub fn write_retry_after(&self, headers: &mut HeaderMap) {
        if self.is_exceeded {
            headers.insert(RETRY_AFTER, self.seconds_left().into());
        }
    }
}
