//! Handlers of all memberships of one member.

use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::params;
use super::super::wire::{self, AddToGroupsRequest, DeferredJson};
use super::{count_errors, item_fault};
use crate::domain::ibm::bulk::Batch;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::records::member::NewMember;
use crate::http::{HandlerResult, Path, Query, RequestContext, json};

/// `DELETE /v2/groups/_allgroups/members/{iam_id}`: 207 with the result of each group.
pub(in super::super) async fn remove_member_from_all_access_groups(
    _: Caller,
    Path(iam_id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    let groups =
        context.write(|state, _| state.ibm.remove_from_all(&account, &iam_id, &item_fault(&context)))?;
    count_errors(&context, groups.iter().map(|(_, result)| result));
    let response_body = wire::DeleteFromAllGroups::new(&iam_id, &groups, context.request_id());
    Ok(json(StatusCode::MULTI_STATUS, MEDIA_TYPE, &response_body))
}

/// `PUT /v2/groups/_allgroups/members/{iam_id}`: 207 with the result of each group.
pub(in super::super) async fn add_member_to_multiple_access_groups(
    caller: Caller,
    Path(iam_id): Path<String>,
    query: Query,
    context: RequestContext,
    body: DeferredJson<AddToGroupsRequest>,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    let (kind, groups) = body.into_inner()?.into_parts()?;
    let member = NewMember { iam_id, kind };
    let results = context.write(|state, tx| {
        let stamp = state.ibm.audit_stamp(&caller, tx);
        let batch = Batch { items: &groups, faults: &item_fault(&context) };
        state.ibm.add_to_groups(&account, &member, batch, &stamp)
    });
    count_errors(&context, &results);
    let response_body =
        wire::AddMembershipMultipleGroups::new(&member.iam_id, &groups, &results, context.request_id());
    Ok(json(StatusCode::MULTI_STATUS, MEDIA_TYPE, &response_body))
}
