//! Handlers of the legacy dialect.

use axum::http::StatusCode;
use axum::http::header::LOCATION;

use super::MEDIA_TYPE;
use super::auth::Caller;
use super::wire::{self, Entry, Id};
use crate::http::{
    ApiResponse, HandlerResult, Items, JsonFragment, Query, RequestContext, json, json_enveloped, json_list,
};
use crate::spec::RequestError;
use crate::store::Summaries;

/// The number of groups per page.
const PAGE_SIZE: usize = 50;

/// `GET /api2/access_groups.json`: 200 with all groups, or one page of 50.
pub(super) async fn list_access_groups(_: Caller, context: RequestContext) -> HandlerResult {
    let key = match context.cached_list() {
        Ok(list) => return Ok(list.into()),
        Err(key) => key,
    };
    let page = wire::parse_page(&Query::received(&context)?)?;
    let (offset, limit) = page.map_or((0, usize::MAX), |page| ((page - 1) * PAGE_SIZE, PAGE_SIZE));
    context
        .read_list(
            key,
            (offset, limit),
            |world, (_, limit): &(usize, usize)| world.legacy.count().min(*limit),
            |world, (offset, limit): (usize, usize)| {
                let groups = world.legacy.groups(offset).take(limit).map(wire::AccessGroup::cached);
                let entries: Vec<_> = groups.map(JsonFragment::<()>::Cached).collect();
                json_list(MEDIA_TYPE, None, &entries, &wire::Entries { entries: Items })
            },
        )
        .await
        .map_or(Err(RequestError::Panic), |list| Ok(list.into()))
}

/// `POST /api2/access_groups.json`: 201 with the new group and its `Location`.
pub(super) async fn create_access_group(
    _: Caller,
    context: RequestContext,
    Entry(update): Entry,
) -> HandlerResult {
    let group = context.write(|world, tx| world.legacy.create_group(update, tx).clone());
    let location = format!("{}/api2/access_groups/{}.json", context.base_url(), group.id);
    let entry = wire::AccessGroup::new(&group);
    Ok(json(StatusCode::CREATED, MEDIA_TYPE, &wire::Envelope { entry }).header(LOCATION, &location))
}

/// `GET /api2/access_groups/{id}.json`: 200 with the group.
pub(super) async fn get_access_group(_: Caller, Id(id): Id, context: RequestContext) -> HandlerResult {
    context.read(|world| {
        let entry = JsonFragment::<()>::Cached(wire::AccessGroup::cached(world.legacy.group(id)?));
        Ok(json_enveloped(StatusCode::OK, MEDIA_TYPE, wire::ENVELOPE, &entry))
    })
}

/// `PUT /api2/access_groups/{id}.json`: 200 with the changed group.
pub(super) async fn update_access_group(
    _: Caller,
    Id(id): Id,
    context: RequestContext,
    Entry(update): Entry,
) -> HandlerResult {
    let group = context.write(|world, tx| world.legacy.update_group(id, update, tx).cloned())?;
    let entry = wire::AccessGroup::new(&group);
    Ok(json(StatusCode::OK, MEDIA_TYPE, &wire::Envelope { entry }))
}

/// `DELETE /api2/access_groups/{id}.json`: 204.
pub(super) async fn delete_access_group(_: Caller, Id(id): Id, context: RequestContext) -> HandlerResult {
    context.write(|world, _| world.legacy.delete_group(id))?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}
