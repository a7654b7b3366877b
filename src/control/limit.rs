//! Rate limits: how many requests a caller may make in a window of the mock's clock.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::span::Span;

/// The most windows that are remembered; beyond it, those that have ended are forgotten.
const MOST: usize = 10_000;

/// How many requests a caller may make in a window, such as `1200/5m`.
///
/// ```
/// let limit: access_groups_mock::RateLimit = "1200/5m".parse()?;
/// assert_eq!(limit.requests, 1_200);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The number of requests, 1 or more.
    pub requests: u64,
    /// How long the window lasts.
    pub window: Span,
}

/// What is left of a window after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How many more requests the window lets in.
    pub remaining: u64,
    /// When it ends.
    pub resets: DateTime<Utc>,
    /// Whether the request was beyond it.
    pub is_exceeded: bool,
}

/// The windows of one namespace, by caller.
#[derive(Debug, Default)]
pub struct Windows(Mutex<BTreeMap<String, Window>>);

#[derive(Debug, Clone, Copy)]
struct Window {
    resets: DateTime<Utc>,
    used: u64,
}

impl Windows {
    /// Counts a request of `caller` at the time `now`. A window begins with the first request after the last one.
    pub fn count(&self, caller: &str, limit: RateLimit, now: DateTime<Utc>) -> Left {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST {
            windows.retain(|_, window| window.resets > now);
            if windows.len() >= MOST {
                // So many callers at a time are no test any more; their limits begin anew.
                windows.clear();
            }
        }
        let begin = || Window { resets: now + limit.window.delta(), used: 0 };
        let window = windows.entry(caller.to_owned()).or_insert_with(begin);
        // A clock that was set back must not make a window longer than it may be.
        if window.resets <= now || window.resets > now + limit.window.delta() {
            *window = begin();
        }
        let is_exceeded = window.used >= limit.requests;
        window.used += u64::from(!is_exceeded);
        Left { remaining: limit.requests - window.used, resets: window.resets, is_exceeded }
    }

    /// Forgets all windows.
    pub fn reset(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` must be a number of requests and a length of time, such as `1200/5m`");
        let (requests, window) = text.split_once('/').ok_or_else(wrong)?;
        let requests = requests.parse().ok().filter(|requests| *requests > 0).ok_or_else(wrong)?;
        let window =
            window.parse().ok().filter(|window| *window > Span::milliseconds(0)).ok_or_else(wrong)?;
        Ok(Self { requests, window })
    }
}
