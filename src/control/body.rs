//! Matchers of bodies, in WireMock's words.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::text::{Expression, TextMatcher};

/// What a body must be; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BodyMatcher {
    /// The whole body as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal_to: Option<String>,
    /// A part of the body as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// A regular expression for the whole body as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<Expression>,
    /// The JSON of the body; the order of members does not count. JSON text stands for what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal_to_json: Option<Value>,
    /// Whether members that `equalToJson` does not name may be in the body; they may not by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignore_extra_elements: Option<bool>,
    /// A member of a JSON body, and what it must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches_json_path: Option<PathMatcher>,
}

/// A member of a JSON body and what it must be; given as a path alone, it must be there.
///
/// A text is held against the matcher as it is, anything else as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct PathMatcher {
    /// The path.
    pub expression: JsonPath,
    /// What the value must be; `None` where it must only be there.
    pub matcher: Option<TextMatcher>,
}

/// A path such as `$.members[0].iam_id`: members and positions, no wildcards and no filters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Position(usize),
}

impl BodyMatcher {
    /// Returns the matcher of a JSON body that is `value`.
    ///
    /// ```
    /// let matcher = access_groups_mock::BodyMatcher::equal_to_json(serde_json::json!({"a": 1, "b": 2}));
    /// assert!(matcher.fits(br#"{"b":2,"a":1}"#));
    /// ```
    pub fn equal_to_json(value: Value) -> Self {
        Self { equal_to_json: Some(value), ..Self::default() }
    }

    /// Returns whether `body` fits.
    pub fn fits(&self, body: &[u8]) -> bool {
        let text = String::from_utf8_lossy(body);
        let fits_text = self.equal_to.as_deref().is_none_or(|wanted| wanted == text)
            && self.contains.as_deref().is_none_or(|part| text.contains(part))
            && self.matches.as_ref().is_none_or(|expression| expression.fits(&text));
        if !fits_text || (self.equal_to_json.is_none() && self.matches_json_path.is_none()) {
            return fits_text;
        }
        serde_json::from_slice(body).is_ok_and(|value| self.fits_json(&value))
    }

    fn fits_json(&self, value: &Value) -> bool {
        let parsed = |wanted: &Value| match wanted {
            Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| wanted.clone()),
            _ => wanted.clone(),
        };
        let allows_more = self.ignore_extra_elements == Some(true);
        self.equal_to_json.as_ref().is_none_or(|wanted| is_like(&parsed(wanted), value, allows_more))
            && self.matches_json_path.as_ref().is_none_or(|matcher| matcher.fits(value))
    }
}

/// Whether `value` is as `wanted`, or has more members where that is allowed.
fn is_like(wanted: &Value, value: &Value, allows_more: bool) -> bool {
    match (wanted, value) {
        (Value::Object(wanted), Value::Object(members)) => {
            (allows_more || wanted.len() == members.len())
                && wanted.iter().all(|(name, wanted)| {
                    members.get(name).is_some_and(|value| is_like(wanted, value, allows_more))
                })
        }
        (Value::Array(wanted), Value::Array(items)) => {
            wanted.len() == items.len()
                && wanted.iter().zip(items).all(|(wanted, item)| is_like(wanted, item, allows_more))
        }
        (wanted, value) => wanted == value,
    }
}

impl PathMatcher {
    fn fits(&self, value: &Value) -> bool {
        let found = self.expression.find(value);
        let Some(matcher) = &self.matcher else { return found.is_some() };
        let text = found.map(|value| match value {
            Value::String(text) => text.clone(),
            _ => value.to_string(),
        });
        matcher.fits(text.as_deref())
    }
}

impl TryFrom<Value> for PathMatcher {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let (expression, matcher) = match value {
            Value::String(path) => (path, None),
            Value::Object(mut members) => {
                let Some(Value::String(path)) = members.remove("expression") else {
                    return Err("`matchesJsonPath` must have an `expression`, a path as text".to_owned());
                };
                let matcher =
                    serde_json::from_value(Value::Object(members)).map_err(|error| error.to_string())?;
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
        let mut members = serde_json::Map::new();
        members.insert("expression".to_owned(), Self::String(expression.into()));
        if let Ok(Self::Object(rest)) = serde_json::to_value(matcher) {
            members.extend(rest);
        }
        Self::Object(members)
    }
}

impl JsonPath {
    /// Returns the value that the path leads to in `value`.
    pub fn find<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(value, |value, step| match step {
            Step::Member(name) => value.get(name),
            Step::Position(position) => value.get(position),
        })
    }
}

impl TryFrom<String> for JsonPath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` must be a path such as `$.members[0].iam_id`");
        let mut steps = Vec::new();
        let mut rest = text.strip_prefix('$').ok_or_else(wrong)?;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let (name, more) = after.split_at(end);
                if name.is_empty() || name == "*" {
                    return Err(wrong());
                }
                steps.push(Step::Member(name.to_owned()));
                rest = more;
                continue;
            }
            let (inside, more) =
                rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(wrong)?;
            let quoted = inside.strip_prefix('\'').and_then(|inside| inside.strip_suffix('\''));
            steps.push(match quoted {
                Some(name) => Step::Member(name.to_owned()),
                None => Step::Position(inside.parse().map_err(|_| wrong())?),
            });
            rest = more;
        }
        Ok(Self { text, steps })
    }
}

impl From<JsonPath> for String {
    fn from(path: JsonPath) -> Self {
        path.text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matcher(value: Value) -> BodyMatcher {
        serde_json::from_value(value).expect("it is a matcher")
    }

    #[test]
    fn a_path_finds_members_and_positions_and_nothing_else() {
        let body = br#"{"members":[{"iam_id":"a"},{"iam id":7}]}"#;

        assert!(matcher(json!({"matchesJsonPath": "$.members[1]"})).fits(body));
        assert!(!matcher(json!({"matchesJsonPath": "$.members[2]"})).fits(body));
        assert!(
            matcher(json!({"matchesJsonPath": {"expression": "$.members[0].iam_id", "equalTo": "a"}}))
                .fits(body)
        );
        assert!(
            matcher(json!({"matchesJsonPath": {"expression": "$.members[1]['iam id']", "equalTo": "7"}}))
                .fits(body)
        );
        assert!(matcher(json!({"matchesJsonPath": {"expression": "$.name", "absent": true}})).fits(body));
        for wrong in ["members", "$.", "$.a[*]", "$..a", "$[", "$.*"] {
            assert!(JsonPath::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn json_is_compared_by_value_with_or_without_more_members() {
        let body = br#"{"b":1,"a":[1,{"c":null,"d":2}]}"#;

        assert!(matcher(json!({"equalToJson": {"a": [1, {"c": null, "d": 2}], "b": 1}})).fits(body));
        assert!(matcher(json!({"equalToJson": "{\"a\":[1,{\"c\":null,\"d\":2}],\"b\":1}"})).fits(body));
        assert!(!matcher(json!({"equalToJson": {"b": 1}})).fits(body));
        assert!(
            matcher(json!({"equalToJson": {"a": [1, {"d": 2}]}, "ignoreExtraElements": true})).fits(body)
        );
        assert!(!matcher(json!({"equalToJson": {"b": 1}, "ignoreExtraElements": true})).fits(b"no json"));
    }
}
