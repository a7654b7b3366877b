//! Handlers of all memberships of one member.

use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::model::Caller;
use super::super::model::bulk::Batch;
use super::super::model::member::NewMember;
use super::super::params;
use super::super::wire::{self, AddToGroupsRequest, Body};
use super::{count_refusals, failing};
use crate::http::{HandlerResult, RequestContext, Path, Query, json};

/// `DELETE /v2/groups/_allgroups/members/{iam_id}`: 207 with the result of each group.
pub(in super::super) async fn remove_member_from_all_access_groups(
    _: Caller,
    Path(iam_id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    let groups =
        context.write(|state, _| state.ibm.remove_from_all(&account, &iam_id, &failing(&context)))?;
    count_refusals(&context, groups.iter().map(|(_, result)| result));
    let response_body = wire::DeleteFromAllGroups::of(&iam_id, &groups, context.request_id());
    Ok(json(StatusCode::MULTI_STATUS, MEDIA_TYPE, &response_body))
}

/// `PUT /v2/groups/_allgroups/members/{iam_id}`: 207 with the result of each group.
pub(in super::super) async fn add_member_to_multiple_access_groups(
    caller: Caller,
    Path(iam_id): Path<String>,
    query: Query,
    context: RequestContext,
    body: Body<AddToGroupsRequest>,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    let (kind, groups) = body.get()?.into_parts()?;
    let member = NewMember { iam_id, kind };
    let results = context.write(|state, tx| {
        let stamp = state.ibm.audit_stamp(&caller, tx);
        let batch = Batch { items: &groups, faults: &failing(&context) };
        state.ibm.add_to_groups(&account, &member, batch, &stamp)
    });
    count_refusals(&context, &results);
    let response_body =
        wire::AddMembershipMultipleGroups::of(&member.iam_id, &groups, &results, context.request_id());
    Ok(json(StatusCode::MULTI_STATUS, MEDIA_TYPE, &response_body))
}
