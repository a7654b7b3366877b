//! `RecordedExchange`: one request of a recording with its response, whatever the format of the recording.

use std::fmt;

/// The place of an exchange in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the recording, such as `recording.har`.
    pub recording: std::sync::Arc<str>,
    /// The position of the exchange in the recording, from 1.
    pub entry: usize,
    /// The line on which the exchange starts, from 1; absent if the parser does not report it.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: entry {}", self.recording, self.entry)?;
        match self.line {
            Some(line) => write!(formatter, " (line {line})"),
            None => Ok(()),
        }
    }
}

/// The headers and the body of a request or a response.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// The headers in the recorded order, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body without content encoding.
    pub body: Vec<u8>,
    /// The reason why the body is incomplete or absent, if it is.
    pub missing: Option<String>,
}

impl Message {
    /// Returns the first value of the header `name`, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// A request of a recording with its response.
#[derive(Debug, Clone)]
pub struct RecordedExchange {
    /// The place in the recording.
    pub place: Place,
    /// The time of the request as recorded.
    pub started: Option<String>,
    /// The method.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// The headers and the body of the request.
    pub request: Message,
    /// The status; 0 if there is no response.
    pub status: u16,
    /// The headers and the body of the response.
    pub response: Message,
}

/// A recording, or a part of one, that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingError {
    /// The recording, or the place in it.
    pub place: String,
    /// The reason.
    pub reason: String,
}

impl RecordingError {
    pub(super) fn new(place: impl fmt::Display, reason: impl Into<String>) -> Self {
        Self { place: place.to_string(), reason: reason.into() }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.reason)
    }
}

impl std::error::Error for RecordingError {}
