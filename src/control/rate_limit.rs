//! Rate limits: the number of requests per caller in a fixed window of the virtual clock.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

use super::human_duration::HumanDuration;
use super::keyed_hash::KeyedHash;

/// The maximum number of windows in memory; when it is reached, expired windows are removed.
///
/// A window takes less than 100 bytes, whatever the length of the credential.
pub const MAX_WINDOWS: usize = 10_000;

/// The maximum number of requests of a caller in a window, such as `1200/5m`.
///
/// ```
/// let limit: access_groups_mock::RateLimit = "1200/5m".parse()?;
/// assert_eq!(limit.requests, 1_200);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The maximum number of requests, 1 or more.
    pub requests: u64,
    /// The duration of the window.
    pub window: HumanDuration,
}

/// The decision on one request, and the state of its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitDecision {
    /// The number of requests that remain in the window.
    pub remaining: u64,
    /// The time at which the window ends.
    pub reset_at: DateTime<Utc>,
    /// Whether the request exceeds the limit.
    pub is_exceeded: bool,
}

/// The rate limiter of one namespace, with one window for each caller.
#[derive(Debug, Default)]
pub struct RateLimiter {
    /// The windows by the hash of the caller.
    windows: Mutex<BTreeMap<u128, Window>>,
    hash: KeyedHash,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    reset_at: DateTime<Utc>,
    used: u64,
}

impl RateLimiter {
    /// Counts a request of `caller` at the time `now`.
    ///
    /// A window starts with the first request after the end of the previous window.
    pub fn check(&self, caller: &str, limit: RateLimit, now: DateTime<Utc>) -> RateLimitDecision {
        let caller = self.hash.hash(caller);
        let mut windows = self.windows.lock();
        if windows.len() >= MAX_WINDOWS {
            windows.retain(|_, window| window.reset_at > now);
            if windows.len() >= MAX_WINDOWS {
                // Bounds the memory: a test does not have this many concurrent callers, so all limits may restart.
                windows.clear();
            }
        }
        let latest_reset =
            now.checked_add_signed(limit.window.time_delta()).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let new_window = || Window { reset_at: latest_reset, used: 0 };
        let window = windows.entry(caller).or_insert_with(new_window);
        // If the clock was set back, the window would last longer than the limit allows.
        if window.reset_at <= now || window.reset_at > latest_reset {
            *window = new_window();
        }
        let is_exceeded = window.used >= limit.requests;
        window.used += u64::from(!is_exceeded);
        RateLimitDecision { remaining: limit.requests - window.used, reset_at: window.reset_at, is_exceeded }
    }

    /// Returns the number of callers whose requests are counted.
    pub fn callers(&self) -> usize {
        self.windows.lock().len()
    }

    /// Removes all windows.
    pub fn reset(&self) {
        self.windows.lock().clear();
    }
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(input: &str) -> Result<Self, String> {
        let invalid = || format!("`{input}` must be a number of requests and a duration, such as `1200/5m`");
        let (requests, window) = input.split_once('/').ok_or_else(invalid)?;
        let requests = requests.parse().ok().filter(|requests| *requests > 0).ok_or_else(invalid)?;
        let window = window
            .parse()
            .ok()
            .filter(|window| *window > HumanDuration::from_millis(0))
            .ok_or_else(invalid)?;
        Ok(Self { requests, window })
    }
}
