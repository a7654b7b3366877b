//! `Failure`: every way in which a request can go wrong, and the codes by which a vendor names it.
//!
//! Imports nothing of this crate and knows neither HTTP nor a vendor. Each dialect answers every variant in
//! one exhaustive `match`, so that a new kind of failure does not compile until every dialect has an answer.

mod trail;

use std::fmt;

pub use trail::{Step, Trail};

/// How well a rule of a vendor is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The seed document says so.
    Seed,
    /// The vendor's specification or official documentation says so.
    Spec,
    /// Somebody saw the real service do so.
    Observed,
    /// An official client needs it.
    Client,
    /// Nothing says so; it is the choice that fits the rest best.
    Assumed,
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Seed => "seed",
            Self::Spec => "spec",
            Self::Observed => "observed",
            Self::Client => "client",
            Self::Assumed => "assumed",
        })
    }
}

/// The most violations that one refusal names, so that an answer stays shorter than the request.
const MOST_VIOLATIONS: usize = 100;

/// One error of a vendor: its status, code and message, and how they are known.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The stable id of the rule that sends it, such as `ibm.groups.if-match`.
    pub rule: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code; empty where the vendor has none.
    pub code: &'static str,
    /// The vendor's message; `{}` stands for the subject of the refusal.
    pub message: &'static str,
    /// When it is sent.
    pub when: &'static str,
    /// What a request must do to pass.
    pub remedy: &'static str,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it is known from: a page, a document with its section, or a file of a client.
    pub source: &'static str,
}

impl Code {
    /// Returns the refusal with this code.
    pub const fn plain(&'static self) -> Refusal {
        Refusal {
            code: self,
            status: self.status,
            subject: String::new(),
            text: None,
            violations: Vec::new(),
        }
    }

    /// Returns the refusal with this code and `subject` in the place of `{}`.
    pub fn about(&'static self, subject: impl Into<String>) -> Refusal {
        Refusal { subject: subject.into(), ..self.plain() }
    }

    /// Returns the refusal with this code and what was wrong in the request, up to 100 things of it.
    pub fn because(&'static self, mut violations: Vec<Violation>) -> Refusal {
        violations.truncate(MOST_VIOLATIONS);
        Refusal { violations, ..self.plain() }
    }

    /// Returns the refusal with this code and the one thing that was wrong in the request.
    pub fn at(&'static self, path: impl Into<String>, reason: impl Into<String>) -> Refusal {
        self.because(vec![Violation::new(path, reason)])
    }
}

/// A vendor's refusal of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The vendor's error.
    pub code: &'static Code,
    /// The HTTP status: the error's own, unless a fault asks for another.
    pub status: u16,
    /// What the message speaks of, such as the identifier that was not found.
    pub subject: String,
    /// The message where a fault asks for another than the vendor's.
    pub text: Option<String>,
    /// What was wrong in the request, in the order of the request.
    pub violations: Vec<Violation>,
}

impl Refusal {
    /// Returns the vendor's message with the subject in its place.
    pub fn message(&self) -> String {
        self.text.clone().unwrap_or_else(|| self.code.message.replacen("{}", &self.subject, 1))
    }

    /// Returns what was wrong, as one text; empty when nothing is known beyond the message.
    pub fn details(&self) -> String {
        let details: Vec<String> = self.violations.iter().map(ToString::to_string).collect();
        details.join(", ")
    }
}

/// One thing that is wrong at one place of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where: a member path such as `members[0].type`, or the name of a parameter.
    pub path: String,
    /// What: a phrase such as `must be a string`.
    pub reason: String,
}

impl Violation {
    /// Returns the violation of `reason` at `path`.
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

/// Why a request was not answered with a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No route has this path.
    NoRoute,
    /// The path has routes, but none for this method; `allow` lists those it has.
    MethodNotAllowed {
        /// The methods, separated by comma and space.
        allow: String,
    },
    /// A path segment cannot be decoded.
    BadPath(Violation),
    /// The query cannot be decoded, or a parameter of it cannot be read.
    BadQuery(Violation),
    /// The body is not JSON; lines and columns count from 1.
    BadJson {
        /// The line where it broke.
        line: usize,
        /// The column where it broke.
        column: usize,
        /// What the parser expected.
        reason: String,
    },
    /// The body is JSON, but a value has the wrong type or a member is missing.
    BadShape(Violation),
    /// The body cannot be read: it broke off, or its encoding is broken.
    BadBody(String),
    /// The body is larger than the limit in bytes.
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body is of a media type that the dialect does not read; `None` where none was given.
    MediaType(Option<String>),
    /// The request took longer than the server's limit.
    Timeout,
    /// The handler panicked: a bug of this server.
    Panic,
    /// The vendor refuses the request.
    Refused(Refusal),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Failure {
    /// Returns the reason as one line for the log.
    pub fn reason(&self) -> String {
        match self {
            Self::NoRoute => "no route has this path".to_owned(),
            Self::MethodNotAllowed { allow } => format!("the path allows {allow} only"),
            Self::BadPath(violation) | Self::BadQuery(violation) | Self::BadShape(violation) => {
                violation.to_string()
            }
            Self::BadJson { line, column, reason } => {
                format!("the body is not JSON: {reason} at line {line} column {column}")
            }
            Self::BadBody(reason) => format!("the body cannot be read: {reason}"),
            Self::BodyTooLarge { limit } => format!("the body is larger than {limit} bytes"),
            Self::MediaType(Some(given)) => format!("the media type `{given}` is not supported"),
            Self::MediaType(None) => "the body has no media type".to_owned(),
            Self::Timeout => "the request took too long".to_owned(),
            Self::Panic => "the handler panicked".to_owned(),
            Self::Refused(refusal) if refusal.violations.is_empty() => refusal.message(),
            Self::Refused(refusal) => refusal.details(),
        }
    }
}
