//! Validates the group in a request body like the service's validator: it reports all violations in its wording, and
//! converts values of other types as it does.
//!
//! Does not import HTTP types, because seed files are validated by the same rules. Violations are in the order of the
//! validator: missing fields, unknown fields, then each field in the order of the schema.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json_borrow::{ObjectAsVec, Value};

use super::coercion;
use super::model::Content;
use crate::spec::{FieldPath, Segment, Violation, Violations};

/// The fields of a group; the read-only ones, `lastUpdated` and `links`, are ignored.
const GROUP_FIELDS: &[&str] = &["groupId", "name", "lastUpdated", "users", "admins", "links", "tags"];

/// The fields that a request must contain, in the order of the published schema.
const REQUIRED_FIELDS: &[&str] = &["users", "admins", "name"];

/// The maximum number of users and of admins.
const MAX_LIST_LENGTH: usize = 100;

const GROUP_ID: StringRule =
    StringRule { min: 1, max: 64, pattern: r"^grp_[a-zA-Z0-9-_]+$", matches: is_group_id };
const NAME: StringRule = StringRule { min: 1, max: 128, ..ANY };
const USER_ID: StringRule =
    StringRule { min: 1, max: 128, pattern: r"^[a-zA-Z0-9+._|\/~:@\s-]+$", matches: is_user_id };
const TAG: StringRule = StringRule { max: 128, ..ANY };
const ANY: StringRule = StringRule { min: 0, max: usize::MAX, pattern: "", matches: |_| true };

/// Parses a group: its identifier, if given, and its content. An update ignores the identifier, because the URL
/// identifies the group.
///
/// Paths in violations start with `path`.
///
/// # Errors
/// All violations.
pub fn parse_group(body: &Value<'_>, path: &str) -> Result<(Option<String>, Content), Violations> {
    parse_group_with(body, path, &[])
}

/// Parses a group like [`parse_group`]; its fields with one of the names `ignored` are ignored.
///
/// # Errors
/// All violations.
pub fn parse_group_with(
    body: &Value<'_>,
    path: &str,
    ignored: &'static [&'static str],
) -> Result<(Option<String>, Content), Violations> {
    let mut validator = Validator { path: FieldPath::new(path), violations: Violations::new() };
    let group = validator.group(body, ignored);
    if validator.violations.is_empty() { Ok(group) } else { Err(validator.violations) }
}

/// The constraints of a string.
struct StringRule {
    min: usize,
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

/// Returns the fields of an object; if one occurs more than once, it has the position of the first and the value of the
/// last.
fn distinct_fields<'a>(object: &'a ObjectAsVec<'_>) -> Vec<(&'a str, &'a Value<'a>)> {
    let mut fields: Vec<(&str, &Value<'_>)> = Vec::with_capacity(object.len());
    let mut positions = BTreeMap::new();
    for (name, value) in object.iter() {
        match positions.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(fields.len());
                fields.push((name, value));
            }
            Entry::Occupied(entry) => fields[*entry.get()].1 = value,
        }
    }
    fields
}

/// Parses a body and collects its violations.
///
/// Its methods return an empty value for an invalid one, which [`parse_group`] never returns.
struct Validator {
    path: FieldPath,
    violations: Violations,
}

impl Validator {
    fn add_violation(&mut self, reason: impl Into<String>) {
        self.violations.push_with(|| Violation::new(self.path.to_string(), reason));
    }

    /// Parses a field of the current object; an absent one yields `None`.
    fn field<T>(
        &mut self,
        object: &ObjectAsVec<'_>,
        name: &'static str,
        read: impl FnOnce(&mut Self, &Value<'_>) -> T,
    ) -> Option<T> {
        let value = field(object, name)?;
        Some(self.nested(Segment::Field(name), |validator| read(validator, value)))
    }

    /// Parses a value nested one step inside the current one.
    fn nested<T>(&mut self, step: Segment, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let value = read(self);
        self.path.pop();
        value
    }

    fn group(&mut self, body: &Value<'_>, ignored: &[&str]) -> (Option<String>, Content) {
        let Some(group) = self.object(body, REQUIRED_FIELDS) else { return Default::default() };
        self.reject_unknown(group, &[GROUP_FIELDS, ignored]);
        let group_id = self.field(group, "groupId", |validator, value| validator.string(value, &GROUP_ID));
        let name = self.field(group, "name", |validator, value| validator.string(value, &NAME));
        self.field(group, "lastUpdated", Self::last_updated);
        let users = self.field(group, "users", Self::users);
        let admins = self.field(group, "admins", Self::users);
        self.field(group, "links", Self::links);
        let tags = self.field(group, "tags", Self::tags).flatten();
        let content = Content {
            name: name.unwrap_or_default(),
            users: users.unwrap_or_default(),
            admins: admins.unwrap_or_default(),
            tags,
        };
        (group_id, content)
    }

    fn object<'a>(&mut self, value: &'a Value<'_>, required: &[&'static str]) -> Option<&'a ObjectAsVec<'a>> {
        let Value::Object(object) = value else {
            self.add_violation("must be object");
            return None;
        };
        for name in required.iter().filter(|name| !object.contains_key(name)) {
            self.nested(Segment::Field(name), |validator| {
                let reason = format!("missing required property {}", validator.path);
                validator.violations.push(Violation::new("", reason));
            });
        }
        Some(object)
    }

    fn reject_unknown(&mut self, object: &ObjectAsVec<'_>, allowed: &[&[&str]]) {
        let is_allowed = |name: &str| allowed.iter().any(|names| names.contains(&name));
        if object.keys().all(is_allowed) {
            return;
        }
        for (name, _) in distinct_fields(object).iter().filter(|(name, _)| !is_allowed(name)) {
            let path = self.path.to_string();
            self.violations.push(unknown_property(&path, name));
        }
    }

    fn string(&mut self, value: &Value<'_>, rule: &StringRule) -> String {
        let Some(text) = coercion::to_string(value) else {
            self.add_violation("must be string");
            return String::new();
        };
        if let Some(reason) = length_violation(&text, rule.min, rule.max) {
            self.add_violation(reason);
        }
        if !(rule.matches)(&text) {
            self.add_violation(format!("must match pattern \"{}\"", rule.pattern));
        }
        text.into_owned()
    }

    /// Checks a time, whose format the validator ignores.
    fn last_updated(&mut self, value: &Value<'_>) {
        if !value.is_object() && (value.is_array() || coercion::to_string(value).is_none()) {
            self.add_violation("must be object,string");
        }
    }

    fn users(&mut self, value: &Value<'_>) -> Vec<String> {
        // The validator converts every other value to an array with one item.
        let users: Cow<'_, [Value<'_>]> = match value {
            Value::Array(users) => Cow::Borrowed(users),
            Value::Object(_) => {
                self.add_violation("must be array");
                return Vec::new();
            }
            other => Cow::Owned(vec![other.clone()]),
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
        let Some(user) = self.object(value, &["userId"]) else { return String::new() };
        self.reject_unknown(user, &[&["userId"]]);
        let user_id = self.field(user, "userId", |validator, value| validator.string(value, &USER_ID));
        user_id.unwrap_or_default()
    }

    fn links(&mut self, value: &Value<'_>) {
        if let Some(links) = self.object(value, &["self"]) {
            self.field(links, "self", Self::link);
        }
    }

    fn link(&mut self, value: &Value<'_>) {
        if coercion::is_null(value) {
            return;
        }
        let Some(link) = self.object(value, &["href"]) else { return };
        self.reject_unknown(link, &[&["href", "rel"]]);
        for name in ["href", "rel"] {
            self.field(link, name, |validator, value| validator.string(value, &ANY));
        }
    }

    fn tags(&mut self, value: &Value<'_>) -> Option<Vec<(String, String)>> {
        if coercion::is_null(value) {
            return None;
        }
        let mut tags = Vec::new();
        for (key, value) in self.object(value, &[]).map(distinct_fields).unwrap_or_default() {
            let step = Segment::Key(key.to_owned());
            tags.push((key.to_owned(), self.nested(step, |validator| validator.string(value, &TAG))));
        }
        Some(tags)
    }
}

/// Returns the violation of a property that the object at `path` must not have.
pub fn unknown_property(path: &str, name: &str) -> Violation {
    if name.is_empty() {
        // The validator shows neither the path nor the name.
        return Violation::new("request", "must NOT have additional properties");
    }
    Violation::new(path, format!("must NOT have additional property: '{name}'"))
}

/// Returns the reason why a string is too long or too short.
pub fn length_violation(text: &str, min: usize, max: usize) -> Option<String> {
    if text.len() > max && text.chars().count() > max {
        return Some(format!("must NOT have more than {max} characters"));
    }
    (text.len() < min).then(|| format!("must NOT have fewer than {min} characters"))
}
