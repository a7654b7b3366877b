//! Handlers of the rules of one group.

use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::wire::{self, DeferredJson, RuleRequest};
use crate::domain::ibm::error;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::records::rule::Rule;
use crate::http::{ApiResponse, HandlerResult, Path, RequestContext, json};
use crate::spec::RequestError;

/// `POST /v2/groups/{access_group_id}/rules`: 201 with the new rule and its entity tag.
pub(in super::super) async fn add_access_group_rule(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
    body: DeferredJson<RuleRequest>,
) -> HandlerResult {
    context.write(|state, tx| {
        state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_ADD_RULE)?;
        let draft = body.into_inner()?.into_draft()?;
        let rule = state.ibm.create_rule(&id, draft, &caller, tx)?;
        Ok(rule_response(StatusCode::CREATED, rule))
    })
}

/// `GET /v2/groups/{access_group_id}/rules`: 200 with all rules.
pub(in super::super) async fn list_access_group_rules(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    let response = context.read_offloaded(
        (id, caller),
        |state, (id, _): &(String, Caller)| state.ibm.group_rule_count(id),
        |state, (id, caller): (String, Caller)| -> HandlerResult {
            state.ibm.find_group(&id, &caller)?;
            let rules = state.ibm.group_rules(&id).map(wire::Rule::new).collect();
            Ok(json(StatusCode::OK, MEDIA_TYPE, &wire::RulesList { rules }))
        },
    );
    response.await.map_err(|_| RequestError::Panic)?
}

/// `GET /v2/groups/{access_group_id}/rules/{rule_id}`: 200 with the rule and its entity tag.
pub(in super::super) async fn get_access_group_rule(
    caller: Caller,
    Path((id, rule_id)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| {
        state.ibm.find_group(&id, &caller)?;
        Ok(rule_response(StatusCode::OK, state.ibm.rule(&id, &rule_id)?))
    })
}

/// `PUT /v2/groups/{access_group_id}/rules/{rule_id}`: 200 with the replaced rule and its new entity tag.
pub(in super::super) async fn replace_access_group_rule(
    caller: Caller,
    Path((id, rule_id)): Path<(String, String)>,
    if_match: IfMatch,
    context: RequestContext,
    body: DeferredJson<RuleRequest>,
) -> HandlerResult {
    context.write(|state, tx| {
        state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_UPDATE_RULE)?;
        let entity_tag = state.ibm.rule(&id, &rule_id)?.entity_tag();
        let draft = body.into_inner()?.into_draft()?;
        if_match.check(&entity_tag)?;
        let rule = state.ibm.replace_rule((&id, &rule_id), draft, &caller, tx)?;
        Ok(rule_response(StatusCode::OK, rule))
    })
}

/// `DELETE /v2/groups/{access_group_id}/rules/{rule_id}`: 204.
pub(in super::super) async fn remove_access_group_rule(
    caller: Caller,
    Path((id, rule_id)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_DELETE_RULE)?;
        state.ibm.delete_rule(&id, &rule_id)?;
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

fn rule_response(status: StatusCode, rule: &Rule) -> ApiResponse {
    json(status, MEDIA_TYPE, &wire::Rule::new(rule)).header(ETAG, &rule.entity_tag())
}
