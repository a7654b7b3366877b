//! A difference between two responses, and its acceptance.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

/// A difference between the recorded response and that of the replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The kind.
    pub kind: DifferenceKind,
    /// The place: `status`, `header NAME`, `body`, or the JSON path.
    pub path: String,
    /// The recorded value; absent for what is additional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// The value of the replay; absent for what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Whether the difference is an accepted one.
    pub is_accepted: bool,
}

/// The kind of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// Another status.
    Status,
    /// A header with another value.
    Header,
    /// Another media type.
    MediaType,
    /// A field, item or header that only the recording has.
    Missing,
    /// A field, item or header that only the replay has.
    Additional,
    /// A JSON value of another type.
    Type,
    /// Another value.
    Value,
    /// The same items in another order.
    Order,
    /// No response.
    NoResponse,
}

/// A difference that is accepted in all responses of an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The operation, such as `ibm.get_access_group`.
    pub operation: String,
    /// The kind.
    pub kind: DifferenceKind,
    /// The place, with `[*]` for any item of a list.
    pub path: String,
    /// The recorded value, if only this one is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// The value of the replay, if only this one is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The reason, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, path, recorded, actual, is_accepted } = self;
        let mut line = format!("{kind} {path}");
        match (recorded, actual) {
            (Some(recorded), Some(actual)) => write!(line, ": recorded {recorded}, replayed {actual}")?,
            (Some(recorded), None) => write!(line, ": recorded {recorded}")?,
            (None, Some(actual)) => write!(line, ": replayed {actual}")?,
            (None, None) => {}
        }
        formatter.write_str(if *is_accepted { "accepted: " } else { "" })?;
        formatter.write_str(&line)
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Status => "status",
            Self::Header => "header",
            Self::MediaType => "media-type",
            Self::Missing => "missing",
            Self::Additional => "additional",
            Self::Type => "type",
            Self::Value => "value",
            Self::Order => "order",
            Self::NoResponse => "no-response",
        })
    }
}

impl Accepted {
    /// Returns whether the difference in a response of the operation is accepted.
    pub(super) fn covers(&self, operation: &str, difference: &Difference) -> bool {
        let accepts =
            |accepted: &Option<String>, value: &Option<String>| accepted.is_none() || accepted == value;
        self.operation == operation
            && self.kind == difference.kind
            && (self.path == difference.path || self.path == any_item(&difference.path))
            && accepts(&self.recorded, &difference.recorded)
            && accepts(&self.actual, &difference.actual)
    }
}

impl fmt::Display for Accepted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.operation, self.kind, self.path)
    }
}

/// Returns a JSON path with `[*]` in the place of each index.
pub(super) fn any_item(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        let index = after.find(|char: char| !char.is_ascii_digit()).unwrap_or(after.len());
        let is_index = index > 0 && after[index..].starts_with(']');
        result.push_str(before);
        result.push_str(if is_index { "[*" } else { "[" });
        rest = if is_index { &after[index..] } else { after };
    }
    result + rest
}
