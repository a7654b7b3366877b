//! `Pattern`: a condition for requests, with WireMock-compatible syntax and a few extensions.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::body_matcher::{BodyMatcher, MatchedBody};
use super::string_matcher::{AnchoredRegex, StringMatcher};

/// A condition for requests: all conditions that are set must hold; an empty pattern matches every request.
///
/// Faults and journal queries use the same patterns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pattern {
    /// The dialect, such as `ibm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// The operation id with or without its dialect, such as `create_access_group` or `ibm_create_access_group`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The namespace, `default` for requests that do not select one; `*` matches every namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The method, case-insensitive; `ANY` matches every method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path and query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A regular expression for the path and query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_pattern: Option<AnchoredRegex>,
    /// The path without the query and without the namespace prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_path: Option<String>,
    /// A regular expression for the path without the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_path_pattern: Option<AnchoredRegex>,
    /// The query parameters by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query_parameters: BTreeMap<String, StringMatcher>,
    /// The headers by case-insensitive name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, StringMatcher>,
    /// The conditions for the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body_patterns: Vec<BodyMatcher>,
}

/// The parts of a request that patterns match against.
#[derive(Debug, Clone, Copy)]
pub struct RequestView<'a> {
    /// The name of the dialect that owns the path.
    pub dialect: &'a str,
    /// The operation; `None` if no route matches the path and method.
    pub operation: Option<&'a str>,
    /// The name of the namespace.
    pub namespace: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path and query, without the namespace prefix.
    pub url: &'a str,
    /// The headers in request order.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a MatchedBody<'a>,
}

impl Pattern {
    /// Returns a pattern for all requests to the operation with `id`, such as `ibm_create_access_group`.
    ///
    /// ```
    /// let pattern = access_groups_mock::Pattern::operation("ibm_create_access_group");
    /// assert_eq!(pattern.to_string(), r#"{"operation":"ibm_create_access_group"}"#);
    /// ```
    pub fn operation(id: impl Into<String>) -> Self {
        Self { operation: Some(id.into()), ..Self::default() }
    }

    /// Returns a pattern for all requests with `method` and the path `url_path`.
    ///
    /// ```
    /// let pattern = access_groups_mock::Pattern::request("GET", "/v1/groups");
    /// assert_eq!(pattern.to_string(), r#"{"method":"GET","urlPath":"/v1/groups"}"#);
    /// ```
    pub fn request(method: impl Into<String>, url_path: impl Into<String>) -> Self {
        Self { method: Some(method.into()), url_path: Some(url_path.into()), ..Self::default() }
    }

    /// Restricts the pattern to the requests of one dialect.
    ///
    /// ```
    /// let pattern = access_groups_mock::Pattern::default().with_dialect("ibm");
    /// assert_eq!(pattern.dialect.as_deref(), Some("ibm"));
    /// ```
    #[must_use]
    pub fn with_dialect(mut self, dialect: impl Into<String>) -> Self {
        self.dialect = Some(dialect.into());
        self
    }

    /// Restricts the pattern to the requests whose header `name` matches.
    ///
    /// ```
    /// use access_groups_mock::{Pattern, StringMatcher};
    ///
    /// let pattern = Pattern::default().with_header("If-Match", StringMatcher::absent());
    /// assert_eq!(pattern.headers.len(), 1);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, matcher: StringMatcher) -> Self {
        self.headers.insert(name.into(), matcher);
        self
    }

    /// Restricts the pattern to the requests whose query parameter `name` matches.
    ///
    /// ```
    /// use access_groups_mock::{Pattern, StringMatcher};
    ///
    /// let pattern = Pattern::default().with_query("limit", StringMatcher::equal_to("5"));
    /// assert_eq!(pattern.query_parameters.len(), 1);
    /// ```
    #[must_use]
    pub fn with_query(mut self, name: impl Into<String>, matcher: StringMatcher) -> Self {
        self.query_parameters.insert(name.into(), matcher);
        self
    }

    /// Restricts the pattern to the requests whose body matches.
    ///
    /// ```
    /// use access_groups_mock::{BodyMatcher, Pattern};
    ///
    /// let body = BodyMatcher { contains: Some("Devs".to_owned()), ..BodyMatcher::default() };
    /// assert!(Pattern::default().with_body(body).needs_body());
    /// ```
    #[must_use]
    pub fn with_body(mut self, matcher: BodyMatcher) -> Self {
        self.body_patterns.push(matcher);
        self
    }

    /// Returns whether the pattern has conditions for the body.
    pub const fn needs_body(&self) -> bool {
        !self.body_patterns.is_empty()
    }

    /// Returns whether `request` matches.
    pub fn matches(&self, request: &RequestView<'_>) -> bool {
        self.mismatches(request).next().is_none()
    }

    /// Returns whether the pattern has conditions for the URL, the headers or the body.
    pub(crate) fn needs_content(&self) -> bool {
        self.needs_body()
            || !(self.headers.is_empty() && self.query_parameters.is_empty())
            || self.url.is_some()
            || self.url_path.is_some()
            || self.url_pattern.is_some()
            || self.url_path_pattern.is_some()
    }

    /// Returns the number of steps that matching `request` takes at most; a step takes a few nanoseconds.
    pub(crate) fn work(&self, request: &RequestView<'_>) -> u64 {
        let url = request.url.len();
        let mut work = 1;
        for regex in [&self.url_pattern, &self.url_path_pattern].into_iter().flatten() {
            work += regex.work(url);
        }
        for matcher in self.query_parameters.values() {
            // The query is decoded for each parameter.
            work += 4 * url as u64 + matcher.work(url);
        }
        let header_bytes: usize = if self.headers.is_empty() {
            0
        } else {
            request.headers.iter().map(|(name, value)| name.len() + value.len()).sum()
        };
        for matcher in self.headers.values() {
            work += matcher.work(header_bytes);
        }
        for matcher in &self.body_patterns {
            work += matcher.work(request.body.len());
        }
        work
    }

    /// Returns the size of all compiled regular expressions in bytes.
    pub(crate) fn regex_bytes(&self) -> usize {
        let mut bytes = 0;
        for regex in [&self.url_pattern, &self.url_path_pattern].into_iter().flatten() {
            bytes += regex.size();
        }
        for matcher in self.query_parameters.values().chain(self.headers.values()) {
            bytes += matcher.regex_bytes();
        }
        for matcher in &self.body_patterns {
            bytes += matcher.regex_bytes();
        }
        bytes
    }

    /// Returns the names of the conditions that `request` does not meet, such as `method` or `headers.If-Match`.
    pub fn mismatches<'a>(&'a self, request: &'a RequestView<'_>) -> impl Iterator<Item = String> {
        let single_valued = [
            ("dialect", self.dialect.as_deref().is_none_or(|expected| expected == request.dialect)),
            ("operation", self.operation.as_deref().is_none_or(|expected| request.is_operation(expected))),
            (
                "namespace",
                self.namespace
                    .as_deref()
                    .is_none_or(|expected| expected == "*" || expected == request.namespace),
            ),
            (
                "method",
                self.method.as_deref().is_none_or(|expected| {
                    expected == "ANY" || expected.eq_ignore_ascii_case(request.method)
                }),
            ),
            ("url", self.url.as_deref().is_none_or(|expected| expected == request.url)),
            ("urlPattern", self.url_pattern.as_ref().is_none_or(|regex| regex.matches(request.url))),
            ("urlPath", self.url_path.as_deref().is_none_or(|expected| expected == request.path())),
            (
                "urlPathPattern",
                self.url_path_pattern.as_ref().is_none_or(|regex| regex.matches(request.path())),
            ),
        ];
        let single_valued =
            single_valued.into_iter().filter(|(_, is_met)| !is_met).map(|(name, _)| name.to_owned());
        let queries = self.query_parameters.iter().filter(|(name, matcher)| {
            let values = request.query(name);
            !matcher.matches(values.iter().map(String::as_str))
        });
        let headers = self.headers.iter().filter(|(name, matcher)| !matcher.matches(request.header(name)));
        let bodies =
            self.body_patterns.iter().enumerate().filter(|(_, matcher)| !matcher.matches_body(request.body));
        single_valued
            .chain(queries.map(|(name, _)| format!("queryParameters.{name}")))
            .chain(headers.map(|(name, _)| format!("headers.{name}")))
            .chain(bodies.map(|(index, _)| format!("bodyPatterns[{index}]")))
    }
}

impl fmt::Display for Pattern {
    /// Writes the pattern as JSON, with only the conditions that are set.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl<'a> RequestView<'a> {
    /// Returns the path without the query.
    pub fn path(&self) -> &'a str {
        self.url.split('?').next().unwrap_or_default()
    }

    fn is_operation(&self, id: &str) -> bool {
        let Some(operation) = self.operation else { return false };
        let qualified = id.strip_prefix(self.dialect).and_then(|rest| rest.strip_prefix(['_', '.']));
        id == operation || qualified == Some(operation)
    }

    fn header<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'a str> + 'b {
        let headers = self.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        headers.map(|(_, value)| *value)
    }

    fn query(&self, name: &str) -> Vec<String> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.filter(|(other, _)| decode(other) == name).map(|(_, value)| decode(value)).collect()
    }
}

fn decode(encoded: &str) -> String {
    percent_decode_str(&encoded.replace('+', " ")).decode_utf8_lossy().into_owned()
}
