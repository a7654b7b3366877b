//! Handlers of the members of one group.

use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::page::{Links, MEMBER_PARAMETERS};
use super::super::params;
use super::super::wire::{self, AddMembersRequest, DeferredJson, RemoveMembersRequest};
use super::{count_errors, item_fault, members_url};
use crate::domain::ibm::bulk::Batch;
use crate::domain::ibm::error;
use crate::domain::ibm::records::caller::Caller;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, json};
use crate::spec::RequestError;

/// `HEAD /v2/groups/{access_group_id}/members/{iam_id}`: 204 if it is a member.
pub(in super::super) async fn is_member_of_access_group(
    caller: Caller,
    Path((id, iam_id)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| {
        state.ibm.find_group(&id, &caller)?;
        state.ibm.membership(&id, &iam_id)?;
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

/// `GET /v2/groups/{access_group_id}/members`: 200 with one page of the members.
pub(in super::super) async fn list_access_group_members(
    caller: Caller,
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let (member_query, verbose) = params::member_list(&query)?;
    let url = members_url(&context, &id);
    let response = context.read_offloaded(
        id,
        |state, id| state.ibm.member_scan_cost(id, &member_query),
        move |state, id| {
            state.ibm.find_group(&id, &caller)?;
            let page = state.ibm.list_members(&id, &member_query);
            let members = page.items.into_iter();
            let list = wire::GroupMembersList {
                limit: member_query.window.limit,
                offset: member_query.window.offset,
                total_count: page.total,
                links: Links::new(&url, &query, MEMBER_PARAMETERS, member_query.window, page.total),
                members: members.map(|it| wire::MemberItem::new(it, &url, verbose)).collect(),
            };
            Ok(json(StatusCode::OK, MEDIA_TYPE, &list))
        },
    );
    response.await.map_err(|_| RequestError::Panic)?
}

/// `PUT /v2/groups/{access_group_id}/members`: 207 with the result of each member.
pub(in super::super) async fn add_members_to_access_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
    body: DeferredJson<AddMembersRequest>,
) -> HandlerResult {
    context.write(|state, tx| {
        state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_ADD_MEMBERS)?;
        let members = body.into_inner()?.into_members()?;
        let batch = Batch { items: &members, faults: &item_fault(&context) };
        let results = state.ibm.add_members(&id, batch, &caller, tx)?;
        count_errors(&context, &results);
        let fidelity = context.fidelity();
        let response_body = wire::AddMembersResponse::new(&members, &results, context.request_id(), fidelity);
        Ok(json(StatusCode::MULTI_STATUS, MEDIA_TYPE, &response_body))
    })
}

/// `DELETE /v2/groups/{access_group_id}/members/{iam_id}`: 204.
pub(in super::super) async fn remove_member_from_access_group(
    caller: Caller,
    Path((id, iam_id)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_DELETE_MEMBER)?;
        state.ibm.remove_member(&id, &iam_id)?;
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

/// `POST /v2/groups/{access_group_id}/members/delete`: 207 with the result of each member.
pub(in super::super) async fn remove_members_from_access_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
    body: DeferredJson<RemoveMembersRequest>,
) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_DELETE_MEMBER)?;
        let iam_ids = body.into_inner()?.into_iam_ids()?;
        let batch = Batch { items: &iam_ids, faults: &item_fault(&context) };
        let results = state.ibm.remove_members(&id, batch)?;
        count_errors(&context, &results);
        let response_body = wire::DeleteGroupBulkMembers::new(&id, &iam_ids, &results, context.request_id());
        Ok(json(StatusCode::MULTI_STATUS, MEDIA_TYPE, &response_body))
    })
}
