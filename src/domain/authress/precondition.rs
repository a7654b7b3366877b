//! The `If-Unmodified-Since` precondition: the time after which a group must not have changed.
//!
//! Imports nothing from this crate. The official clients send the time with seconds, milliseconds or microseconds, so
//! it is compared at the lower precision of the two times: a truncated fraction does not make the precondition fail.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};

/// The format of HTTP dates (IMF-fixdate).
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// The number of fraction digits of a stored time.
const STORED_DIGITS: u16 = 3;

/// A time and its number of fraction digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnmodifiedSince {
    time: DateTime<Utc>,
    digits: u16,
}

impl UnmodifiedSince {
    /// Parses an RFC 3339 time with any offset and at most nine fraction digits, or an HTTP date.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, HTTP_DATE) {
            return Some(Self { time: time.and_utc(), digits: 0 });
        }
        let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
        let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let digits = u16::try_from(digits).ok().filter(|digits| *digits <= 9)?;
        Some(Self { time, digits })
    }

    /// Returns whether `last_updated` is later, at the lower precision of the two times.
    pub fn is_before(self, last_updated: DateTime<Utc>) -> bool {
        let digits = self.digits.min(STORED_DIGITS);
        self.time.trunc_subsecs(digits) < last_updated.trunc_subsecs(digits)
    }
}

/// Returns `time` as an HTTP date.
pub fn http_date(time: DateTime<Utc>) -> String {
    time.format(HTTP_DATE).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str = "2026-01-02T03:04:05.678Z";

    fn is_stale(text: &str) -> bool {
        let stored = DateTime::parse_from_rfc3339(STORED).unwrap().to_utc();
        UnmodifiedSince::parse(text).unwrap().is_before(stored)
    }

    #[test]
    fn the_same_time_in_every_format_is_fresh() {
        for fresh in [
            STORED,
            "2026-01-02T03:04:05.678000+00:00",
            "2026-01-02T03:04:05.678999999Z",
            "2026-01-02T03:04:05Z",
            "2026-01-02T04:04:05+01:00",
            "2026-01-01T22:34:05.6-04:30",
            "Fri, 02 Jan 2026 03:04:05 GMT",
            "2026-01-02T03:04:06Z",
        ] {
            assert!(!is_stale(fresh), "{fresh}");
        }
    }

    #[test]
    fn an_earlier_time_is_stale() {
        for stale in [
            "2026-01-02T03:04:05.677Z",
            "2026-01-02T03:04:05.677999999Z",
            "2026-01-02T03:04:05.5Z",
            "2026-01-02T03:04:04Z",
            "2026-01-02T04:04:04+01:00",
            "Fri, 02 Jan 2026 03:04:04 GMT",
        ] {
            assert!(is_stale(stale), "{stale}");
        }
    }

    #[test]
    fn other_strings_are_rejected() {
        for text in [
            "",
            "yesterday",
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-13-02T03:04:05Z",
            "2026-01-02T03:04:05.1234567890Z",
            "Thu, 02 Jan 2026 03:04:05 GMT",
            "1767323045",
        ] {
            assert_eq!(UnmodifiedSince::parse(text), None, "{text}");
        }
    }
}
