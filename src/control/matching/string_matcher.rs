//! String matchers with WireMock-compatible syntax.

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A matcher for a header or a query parameter; all conditions that are set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StringMatcher {
    /// The exact value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal_to: Option<String>,
    /// Whether `equalTo`, `contains` and `doesNotContain` are case-insensitive; `false` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_insensitive: Option<bool>,
    /// A substring that the value must contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// A substring that the value must not contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does_not_contain: Option<String>,
    /// A regular expression that must match the whole value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<AnchoredRegex>,
    /// A regular expression that must not match the whole value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does_not_match: Option<AnchoredRegex>,
    /// Whether the header or parameter must be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<bool>,
}

/// A regular expression that must match a whole string, in time linear in the length of the string.
///
/// Its compiled size is at most 64 KiB, which allows about 2,000 characters, classes and repetitions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnchoredRegex {
    source: String,
    regex: Regex,
    /// The upper bound of the compiled size in bytes.
    size: usize,
}

/// The limits of the compiled size in bytes that are tried one after the other, to find out the size.
const SIZES: [usize; 4] = [1024, 4 * 1024, 16 * 1024, MAX_REGEX_BYTES];

/// The maximum compiled size of a regular expression in bytes.
pub const MAX_REGEX_BYTES: usize = 64 * 1024;

/// The maximum compiled size of all regular expressions of a request, in bytes.
pub const MAX_REQUEST_REGEX_BYTES: usize = 1024 * 1024;

/// The fields of patterns that have a regular expression.
const REGEX_FIELDS: [&str; 4] = ["matches", "doesNotMatch", "urlPattern", "urlPathPattern"];

/// The maximum length of the text that a regular expression is applied to, in bytes.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// The size of a state of a compiled regular expression in bytes.
const STATE_BYTES: usize = 32;

/// The words by which every message about a pattern that takes too much work can be recognized.
pub const TOO_COMPLEX: &str = "is too complex";

impl StringMatcher {
    /// Returns a matcher for exactly `value`.
    ///
    /// ```
    /// assert!(access_groups_mock::StringMatcher::equal_to("a").matches(["a"]));
    /// ```
    pub fn equal_to(value: impl Into<String>) -> Self {
        Self { equal_to: Some(value.into()), ..Self::default() }
    }

    /// Returns a matcher for every value that contains `part`.
    ///
    /// ```
    /// assert!(access_groups_mock::StringMatcher::contains("b").matches(["abc"]));
    /// ```
    pub fn contains(part: impl Into<String>) -> Self {
        Self { contains: Some(part.into()), ..Self::default() }
    }

    /// Returns a matcher for an absent header or parameter.
    ///
    /// ```
    /// assert!(access_groups_mock::StringMatcher::absent().matches([]));
    /// ```
    pub fn absent() -> Self {
        Self { absent: Some(true), ..Self::default() }
    }

    /// Returns whether at least one of the values of a header or parameter matches.
    pub fn matches<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> bool {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self.absent == Some(true);
        }
        self.absent != Some(true) && values.any(|value| self.matches_value(value))
    }

    /// Returns the number of steps that matching values of `length` bytes in total takes at most.
    pub(crate) fn work(&self, length: usize) -> u64 {
        let mut work = length as u64;
        for regex in [&self.matches, &self.does_not_match].into_iter().flatten() {
            work += regex.work(length);
        }
        work
    }

    /// Returns the size of the compiled regular expressions in bytes.
    pub(crate) fn regex_bytes(&self) -> usize {
        let mut bytes = 0;
        for regex in [&self.matches, &self.does_not_match].into_iter().flatten() {
            bytes += regex.size();
        }
        bytes
    }

    fn matches_value(&self, value: &str) -> bool {
        let normalize = |string: &str| match self.case_insensitive {
            Some(true) => string.to_lowercase(),
            Some(false) | None => string.to_owned(),
        };
        let normalized = normalize(value);
        self.equal_to.as_deref().is_none_or(|expected| normalize(expected) == normalized)
            && self.contains.as_deref().is_none_or(|part| normalized.contains(&normalize(part)))
            && self.does_not_contain.as_deref().is_none_or(|part| !normalized.contains(&normalize(part)))
            && self.matches.as_ref().is_none_or(|regex| regex.matches(value))
            && self.does_not_match.as_ref().is_none_or(|regex| !regex.matches(value))
    }
}

impl AnchoredRegex {
    /// Compiles the regular expression `source`.
    ///
    /// # Errors
    /// The syntax error in the regular expression.
    ///
    /// ```
    /// let regex = access_groups_mock::AnchoredRegex::new("/v2/.*")?;
    /// assert!(regex.matches("/v2/groups") && !regex.matches("/v1/v2/groups"));
    /// # Ok::<(), String>(())
    /// ```
    pub fn new(source: impl Into<String>) -> Result<Self, String> {
        let source = source.into();
        // Compiled without the group first, because the group would balance the parentheses of `a)(b`.
        compile(&source, MAX_REGEX_BYTES).map_err(|error| invalid(&source, &error))?;
        let anchored = format!("^(?:{source})$");
        for size in SIZES {
            match compile(&anchored, size) {
                Ok(regex) => return Ok(Self { source, regex, size }),
                Err(_) if size < MAX_REGEX_BYTES => {}
                Err(error) => return Err(invalid(&source, &error)),
            }
        }
        Err(invalid(&source, SIZE_ERROR))
    }

    /// Returns the upper bound of the compiled size in bytes.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// Returns the number of steps that matching a string of `length` bytes takes at most.
    pub(crate) const fn work(&self, length: usize) -> u64 {
        let length = if length < MAX_TEXT_BYTES { length } else { MAX_TEXT_BYTES };
        (self.size / STATE_BYTES) as u64 * length as u64
    }

    /// Returns the source of the regular expression.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns whether the regular expression matches the whole `value`, of which the first 64 KiB count.
    pub fn matches(&self, value: &str) -> bool {
        let mut end = value.len().min(MAX_TEXT_BYTES);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        self.regex.is_match(&value[..end])
    }
}

/// Checks, one after the other, that the regular expressions in the JSON of patterns are not too large together: those of
/// a short request can take a thousand times its length.
///
/// # Errors
/// The reason. Invalid regular expressions are left to deserialization, which knows their paths.
pub(crate) fn check_regexes(patterns: &Value) -> Result<(), String> {
    let mut sources = Vec::new();
    collect_regexes(patterns, &mut sources);
    // As many are allowed even if each has the maximum size.
    if sources.len() <= MAX_REQUEST_REGEX_BYTES / MAX_REGEX_BYTES {
        return Ok(());
    }
    let mut bytes = 0;
    for source in sources {
        bytes += AnchoredRegex::new(source).map_or(0, |regex| regex.size());
        if bytes > MAX_REQUEST_REGEX_BYTES {
            return Err(format!(
                "a request has at most {MAX_REQUEST_REGEX_BYTES} bytes of compiled regular expressions: this \
                 {TOO_COMPLEX}"
            ));
        }
    }
    Ok(())
}

/// Appends the regular expressions in `value` to `sources`.
fn collect_regexes<'a>(value: &'a Value, sources: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    // Any JSON, whose fields are not those of a pattern.
                    ("equalToJson", _) => {}
                    (name, Value::String(source)) if REGEX_FIELDS.contains(&name) => sources.push(source),
                    (_, value) => collect_regexes(value, sources),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_regexes(item, sources)),
        _ => {}
    }
}

/// The message of `regex_lite` about an expression that is larger than its limit.
const SIZE_ERROR: &str = "compiled regex exceeded size limit";

fn compile(source: &str, size: usize) -> Result<Regex, String> {
    RegexBuilder::new(source).size_limit(size).build().map_err(|error| error.to_string())
}

fn invalid(source: &str, error: &str) -> String {
    if error == SIZE_ERROR {
        return format!(
            "the regular expression {TOO_COMPLEX}: its repetitions and classes take more than {MAX_REGEX_BYTES} bytes"
        );
    }
    format!("`{source}` is not a valid regular expression: {error}")
}

impl PartialEq for AnchoredRegex {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for AnchoredRegex {}

impl TryFrom<String> for AnchoredRegex {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        Self::new(source)
    }
}

impl From<AnchoredRegex> for String {
    fn from(regex: AnchoredRegex) -> Self {
        regex.source
    }
}
