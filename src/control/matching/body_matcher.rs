//! Body matchers with WireMock-compatible syntax.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::string_matcher::{AnchoredRegex, StringMatcher};

/// A matcher for a body; all conditions that are set must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BodyMatcher {
    /// The exact body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal_to: Option<String>,
    /// A substring of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// A regular expression that must match the whole body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<AnchoredRegex>,
    /// The JSON value of the body, regardless of the order of fields; a string is parsed as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal_to_json: Option<Value>,
    /// Whether the body may have fields that are not in `equalToJson`; `false` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignore_extra_elements: Option<bool>,
    /// A path in a JSON body and the condition for the value there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches_json_path: Option<PathMatcher>,
}

/// A path in a JSON body and the condition for the value there; a path without a condition requires a value.
///
/// The matcher is applied to the content of a JSON string, and to the JSON of any other value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct PathMatcher {
    /// The path.
    pub expression: JsonPath,
    /// The condition for the value; `None` accepts any value.
    pub matcher: Option<StringMatcher>,
}

/// A path such as `$.members[0].iam_id`: fields and array indexes, without wildcards and filters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JsonPath {
    source: String,
    segments: Vec<Segment>,
}

/// A body that several matchers are applied to: it is decoded and parsed once, when the first matcher needs it.
#[derive(Debug, Default)]
pub struct MatchedBody<'a> {
    bytes: &'a [u8],
    text: OnceCell<Cow<'a, str>>,
    json: OnceCell<Option<Value>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Field(String),
    Index(usize),
}

impl BodyMatcher {
    /// Returns a matcher for a JSON body that equals `value`.
    ///
    /// ```
    /// let matcher = access_groups_mock::BodyMatcher::equal_to_json(serde_json::json!({"a": 1, "b": 2}));
    /// assert!(matcher.matches(br#"{"b":2,"a":1}"#));
    /// ```
    pub fn equal_to_json(value: Value) -> Self {
        Self { equal_to_json: Some(value), ..Self::default() }
    }

    /// Returns whether `body` matches.
    ///
    /// A regular expression is applied to the first 64 KiB of a longer body.
    pub fn matches(&self, body: &[u8]) -> bool {
        self.matches_body(&MatchedBody::new(body))
    }

    /// Returns whether `body` matches.
    pub(crate) fn matches_body(&self, body: &MatchedBody<'_>) -> bool {
        let text = body.text();
        let matches_text = self.equal_to.as_deref().is_none_or(|expected| expected == text)
            && self.contains.as_deref().is_none_or(|part| text.contains(part))
            && self.matches.as_ref().is_none_or(|regex| regex.matches(text));
        if !matches_text || (self.equal_to_json.is_none() && self.matches_json_path.is_none()) {
            return matches_text;
        }
        body.json().is_some_and(|value| self.matches_json(value))
    }

    /// Returns the number of steps that matching a body of `length` bytes takes at most.
    pub(crate) fn work(&self, length: usize) -> u64 {
        let regex = self.matches.as_ref().map_or(0, |regex| regex.work(length));
        let expected = match &self.equal_to_json {
            Some(Value::String(json)) => json.len(),
            Some(_) | None => 0,
        };
        let path = self.matches_json_path.as_ref().and_then(|path| path.matcher.as_ref());
        let path_work = path.map_or(0, |matcher| matcher.work(length));
        (length + expected) as u64 + regex + path_work
    }

    /// Returns the size of the compiled regular expressions in bytes.
    pub(crate) fn regex_bytes(&self) -> usize {
        let path = self.matches_json_path.as_ref().and_then(|path| path.matcher.as_ref());
        self.matches.as_ref().map_or(0, AnchoredRegex::size) + path.map_or(0, StringMatcher::regex_bytes)
    }

    fn matches_json(&self, value: &Value) -> bool {
        let parsed = |expected: &Value| match expected {
            Value::String(json) => serde_json::from_str(json).unwrap_or_else(|_| expected.clone()),
            _ => expected.clone(),
        };
        let ignore_extra = self.ignore_extra_elements == Some(true);
        self.equal_to_json.as_ref().is_none_or(|expected| is_equal(&parsed(expected), value, ignore_extra))
            && self.matches_json_path.as_ref().is_none_or(|matcher| matcher.matches(value))
    }
}

impl<'a> MatchedBody<'a> {
    /// Returns the body `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// Returns the length in bytes.
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    fn text(&self) -> &str {
        self.text.get_or_init(|| String::from_utf8_lossy(self.bytes))
    }

    fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_slice(self.bytes).ok()).as_ref()
    }
}

/// Returns whether `value` equals `expected`; with `ignore_extra`, objects in `value` may have additional fields.
fn is_equal(expected: &Value, value: &Value, ignore_extra: bool) -> bool {
    match (expected, value) {
        (Value::Object(expected), Value::Object(fields)) => {
            (ignore_extra || expected.len() == fields.len())
                && expected.iter().all(|(name, expected)| {
                    fields.get(name).is_some_and(|value| is_equal(expected, value, ignore_extra))
                })
        }
        (Value::Array(expected), Value::Array(items)) => {
            expected.len() == items.len()
                && expected.iter().zip(items).all(|(expected, item)| is_equal(expected, item, ignore_extra))
        }
        (expected, value) => expected == value,
    }
}

impl PathMatcher {
    fn matches(&self, value: &Value) -> bool {
        let found = self.expression.find(value);
        let Some(matcher) = &self.matcher else { return found.is_some() };
        let string = found.map(|value| match value {
            Value::String(string) => string.clone(),
            _ => value.to_string(),
        });
        matcher.matches(string.as_deref())
    }
}

impl TryFrom<Value> for PathMatcher {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let (expression, matcher) = match value {
            Value::String(path) => (path, None),
            Value::Object(mut fields) => {
                let Some(Value::String(path)) = fields.remove("expression") else {
                    return Err(
                        "`matchesJsonPath` must have an `expression` that is a path string".to_owned()
                    );
                };
                let matcher =
                    serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())?;
                (path, Some(matcher))
            }
            _ => return Err("`matchesJsonPath` must be a path or an object with an `expression`".to_owned()),
        };
        Ok(Self { expression: expression.try_into()?, matcher })
    }
}

impl From<PathMatcher> for Value {
    fn from(PathMatcher { expression, matcher }: PathMatcher) -> Self {
        let Some(matcher) = matcher else { return Self::String(expression.into()) };
        let mut fields = serde_json::Map::new();
        fields.insert("expression".to_owned(), Self::String(expression.into()));
        if let Ok(Self::Object(conditions)) = serde_json::to_value(matcher) {
            fields.extend(conditions);
        }
        Self::Object(fields)
    }
}

impl JsonPath {
    /// Returns the value at the path in `value`.
    pub fn find<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.segments.iter().try_fold(value, |value, segment| match segment {
            Segment::Field(name) => value.get(name),
            Segment::Index(index) => value.get(index),
        })
    }
}

impl TryFrom<String> for JsonPath {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        let invalid = || format!("`{source}` must be a path such as `$.members[0].iam_id`");
        let mut segments = Vec::new();
        let mut rest = source.strip_prefix('$').ok_or_else(invalid)?;
        while !rest.is_empty() {
            if let Some(after_dot) = rest.strip_prefix('.') {
                let end = after_dot.find(['.', '[']).unwrap_or(after_dot.len());
                let (name, remaining) = after_dot.split_at(end);
                if name.is_empty() || name == "*" {
                    return Err(invalid());
                }
                segments.push(Segment::Field(name.to_owned()));
                rest = remaining;
                continue;
            }
            let (inside, remaining) =
                rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(invalid)?;
            let quoted = inside.strip_prefix('\'').and_then(|inside| inside.strip_suffix('\''));
            segments.push(match quoted {
                Some(name) => Segment::Field(name.to_owned()),
                None => Segment::Index(inside.parse().map_err(|_| invalid())?),
            });
            rest = remaining;
        }
        Ok(Self { source, segments })
    }
}

impl From<JsonPath> for String {
    fn from(path: JsonPath) -> Self {
        path.source
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matcher(value: Value) -> BodyMatcher {
        serde_json::from_value(value).expect("the value is a matcher")
    }

    #[test]
    fn path_supports_only_fields_and_array_indexes() {
        let body = br#"{"members":[{"iam_id":"a"},{"iam id":7}]}"#;

        assert!(matcher(json!({"matchesJsonPath": "$.members[1]"})).matches(body));
        assert!(!matcher(json!({"matchesJsonPath": "$.members[2]"})).matches(body));
        assert!(
            matcher(json!({"matchesJsonPath": {"expression": "$.members[0].iam_id", "equalTo": "a"}}))
                .matches(body)
        );
        assert!(
            matcher(json!({"matchesJsonPath": {"expression": "$.members[1]['iam id']", "equalTo": "7"}}))
                .matches(body)
        );
        assert!(matcher(json!({"matchesJsonPath": {"expression": "$.name", "absent": true}})).matches(body));
        for wrong in ["members", "$.", "$.a[*]", "$..a", "$[", "$.*"] {
            assert!(JsonPath::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn json_is_compared_by_value_with_or_without_extra_fields() {
        let body = br#"{"b":1,"a":[1,{"c":null,"d":2}]}"#;

        assert!(matcher(json!({"equalToJson": {"a": [1, {"c": null, "d": 2}], "b": 1}})).matches(body));
        assert!(matcher(json!({"equalToJson": "{\"a\":[1,{\"c\":null,\"d\":2}],\"b\":1}"})).matches(body));
        assert!(!matcher(json!({"equalToJson": {"b": 1}})).matches(body));
        assert!(
            matcher(json!({"equalToJson": {"a": [1, {"d": 2}]}, "ignoreExtraElements": true})).matches(body)
        );
        assert!(!matcher(json!({"equalToJson": {"b": 1}, "ignoreExtraElements": true})).matches(b"no json"));
    }
}
