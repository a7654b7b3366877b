//! `Failure`: every way in which a request can fail, and the vendors' error codes.
//!
//! Imports nothing of this crate and depends neither on HTTP nor on a vendor. Each dialect renders every variant in
//! one exhaustive `match`, so a new variant does not compile until every dialect handles it.

mod trail;

use std::fmt;

pub use trail::{Step, Trail};

/// The strength of the evidence for a vendor's behavior, from the strongest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Documented on the vendor's page that the dialect was built from.
    Seed,
    /// Documented in the vendor's specification or other official documentation.
    Spec,
    /// Observed on the real service.
    Observed,
    /// Required by an official client.
    Client,
    /// Undocumented; the choice that is most consistent with the rest.
    Assumed,
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Seed => "vendor-doc",
            Self::Spec => "spec",
            Self::Observed => "observed",
            Self::Client => "client",
            Self::Assumed => "assumed",
        })
    }
}

/// The maximum number of violations in one error response, which keeps the response shorter than the request.
const MAX_VIOLATIONS: usize = 100;

/// One error of a vendor: its status, code and message, and the evidence for them.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The stable rule id, such as `ibm.groups.if-match`.
    pub rule: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code; empty where the vendor has none.
    pub code: &'static str,
    /// The vendor's message; `{}` is replaced by the subject of the error.
    pub message: &'static str,
    /// The condition under which the error is returned.
    pub when: &'static str,
    /// The change to the request that avoids the error.
    pub remedy: &'static str,
    /// The strength of the evidence.
    pub evidence: Evidence,
    /// The source of the evidence: a page, a document with its section, or a file of a client.
    pub source: &'static str,
}

impl Code {
    /// Returns the error response with this code.
    pub const fn plain(&'static self) -> Refusal {
        Refusal {
            code: self,
            status: self.status,
            subject: String::new(),
            text: None,
            violations: Vec::new(),
        }
    }

    /// Returns the error response with this code, with `{}` in the message replaced by `subject`.
    pub fn about(&'static self, subject: impl Into<String>) -> Refusal {
        Refusal { subject: subject.into(), ..self.plain() }
    }

    /// Returns the error response with this code and the first 100 of `violations`.
    pub fn because(&'static self, mut violations: Vec<Violation>) -> Refusal {
        violations.truncate(MAX_VIOLATIONS);
        Refusal { violations, ..self.plain() }
    }

    /// Returns the error response with this code and a single violation.
    pub fn at(&'static self, path: impl Into<String>, reason: impl Into<String>) -> Refusal {
        self.because(vec![Violation::new(path, reason)])
    }
}

/// A vendor's error response to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The vendor's error code.
    pub code: &'static Code,
    /// The HTTP status: that of the error code, unless a fault overrides it.
    pub status: u16,
    /// The subject of the message, such as the identifier that was not found.
    pub subject: String,
    /// The message of a fault, which replaces the vendor's message.
    pub text: Option<String>,
    /// The violations, in the order of the request.
    pub violations: Vec<Violation>,
}

impl Refusal {
    /// Returns the overriding message, or the vendor's message with the subject inserted.
    pub fn message(&self) -> String {
        self.text.clone().unwrap_or_else(|| self.code.message.replacen("{}", &self.subject, 1))
    }

    /// Returns the violations as one string; empty when there are no violations.
    pub fn details(&self) -> String {
        let details: Vec<String> = self.violations.iter().map(ToString::to_string).collect();
        details.join(", ")
    }
}

/// One invalid value in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The location: a field path such as `members[0].type`, or the name of a parameter.
    pub path: String,
    /// The reason: a phrase such as `must be a string`.
    pub reason: String,
}

impl Violation {
    /// Returns the violation at `path` with `reason`.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return formatter.write_str(&self.reason);
        }
        write!(formatter, "{} {}", self.path, self.reason)
    }
}

/// The reason why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No route matches the path.
    NoRoute,
    /// The path has routes, but none for this method.
    MethodNotAllowed {
        /// The allowed methods, separated by comma and space.
        allow: String,
    },
    /// A path segment cannot be decoded.
    BadPath(Violation),
    /// The query cannot be decoded, or a query parameter cannot be parsed.
    BadQuery(Violation),
    /// The body is not valid JSON; lines and columns count from 1.
    BadJson {
        /// The line of the syntax error.
        line: usize,
        /// The column of the syntax error.
        column: usize,
        /// The parser's message.
        reason: String,
    },
    /// The body is JSON, but a value has the wrong type or a field is missing.
    BadShape(Violation),
    /// The body cannot be read: it is truncated, or its encoding is invalid.
    BadBody(String),
    /// The body is larger than the limit in bytes.
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The dialect does not accept the body's media type; `None` if the request has no media type.
    MediaType(Option<String>),
    /// The request exceeded the server's request timeout.
    Timeout,
    /// The handler panicked: a bug in this server.
    Panic,
    /// The vendor's API rejects the request.
    Refused(Refusal),
}

impl From<Refusal> for Failure {
    fn from(error: Refusal) -> Self {
        Self::Refused(error)
    }
}

impl Failure {
    /// Returns the reason as one line for the log.
    pub fn reason(&self) -> String {
        match self {
            Self::NoRoute => "no route matches the path".to_owned(),
            Self::MethodNotAllowed { allow } => format!("the path allows only {allow}"),
            Self::BadPath(violation) | Self::BadQuery(violation) | Self::BadShape(violation) => {
                violation.to_string()
            }
            Self::BadJson { line, column, reason } => {
                format!("the body is not JSON: {reason} at line {line} column {column}")
            }
            Self::BadBody(reason) => format!("the body cannot be read: {reason}"),
            Self::BodyTooLarge { limit } => format!("the body is larger than {limit} bytes"),
            Self::MediaType(Some(media_type)) => {
                format!("the media type `{media_type}` is not supported")
            }
            Self::MediaType(None) => "the body has no media type".to_owned(),
            Self::Timeout => "the request timed out".to_owned(),
            Self::Panic => "the handler panicked".to_owned(),
            Self::Refused(error) if error.violations.is_empty() => error.message(),
            Self::Refused(error) => error.details(),
        }
    }
}
