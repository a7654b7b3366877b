//! What is left of a caller's rate limit.

use axum::http::HeaderMap;
use chrono::TimeDelta;

use crate::http::{Meta, Quota};

/// The headers that tell callers apart.
const CALLER: [&str; 3] = ["authorization", "x-auth-key", "x-auth-user-service-key"];

/// Counts a request, and returns what is left for its caller; `None` where the dialect has no limit.
pub(super) fn of(meta: &Meta, headers: &HeaderMap) -> Option<Quota> {
    let limit = *meta.app.config().rate_limits.get(meta.dialect.name)?;
    let now = meta.app.now();
    let left = meta.app.space().windows.count(&caller_of(meta, headers), limit, now);
    Some(Quota {
        limit: limit.requests,
        remaining: left.remaining,
        window: limit.window.delta(),
        resets: left.resets,
        now,
        is_exceeded: left.is_exceeded,
    })
}

/// What a refusal that only says that there were too many requests tells of the limit.
pub(super) fn exceeded(meta: &Meta) -> Quota {
    let now = meta.app.now();
    let window = TimeDelta::seconds(1);
    Quota { limit: 1, remaining: 0, window, resets: now + window, now, is_exceeded: true }
}

/// Who calls, and for vendors that count each operation by itself, what.
fn caller_of(meta: &Meta, headers: &HeaderMap) -> String {
    let mut caller = meta.dialect.name.to_owned();
    if meta.dialect.limits_each_operation {
        caller.push(' ');
        caller.push_str(meta.operation.map_or("", |known| known.id));
    }
    for name in CALLER {
        if let Some(value) = headers.get(name) {
            caller.push(' ');
            caller.push_str(&String::from_utf8_lossy(value.as_bytes()));
        }
    }
    caller
}
