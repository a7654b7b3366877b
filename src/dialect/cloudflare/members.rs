//! The members of the bodies of the cloudflare dialect.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error;
use super::model::{AccessGroupContent, Scope};
use super::rules::Rules;
use super::scope::scope_of;
use crate::config::RuleCheck;
use crate::failure::{Failure, Refusal, Violation};
use crate::http::body;

/// The members of a body in their order; one that is `null` counts as absent.
pub(super) struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

/// The name of a member, which is copied only where it has escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Gathering)
    }
}

struct Gathering;

impl<'de> Visitor<'de> for Gathering {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

impl<'a> Members<'a> {
    /// Reads a body, which must be an object.
    ///
    /// # Errors
    /// [`Failure::BadJson`] and [`Failure::BadShape`].
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Failure> {
        body::parse(bytes)
    }

    /// The member `name`; where it stands twice, the last one counts.
    fn get(&self, name: &str) -> Option<&'a RawValue> {
        let (_, value) = self.0.iter().rev().find(|(Name(other), _)| other == name)?;
        Some(*value).filter(|value| value.get() != "null")
    }

    fn text(&self, name: &str) -> Result<Option<String>, Violation> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match serde_json::from_str::<String>(value.get()) {
            Ok(text) if text.is_empty() => Err(Violation::new(name, "must not be empty")),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Violation::new(name, "must be a string")),
        }
    }

    /// Returns the content of an Access group.
    ///
    /// # Errors
    /// [`error::ACCESS_INVALID`] with every member that does not fit.
    pub(super) fn into_access_group(self, check: RuleCheck) -> Result<AccessGroupContent, Refusal> {
        let mut violations = Vec::new();
        let name =
            self.text("name").and_then(|name| name.ok_or_else(|| Violation::new("name", "is required")));
        let name = name.map_err(|violation| violations.push(violation)).unwrap_or_default();
        let mut rules = |member: &str| match self.get(member).map(|text| Rules::of(text, member, check)) {
            None => Rules::none(),
            Some(Ok(rules)) => rules,
            Some(Err(wrong)) => {
                violations.extend(wrong);
                Rules::none()
            }
        };
        let (include, exclude, require) = (rules("include"), rules("exclude"), rules("require"));
        if self.get("include").is_none() {
            violations.push(Violation::new("include", "is required"));
        }
        let is_default = match self.get("is_default").map(RawValue::get) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                violations.push(Violation::new("is_default", "must be a boolean"));
                false
            }
        };
        if violations.is_empty() {
            return Ok(AccessGroupContent { name: name.into(), include, exclude, require, is_default });
        }
        Err(error::ACCESS_INVALID.because(violations))
    }

    /// Returns the name and the scope of a new resource group.
    ///
    /// # Errors
    /// [`error::IAM_INVALID`] with every member that is missing or does not fit.
    pub(super) fn into_new_resource_group(self) -> Result<(String, Scope), Refusal> {
        let required = |member: &'static str| Violation::new(member, "is required");
        let name = self.text("name").and_then(|name| name.ok_or_else(|| required("name")));
        let scope = self.scope().and_then(|scope| scope.ok_or_else(|| required("scope")));
        both(name, scope)
    }

    /// Returns the name and the scope of a change, each where it is given.
    ///
    /// # Errors
    /// [`error::IAM_INVALID`] with every member that does not fit.
    pub(super) fn resource_group(&self) -> Result<(Option<String>, Option<Scope>), Refusal> {
        both(self.text("name"), self.scope())
    }

    fn scope(&self) -> Result<Option<Scope>, Violation> {
        self.get("scope").map(scope_of).transpose()
    }
}

fn both<A, B>(name: Result<A, Violation>, scope: Result<B, Violation>) -> Result<(A, B), Refusal> {
    match (name, scope) {
        (Ok(name), Ok(scope)) => Ok((name, scope)),
        (name, scope) => {
            let violations = name.err().into_iter().chain(scope.err());
            Err(error::IAM_INVALID.because(violations.collect()))
        }
    }
}
