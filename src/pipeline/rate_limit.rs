//! The rate limit of a dialect, per caller and in windows of the virtual clock.
//!
//! Replaces tower's `RateLimitLayer`, which makes requests wait instead of rejecting them and does not distinguish
//! callers.

use axum::http::HeaderMap;
use chrono::TimeDelta;

use crate::http::{DialectSpec, RateLimitStatus, RequestMeta};

/// The headers that identify a caller.
const CREDENTIAL_HEADERS: [&str; 3] = ["authorization", "x-auth-key", "x-auth-user-service-key"];

/// Counts a request and returns the status of its caller's rate limit; `None` if the dialect has no rate limit.
pub(super) fn check(
    dialect: &DialectSpec,
    meta: &RequestMeta,
    headers: &HeaderMap,
) -> Option<RateLimitStatus> {
    let limit = *meta.app.config().rate_limits.get(dialect.api.name)?;
    let now = meta.app.now();
    let key = rate_limit_key(dialect, meta, headers);
    let decision = meta.app.namespace().rate_limiter.check(&key, limit, now);
    Some(RateLimitStatus {
        limit: limit.requests,
        remaining: decision.remaining,
        window: limit.window.time_delta(),
        reset_at: decision.reset_at,
        now,
        is_exceeded: decision.is_exceeded,
    })
}

/// Returns the status that the headers of an injected 429 show.
pub(super) fn exceeded(meta: &RequestMeta) -> RateLimitStatus {
    let now = meta.app.now();
    let window = TimeDelta::seconds(1);
    RateLimitStatus { limit: 1, remaining: 0, window, reset_at: now + window, now, is_exceeded: true }
}

/// Returns the key under which a request is counted: the dialect, its credential and, for vendors that count each
/// operation separately, the operation.
fn rate_limit_key(dialect: &DialectSpec, meta: &RequestMeta, headers: &HeaderMap) -> String {
    let mut key = dialect.api.name.to_owned();
    if dialect.limits_per_operation {
        key.push(' ');
        key.push_str(meta.operation.map_or("", |operation| operation.id));
    }
    for name in CREDENTIAL_HEADERS {
        if let Some(value) = headers.get(name) {
            key.push(' ');
            key.push_str(&String::from_utf8_lossy(value.as_bytes()));
        }
    }
    key
}
