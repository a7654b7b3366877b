//! Handlers of service ids and trusted profiles, which differ only in the kind of principal.

use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::params;
use super::super::wire::{self, DeferredJson, PrincipalItems, PrincipalList, PrincipalRequest};
use crate::domain::ibm::error;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::records::principal::{Principal, PrincipalKind};
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, json};

/// `GET /v1/serviceids/`: 200 with one page of an account's service ids.
pub(in super::super) async fn list_service_ids(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    list(PrincipalKind::ServiceId, &caller, &query, &context)
}

/// `GET /v1/profiles`: 200 with one page of an account's trusted profiles.
pub(in super::super) async fn list_profiles(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    list(PrincipalKind::Profile, &caller, &query, &context)
}

/// `POST /v1/serviceids/`: 201 with the new service id and its entity tag.
pub(in super::super) async fn create_service_id(
    caller: Caller,
    context: RequestContext,
    body: DeferredJson<PrincipalRequest>,
) -> HandlerResult {
    create(PrincipalKind::ServiceId, &caller, &context, body)
}

/// `POST /v1/profiles`: 201 with the new trusted profile and its entity tag.
pub(in super::super) async fn create_profile(
    caller: Caller,
    context: RequestContext,
    body: DeferredJson<PrincipalRequest>,
) -> HandlerResult {
    create(PrincipalKind::Profile, &caller, &context, body)
}

/// `GET /v1/serviceids/{service_id}`: 200 with the service id and its entity tag.
pub(in super::super) async fn get_service_id(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    get((PrincipalKind::ServiceId, &id), &caller, &context)
}

/// `GET /v1/profiles/{profile_id}`: 200 with the trusted profile and its entity tag.
pub(in super::super) async fn get_profile(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    get((PrincipalKind::Profile, &id), &caller, &context)
}

/// `PUT /v1/serviceids/{service_id}`: 200 with the updated service id and its new entity tag.
pub(in super::super) async fn update_service_id(
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    context: RequestContext,
    body: DeferredJson<PrincipalRequest>,
) -> HandlerResult {
    update((PrincipalKind::ServiceId, &id), &caller, &if_match, &context, body)
}

/// `PUT /v1/profiles/{profile_id}`: 200 with the updated trusted profile and its new entity tag.
pub(in super::super) async fn update_profile(
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    context: RequestContext,
    body: DeferredJson<PrincipalRequest>,
) -> HandlerResult {
    update((PrincipalKind::Profile, &id), &caller, &if_match, &context, body)
}

/// `DELETE /v1/serviceids/{service_id}`: 204.
pub(in super::super) async fn delete_service_id(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    delete((PrincipalKind::ServiceId, &id), &caller, &context)
}

/// `DELETE /v1/profiles/{profile_id}`: 204.
pub(in super::super) async fn delete_profile(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    delete((PrincipalKind::Profile, &id), &caller, &context)
}

fn list(kind: PrincipalKind, caller: &Caller, query: &Query, context: &RequestContext) -> HandlerResult {
    let principal_query = params::principal_list(query)?;
    // Checked here, because the account may come from the page token instead of the query.
    caller.check_account_access(&principal_query.account)?;
    let path = match kind {
        PrincipalKind::ServiceId => "/v1/serviceids/",
        PrincipalKind::Profile => "/v1/profiles",
    };
    let page_url = |offset: usize| {
        format!("{}{path}?pagetoken={}", context.base_url(), params::page_token(query, offset))
    };
    let (offset, limit) = (principal_query.window.offset, principal_query.window.limit);
    let end = offset.saturating_add(limit);
    context.read(|state| {
        let page = state.ibm.list_principals(kind, &principal_query);
        let list = PrincipalList {
            offset,
            limit,
            first: page_url(0),
            previous: (offset > 0).then(|| page_url(offset.saturating_sub(limit))),
            next: (end < page.total).then(|| page_url(end)),
            items: PrincipalItems::new(kind, page.items),
        };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &list))
    })
}

fn create(
    kind: PrincipalKind,
    caller: &Caller,
    context: &RequestContext,
    body: DeferredJson<PrincipalRequest>,
) -> HandlerResult {
    let (account, draft) = body.into_inner()?.into_draft()?;
    caller.check_account_access(&account)?;
    context.write(|state, tx| {
        let principal = state.ibm.create_principal(kind, &account, draft, tx)?;
        Ok(principal_response(StatusCode::CREATED, principal))
    })
}

fn get((kind, id): (PrincipalKind, &str), caller: &Caller, context: &RequestContext) -> HandlerResult {
    context.read(|state| Ok(principal_response(StatusCode::OK, state.ibm.principal(kind, id, caller)?)))
}

fn update(
    (kind, id): (PrincipalKind, &str),
    caller: &Caller,
    if_match: &IfMatch,
    context: &RequestContext,
    body: DeferredJson<PrincipalRequest>,
) -> HandlerResult {
    context.write(|state, tx| {
        let principal = state.ibm.principal(kind, id, caller)?;
        let request = body.into_inner()?;
        request.check_group()?;
        let content = principal.content.with_change(request.into_change());
        let content = content.map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))?;
        if_match.check_or_wildcard(&principal.entity_tag())?;
        state.ibm.check_principal_name(kind, &principal.account, &content.name, id)?;
        Ok(principal_response(StatusCode::OK, state.ibm.update_principal((kind, id), content, tx)?))
    })
}

fn delete((kind, id): (PrincipalKind, &str), caller: &Caller, context: &RequestContext) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.principal(kind, id, caller)?;
        state.ibm.delete_principal(kind, id);
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

fn principal_response(status: StatusCode, principal: &Principal) -> ApiResponse {
    json(status, MEDIA_TYPE, &wire::Principal::new(principal)).header(ETAG, &principal.entity_tag())
}
