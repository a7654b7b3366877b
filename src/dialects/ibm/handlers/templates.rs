//! Handlers of templates and their versions.

use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::page::{Links, TEMPLATE_PARAMETERS};
use super::super::params;
use super::super::wire::{self, DeferredJson, TemplateRequest};
use super::{templates_url, versions_url};
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::records::template::VersionWithTemplate;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, json};

/// `POST /v1/group_templates`: 201 with version 1 of the new template and its entity tag.
pub(in super::super) async fn create_template(
    caller: Caller,
    context: RequestContext,
    body: DeferredJson<TemplateRequest>,
) -> HandlerResult {
    let draft = body.into_inner()?.into_template()?;
    caller.check_account_access(&draft.account)?;
    context.write(|state, tx| {
        let template_version = state.ibm.create_template(draft, &caller, tx)?;
        Ok(version_response(StatusCode::CREATED, template_version, &context))
    })
}

/// `GET /v1/group_templates`: 200 with one page of an account's templates, each with its latest version.
pub(in super::super) async fn list_templates(
    _: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let (account, window) = params::template_list(&query)?;
    let url = templates_url(&context);
    context.read(|state| {
        let page = state.ibm.list_templates(&account, window);
        let list = wire::ListTemplates {
            limit: window.limit,
            offset: window.offset,
            total_count: page.total,
            links: Links::new(&url, &query, TEMPLATE_PARAMETERS, window, page.total),
            group_templates: page
                .items
                .into_iter()
                .map(|it| wire::TemplateVersion::in_template_list(it, &url))
                .collect(),
        };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &list))
    })
}

/// `GET /v1/group_templates/{template_id}`: 200 with the latest version and its entity tag.
pub(in super::super) async fn get_latest_template_version(
    caller: Caller,
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    params::boolean(&query, "verbose")?;
    context.read(|state| {
        let template_version = state.ibm.latest_version(&id, &caller)?;
        Ok(version_response(StatusCode::OK, template_version, &context))
    })
}

/// `DELETE /v1/group_templates/{template_id}`: 204.
pub(in super::super) async fn delete_template(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.delete_template(&id, &caller)?;
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

/// `POST /v1/group_templates/{template_id}/versions`: 201 with the new version and its entity tag.
pub(in super::super) async fn create_template_version(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
    body: DeferredJson<TemplateRequest>,
) -> HandlerResult {
    context.write(|state, tx| {
        state.ibm.template(&id, &caller)?;
        let draft = body.into_inner()?.into_version()?;
        let template_version = state.ibm.create_version(&id, draft, &caller, tx)?;
        Ok(version_response(StatusCode::CREATED, template_version, &context))
    })
}

/// `GET /v1/group_templates/{template_id}/versions`: 200 with one page of the versions.
pub(in super::super) async fn list_template_versions(
    caller: Caller,
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let window = params::page_range(&query)?;
    let url = templates_url(&context);
    context.read(|state| {
        let page = state.ibm.list_versions(&id, &caller, window)?;
        let list = wire::ListTemplateVersions {
            limit: window.limit,
            offset: window.offset,
            total_count: page.total,
            links: Links::new(&versions_url(&context, &id), &query, &[], window, page.total),
            group_template_versions: page
                .items
                .into_iter()
                .map(|it| wire::TemplateVersion::in_version_list(it, &url))
                .collect(),
        };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &list))
    })
}

/// `GET /v1/group_templates/{template_id}/versions/{version_num}`: 200 with the version and its entity tag.
pub(in super::super) async fn get_template_version(
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    params::boolean(&query, "verbose")?;
    context.read(|state| {
        let template_version = state.ibm.template_version(&id, &number, &caller)?;
        Ok(version_response(StatusCode::OK, template_version, &context))
    })
}

/// `PUT /v1/group_templates/{template_id}/versions/{version_num}`: 201 with the version and its new entity tag.
pub(in super::super) async fn update_template_version(
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
    if_match: IfMatch,
    context: RequestContext,
    body: DeferredJson<TemplateRequest>,
) -> HandlerResult {
    context.write(|state, tx| {
        let entity_tag = state.ibm.template_version(&id, &number, &caller)?.version.entity_tag();
        let draft = body.into_inner()?.into_version()?;
        if_match.check(&entity_tag)?;
        let template_version = state.ibm.replace_version((&id, &number), draft, &caller, tx)?;
        Ok(version_response(StatusCode::CREATED, template_version, &context))
    })
}

/// `DELETE /v1/group_templates/{template_id}/versions/{version_num}`: 204.
pub(in super::super) async fn delete_template_version(
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.delete_version(&id, &number, &caller)?;
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

/// `POST /v1/group_templates/{template_id}/versions/{version_num}/commit`: 204. A request body is ignored.
pub(in super::super) async fn commit_template(
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
    if_match: IfMatch,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, tx| {
        let template_version = state.ibm.template_version(&id, &number, &caller)?;
        if_match.check(&template_version.version.entity_tag())?;
        state.ibm.commit_version(&id, &number, &caller, tx)?;
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

fn version_response(
    status: StatusCode,
    template_version: VersionWithTemplate<'_>,
    context: &RequestContext,
) -> ApiResponse {
    let body = wire::TemplateVersion::single(template_version, &templates_url(context));
    json(status, MEDIA_TYPE, &body).header(ETAG, &template_version.version.entity_tag())
}
