//! Validates the group in a request body like the service's validator: it reports all violations in its wording.
//!
//! Does not import HTTP types, because seed files are validated by the same rules. Violations are in the order of the
//! validator: missing fields, unknown fields, then each field in the order of the schema.

use std::collections::BTreeSet;

use serde_json_borrow::{ObjectAsVec, Value};

use super::model::Content;
use crate::spec::{FieldPath, Segment, Violation, Violations};

/// The fields of a group; the read-only ones are accepted with any value and ignored.
const GROUP_FIELDS: &[&str] = &["groupId", "name", "lastUpdated", "users", "admins", "links", "tags"];

/// The maximum number of users and of admins.
const MAX_LIST_LENGTH: usize = 100;

const GROUP_ID: StringRule = StringRule { max: 64, pattern: r"^grp_[a-zA-Z0-9-_]+$", matches: is_group_id };
const NAME: StringRule = StringRule { max: 128, pattern: "", matches: |_| true };
const USER_ID: StringRule =
    StringRule { max: 128, pattern: r"^[a-zA-Z0-9+._|\/~:@\s-]+$", matches: is_user_id };

/// The maximum number of characters in the value of a tag.
const MAX_TAG_LENGTH: usize = 128;

/// Parses a new group: its identifier, if given, and its content.
///
/// Paths in violations start with `path`.
///
/// # Errors
/// All violations.
pub fn parse_new_group(body: &Value<'_>, path: &str) -> Result<(Option<String>, Content), Violations> {
    let mut validator = Validator::new(path);
    let Some(group) = validator.group(body) else { return Err(validator.violations) };
    let group_id =
        validator.optional(group, "groupId", |validator, value| validator.string(value, &GROUP_ID));
    let content = validator.content(group);
    validator.finish((group_id, content))
}

/// Parses the content that replaces that of a group; `groupId` is ignored, because the URL identifies the group.
///
/// Paths in violations start with `path`.
///
/// # Errors
/// All violations.
pub fn parse_replacement(body: &Value<'_>, path: &str) -> Result<Content, Violations> {
    let mut validator = Validator::new(path);
    let Some(group) = validator.group(body) else { return Err(validator.violations) };
    let content = validator.content(group);
    validator.finish(content)
}

/// The constraints of a string, which must also have at least one character.
struct StringRule {
    max: usize,
    pattern: &'static str,
    matches: fn(&str) -> bool,
}

fn is_group_id(text: &str) -> bool {
    let rest = text.strip_prefix("grp_").unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_user_id(text: &str) -> bool {
    let is_allowed = |character: char| {
        character.is_ascii_alphanumeric() || "+._|/~:@-".contains(character) || character.is_whitespace()
    };
    !text.is_empty() && text.chars().all(is_allowed)
}

/// Returns the field `name` of an object; if it occurs more than once, the last one counts.
fn field<'a>(object: &'a ObjectAsVec<'_>, name: &str) -> Option<&'a Value<'a>> {
    object.iter().filter(|(other, _)| *other == name).last().map(|(_, value)| value)
}

/// Parses a body and collects its violations.
///
/// Its methods return an empty value for an invalid one, which [`Validator::finish`] never returns.
struct Validator {
    path: FieldPath,
    violations: Violations,
}

impl Validator {
    fn new(path: &str) -> Self {
        Self { path: FieldPath::new(path), violations: Violations::new() }
    }

    fn finish<T>(self, value: T) -> Result<T, Violations> {
        if self.violations.is_empty() { Ok(value) } else { Err(self.violations) }
    }

    fn add_violation(&mut self, reason: impl Into<String>) {
        self.violations.push_with(|| Violation::new(self.path.to_string(), reason));
    }

    /// Parses a field of the current object; an absent one yields the empty value.
    fn field<T: Default>(
        &mut self,
        object: &ObjectAsVec<'_>,
        name: &'static str,
        read: impl FnOnce(&mut Self, &Value<'_>) -> T,
    ) -> T {
        let Some(value) = field(object, name) else { return T::default() };
        self.nested(Segment::Field(name), |validator| read(validator, value))
    }

    /// Parses a field of the current object; an absent or `null` one yields `None`.
    fn optional<T: Default>(
        &mut self,
        object: &ObjectAsVec<'_>,
        name: &'static str,
        read: impl FnOnce(&mut Self, &Value<'_>) -> T,
    ) -> Option<T> {
        let is_present = field(object, name).is_some_and(|value| !value.is_null());
        is_present.then(|| self.field(object, name, read))
    }

    /// Parses a value nested one step inside the current one.
    fn nested<T>(&mut self, step: Segment, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let value = read(self);
        self.path.pop();
        value
    }

    fn group<'a>(&mut self, body: &'a Value<'_>) -> Option<&'a ObjectAsVec<'a>> {
        self.object(body, &["name", "users", "admins"], GROUP_FIELDS)
    }

    fn content(&mut self, group: &ObjectAsVec<'_>) -> Content {
        Content {
            name: self.field(group, "name", |validator, value| validator.string(value, &NAME)),
            users: self.field(group, "users", Self::users),
            admins: self.field(group, "admins", Self::users),
            tags: self.optional(group, "tags", Self::tags),
        }
    }

    fn object<'a>(
        &mut self,
        value: &'a Value<'_>,
        required: &[&str],
        allowed: &[&str],
    ) -> Option<&'a ObjectAsVec<'a>> {
        let Value::Object(object) = value else {
            self.add_violation("must be object");
            return None;
        };
        for name in required.iter().filter(|name| !object.contains_key(name)) {
            self.add_violation(format!("must have required property '{name}'"));
        }
        // A duplicate name counts as one field.
        let unknown: BTreeSet<&str> = object.keys().filter(|name| !allowed.contains(name)).collect();
        for _ in unknown {
            self.add_violation("must NOT have additional properties");
        }
        Some(object)
    }

    fn string(&mut self, value: &Value<'_>, rule: &StringRule) -> String {
        let Value::Str(text) = value else {
            self.add_violation("must be string");
            return String::new();
        };
        self.limit_length(text, rule.max);
        if text.is_empty() {
            self.add_violation("must NOT have fewer than 1 characters");
        }
        if !(rule.matches)(text) {
            self.add_violation(format!("must match pattern \"{}\"", rule.pattern));
        }
        text.clone().into_owned()
    }

    fn limit_length(&mut self, text: &str, max: usize) {
        if text.len() > max && text.chars().count() > max {
            self.add_violation(format!("must NOT have more than {max} characters"));
        }
    }

    fn users(&mut self, value: &Value<'_>) -> Vec<String> {
        let Value::Array(users) = value else {
            self.add_violation("must be array");
            return Vec::new();
        };
        if users.len() > MAX_LIST_LENGTH {
            self.add_violation(format!("must NOT have more than {MAX_LIST_LENGTH} items"));
        }
        let mut user_ids = Vec::with_capacity(users.len());
        for (index, user) in users.iter().enumerate() {
            user_ids.push(self.nested(Segment::Index(index), |validator| validator.user(user)));
        }
        user_ids
    }

    fn user(&mut self, value: &Value<'_>) -> String {
        let Some(user) = self.object(value, &["userId"], &["userId"]) else { return String::new() };
        self.field(user, "userId", |validator, value| validator.string(value, &USER_ID))
    }

    fn tags(&mut self, value: &Value<'_>) -> Vec<(String, String)> {
        let Value::Object(object) = value else {
            self.add_violation("must be object");
            return Vec::new();
        };
        // A duplicate key is one tag, with the position of the first and the value of the last.
        let object = serde_json::Map::from(object);
        let mut tags = Vec::with_capacity(object.len());
        for (key, value) in object {
            let value = self.nested(Segment::Key(key.clone()), |validator| validator.tag(value));
            tags.push((key, value));
        }
        tags
    }

    fn tag(&mut self, value: serde_json::Value) -> String {
        let serde_json::Value::String(text) = value else {
            self.add_violation("must be string");
            return String::new();
        };
        self.limit_length(&text, MAX_TAG_LENGTH);
        text
    }
}
