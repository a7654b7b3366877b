//! String matchers with WireMock-compatible syntax.

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnchoredRegex {
    source: String,
    regex: Regex,
}

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
        let invalid = |error| format!("`{source}` is not a valid regular expression: {error}");
        // Compiled without the group first, because the group would balance the parentheses of `a)(b`.
        Regex::new(&source).map_err(invalid)?;
        let regex = Regex::new(&format!("^(?:{source})$")).map_err(invalid)?;
        Ok(Self { source, regex })
    }

    /// Returns the source of the regular expression.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns whether the regular expression matches the whole `value`.
    pub fn matches(&self, value: &str) -> bool {
        self.regex.is_match(value)
    }
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
