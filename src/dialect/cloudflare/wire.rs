//! The JSON shapes of the cloudflare dialect.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::model::{self, AccessGroupContent, Scope};
use super::page::ResultInfo;
use super::rules::Rules;
use super::scope::scope_of;
use super::{MEDIA_TYPE, error};
use crate::config::{CloudflareConfig, IsDefaultShape, RuleCheck, ScopeShape};
use crate::failure::{Failure, Refusal, Violation};
use crate::http::{Reply, body, json, json_page, piece};

/// The envelope of a success; the members in the alphabetical order of the Access service.
#[derive(Serialize)]
struct Envelope<T> {
    errors: [(); 0],
    messages: [(); 0],
    result: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    result_info: Option<ResultInfo>,
    success: bool,
}

/// Returns the answer whose `result` is `result`.
pub(super) fn one(status: axum::http::StatusCode, result: impl Serialize) -> Reply {
    let envelope = Envelope { errors: [], messages: [], result, result_info: None, success: true };
    json(status, MEDIA_TYPE, &envelope)
}

/// Returns the answer whose `result` is a page.
pub(super) fn page<T: Serialize>(result: Vec<T>, info: ResultInfo) -> Reply {
    let envelope = Envelope { errors: [], messages: [], result, result_info: Some(info), success: true };
    json_page(axum::http::StatusCode::OK, MEDIA_TYPE, envelope.result.len(), &envelope)
}

/// The `result` of a deletion.
#[derive(Serialize)]
pub(super) struct Deleted<'a> {
    pub(super) id: &'a str,
}

/// An Access group; the members in alphabetical order, as recorded.
#[derive(Serialize)]
pub(super) struct AccessGroup<'a> {
    #[serde(serialize_with = "seconds")]
    created_at: DateTime<Utc>,
    exclude: &'a RawValue,
    id: &'a str,
    include: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_default: Option<IsDefault>,
    name: &'a str,
    require: &'a RawValue,
    uid: &'a str,
    #[serde(serialize_with = "seconds")]
    updated_at: DateTime<Utc>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum IsDefault {
    Array([(); 0]),
    Bool(bool),
}

impl<'a> AccessGroup<'a> {
    /// Returns a stored group, whose JSON is kept beside it.
    pub(super) fn piece(group: &'a model::AccessGroup, config: CloudflareConfig) -> &'a RawValue {
        piece(&group.json, || Self::of(group, config))
    }

    pub(super) fn of(group: &'a model::AccessGroup, config: CloudflareConfig) -> Self {
        let content = &group.content;
        Self {
            created_at: group.created,
            exclude: content.exclude.text(),
            id: &group.id,
            include: content.include.text(),
            is_default: match config.is_default {
                IsDefaultShape::Array => Some(IsDefault::Array([])),
                IsDefaultShape::Bool => Some(IsDefault::Bool(content.is_default)),
                IsDefaultShape::Omit => None,
            },
            name: &content.name,
            require: content.require.text(),
            uid: &group.id,
            updated_at: group.updated,
        }
    }
}

/// A resource group.
#[derive(Serialize)]
pub(super) struct ResourceGroup<'a> {
    id: &'a str,
    name: &'a str,
    meta: Editable,
    scope: ScopeAnswer<'a>,
}

#[derive(Serialize)]
struct Editable {
    editable: &'static str,
}

/// A scope in the shape in which it is answered.
#[derive(Serialize)]
#[serde(untagged)]
enum ScopeAnswer<'a> {
    AsWritten(&'a RawValue),
    InArray([&'a RawValue; 1]),
    FirstOf(Box<RawValue>),
}

impl<'a> ResourceGroup<'a> {
    pub(super) fn of(group: &'a model::ResourceGroup, config: CloudflareConfig) -> Self {
        let is_array = group.scope.get().starts_with('[');
        Self {
            id: &group.id,
            name: &group.name,
            meta: Editable { editable: if group.is_editable { "true" } else { "false" } },
            scope: match config.scope {
                ScopeShape::Array if !is_array => ScopeAnswer::InArray([&group.scope]),
                ScopeShape::Object if is_array => ScopeAnswer::FirstOf(first_scope(&group.scope)),
                ScopeShape::Mirror | ScopeShape::Array | ScopeShape::Object => {
                    ScopeAnswer::AsWritten(&group.scope)
                }
            },
        }
    }
}

fn first_scope(array: &RawValue) -> Box<RawValue> {
    let scopes: Vec<&RawValue> = serde_json::from_str(array.get()).expect("a stored array was checked");
    scopes[0].to_owned()
}

/// Whole seconds in UTC, as recorded.
fn seconds<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The members of a body; one that is `null` counts as absent.
pub(super) struct Members<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// Reads a body, which must be an object.
    ///
    /// # Errors
    /// [`Failure::BadJson`] and [`Failure::BadShape`].
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Failure> {
        body::parse(bytes).map(Self)
    }

    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied().filter(|value| value.get() != "null")
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
