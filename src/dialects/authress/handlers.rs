//! Handlers of the authress dialect.

use axum::http::StatusCode;

use super::MEDIA_TYPE;
use super::auth::Caller;
use super::request::{ListQuery, NewGroup, NoQuery, Replacement};
use super::wire;
use crate::domain::authress::model::Group;
use crate::domain::authress::page::Page;
use crate::http::{ApiResponse, HandlerResult, Path, RequestContext, json, json_list, json_with_base_url};
use crate::spec::RequestError;

/// `GET /v1/groups`: 200 with a page of groups.
pub(super) async fn list_groups(_: Caller, context: RequestContext) -> HandlerResult {
    let key = match context.cached_list() {
        Ok(list) => return Ok(list.into()),
        Err(key) => key,
    };
    let query = ListQuery::received(&context)?;
    let owned_context = context.clone();
    context
        .read_list(
            key,
            query,
            |world, query: &ListQuery| query.params.scan_cost(&world.authress),
            move |world, query: ListQuery| {
                let page = Page::new(&world.authress, &query.params);
                let base_url = owned_context.base_url();
                let groups: Vec<_> =
                    page.items.iter().map(|group| wire::Group::cached(group, base_url)).collect();
                let collection = wire::GroupCollection::new(page.next.as_deref(), &query, base_url);
                json_list(MEDIA_TYPE, Some(base_url), &groups, &collection)
            },
        )
        .await
        .map_or(Err(RequestError::Panic), |list| Ok(list.into()))
}

/// `POST /v1/groups`: 201 with the new group.
pub(super) async fn create_group(
    _: Caller,
    context: RequestContext,
    NewGroup(group_id, content): NewGroup,
) -> HandlerResult {
    let group = context.write(|world, tx| world.authress.create_group(group_id, content, tx).cloned())?;
    Ok(group_response(StatusCode::CREATED, &group, &context))
}

/// `GET /v1/groups/{groupId}`: 200 with the group.
pub(super) async fn get_group(
    _: Caller,
    Path(group_id): Path<String>,
    _: NoQuery,
    context: RequestContext,
) -> HandlerResult {
    let base_url = context.base_url();
    context.read(|world| {
        let group = wire::Group::cached(world.authress.group(&group_id)?, base_url);
        let capacity = group.json_len_with_base_url(base_url);
        Ok(json_with_base_url(StatusCode::OK, MEDIA_TYPE, base_url, capacity, &group))
    })
}

/// `PUT` or `POST /v1/groups/{groupId}`: 200 with the changed group.
pub(super) async fn update_group(
    _: Caller,
    Path(group_id): Path<String>,
    context: RequestContext,
    Replacement(content, unmodified_since): Replacement,
) -> HandlerResult {
    let group = context
        .write(|world, tx| world.authress.update_group(&group_id, content, unmodified_since, tx).cloned())?;
    Ok(group_response(StatusCode::OK, &group, &context))
}

/// `DELETE /v1/groups/{groupId}`: 204.
pub(super) async fn delete_group(
    _: Caller,
    Path(group_id): Path<String>,
    _: NoQuery,
    context: RequestContext,
) -> HandlerResult {
    context.write(|world, _| world.authress.delete_group(&group_id))?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

/// Returns a response with a group that was just written.
fn group_response(status: StatusCode, group: &Group, context: &RequestContext) -> ApiResponse {
    json(status, MEDIA_TYPE, &wire::Group::new(group, context.base_url()))
}
