//! `RequestError`: every way in which a request can fail, and the vendors' error codes.
//!
//! Imports nothing of this crate and depends neither on HTTP nor on a vendor. Each dialect renders every variant in
//! one exhaustive `match`, so a new variant does not compile until every dialect handles it.

use std::fmt;

use super::violations::{Violation, Violations};

/// The confidence in an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// A complete response, or a page of the vendor.
    High,
    /// One witness, or a sibling operation.
    Medium,
    /// Part of a response.
    Low,
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        })
    }
}

/// When a behavior was seen in real traffic or in a client, and how certain that is. The source has the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// The date of the newest source: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: &'static str,
    /// The confidence.
    pub confidence: Confidence,
    /// Whether it was seen at a sibling: another operation of the same service or of the same gateway.
    pub is_sibling: bool,
}

impl Observation {
    /// Returns an observation of the operation itself.
    pub const fn new(date: &'static str, confidence: Confidence) -> Self {
        Self { date, confidence, is_sibling: false }
    }

    /// Returns an observation of a sibling operation.
    pub const fn of_sibling(date: &'static str, confidence: Confidence) -> Self {
        Self { date, confidence, is_sibling: true }
    }
}

/// The strength of the evidence for a vendor's behavior, from the strongest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Documented on the vendor's page that the dialect was built from.
    VendorDoc,
    /// Documented in the vendor's specification or other official documentation.
    Spec,
    /// Observed in traffic of the real service; a sample in a document is no observation.
    Observed(Observation),
    /// Required by an official client.
    Client(Observation),
    /// Undocumented; the choice that is most consistent with the rest.
    Assumed,
}

impl Evidence {
    /// Returns the observation, for behavior that was observed or that a client requires.
    pub const fn observation(self) -> Option<Observation> {
        match self {
            Self::Observed(observation) | Self::Client(observation) => Some(observation),
            Self::VendorDoc | Self::Spec | Self::Assumed => None,
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::VendorDoc => "vendor-doc",
            Self::Spec => "spec",
            Self::Observed(Observation { is_sibling: true, .. }) => "observed, sibling",
            Self::Observed(_) => "observed",
            Self::Client(_) => "client",
            Self::Assumed => "assumed",
        })
    }
}

/// One error of a vendor: its status, code and message, and the evidence for them.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The stable rule id, such as `ibm.groups.if-match`.
    pub id: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code; empty where the vendor has none.
    pub code: &'static str,
    /// The vendor's message; `{}` is replaced by the subject of the error.
    pub message: &'static str,
    /// The condition under which the error is returned.
    pub description: &'static str,
    /// The change to the request that avoids the error.
    pub remediation: &'static str,
    /// The strength of the evidence.
    pub evidence: Evidence,
    /// The source of the evidence: a page, a document with its section, or a file of a client.
    pub source: &'static str,
}

impl ErrorCode {
    /// Returns the error response with this code.
    pub const fn error(&'static self) -> ApiError {
        ApiError {
            code: self,
            status: self.status,
            subject: String::new(),
            message_override: None,
            violations: Violations::new(),
            vendor_details: None,
        }
    }

    /// Returns the error response with this code, with `{}` in the message replaced by `subject`.
    pub fn with_subject(&'static self, subject: impl Into<String>) -> ApiError {
        ApiError { subject: subject.into(), ..self.error() }
    }

    /// Returns the error response with this code and `violations`.
    pub fn with_violations(&'static self, violations: impl Into<Violations>) -> ApiError {
        ApiError { violations: violations.into(), ..self.error() }
    }

    /// Returns the error response with this code and a single violation.
    pub fn with_violation(&'static self, path: impl Into<String>, reason: impl Into<String>) -> ApiError {
        self.with_violations(Violation::new(path, reason))
    }
}

/// A vendor's error response to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The vendor's error code.
    pub code: &'static ErrorCode,
    /// The HTTP status: that of the error code, unless a fault overrides it.
    pub status: u16,
    /// The subject of the message, such as the identifier that was not found.
    pub subject: String,
    /// The message of a fault, which replaces the vendor's message.
    pub message_override: Option<String>,
    /// The violations, in the order of the request.
    pub violations: Violations,
    /// Details in the vendor's format that are not violations, such as the resource that the request conflicts with.
    pub vendor_details: Option<Box<serde_json::Value>>,
}

impl ApiError {
    /// Returns the overriding message, or the vendor's message with the subject inserted.
    pub fn message(&self) -> String {
        self.message_override.clone().unwrap_or_else(|| self.code.message.replacen("{}", &self.subject, 1))
    }

    /// Returns the violations as one string, with the number of those that were not kept; empty when there are none.
    pub fn details(&self) -> String {
        let mut details: Vec<String> = self.violations.iter().map(ToString::to_string).collect();
        if self.violations.omitted() > 0 {
            details.push(format!("and {} more", self.violations.omitted()));
        }
        details.join(", ")
    }
}

/// The reason why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestError {
    /// No route matches the path.
    RouteNotFound,
    /// The path has routes, but none for this method.
    MethodNotAllowed {
        /// The allowed methods, separated by comma and space.
        allow: String,
    },
    /// A path segment cannot be decoded.
    InvalidPath(Violation),
    /// The query cannot be decoded, or a query parameter cannot be parsed.
    InvalidQuery(Violation),
    /// The body is not valid JSON; lines and columns count from 1.
    JsonSyntax {
        /// The line of the syntax error.
        line: usize,
        /// The column of the syntax error.
        column: usize,
        /// The parser's message.
        reason: String,
    },
    /// The body is JSON, but a value has the wrong type or a field is missing.
    InvalidData(Violation),
    /// The body cannot be read: it is truncated, or its encoding is invalid.
    UnreadableBody(String),
    /// The body is larger than the limit in bytes.
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The dialect does not accept the body's media type; `None` if the request has no media type.
    UnsupportedMediaType(Option<String>),
    /// The request exceeded the server's request timeout.
    Timeout,
    /// The handler panicked: a bug in this server.
    Panic,
    /// The vendor's API rejects the request.
    Api(ApiError),
}

impl From<ApiError> for RequestError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl RequestError {
    /// Returns the approximate size in memory in bytes.
    pub fn bytes(&self) -> usize {
        let violation =
            |violation: &Violation| size_of::<Violation>() + violation.path.len() + violation.reason.len();
        let text = match self {
            Self::RouteNotFound | Self::BodyTooLarge { .. } | Self::Timeout | Self::Panic => 0,
            Self::MethodNotAllowed { allow: text }
            | Self::JsonSyntax { reason: text, .. }
            | Self::UnreadableBody(text) => text.len(),
            Self::UnsupportedMediaType(media_type) => media_type.as_deref().map_or(0, str::len),
            Self::InvalidPath(it) | Self::InvalidQuery(it) | Self::InvalidData(it) => violation(it),
            Self::Api(error) => {
                let message = error.message_override.as_deref().map_or(0, str::len);
                message + error.subject.len() + error.violations.iter().map(violation).sum::<usize>()
            }
        };
        size_of::<Self>() + text
    }

    /// Returns the reason as one line for the log.
    pub fn reason(&self) -> String {
        match self {
            Self::RouteNotFound => "no route matches the path".to_owned(),
            Self::MethodNotAllowed { allow } => format!("the path allows only {allow}"),
            Self::InvalidPath(violation) | Self::InvalidQuery(violation) | Self::InvalidData(violation) => {
                violation.to_string()
            }
            Self::JsonSyntax { line, column, reason } => {
                format!("the body is not JSON: {reason} at line {line} column {column}")
            }
            Self::UnreadableBody(reason) => format!("the body cannot be read: {reason}"),
            Self::BodyTooLarge { limit } => format!("the body is larger than {limit} bytes"),
            Self::UnsupportedMediaType(Some(media_type)) => {
                format!("the media type `{media_type}` is not supported")
            }
            Self::UnsupportedMediaType(None) => "the body has no media type".to_owned(),
            Self::Timeout => "the request timed out".to_owned(),
            Self::Panic => "the handler panicked".to_owned(),
            Self::Api(error) if error.violations.is_empty() => error.message(),
            Self::Api(error) => error.details(),
        }
    }
}
