//! Handlers of policy templates and their versions.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use serde_json::value::RawValue;

use super::super::POLICY_MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::params::{self, PolicyTemplateQuery};
use super::super::wire::{PolicyTemplateItems, PolicyTemplatePage};
use super::policies::PageLinks;
use crate::domain::ibm::error::related_services;
use crate::domain::ibm::neighbors::POLICY_TEMPLATE_VERSIONS;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::neighbors::{Neighbor, json_string};
use crate::http::{ApiResponse, HandlerResult, Path, Query, RawFields, RequestContext, body, json};
use crate::spec::{RequestError, Violation};
use crate::store::stable_hex_id;

/// The fields that requests set.
const CONTENT: &[&str] = &["account_id", "name", "policy", "description", "committed"];

/// `GET /v1/policy_templates`: 200 with one page of the latest versions of an account's policy templates.
pub(in super::super) async fn list_policy_templates(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let (account, template_query) = params::policy_template_list(&query)?;
    caller.check_account_access(&account)?;
    let owned_context = context.clone();
    let response = context
        .read_offloaded(
            (account, template_query),
            |state, (account, _): &(String, PolicyTemplateQuery)| state.ibm.policy_template_count(account),
            move |state, (account, template_query): (String, PolicyTemplateQuery)| {
                let templates = state.ibm.policy_templates(&account).filter(|it| template_query.matches(it));
                let url = format!("{}/v1/policy_templates", owned_context.base_url());
                page(
                    &owned_context,
                    (&query, url),
                    &template_query,
                    templates,
                    PolicyTemplateItems::PolicyTemplates,
                )
            },
        )
        .await;
    response.map_err(|_| RequestError::Panic)
}

/// `POST /v1/policy_templates`: 201 with version 1 of the new policy template and its entity tag.
pub(in super::super) async fn create_policy_template(
    caller: Caller,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    let fields = parse_fields(&bytes, true)?;
    caller.check_account_access(&fields.string("account_id").unwrap_or_default())?;
    context.write(|state, tx| {
        let created = state.ibm.create_policy_template(&fields, &caller, tx)?;
        Ok(response(StatusCode::CREATED, created, &context))
    })
}

/// `GET /v1/policy_templates/{policy_template_id}`: 200 with the latest version and its entity tag.
pub(in super::super) async fn get_policy_template(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| {
        let latest = state.ibm.latest_policy_template_version(&id, &caller)?;
        Ok(response(StatusCode::OK, latest, &context))
    })
}

/// `DELETE /v1/policy_templates/{policy_template_id}`: 204 after deleting all versions.
pub(in super::super) async fn delete_policy_template(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| state.ibm.delete_policy_template(&id, &caller))?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

/// `GET /v1/policy_templates/{policy_template_id}/versions`: 200 with one page of the versions.
pub(in super::super) async fn list_policy_template_versions(
    caller: Caller,
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let template_query = params::policy_template_versions(&query)?;
    context.read(|state| {
        let versions = state.ibm.policy_template_versions(&id, &caller)?;
        let versions = versions.filter(|it| template_query.matches(it));
        let url = format!("{}/v1/policy_templates/{id}/versions", context.base_url());
        Ok(page(&context, (&query, url), &template_query, versions, PolicyTemplateItems::Versions))
    })
}

/// `POST /v1/policy_templates/{policy_template_id}/versions`: 201 with the new version and its entity tag.
pub(in super::super) async fn create_policy_template_version(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    context.write(|state, tx| {
        state.ibm.latest_policy_template_version(&id, &caller)?;
        let fields = parse_fields(&bytes, false)?;
        let created = state.ibm.create_policy_template_version(&id, &fields, &caller, tx)?;
        Ok(response(StatusCode::CREATED, created, &context))
    })
}

/// `GET /v1/policy_templates/{policy_template_id}/versions/{version}`: 200 with the version and its entity tag.
pub(in super::super) async fn get_policy_template_version(
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| {
        let version = state.ibm.policy_template_version(&id, &version, &caller)?;
        Ok(response(StatusCode::OK, version, &context))
    })
}

/// `PUT /v1/policy_templates/{policy_template_id}/versions/{version}`: 200 with the replaced version and its new entity
/// tag.
pub(in super::super) async fn replace_policy_template_version(
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
    if_match: IfMatch,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    context.write(|state, tx| {
        let tag = entity_tag(state.ibm.policy_template_version(&id, &version, &caller)?);
        let fields = parse_fields(&bytes, false)?;
        if_match.check(&tag)?;
        let replaced = state.ibm.replace_policy_template_version((&id, &version), &fields, &caller, tx)?;
        Ok(response(StatusCode::OK, replaced, &context))
    })
}

/// `DELETE /v1/policy_templates/{policy_template_id}/versions/{version}`: 204.
pub(in super::super) async fn delete_policy_template_version(
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| state.ibm.delete_policy_template_version((&id, &version), &caller))?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

/// `POST /v1/policy_templates/{policy_template_id}/versions/{version}/commit`: 204 after committing the version.
pub(in super::super) async fn commit_policy_template(
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, tx| state.ibm.commit_policy_template_version((&id, &version), &caller, tx))?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

/// Parses and checks the body of a template or of a version; only a template needs a name and an account.
///
/// # Errors
/// [`related_services::INVALID_BODY`], because policy management has its own error code for these.
fn parse_fields(bytes: &[u8], is_template: bool) -> Result<RawFields<'_>, RequestError> {
    let invalid = |violations: &[Violation]| RequestError::from(related_services::invalid_body(violations));
    let parsed = body::parse::<RawFields<'_>>(bytes).map_err(|error| match &error {
        RequestError::InvalidData(violation) => invalid(std::slice::from_ref(violation)),
        _ => invalid(&[Violation::new("", error.reason())]),
    });
    let fields = parsed?.only(CONTENT);
    let checked = POLICY_TEMPLATE_VERSIONS.check(&fields).into_iter();
    let is_relevant =
        |it: &Violation| is_template || !it.reason.starts_with("is required") || it.path == "policy";
    let violations: Vec<Violation> = checked.filter(is_relevant).collect();
    if violations.is_empty() { Ok(fields) } else { Err(invalid(&violations)) }
}

fn page<'a>(
    context: &RequestContext,
    (query, url): (&Query, String),
    template_query: &PolicyTemplateQuery,
    found: impl Iterator<Item = &'a Neighbor>,
    items: fn(Vec<Box<RawValue>>) -> PolicyTemplateItems,
) -> ApiResponse {
    let found: Vec<&Neighbor> = found.collect();
    let links = PageLinks { query, url };
    let (offset, limit) = (template_query.offset, template_query.limit);
    let shown = found.iter().skip(offset).take(limit.unwrap_or(usize::MAX));
    let shown = shown.map(|version| with_href(version, context)).collect();
    let end = offset.saturating_add(limit.unwrap_or(usize::MAX));
    let page = PolicyTemplatePage {
        limit,
        first: limit.map(|_| links.link(0)),
        next: limit.filter(|_| end < found.len()).map(|_| links.link(end)),
        previous: limit.filter(|_| offset > 0).map(|limit| links.link(offset.saturating_sub(limit))),
        items: items(shown),
    };
    json(StatusCode::OK, POLICY_MEDIA_TYPE, &page)
}

/// Returns the entity tag of a version, which depends only on its content: that of a seeded one is the same in every run.
fn entity_tag(version: &Neighbor) -> String {
    format!("1-{}", stable_hex_id(version.json.get()))
}

fn response(status: StatusCode, version: &Neighbor, context: &RequestContext) -> ApiResponse {
    json(status, POLICY_MEDIA_TYPE, &with_href(version, context)).header(ETAG, &entity_tag(version))
}

/// Returns a version with its URL, which depends on the request.
fn with_href(version: &Neighbor, context: &RequestContext) -> Box<RawValue> {
    let href = json_string(&format!("{}/v1/{}/{}", context.base_url(), version.list, version.id));
    let fields = version.json.get().strip_suffix('}').expect("it is an object");
    RawValue::from_string(format!(r#"{fields},"href":{href}}}"#)).expect("it is an object with another field")
}
