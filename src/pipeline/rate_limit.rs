//! The rate limit of a dialect: a count for each caller, in windows of the virtual clock.
//!
//! Stands in place of tower's `RateLimitLayer`, which makes requests wait instead of rejecting them and knows no callers.

use axum::http::HeaderMap;
use chrono::TimeDelta;

use crate::http::{DialectSpec, RateLimitStatus, RequestMeta};

/// The headers that identify a caller.
const CREDENTIAL_HEADERS: [&str; 3] = ["authorization", "x-auth-key", "x-auth-user-service-key"];

/// Counts a request and returns the status of its caller's limit; `None` if the dialect has no limit.
pub(super) fn check(
    dialect: &DialectSpec,
    meta: &RequestMeta,
    headers: &HeaderMap,
) -> Option<RateLimitStatus> {
    let limit = *meta.app.config().rate_limits.get(dialect.api.name)?;
    let now = meta.app.now();
    let left = meta.app.namespace().rate_limiter.check(&rate_limit_key(dialect, meta, headers), limit, now);
    Some(RateLimitStatus {
        limit: limit.requests,
        remaining: left.remaining,
        window: limit.window.time_delta(),
        reset_at: left.reset_at,
        now,
        is_exceeded: left.is_exceeded,
    })
}

/// Returns the status that an injected 429 shows.
pub(super) fn exceeded(meta: &RequestMeta) -> RateLimitStatus {
    let now = meta.app.now();
    let window = TimeDelta::seconds(1);
    RateLimitStatus { limit: 1, remaining: 0, window, reset_at: now + window, now, is_exceeded: true }
}

/// Returns the key under which a request is counted: its credential and, for vendors that count each operation separately, the
/// operation.
fn rate_limit_key(dialect: &DialectSpec, meta: &RequestMeta, headers: &HeaderMap) -> String {
    let mut caller = dialect.api.name.to_owned();
    if dialect.limits_per_operation {
        caller.push(' ');
        caller.push_str(meta.operation.map_or("", |operation| operation.id));
    }
    for name in CREDENTIAL_HEADERS {
        if let Some(value) = headers.get(name) {
            caller.push(' ');
            caller.push_str(&String::from_utf8_lossy(value.as_bytes()));
        }
    }
    caller
}
