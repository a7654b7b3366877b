//! A length of time as people write it: `250ms`, `5m`, `1h 30m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// A length of time in whole milliseconds, at most ten thousand years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "String")]
pub struct Span(Duration);

/// A span as JSON has it: a text, or a number of milliseconds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Milliseconds(u64),
    Text(String),
}

/// The longest span in milliseconds: ten thousand years.
const LONGEST: u64 = 10_000 * 365 * 24 * 3_600 * 1_000;

impl Span {
    /// Returns the span of `milliseconds`; a negative number counts as 0.
    ///
    /// ```
    /// let span = access_groups_mock::Span::milliseconds(90_000);
    /// assert_eq!("1m 30s".parse(), Ok(span));
    /// ```
    pub const fn milliseconds(milliseconds: i64) -> Self {
        Self(Duration::from_millis(if milliseconds < 0 { 0 } else { milliseconds.unsigned_abs() }))
    }

    /// Returns it as a duration.
    pub const fn duration(self) -> Duration {
        self.0
    }

    /// Returns it as a difference of times.
    pub fn delta(self) -> TimeDelta {
        TimeDelta::from_std(self.0).unwrap_or(TimeDelta::MAX)
    }
}

impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(LONGEST);
        Self(Duration::from_millis(milliseconds.min(LONGEST)))
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` must be a length of time such as `250ms`, `30s`, `5m` or `1h 30m`");
        let duration = humantime::parse_duration(text).map_err(|_| wrong())?;
        let milliseconds = u64::try_from(duration.as_millis()).map_err(|_| wrong())?;
        if milliseconds > LONGEST {
            return Err(wrong());
        }
        Ok(Self(Duration::from_millis(milliseconds)))
    }
}

impl TryFrom<Written> for Span {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Milliseconds(milliseconds) if milliseconds <= LONGEST => {
                Ok(Self(Duration::from_millis(milliseconds)))
            }
            Written::Milliseconds(milliseconds) => {
                Err(format!("{milliseconds} ms is longer than ten thousand years"))
            }
            Written::Text(text) => text.parse(),
        }
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(formatter)
    }
}
