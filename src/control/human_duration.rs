//! `HumanDuration`: a duration in human-readable notation, such as `250ms`, `5m` or `1h 30m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// A duration in whole milliseconds, at most ten thousand years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "JsonDuration", into = "String")]
pub struct HumanDuration(Duration);

/// The JSON representation of a duration: a string, or a number of milliseconds.
#[derive(Deserialize)]
#[serde(untagged)]
enum JsonDuration {
    Milliseconds(u64),
    Text(String),
}

/// The maximum duration in milliseconds: ten thousand years.
const MAX_MS: u64 = 10_000 * 365 * 24 * 3_600 * 1_000;

impl HumanDuration {
    /// Returns the duration of `milliseconds`; a negative number counts as 0, and more than ten thousand years as ten
    /// thousand years.
    ///
    /// ```
    /// let duration = access_groups_mock::HumanDuration::from_millis(90_000);
    /// assert_eq!("1m 30s".parse(), Ok(duration));
    /// ```
    pub const fn from_millis(milliseconds: i64) -> Self {
        let milliseconds = if milliseconds < 0 { 0 } else { milliseconds.unsigned_abs() };
        Self(Duration::from_millis(if milliseconds > MAX_MS { MAX_MS } else { milliseconds }))
    }

    /// Returns the standard duration.
    pub const fn duration(self) -> Duration {
        self.0
    }

    /// Returns the duration as a difference of times.
    pub fn time_delta(self) -> TimeDelta {
        TimeDelta::from_std(self.0).unwrap_or(TimeDelta::MAX)
    }
}

impl From<Duration> for HumanDuration {
    fn from(duration: Duration) -> Self {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(MAX_MS);
        Self(Duration::from_millis(milliseconds.min(MAX_MS)))
    }
}

impl FromStr for HumanDuration {
    type Err = String;

    fn from_str(input: &str) -> Result<Self, String> {
        let invalid = || format!("`{input}` must be a duration such as `250ms`, `30s`, `5m` or `1h 30m`");
        let duration = humantime::parse_duration(input).map_err(|_| invalid())?;
        let milliseconds = u64::try_from(duration.as_millis()).map_err(|_| invalid())?;
        if milliseconds > MAX_MS {
            return Err(invalid());
        }
        Ok(Self(Duration::from_millis(milliseconds)))
    }
}

impl TryFrom<JsonDuration> for HumanDuration {
    type Error = String;

    fn try_from(json: JsonDuration) -> Result<Self, String> {
        match json {
            JsonDuration::Milliseconds(milliseconds) if milliseconds <= MAX_MS => {
                Ok(Self(Duration::from_millis(milliseconds)))
            }
            JsonDuration::Milliseconds(milliseconds) => {
                Err(format!("{milliseconds} ms is longer than ten thousand years"))
            }
            JsonDuration::Text(string) => string.parse(),
        }
    }
}

impl From<HumanDuration> for String {
    fn from(duration: HumanDuration) -> Self {
        duration.to_string()
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(formatter)
    }
}
