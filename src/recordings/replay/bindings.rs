//! `Bindings`: which value of the replay corresponds to a value of the recording that the service draws.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};

/// The values of the recording with their counterparts in the replay.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// Identifiers, tokens and tags.
    texts: BTreeMap<String, String>,
    /// The reverse, because two values of the recording cannot have the same counterpart.
    reverse: BTreeMap<String, String>,
    /// Identifiers that are numbers.
    numbers: BTreeMap<(NumberKind, u64), u64>,
    /// Times, of which the last counterpart counts: two times of the recording can be the same in the replay.
    times: BTreeMap<String, String>,
    /// The same in microseconds, because clients send the times of responses in another notation.
    instants: BTreeMap<i64, String>,
}

/// What an identifier that is a number identifies: objects of different kinds can have the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NumberKind {
    Group,
    Customer,
}

impl NumberKind {
    /// Returns the kind of the number in `field` of an object in `parent`; `None` if it is not an identifier.
    pub(super) fn of(parent: &str, field: &str) -> Option<Self> {
        match (parent, field) {
            ("customers", "id") => Some(Self::Customer),
            (_, "id" | "group_id") => Some(Self::Group),
            (_, _) => None,
        }
    }
}

impl Bindings {
    /// Returns the counterpart of a text of the recording in a request: that of the whole text, or of its tokens.
    pub(super) fn substitute(&self, text: &str) -> String {
        if let Some(bound) = self.texts.get(text).or_else(|| self.times.get(text)) {
            return bound.clone();
        }
        let instant = parse_time(text).map(|time| time.timestamp_micros());
        if let Some(bound) = instant.and_then(|instant| self.instants.get(&instant)) {
            return bound.clone();
        }
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|char| !is_token_char(char)).unwrap_or(rest.len());
            self.push_token(&rest[..end], &mut result);
            let next = rest[end..].find(is_token_char).map_or(rest.len(), |start| end + start);
            result.push_str(&rest[end..next]);
            rest = &rest[next..];
        }
        result
    }

    /// Returns the counterpart of an identifier that is a number.
    pub(super) fn substitute_number(&self, kind: NumberKind, number: u64) -> u64 {
        self.numbers.get(&(kind, number)).copied().unwrap_or(number)
    }

    /// Appends the counterpart of a token, of which a part after a hyphen can be bound: `ServiceId-…`.
    fn push_token(&self, token: &str, result: &mut String) {
        if let Some(bound) = self.texts.get(token) {
            return result.push_str(bound);
        }
        let mut done = 0;
        let starts = std::iter::once(0).chain(token.match_indices('-').map(|(hyphen, _)| hyphen + 1));
        for start in starts.filter(|start| *start < token.len()) {
            if start < done {
                continue;
            }
            // A whole rest, or a UUID with something after it.
            let uuid = token.get(start..start + UUID_LENGTH).filter(|part| is_uuid(part));
            let parts = [start > 0, uuid.is_some()].into_iter().zip([Some(&token[start..]), uuid]);
            let mut parts = parts.filter_map(|(is_part, part)| part.filter(|_| is_part));
            if let Some((part, bound)) = parts.find_map(|part| Some((part, self.texts.get(part)?))) {
                result.extend([&token[done..start], bound.as_str()]);
                done = start + part.len();
            }
        }
        result.push_str(&token[done..]);
    }

    /// Returns whether `actual` is the counterpart of `recorded`, apart from values that differ by nature.
    ///
    /// A value that is drawn, or a part of a text that looks like an identifier, is bound if it is new.
    pub(super) fn matches(&mut self, recorded: &str, actual: &str, is_drawn: bool) -> bool {
        // What the recording does not show cannot differ.
        if recorded.contains(REDACTED) {
            return true;
        }
        if let (Some(recorded_time), Some(actual_time)) = (parse_time(recorded), parse_time(actual)) {
            let has_same_form = time_form(recorded) == time_form(actual);
            if has_same_form {
                self.times.insert(recorded.to_owned(), actual.to_owned());
                if DateTime::parse_from_rfc3339(actual).is_ok() {
                    self.instants.insert(recorded_time.timestamp_micros(), actual.to_owned());
                }
                // Preconditions have the notation of HTTP.
                self.times.insert(http_date(recorded_time), http_date(actual_time));
            }
            return has_same_form;
        }
        if is_drawn {
            return self.bind(recorded, actual);
        }
        recorded == actual && !self.is_bound_elsewhere(recorded)
            || self.substitute(recorded) == actual
            || self.matches_tokens(&without_http_dates(recorded), &without_http_dates(actual))
    }

    /// Returns whether a text has a counterpart other than itself.
    fn is_bound_elsewhere(&self, text: &str) -> bool {
        self.texts.get(text).is_some_and(|bound| bound != text)
    }

    /// Binds a value to its counterpart; returns whether they correspond to each other.
    pub(super) fn bind(&mut self, recorded: &str, actual: &str) -> bool {
        if let Some(bound) = self.texts.get(recorded) {
            return bound == actual;
        }
        if self.substitute(recorded) == actual {
            // A value that is not new, or the same in both; it stays so.
            self.insert(recorded, actual);
            return true;
        }
        let (prefix, recorded_rest) = split_prefix(recorded);
        let (actual_prefix, actual_rest) = split_prefix(actual);
        let is_new = !self.reverse.contains_key(actual);
        if prefix != actual_prefix || !is_new || recorded.is_empty() || actual.is_empty() {
            return false;
        }
        if !has_same_form(recorded_rest, actual_rest) {
            return false;
        }
        self.insert(recorded, actual);
        if !prefix.is_empty() {
            self.insert(recorded_rest, actual_rest);
        }
        true
    }

    /// Binds an identifier that is a number.
    pub(super) fn bind_number(&mut self, kind: NumberKind, recorded: u64, actual: u64) -> bool {
        let is_taken = || self.numbers.iter().any(|((other, _), bound)| *other == kind && *bound == actual);
        match self.numbers.get(&(kind, recorded)) {
            Some(bound) => *bound == actual,
            None if recorded != actual && is_taken() => false,
            None => {
                self.numbers.insert((kind, recorded), actual);
                true
            }
        }
    }

    fn insert(&mut self, recorded: &str, actual: &str) {
        self.texts.insert(recorded.to_owned(), actual.to_owned());
        self.reverse.insert(actual.to_owned(), recorded.to_owned());
    }

    /// Returns whether two texts have the same tokens, of which those that look like identifiers are bound.
    fn matches_tokens(&mut self, recorded: &str, actual: &str) -> bool {
        let (mut left, mut right) = (recorded, actual);
        while !left.is_empty() || !right.is_empty() {
            let [left_end, right_end] =
                [left, right].map(|text| text.find(|char| !is_token_char(char)).unwrap_or(text.len()));
            let (left_token, right_token) = (&left[..left_end], &right[..right_end]);
            if !self.matches_token(left_token, right_token) {
                return false;
            }
            (left, right) = (&left[left_end..], &right[right_end..]);
            let [left_next, right_next] =
                [left, right].map(|text| text.find(is_token_char).unwrap_or(text.len()));
            if left[..left_next] != right[..right_next] {
                return false;
            }
            (left, right) = (&left[left_next..], &right[right_next..]);
        }
        true
    }

    fn matches_token(&mut self, recorded: &str, actual: &str) -> bool {
        let mut substituted = String::new();
        self.push_token(recorded, &mut substituted);
        if substituted == actual {
            return true;
        }
        // Only what looks like an identifier is new: a UUID, or digits and letters of at least this length.
        is_identifier(recorded) && is_identifier(actual) && self.bind(recorded, actual)
    }
}

/// The length of a UUID.
const UUID_LENGTH: usize = 36;

/// The text in the place of a credential of a recording.
const REDACTED: &str = "[redacted]";

/// The minimum length of an identifier that is recognized by its form.
const MIN_IDENTIFIER_LENGTH: usize = 20;

fn is_token_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_')
}

fn is_identifier(token: &str) -> bool {
    token.len() >= MIN_IDENTIFIER_LENGTH && token.bytes().any(|byte| byte.is_ascii_digit())
}

/// Splits an identifier after its kind, such as `ServiceId-`; the rest is a UUID or has no hyphen.
fn split_prefix(id: &str) -> (&str, &str) {
    let end = match id.len().checked_sub(UUID_LENGTH).filter(|start| id.is_char_boundary(*start)) {
        Some(start) if is_uuid(&id[start..]) => start,
        _ => id.rfind('-').filter(|_| !is_uuid(id)).map_or(0, |hyphen| hyphen + 1),
    };
    let end = if end == id.len() { 0 } else { end };
    id.split_at(end)
}

fn is_uuid(text: &str) -> bool {
    text.len() == UUID_LENGTH
        && text.char_indices().all(|(index, char)| match index {
            8 | 13 | 18 | 23 => char == '-',
            _ => char.is_ascii_hexdigit(),
        })
}

/// Returns whether two identifiers have the same form: UUIDs, hexadecimal identifiers of the same length, or neither.
fn has_same_form(left: &str, right: &str) -> bool {
    let form = |text: &str| match text {
        text if is_uuid(text) => (1, 0),
        text if text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => (2, text.len()),
        _ => (0, 0),
    };
    form(left) == form(right)
}

/// Parses a time in the notation of RFC 3339 or of HTTP.
fn parse_time(text: &str) -> Option<DateTime<FixedOffset>> {
    if text.len() < "2026-01-01T00:00:00Z".len() || !text.is_ascii() {
        return None;
    }
    DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).ok()
}

/// Returns a time in the notation of HTTP.
fn http_date(time: DateTime<FixedOffset>) -> String {
    time.to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Returns a text with the same placeholder for each time in the notation of HTTP.
fn without_http_dates(text: &str) -> Cow<'_, str> {
    const LENGTH: usize = "Thu, 01 Jan 2026 00:00:00 GMT".len();
    let mut result = Cow::Borrowed(text);
    let mut from = 0;
    while let Some(end) = result[from..].find(" GMT").map(|at| from + at + " GMT".len()) {
        from = end;
        let date = end.checked_sub(LENGTH).and_then(|start| result.get(start..end));
        if date.is_some_and(|date| parse_time(date).is_some()) {
            result.to_mut().replace_range(end - LENGTH..end, "HTTP-date");
            from = end - LENGTH;
        }
    }
    result
}

/// Returns the notation of a time: its digits and the names of days and months do not count, and neither do the digits
/// of a fraction, from which some vendors remove zeros at the end.
fn time_form(text: &str) -> String {
    let digits_and_names: String = text
        .chars()
        .map(|char| match char {
            '0'..='9' => '0',
            char if char.is_ascii_alphabetic() && text.contains(',') => 'x',
            char => char,
        })
        .collect();
    match digits_and_names.split_once('.') {
        Some((before, after)) => {
            let after = after.trim_start_matches('0');
            // FlickRocket, whose times have a numeric offset, leaves out a fraction that is zero.
            let point = if after.starts_with(['+', '-']) { "" } else { "." };
            format!("{before}{point}{after}")
        }
        None => digits_and_names,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_value_is_bound_and_substituted_also_after_another_prefix() {
        let mut bindings = Bindings::default();

        assert!(bindings.matches("ServiceId-recorded1", "ServiceId-actual1", true));

        assert_eq!(
            bindings.substitute("/v1/serviceids/ServiceId-recorded1?a=b"),
            "/v1/serviceids/ServiceId-actual1?a=b"
        );
        assert_eq!(bindings.substitute("iam-ServiceId-recorded1"), "iam-ServiceId-actual1");
        assert!(bindings.matches("iam-ServiceId-recorded1", "iam-ServiceId-actual1", false));
    }

    #[test]
    fn identifier_within_another_one_is_substituted() {
        let mut bindings = Bindings::default();
        let (recorded, actual) =
            ("f174e90a-fafe-4643-bbbc-4a0ed4fc8415", "0a74e90a-fafe-4643-bbbc-4a0ed4fc8415");

        assert!(bindings.matches(&format!("TemplateId-{recorded}"), &format!("TemplateId-{actual}"), true));

        let id = |id: &str| format!("AssignmentId-TemplateId-{id}-Target-acct2");
        assert_eq!(bindings.substitute(&id(recorded)), id(actual));
        assert!(bindings.matches(&id(recorded), &id(actual), true));
    }

    #[test]
    fn what_is_redacted_corresponds_to_any_text() {
        assert!(Bindings::default().matches("a [redacted] token", "anything", false));
    }

    #[test]
    fn bound_value_has_only_one_counterpart() {
        let mut bindings = Bindings::default();

        assert!(bindings.matches("r1", "a1", true));

        assert!(bindings.matches("r1", "a1", true));
        assert!(!bindings.matches("r1", "a2", true), "another counterpart");
        assert!(!bindings.matches("r2", "a1", true), "the counterpart of another value");
        assert!(!bindings.matches("r1", "r1", false), "the recorded value itself");
    }

    #[test]
    fn identifiers_of_another_form_do_not_correspond() {
        let mut bindings = Bindings::default();
        let uuid = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";

        assert!(!bindings.matches(uuid, "f174e90afafe4643bbbc4a0ed4fc8415", true));
        assert!(!bindings.matches("ServiceId-1a", "Profile-1b", true));
        assert!(!bindings.matches("a name", "another name", false));
    }

    #[test]
    fn times_correspond_if_their_notation_is_the_same() {
        let mut bindings = Bindings::default();

        assert!(bindings.matches("2026-01-01T00:00:00Z", "2026-11-29T10:11:12Z", false));
        assert!(bindings.matches("2026-01-01T00:00:00.5+00:00", "2026-11-29T10:11:12.123+00:00", false));
        assert!(bindings.matches("2025-01-01T00:00:00+00:00", "2025-11-29T10:11:12.123+00:00", false));
        assert!(!bindings.matches("2026-01-01T00:00:00Z", "2026-11-29T10:11:12.123Z", false));
        assert!(bindings.matches("Thu, 01 Jan 2026 00:00:00 GMT", "Sun, 29 Nov 2026 10:11:12 GMT", false));
        assert_eq!(bindings.substitute("2026-01-01T00:00:00Z"), "2026-11-29T10:11:12Z");
        assert_eq!(bindings.substitute("Thu, 01 Jan 2026 00:00:00 GMT"), "Sun, 29 Nov 2026 10:11:12 GMT");
        assert_eq!(bindings.substitute("2026-01-01T01:00:00.000000+01:00"), "2026-11-29T10:11:12Z");
        let text = |time: &str| format!("changed at {time}, too late");
        let dates = [text("Thu, 01 Jan 2026 00:00:00 GMT"), text("Sun, 29 Nov 2026 10:11:13 GMT")];
        assert!(bindings.matches(&dates[0], &dates[1], false));
    }

    #[test]
    fn identifiers_within_texts_are_bound() {
        let mut bindings = Bindings::default();
        let (recorded, actual) =
            ("f174e90a-fafe-4643-bbbc-4a0ed4fc8415", "0a74e90a-fafe-4643-bbbc-4a0ed4fc8415");

        let text = |id: &str| format!("Group {id} was not found");
        assert!(bindings.matches(&text(recorded), &text(actual), false));

        assert_eq!(bindings.substitute(recorded), actual);
        assert!(!bindings.matches("Group was not found", "Group is not found", false));
    }
}
