//! JSON response bodies of the cloudflare dialect.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use super::MEDIA_TYPE;
use super::page::ResultInfo;
use crate::app::list_cache::ListBody;
use crate::config::{CloudflareConfig, Fidelity, IsDefaultShape, ScopeShape};
use crate::domain::cloudflare::model;
use crate::http::{
    ApiResponse, Items, JsonFragment, RequestContext, cached_json_in_shape, json, json_enveloped, json_list,
    json_with_capacity,
};
use crate::json::rfc3339;

/// The text of an [`Envelope`] before and after its result.
const ENVELOPE: [&str; 2] = [r#"{"errors":[],"messages":[],"result":"#, r#","success":true}"#];

/// The capacity for the envelope of a page, in bytes.
const PAGE_CAPACITY: usize = 1024;

/// The usual length of an object in a list, in bytes.
const ITEM_LEN: usize = 512;

/// The maximum number of objects whose length is estimated.
const MAX_ESTIMATED_ITEMS: usize = 1000;

/// The envelope of a successful response, with the fields in alphabetical order as the Access service sends them.
#[derive(Serialize)]
struct Envelope<T> {
    errors: [(); 0],
    messages: [(); 0],
    result: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    result_info: Option<ResultInfo>,
    success: bool,
}

/// Returns a response whose `result` field is `result`.
pub(super) fn single(status: StatusCode, result: impl Serialize) -> ApiResponse {
    let envelope = Envelope { errors: [], messages: [], result, result_info: None, success: true };
    json(status, MEDIA_TYPE, &envelope)
}

/// Returns the response with a stored Access group.
pub(super) fn access_group(group: &JsonFragment<'_, AccessGroup<'_>>) -> ApiResponse {
    json_enveloped(StatusCode::OK, MEDIA_TYPE, ENVELOPE, group)
}

/// Returns a response whose `result` field is a page of a list.
pub(super) fn page<T: Serialize>(result: Vec<T>, info: ResultInfo) -> ApiResponse {
    let capacity = PAGE_CAPACITY + ITEM_LEN * result.len().min(MAX_ESTIMATED_ITEMS);
    let envelope = Envelope { errors: [], messages: [], result, result_info: Some(info), success: true };
    json_with_capacity(StatusCode::OK, MEDIA_TYPE, capacity, &envelope)
}

/// Returns a list whose `result` field is a page of Access groups.
pub(super) fn access_group_page(groups: &[JsonFragment<'_, AccessGroup<'_>>], info: ResultInfo) -> ListBody {
    let envelope =
        Envelope { errors: [], messages: [], result: Items, result_info: Some(info), success: true };
    json_list(MEDIA_TYPE, None, groups, &envelope)
}

/// The `result` field of a deletion.
#[derive(Serialize)]
pub(super) struct Deleted<'a> {
    pub(super) id: &'a str,
}

/// An Access group, with the fields in alphabetical order and times in whole seconds, as recorded from the real service.
#[derive(Serialize)]
pub(super) struct AccessGroup<'a> {
    #[serde(serialize_with = "rfc3339::serialize_seconds")]
    created_at: DateTime<Utc>,
    exclude: &'a RawValue,
    id: &'a str,
    include: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_default: Option<IsDefault>,
    name: &'a str,
    require: &'a RawValue,
    uid: &'a str,
    #[serde(serialize_with = "rfc3339::serialize_seconds")]
    updated_at: DateTime<Utc>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum IsDefault {
    Array([(); 0]),
    Bool(bool),
}

impl<'a> AccessGroup<'a> {
    /// Returns the JSON of a stored group, which is cached in the record.
    pub(super) fn cached(
        group: &'a model::AccessGroup,
        is_default: IsDefaultShape,
    ) -> JsonFragment<'a, Self> {
        cached_json_in_shape(&group.json, is_default, || Self::new(group, is_default))
    }

    pub(super) fn new(group: &'a model::AccessGroup, is_default: IsDefaultShape) -> Self {
        let content = &group.content;
        Self {
            created_at: group.created,
            exclude: content.exclude.json(),
            id: &group.id,
            include: content.include.json(),
            is_default: match is_default {
                IsDefaultShape::Array => Some(IsDefault::Array([])),
                IsDefaultShape::Bool => Some(IsDefault::Bool(content.is_default)),
                IsDefaultShape::Omit => None,
            },
            name: &content.name,
            require: content.require.json(),
            uid: &group.id,
            updated_at: group.updated,
        }
    }
}

/// Returns the shape of `is_default`: the configured one, or else that of the fidelity.
pub(super) fn is_default_shape(context: &RequestContext) -> IsDefaultShape {
    context.config().cloudflare.is_default.unwrap_or_else(|| match context.fidelity() {
        Fidelity::Documented => IsDefaultShape::Array,
        Fidelity::Live => IsDefaultShape::Omit,
    })
}

/// A resource group.
#[derive(Serialize)]
pub(super) struct ResourceGroup<'a> {
    id: &'a str,
    name: &'a str,
    meta: Editable,
    scope: ScopeView<'a>,
}

#[derive(Serialize)]
struct Editable {
    editable: &'static str,
}

/// A scope in the configured response shape.
#[derive(Serialize)]
#[serde(untagged)]
enum ScopeView<'a> {
    AsStored(&'a RawValue),
    Wrapped([&'a RawValue; 1]),
    First(Box<RawValue>),
}

impl<'a> ResourceGroup<'a> {
    pub(super) fn new(group: &'a model::ResourceGroup, config: CloudflareConfig) -> Self {
        let is_array = group.scope.get().starts_with('[');
        Self {
            id: &group.id,
            name: &group.name,
            meta: Editable { editable: if group.is_editable { "true" } else { "false" } },
            scope: match config.scope {
                ScopeShape::Array if !is_array => ScopeView::Wrapped([&group.scope]),
                ScopeShape::Object if is_array => ScopeView::First(first_scope(&group.scope)),
                ScopeShape::Mirror | ScopeShape::Array | ScopeShape::Object => {
                    ScopeView::AsStored(&group.scope)
                }
            },
        }
    }
}

fn first_scope(array: &RawValue) -> Box<RawValue> {
    let scopes: Vec<&RawValue> = serde_json::from_str(array.get()).expect("a stored array was checked");
    scopes[0].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_envelope_is_that_of_the_serializer() {
        let envelope = Envelope { errors: [], messages: [], result: 1, result_info: None, success: true };

        assert_eq!(serde_json::to_string(&envelope).unwrap(), ENVELOPE.join("1"));
    }
}
