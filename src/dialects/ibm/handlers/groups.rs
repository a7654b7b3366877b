//! Handlers of access groups.

use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::page::{GROUP_PARAMETERS, Links};
use super::super::params;
use super::super::wire::{self, DeferredJson, GroupRequest};
use super::groups_url;
use crate::domain::ibm::error;
use crate::domain::ibm::group_list::GroupQuery;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::records::group::Group;
use crate::domain::ibm::records::managed_group::GroupMutation;
use crate::http::{
    ApiResponse, HandlerResult, Items, Path, Query, RequestContext, json, json_list, json_with_capacity,
};
use crate::spec::RequestError;

/// `POST /v2/groups`: 201 with the new group and its entity tag.
pub(in super::super) async fn create_access_group(
    caller: Caller,
    query: Query,
    context: RequestContext,
    body: DeferredJson<GroupRequest>,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    let draft = body.into_inner()?.into_draft()?;
    let group = context.write(|state, tx| state.ibm.create_group(&account, draft, &caller, tx).clone());
    Ok(group_response(StatusCode::CREATED, &group))
}

/// `GET /v2/groups`: 200 with one page of an account's groups.
pub(in super::super) async fn list_access_groups(_: Caller, context: RequestContext) -> HandlerResult {
    let key = match context.cached_list() {
        Ok(list) => return Ok(list.into()),
        Err(key) => key,
    };
    let query = Query::received(&context)?;
    let (group_query, fields) = params::group_list(&query)?;
    let (base_url, url) = (context.base_url().to_owned(), groups_url(&context));
    context
        .read_list(
            key,
            group_query,
            |state, group_query| state.ibm.group_scan_cost(group_query),
            move |state, group_query: GroupQuery| {
                let page = state.ibm.list_groups(&group_query);
                let groups = page.items.into_iter();
                let groups: Vec<_> = groups
                    .map(|it| wire::Group::list_item(it, &group_query.account, fields, &base_url))
                    .collect();
                let list = wire::GroupsList {
                    limit: group_query.window.limit,
                    offset: group_query.window.offset,
                    total_count: page.total,
                    links: Links::new(&url, &query, GROUP_PARAMETERS, group_query.window, page.total),
                    groups: Items,
                };
                json_list(MEDIA_TYPE, Some(&base_url), &groups, &list)
            },
        )
        .await
        .map_or(Err(RequestError::Panic), |list| Ok(list.into()))
}

/// `GET /v2/groups/{access_group_id}`: 200 with the group and its entity tag.
pub(in super::super) async fn get_access_group(
    caller: Caller,
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let fields = params::group_fields(&query)?;
    context.read(|state| {
        let group = state.ibm.find_group(&id, &caller)?;
        let body = wire::Group::single(group, &caller.account, fields);
        let response = json_with_capacity(StatusCode::OK, MEDIA_TYPE, body.json_len(), &body);
        Ok(response.header(ETAG, &group.entity_tag()))
    })
}

/// `PATCH /v2/groups/{access_group_id}`: 200 with the updated group and its new entity tag.
pub(in super::super) async fn update_access_group(
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    context: RequestContext,
    body: DeferredJson<GroupRequest>,
) -> HandlerResult {
    let group = context.write(|state, tx| {
        let group = state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_UPDATE)?;
        let change = body.into_inner()?.into_change()?;
        if_match.check(group.entity_tag())?;
        Ok::<_, RequestError>(state.ibm.update_group(&id, change, &caller, tx)?.clone())
    })?;
    Ok(group_response(StatusCode::OK, &group))
}

/// `DELETE /v2/groups/{access_group_id}`: 204.
pub(in super::super) async fn delete_access_group(
    caller: Caller,
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| {
        state.ibm.modifiable_group(&id, &caller, &error::PUBLIC_DELETE)?;
        state.ibm.check_mutation(&id, GroupMutation::Delete, &error::managed::DELETE)?;
        if !params::boolean(&query, "force")? {
            state.ibm.check_empty(&id)?;
        }
        state.ibm.delete_group(&id);
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}

/// Returns the response with a group that was just written.
fn group_response(status: StatusCode, group: &Group) -> ApiResponse {
    json(status, MEDIA_TYPE, &wire::Group::uncached(group)).header(ETAG, &group.compute_entity_tag())
}
