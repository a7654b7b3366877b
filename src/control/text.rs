//! Matchers of texts, in WireMock's words.

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

/// What a header or a query parameter must be; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextMatcher {
    /// The whole text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal_to: Option<String>,
    /// Whether `equalTo` and `contains` pass over the case; they do not by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_insensitive: Option<bool>,
    /// A part of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// What is no part of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does_not_contain: Option<String>,
    /// A regular expression for the whole text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<Expression>,
    /// A regular expression that does not fit the whole text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does_not_match: Option<Expression>,
    /// Whether there is no such header or parameter at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<bool>,
}

/// A regular expression that is held against a whole text; matching takes time in the length of the text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expression {
    text: String,
    regex: Regex,
}

impl TextMatcher {
    /// Returns the matcher of exactly `text`.
    ///
    /// ```
    /// assert!(access_groups_mock::TextMatcher::equal_to("a").fits(["a"]));
    /// ```
    pub fn equal_to(text: impl Into<String>) -> Self {
        Self { equal_to: Some(text.into()), ..Self::default() }
    }

    /// Returns the matcher of every text that has `part` in it.
    ///
    /// ```
    /// assert!(access_groups_mock::TextMatcher::contains("b").fits(["abc"]));
    /// ```
    pub fn contains(part: impl Into<String>) -> Self {
        Self { contains: Some(part.into()), ..Self::default() }
    }

    /// Returns the matcher of a header or parameter that is not there.
    ///
    /// ```
    /// assert!(access_groups_mock::TextMatcher::absent().fits([]));
    /// ```
    pub fn absent() -> Self {
        Self { absent: Some(true), ..Self::default() }
    }

    /// Returns whether the values of a header or parameter fit: one of them where there are several.
    pub fn fits<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> bool {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self.absent == Some(true);
        }
        self.absent != Some(true) && values.any(|value| self.fits_text(value))
    }

    fn fits_text(&self, text: &str) -> bool {
        let folded = |text: &str| match self.case_insensitive {
            Some(true) => text.to_lowercase(),
            Some(false) | None => text.to_owned(),
        };
        let given = folded(text);
        self.equal_to.as_deref().is_none_or(|wanted| folded(wanted) == given)
            && self.contains.as_deref().is_none_or(|part| given.contains(&folded(part)))
            && self.does_not_contain.as_deref().is_none_or(|part| !given.contains(&folded(part)))
            && self.matches.as_ref().is_none_or(|expression| expression.fits(text))
            && self.does_not_match.as_ref().is_none_or(|expression| !expression.fits(text))
    }
}

impl Expression {
    /// Returns the expression of `text`.
    ///
    /// # Errors
    /// Says where the text is no regular expression.
    ///
    /// ```
    /// let expression = access_groups_mock::Expression::new("/v2/.*")?;
    /// assert!(expression.fits("/v2/groups") && !expression.fits("/v1/v2/groups"));
    /// # Ok::<(), String>(())
    /// ```
    pub fn new(text: impl Into<String>) -> Result<Self, String> {
        let text = text.into();
        let wrong = |error| format!("`{text}` is no regular expression: {error}");
        // By itself first: within the group, the parentheses of `a)(b` would be balanced.
        Regex::new(&text).map_err(wrong)?;
        let regex = Regex::new(&format!("^(?:{text})$")).map_err(wrong)?;
        Ok(Self { text, regex })
    }

    /// Returns the expression as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the whole of `text` fits.
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl TryFrom<String> for Expression {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(text)
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.text
    }
}
