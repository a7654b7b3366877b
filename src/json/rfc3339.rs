//! Times in RFC 3339 format, for `with` on a field: those in UTC with whole milliseconds, as a saved state has them, and
//! those in responses are read and written without the parser and formatter of chrono, which take several times longer.
//!
//! Imports nothing of this crate.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Timelike, Utc};
use serde::de::value::StrDeserializer;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The nanoseconds of a millisecond.
const MILLISECOND: u32 = 1_000_000;

/// The nanoseconds of a tick, the unit of time of .NET.
pub const TICK: u32 = 100;

/// Serializes a time like chrono.
#[expect(clippy::ref_option, reason = "`with` passes a reference")]
pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(time) = time else { return serializer.serialize_none() };
    let Some((digits, len)) = format(time) else { return time.serialize(serializer) };
    serializer.serialize_str(as_str(&digits[..len]))
}

/// Serializes a time in whole seconds, rounded down, such as `2026-01-31T10:20:30Z`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_seconds<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    match format_milliseconds(time).map(without_fraction) {
        Some(text) => serializer.serialize_str(as_str(&text[..20])),
        None => serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true)),
    }
}

/// Serializes a time in whole milliseconds, rounded down, such as `2026-01-31T10:20:30.000Z`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_milliseconds<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    match format_milliseconds(time) {
        Some(text) => serializer.serialize_str(as_str(&text)),
        None => serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
    }
}

fn as_str(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).expect("the digits are ASCII")
}

/// Deserializes a time like chrono.
///
/// # Errors
/// Those of chrono.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Option::<Time>::deserialize(deserializer)?.map(|time| time.0))
}

struct Time(DateTime<Utc>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an RFC 3339 formatted date and time string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        let time = parse(text.as_bytes());
        time.map_or_else(|| DateTime::deserialize(StrDeserializer::new(text)), Ok).map(Time)
    }
}

/// Parses a time such as `2026-01-31T10:20:30Z` or `2026-01-31T10:20:30.456Z`; `None` for every other format.
fn parse(text: &[u8]) -> Option<DateTime<Utc>> {
    let (seconds, fraction) = text.strip_suffix(b"Z")?.split_at_checked(19)?;
    let milliseconds = match fraction {
        [] => 0,
        [b'.', digits @ ..] if digits.len() == 3 => number(digits)?,
        _ => return None,
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(at, separator)| seconds[*at] != *separator) {
        return None;
    }
    let field = |at: usize| number(&seconds[at..at + 2]);
    let year = number(&seconds[..4])?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, field(5)?, field(8)?)?;
    Some(date.and_hms_milli_opt(field(11)?, field(14)?, field(17)?, milliseconds)?.and_utc())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| 10 * number + u32::from(digit - b'0')))
}

/// Returns a time as text, and the length of the text; `None` if the year has not four digits, or if the time has a
/// fraction of a millisecond.
fn format(time: &DateTime<Utc>) -> Option<([u8; 24], usize)> {
    let text = format_milliseconds(time).filter(|_| time.nanosecond().is_multiple_of(MILLISECOND))?;
    if time.nanosecond() == 0 { Some((without_fraction(text), 20)) } else { Some((text, 24)) }
}

/// Returns a time in whole milliseconds, rounded down; `None` if the year has not four digits, or for a leap second.
fn format_milliseconds(time: &DateTime<Utc>) -> Option<[u8; 24]> {
    format_naive(time.naive_utc())
}

/// Returns a time with an offset and at most seven fraction digits, rounded down and without trailing zeros, such as
/// `2026-01-31T10:20:30.45+01:00`; `None` if the year has not four digits, for a leap second, or if the offset has
/// seconds.
pub fn format_with_ticks(time: &DateTime<FixedOffset>) -> Option<String> {
    let seconds = time.offset().local_minus_utc();
    let minutes = Some(seconds.unsigned_abs() / 60).filter(|_| seconds % 60 == 0)?;
    let text = format_naive(time.naive_local())?;
    let mut fraction = *b".0000000";
    write_number(&mut fraction[1..], time.nanosecond() / TICK);
    let last_digit = fraction.iter().rposition(|digit| *digit != b'0').filter(|last| *last > 0);
    let mut offset = *b"+00:00";
    offset[0] = if seconds < 0 { b'-' } else { b'+' };
    write_number(&mut offset[1..3], minutes / 60);
    write_number(&mut offset[4..], minutes % 60);
    let fraction = &fraction[..last_digit.map_or(0, |last| last + 1)];
    Some([as_str(&text[..19]), as_str(fraction), as_str(&offset)].concat())
}

fn format_naive(time: NaiveDateTime) -> Option<[u8; 24]> {
    let mut text = *b"0000-00-00T00:00:00.000Z";
    let year = u32::try_from(time.year()).ok().filter(|year| *year <= 9999)?;
    let milliseconds = Some(time.nanosecond() / MILLISECOND).filter(|milliseconds| *milliseconds < 1000)?;
    write_number(&mut text[..4], year);
    write_number(&mut text[5..7], time.month());
    write_number(&mut text[8..10], time.day());
    write_number(&mut text[11..13], time.hour());
    write_number(&mut text[14..16], time.minute());
    write_number(&mut text[17..19], time.second());
    write_number(&mut text[20..23], milliseconds);
    Some(text)
}

/// Returns the text of a time, whose first 20 bytes are the time in whole seconds.
fn without_fraction(mut text: [u8; 24]) -> [u8; 24] {
    text[19] = b'Z';
    text
}

fn write_number(digits: &mut [u8], mut number: u32) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789"[(number % 10) as usize];
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Field {
        #[serde(default, with = "super")]
        time: Option<DateTime<Utc>>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct ByChrono {
        time: Option<DateTime<Utc>>,
    }

    /// Asserts that a field is read like by chrono, with the same error.
    fn assert_same(json: &str) {
        let result = serde_json::from_str::<Field>(json).map(|field| field.time);
        let expected = serde_json::from_str::<ByChrono>(json).map(|field| field.time);
        assert_eq!(result.map_err(|error| error.to_string()), expected.map_err(|error| error.to_string()));
    }

    #[test]
    fn every_format_is_read_like_by_chrono() {
        for time in [
            "null",
            "7",
            r#""""#,
            r#""2026-01-31T10:20:30Z""#,
            r#""2026-01-31T10:20:30.456Z""#,
            r#""2026-01-31T10:20:30.4Z""#,
            r#""2026-01-31T10:20:30.456789Z""#,
            r#""2026-01-31T10:20:30+01:00""#,
            r#""2026-01-31t10:20:30z""#,
            r#""2026-01-31 10:20:30Z""#,
            r#""2026-02-30T10:20:30Z""#,
            r#""2026-01-31T24:00:00Z""#,
            r#""2016-12-31T23:59:60Z""#,
            r#""2026-01-31T10:20:61Z""#,
            r#""2026-01-3\u00e9T10:20:0Z""#,
            r#""2026-1-31T10:20:30.1Z""#,
            r#""+026-01-31T10:20:30Z""#,
        ] {
            assert_same(&format!("{{\"time\":{time}}}"));
        }
        assert_same("{}");
    }

    proptest! {
        #[test]
        fn every_time_is_written_like_by_chrono_and_read_again(
            milliseconds in -62_200_000_000_000_i64..260_000_000_000_000,
            nanoseconds in prop_oneof![Just(0_u32), Just(1_u32)],
            is_whole in any::<bool>(),
            offset_seconds in prop_oneof![-1_439..1_440, (-1_439..1_440).prop_map(|minutes| minutes * 60)],
        ) {
            let milliseconds = if is_whole { milliseconds / 1000 * 1000 } else { milliseconds };
            let time = DateTime::from_timestamp_millis(milliseconds).unwrap();
            let time = time.with_nanosecond(time.nanosecond() + nanoseconds).unwrap();

            let json = serde_json::to_string(&Field { time: Some(time) }).unwrap();

            prop_assert_eq!(&json, &serde_json::to_string(&ByChrono { time: Some(time) }).unwrap());
            assert_same(&json);
            let text = [
                serialize_seconds(&time, serde_json::value::Serializer).unwrap(),
                serialize_milliseconds(&time, serde_json::value::Serializer).unwrap(),
            ];
            let by_chrono = [SecondsFormat::Secs, SecondsFormat::Millis].map(|it| time.to_rfc3339_opts(it, true));
            prop_assert_eq!(text, by_chrono.map(serde_json::Value::from));
            let local = time.with_timezone(&FixedOffset::east_opt(offset_seconds).unwrap());
            if let Some(text) = format_with_ticks(&local) {
                let by_chrono = local.format("%Y-%m-%dT%H:%M:%S%.9f").to_string();
                let by_chrono = by_chrono[..27].trim_end_matches('0').trim_end_matches('.');
                prop_assert_eq!(text, format!("{by_chrono}{}", local.format("%:z")));
            }
        }
    }
}
