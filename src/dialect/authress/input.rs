//! The group of a request body, checked as the service's own validator does: all violations, in its words.
//!
//! Imports no HTTP, because the seed is read by the same rules. The order is the validator's: members that
//! are missing, those that are unknown, then each member in the order of the schema.

use std::collections::BTreeSet;

use serde_json_borrow::{ObjectAsVec, Value};

use super::model::Content;
use crate::failure::{Step, Trail, Violation};

/// The members of a group; the read-only ones are accepted with any value and ignored.
const GROUP_MEMBERS: &[&str] = &["groupId", "name", "lastUpdated", "users", "admins", "links", "tags"];

/// The greatest number of users, and of admins.
const LIST_LENGTH: usize = 100;

const GROUP_ID: TextRule = TextRule { max: 64, pattern: r"^grp_[a-zA-Z0-9-_]+$", matches: is_group_id };
const NAME: TextRule = TextRule { max: 128, pattern: "", matches: |_| true };
const USER_ID: TextRule = TextRule { max: 128, pattern: r"^[a-zA-Z0-9+._|\/~:@\s-]+$", matches: is_user_id };

/// The most characters that the value of a tag has.
const TAG_LENGTH: usize = 128;

/// Reads a new group: the identifier that it asks for, and its content.
///
/// `path` names the value in the violations.
///
/// # Errors
/// Everything that is wrong.
pub(super) fn new_group(body: &Value<'_>, path: &str) -> Result<(Option<String>, Content), Vec<Violation>> {
    let mut reader = Reader::new(path);
    let Some(group) = reader.group(body) else { return Err(reader.violations) };
    let group_id = reader.nullable(group, "groupId", |reader, value| reader.text(value, &GROUP_ID));
    let content = reader.content(group);
    reader.finish((group_id, content))
}

/// Reads the content that replaces a group's; the path names the group, so that `groupId` is ignored.
///
/// `path` names the value in the violations.
///
/// # Errors
/// Everything that is wrong.
pub(super) fn replacement(body: &Value<'_>, path: &str) -> Result<Content, Vec<Violation>> {
    let mut reader = Reader::new(path);
    let Some(group) = reader.group(body) else { return Err(reader.violations) };
    let content = reader.content(group);
    reader.finish(content)
}

/// What a text must be like; at least one character in any case.
struct TextRule {
    max: usize,
    pattern: &'static str,
    matches: fn(&str) -> bool,
}

fn is_group_id(text: &str) -> bool {
    let rest = text.strip_prefix("grp_").unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_user_id(text: &str) -> bool {
    let fits = |letter: char| {
        letter.is_ascii_alphanumeric() || "+._|/~:@-".contains(letter) || letter.is_whitespace()
    };
    !text.is_empty() && text.chars().all(fits)
}

/// The member `name` of an object; where it stands twice, the last one counts.
fn member<'a>(object: &'a ObjectAsVec<'_>, name: &str) -> Option<&'a Value<'a>> {
    object.iter().filter(|(other, _)| *other == name).last().map(|(_, value)| value)
}

/// Takes a body apart and gathers what is wrong with it.
///
/// Where something is wrong its methods give an empty value, which [`Reader::finish`] never lets out.
struct Reader {
    trail: Trail,
    violations: Vec<Violation>,
}

impl Reader {
    fn new(path: &str) -> Self {
        Self { trail: Trail::of(path), violations: Vec::new() }
    }

    fn finish<T>(self, value: T) -> Result<T, Vec<Violation>> {
        if self.violations.is_empty() { Ok(value) } else { Err(self.violations) }
    }

    fn refuse(&mut self, reason: impl Into<String>) {
        self.violations.push(Violation::new(self.trail.to_string(), reason));
    }

    /// Reads a member of the present object; an absent one is the empty value.
    fn member<T: Default>(
        &mut self,
        object: &ObjectAsVec<'_>,
        name: &'static str,
        read: impl FnOnce(&mut Self, &Value<'_>) -> T,
    ) -> T {
        let Some(value) = member(object, name) else { return T::default() };
        self.below(Step::Member(name), |reader| read(reader, value))
    }

    /// Reads a member of the present object; an absent one and `null` are none.
    fn nullable<T: Default>(
        &mut self,
        object: &ObjectAsVec<'_>,
        name: &'static str,
        read: impl FnOnce(&mut Self, &Value<'_>) -> T,
    ) -> Option<T> {
        let is_there = member(object, name).is_some_and(|value| !value.is_null());
        is_there.then(|| self.member(object, name, read))
    }

    /// Reads what stands one step below the present value.
    fn below<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> T) -> T {
        self.trail.enter(step);
        let value = read(self);
        self.trail.leave();
        value
    }

    fn group<'a>(&mut self, body: &'a Value<'_>) -> Option<&'a ObjectAsVec<'a>> {
        self.object(body, &["name", "users", "admins"], GROUP_MEMBERS)
    }

    fn content(&mut self, group: &ObjectAsVec<'_>) -> Content {
        Content {
            name: self.member(group, "name", |reader, value| reader.text(value, &NAME)),
            users: self.member(group, "users", Self::users),
            admins: self.member(group, "admins", Self::users),
            tags: self.nullable(group, "tags", Self::tags),
        }
    }

    fn object<'a>(
        &mut self,
        value: &'a Value<'_>,
        required: &[&str],
        known: &[&str],
    ) -> Option<&'a ObjectAsVec<'a>> {
        let Value::Object(object) = value else {
            self.refuse("must be object");
            return None;
        };
        for name in required.iter().filter(|name| !object.contains_key(name)) {
            self.refuse(format!("must have required property '{name}'"));
        }
        // A name that stands twice is one member.
        let unknown: BTreeSet<&str> = object.keys().filter(|name| !known.contains(name)).collect();
        for _ in unknown {
            self.refuse("must NOT have additional properties");
        }
        Some(object)
    }

    fn text(&mut self, value: &Value<'_>, rule: &TextRule) -> String {
        let Value::Str(text) = value else {
            self.refuse("must be string");
            return String::new();
        };
        self.limit_length(text, rule.max);
        if text.is_empty() {
            self.refuse("must NOT have fewer than 1 characters");
        }
        if !(rule.matches)(text) {
            self.refuse(format!("must match pattern \"{}\"", rule.pattern));
        }
        text.clone().into_owned()
    }

    fn limit_length(&mut self, text: &str, max: usize) {
        if text.len() > max && text.chars().count() > max {
            self.refuse(format!("must NOT have more than {max} characters"));
        }
    }

    fn users(&mut self, value: &Value<'_>) -> Vec<String> {
        let Value::Array(users) = value else {
            self.refuse("must be array");
            return Vec::new();
        };
        if users.len() > LIST_LENGTH {
            self.refuse(format!("must NOT have more than {LIST_LENGTH} items"));
        }
        let mut user_ids = Vec::with_capacity(users.len());
        for (index, user) in users.iter().enumerate() {
            user_ids.push(self.below(Step::Item(index), |reader| reader.user(user)));
        }
        user_ids
    }

    fn user(&mut self, value: &Value<'_>) -> String {
        let Some(user) = self.object(value, &["userId"], &["userId"]) else { return String::new() };
        self.member(user, "userId", |reader, value| reader.text(value, &USER_ID))
    }

    fn tags(&mut self, value: &Value<'_>) -> Vec<(String, String)> {
        let Value::Object(object) = value else {
            self.refuse("must be object");
            return Vec::new();
        };
        // A key that stands twice is one tag, where it stood first and with its last value.
        let object = serde_json::Map::from(object);
        let mut tags = Vec::with_capacity(object.len());
        for (key, value) in object {
            let value = self.below(Step::Key(key.clone()), |reader| reader.tag(value));
            tags.push((key, value));
        }
        tags
    }

    fn tag(&mut self, value: serde_json::Value) -> String {
        let serde_json::Value::String(text) = value else {
            self.refuse("must be string");
            return String::new();
        };
        self.limit_length(&text, TAG_LENGTH);
        text
    }
}
