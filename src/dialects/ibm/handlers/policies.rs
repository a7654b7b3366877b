//! Handlers of policies, in both versions of the API, and of the roles that they grant.

use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::POLICY_MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::params;
use super::super::wire::{
    self, DeferredJson, PageLink, PolicyCollection, PolicyFormat, PolicyRequest, RoleCollection,
};
use crate::domain::ibm::error::related_services;
use crate::domain::ibm::policies::PolicyQuery;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::records::policy::{Policy, PolicyDraft};
use crate::domain::ibm::records::role::{self, ServiceRoles};
use crate::domain::ibm::state::IbmState;
use crate::http::base_url::encode_component;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, json};
use crate::spec::{ApiError, RequestError, Violation};

/// `POST /v1/policies` and `POST /v2/policies`: 201 with the new policy and its entity tag.
pub(in super::super) async fn create_policy<R: PolicyRequest>(
    caller: Caller,
    context: RequestContext,
    body: DeferredJson<R>,
) -> HandlerResult {
    let draft = parse_draft(body)?;
    context.write(|state, tx| {
        let roles = state.ibm.service_roles().clone();
        let format = format::<R>(&roles, &context);
        let created = state.ibm.create_policy(R::VERSION, draft, &caller, tx);
        let created = created.map(|it| policy_response(StatusCode::CREATED, it, format));
        Ok(created.map_err(|error| with_conflict(error, &state.ibm, format))?)
    })
}

/// `GET /v1/policies` and `GET /v2/policies`: 200 with one page of an account's policies.
pub(in super::super) async fn list_policies<R: PolicyRequest + 'static>(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let policy_query = params::policy_list(&query)?;
    caller.check_account_access(&policy_query.account)?;
    let owned_context = context.clone();
    let response = context.read_offloaded(
        policy_query,
        |state, policy_query| state.ibm.policy_scan_cost(policy_query),
        move |state, policy_query: PolicyQuery| {
            let page = state.ibm.list_policies(&policy_query);
            let format = format::<R>(state.ibm.service_roles(), &owned_context);
            let convert = |policy| wire::Policy::in_list(policy, format);
            let policies = page.items.into_iter().map(convert).collect();
            let url = format!("{}{}", owned_context.base_url(), R::VERSION.path());
            let list = PageLinks { query: &query, url }.collection(&policy_query, policies, page.total);
            json(StatusCode::OK, POLICY_MEDIA_TYPE, &list)
        },
    );
    response.await.map_err(|_| RequestError::Panic)
}

/// `GET /v1/policies/{policy_id}` and `GET /v2/policies/{policy_id}`: 200 with the policy and its entity tag.
pub(in super::super) async fn get_policy<R: PolicyRequest>(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| {
        let policy = state.ibm.policy(&id, &caller)?;
        Ok(policy_response(StatusCode::OK, policy, format::<R>(state.ibm.service_roles(), &context)))
    })
}

/// `PUT /v1/policies/{policy_id}` and `PUT /v2/policies/{policy_id}`: 200 with the replaced policy and its new
/// entity tag.
pub(in super::super) async fn replace_policy<R: PolicyRequest>(
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    context: RequestContext,
    body: DeferredJson<R>,
) -> HandlerResult {
    context.write(|state, tx| {
        let entity_tag = state.ibm.policy(&id, &caller)?.entity_tag();
        let draft = parse_draft(body)?;
        if_match.check(&entity_tag)?;
        let roles = state.ibm.service_roles().clone();
        let format = format::<R>(&roles, &context);
        let replaced = state.ibm.replace_policy(&id, draft, &caller, tx);
        let replaced = replaced.map(|it| policy_response(StatusCode::OK, it, format));
        Ok(replaced.map_err(|error| with_conflict(error, &state.ibm, format))?)
    })
}

/// `DELETE /v1/policies/{policy_id}` and `DELETE /v2/policies/{policy_id}`: 204.
pub(in super::super) async fn delete_policy(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.policy(&id, &caller)?;
        state.ibm.delete_policy(&id);
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

/// `GET /v2/roles`: 200 with the roles that policies can grant.
pub(in super::super) async fn list_roles(_: Caller, query: Query, context: RequestContext) -> HandlerResult {
    let service = query.get_non_empty("service_name").unwrap_or_default();
    let is_identity = query.get_non_empty("service_group_id") == Some("IAM") || service == "iam-identity";
    let identity_roles = if is_identity { role::IAM_IDENTITY_ROLES } else { &[] };
    context.read(|state| {
        let service_specific = identity_roles.iter().chain(state.ibm.service_roles().of(service));
        Ok(json(StatusCode::OK, POLICY_MEDIA_TYPE, &RoleCollection::new(service_specific)))
    })
}

/// Parses and validates the body of a policy.
///
/// # Errors
/// [`related_services::INVALID_BODY`] for an invalid body, because policy management has its own error code for these,
/// and the errors of [`PolicyDraft::new`].
fn parse_draft<R: PolicyRequest>(body: DeferredJson<R>) -> Result<PolicyDraft, RequestError> {
    let invalid =
        |path: &str, reason: &str| related_services::invalid_body(&[Violation::new(path, reason)]).into();
    let request = body.into_inner().map_err(|error| match &error {
        RequestError::InvalidData(violation) => invalid(&violation.path, &violation.reason),
        RequestError::JsonSyntax { .. } | RequestError::UnreadableBody(_) => invalid("", &error.reason()),
        _ => error,
    })?;
    Ok(PolicyDraft::new(request.into_input())?)
}

/// Adds the existing policy to the error of a policy that conflicts with it; any other error is unchanged.
fn with_conflict(mut error: ApiError, state: &IbmState, format: PolicyFormat<'_>) -> ApiError {
    let conflicts = [related_services::POLICY_CONFLICT.id, related_services::POLICY_UPDATE_CONFLICT.id];
    if conflicts.contains(&error.code.id)
        && let Some(existing) = state.stored_policy(&error.subject)
    {
        let policy = wire::Policy::new(existing, format);
        let details =
            serde_json::json!({"conflicts_with": {"etag": existing.entity_tag(), "policy": policy}});
        error.vendor_details = Some(Box::new(details));
    }
    error
}

/// Returns the format of policies in the response to a request of type `R`.
fn format<'a, R: PolicyRequest>(roles: &'a ServiceRoles, context: &'a RequestContext) -> PolicyFormat<'a> {
    PolicyFormat { version: R::VERSION, base_url: context.base_url(), roles }
}

fn policy_response(status: StatusCode, policy: &Policy, format: PolicyFormat<'_>) -> ApiResponse {
    let body = wire::Policy::new(policy, format);
    json(status, POLICY_MEDIA_TYPE, &body).header(ETAG, &policy.entity_tag())
}

/// The source of the links of a policy page, which repeat the query parameters of the request.
pub(super) struct PageLinks<'a> {
    pub(super) query: &'a Query,
    pub(super) url: String,
}

impl PageLinks<'_> {
    fn collection<'a>(
        &self,
        policy_query: &PolicyQuery,
        policies: Vec<wire::Policy<'a>>,
        total: usize,
    ) -> PolicyCollection<'a> {
        let Some(limit) = policy_query.limit else {
            return PolicyCollection { limit: None, first: None, next: None, previous: None, policies };
        };
        let end = policy_query.offset.saturating_add(limit);
        PolicyCollection {
            limit: Some(limit),
            first: Some(self.link(0)),
            next: (end < total).then(|| self.link(end)),
            previous: (policy_query.offset > 0).then(|| self.link(policy_query.offset.saturating_sub(limit))),
            policies,
        }
    }

    pub(super) fn link(&self, offset: usize) -> PageLink {
        let repeated = self.query.iter().filter(|(name, _)| *name != "start");
        let mut pairs: Vec<String> = repeated
            .map(|(name, value)| format!("{}={}", encode_component(name), encode_component(value)))
            .collect();
        let start = (offset > 0).then(|| offset.to_string());
        pairs.extend(start.iter().map(|start| format!("start={start}")));
        PageLink { href: format!("{}?{}", self.url, pairs.join("&")), start }
    }
}
