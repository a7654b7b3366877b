//! `Pattern`: which requests are meant, in WireMock's words and a few of our own.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::body::BodyMatcher;
use super::text::{Expression, TextMatcher};

/// Which requests are meant: all that is given must hold, and nothing given means every request.
///
/// The one form for faults and for looking into the journal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pattern {
    /// The dialect, such as `ibm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// The operation, such as `create_access_group` or, with its dialect, `ibm_create_access_group`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The namespace; `default` for requests that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The method; `ANY` stands for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path with its query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A regular expression for the path with its query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_pattern: Option<Expression>,
    /// The path without its query; the prefix of a namespace is no part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_path: Option<String>,
    /// A regular expression for the path without its query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_path_pattern: Option<Expression>,
    /// Parameters of the query, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query_parameters: BTreeMap<String, TextMatcher>,
    /// Headers, by name without regard to case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, TextMatcher>,
    /// What the body must be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body_patterns: Vec<BodyMatcher>,
}

/// A request as a pattern sees it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The name of the dialect that owns the path.
    pub dialect: &'a str,
    /// The operation; `None` where no route has the path and method.
    pub operation: Option<&'a str>,
    /// The name of the namespace.
    pub namespace: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path with its query, without the prefix of a namespace.
    pub url: &'a str,
    /// The headers in their order.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

impl Pattern {
    /// Returns the pattern of all requests to the operation with `id`, such as `ibm_create_access_group`.
    ///
    /// ```
    /// let pattern = access_groups_mock::Pattern::operation("ibm_create_access_group");
    /// assert_eq!(pattern.to_string(), r#"{"operation":"ibm_create_access_group"}"#);
    /// ```
    pub fn operation(id: impl Into<String>) -> Self {
        Self { operation: Some(id.into()), ..Self::default() }
    }

    /// Returns the pattern of all requests with `method` and the path `url_path`.
    ///
    /// ```
    /// let pattern = access_groups_mock::Pattern::request("GET", "/v1/groups");
    /// assert_eq!(pattern.to_string(), r#"{"method":"GET","urlPath":"/v1/groups"}"#);
    /// ```
    pub fn request(method: impl Into<String>, url_path: impl Into<String>) -> Self {
        Self { method: Some(method.into()), url_path: Some(url_path.into()), ..Self::default() }
    }

    /// Narrows it to the requests of one dialect.
    ///
    /// ```
    /// let pattern = access_groups_mock::Pattern::default().of_dialect("ibm");
    /// assert_eq!(pattern.dialect.as_deref(), Some("ibm"));
    /// ```
    #[must_use]
    pub fn of_dialect(mut self, dialect: impl Into<String>) -> Self {
        self.dialect = Some(dialect.into());
        self
    }

    /// Narrows it to the requests whose header `name` fits.
    ///
    /// ```
    /// use access_groups_mock::{Pattern, TextMatcher};
    ///
    /// let pattern = Pattern::default().with_header("If-Match", TextMatcher::absent());
    /// assert_eq!(pattern.headers.len(), 1);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, matcher: TextMatcher) -> Self {
        self.headers.insert(name.into(), matcher);
        self
    }

    /// Narrows it to the requests whose query parameter `name` fits.
    ///
    /// ```
    /// use access_groups_mock::{Pattern, TextMatcher};
    ///
    /// let pattern = Pattern::default().with_query("limit", TextMatcher::equal_to("5"));
    /// assert_eq!(pattern.query_parameters.len(), 1);
    /// ```
    #[must_use]
    pub fn with_query(mut self, name: impl Into<String>, matcher: TextMatcher) -> Self {
        self.query_parameters.insert(name.into(), matcher);
        self
    }

    /// Narrows it to the requests whose body fits.
    ///
    /// ```
    /// use access_groups_mock::{BodyMatcher, Pattern};
    ///
    /// let body = BodyMatcher { contains: Some("Devs".to_owned()), ..BodyMatcher::default() };
    /// assert!(Pattern::default().with_body(body).reads_body());
    /// ```
    #[must_use]
    pub fn with_body(mut self, matcher: BodyMatcher) -> Self {
        self.body_patterns.push(matcher);
        self
    }

    /// Returns whether it must see a body.
    pub const fn reads_body(&self) -> bool {
        !self.body_patterns.is_empty()
    }

    /// Returns whether `subject` is meant.
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        self.misfits(subject).next().is_none()
    }

    /// Returns how many of the conditions `subject` does not meet.
    pub fn distance(&self, subject: &Subject<'_>) -> usize {
        self.misfits(subject).count()
    }

    /// Returns the names of the conditions that `subject` does not meet, such as `method` or `headers.If-Match`.
    pub fn misfits<'a>(&'a self, subject: &'a Subject<'a>) -> impl Iterator<Item = String> + 'a {
        let plain = [
            ("dialect", self.dialect.as_deref().is_none_or(|it| it == subject.dialect)),
            ("operation", self.operation.as_deref().is_none_or(|it| subject.is_operation(it))),
            ("namespace", self.namespace.as_deref().is_none_or(|it| it == "*" || it == subject.namespace)),
            (
                "method",
                self.method
                    .as_deref()
                    .is_none_or(|it| it == "ANY" || it.eq_ignore_ascii_case(subject.method)),
            ),
            ("url", self.url.as_deref().is_none_or(|it| it == subject.url)),
            ("urlPattern", self.url_pattern.as_ref().is_none_or(|it| it.fits(subject.url))),
            ("urlPath", self.url_path.as_deref().is_none_or(|it| it == subject.path())),
            ("urlPathPattern", self.url_path_pattern.as_ref().is_none_or(|it| it.fits(subject.path()))),
        ];
        let plain = plain.into_iter().filter(|(_, fits)| !fits).map(|(name, _)| name.to_owned());
        let queries = self.query_parameters.iter().filter(|(name, matcher)| {
            let values = subject.query(name);
            !matcher.fits(values.iter().map(String::as_str))
        });
        let headers = self.headers.iter().filter(|(name, matcher)| !matcher.fits(subject.header(name)));
        let bodies = self.body_patterns.iter().enumerate().filter(|(_, matcher)| !matcher.fits(subject.body));
        plain
            .chain(queries.map(|(name, _)| format!("queryParameters.{name}")))
            .chain(headers.map(|(name, _)| format!("headers.{name}")))
            .chain(bodies.map(|(index, _)| format!("bodyPatterns[{index}]")))
    }
}

impl fmt::Display for Pattern {
    /// Writes it as JSON, with only what is given.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl<'a> Subject<'a> {
    /// Returns the path without its query.
    pub fn path(&self) -> &'a str {
        self.url.split('?').next().unwrap_or_default()
    }

    fn is_operation(&self, id: &str) -> bool {
        let Some(operation) = self.operation else { return false };
        let qualified = id.strip_prefix(self.dialect).and_then(|rest| rest.strip_prefix(['_', '.']));
        id == operation || qualified == Some(operation)
    }

    fn header<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'a str> + 'b {
        let named = self.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| *value)
    }

    fn query(&self, name: &str) -> Vec<String> {
        let text = self.url.split_once('?').map_or("", |(_, query)| query);
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.filter(|(other, _)| decoded(other) == name).map(|(_, value)| decoded(value)).collect()
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
