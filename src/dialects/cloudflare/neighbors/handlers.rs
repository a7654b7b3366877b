//! The handlers that all kinds of neighbors share.

use axum::extract::Request;
use axum::http::StatusCode;
use serde_json::value::RawValue;

use super::super::access_groups::{self, check_page_size};
use super::super::auth::Caller;
use super::super::page::Page;
use super::super::path::ResourcePath;
use super::super::wire::{self, Deleted};
use super::NeighborApi;
use crate::config::Fidelity;
use crate::domain::neighbors::Neighbor;
use crate::http::{HandlerResult, Query, RawFields, RequestContext, body};
use crate::spec::RequestError;

/// The default number of objects per page of a list that is not of Access.
const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum number of objects per page of a list that is not of Access.
const MAX_PAGE_SIZE: usize = 50;

/// Returns the list that the operation of a request refers to.
pub(super) fn list_name(path: &ResourcePath, context: &RequestContext) -> String {
    path.list(context.0.operation.map_or("", |operation| operation.path))
}

/// `GET` of a list: 200 with one page in creation order; `name` matches exactly, in lists that have this parameter.
pub(super) async fn list_neighbors(
    caller: Caller,
    path: ResourcePath,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let api = NeighborApi::of(&context);
    let page = if api.is_access() {
        if context.fidelity() == Fidelity::Live {
            check_page_size(&query)?;
        }
        Page::from_query(&query, access_groups::MAX_PAGE_SIZE, access_groups::MAX_PAGE_SIZE)
    } else {
        Page::from_query(&query, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    };
    if !caller.may_read {
        return Ok(wire::page::<()>(Vec::new(), page.info(0, 0)));
    }
    let list = list_name(&path, &context);
    let name = query.get_non_empty("name").filter(|_| api.kind.filters_names).map(str::to_owned);
    let response = context
        .read_offloaded(
            (list, name),
            |world, (list, name): &(String, Option<String>)| match name {
                Some(_) => world.cloudflare.neighbors.list(list).len(),
                None => 0,
            },
            move |world, (list, name): (String, Option<String>)| {
                world.cloudflare.check_parent(api.kind, &list)?;
                let listing = world.cloudflare.neighbors.list(&list);
                let window = page.window();
                let (found, total): (Vec<&Neighbor>, usize) = match name {
                    Some(name) => {
                        let found: Vec<&Neighbor> =
                            listing.iter().filter(|it| it.has_text("name", &name)).collect();
                        let total = found.len();
                        (found.into_iter().skip(window.offset).take(window.limit).collect(), total)
                    }
                    None => (listing.iter_from(window.offset).take(window.limit).collect(), listing.len()),
                };
                let objects: Vec<&RawValue> = found.into_iter().map(|it| &*it.json).collect();
                let info = page.info(objects.len(), total);
                Ok(wire::page(objects, info))
            },
        )
        .await;
    response.map_err(|_| RequestError::Panic)?
}

/// `POST` to a list: the new object.
pub(super) async fn create_neighbor(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let api = NeighborApi::of(&context);
    let bytes = body::read_body(&context, request).await?;
    let fields = body::parse::<RawFields<'_>>(&bytes)?;
    api.kind.check(&fields, true, context.config().cloudflare.rules)?;
    let list = list_name(&path, &context);
    let json = context.write(|world, tx| {
        world.cloudflare.create_neighbor(api.kind, &list, &fields, tx).map(|created| created.json.clone())
    })?;
    Ok(wire::single(api.statuses.0, json))
}

/// `GET` of an object: 200 with the object.
pub(super) async fn get_neighbor(_: Caller, path: ResourcePath, context: RequestContext) -> HandlerResult {
    let api = NeighborApi::of(&context);
    let list = list_name(&path, &context);
    context.read(|world| {
        let found = world.cloudflare.neighbor(api.kind, &list, &path.id)?;
        Ok(wire::single(StatusCode::OK, &found.json))
    })
}

/// `PUT` of an object: 200 with the replaced object, or with the changed fields of it.
pub(super) async fn update_neighbor(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let api = NeighborApi::of(&context);
    let bytes = body::read_body(&context, request).await?;
    let fields = body::parse::<RawFields<'_>>(&bytes)?;
    api.kind.check(&fields, !api.kind.updates_fields, context.config().cloudflare.rules)?;
    let list = list_name(&path, &context);
    let json = context.write(|world, tx| {
        let updated = world.cloudflare.update_neighbor(api.kind, (&list, &path.id), &fields, tx);
        updated.map(|updated| updated.json.clone())
    })?;
    Ok(wire::single(StatusCode::OK, json))
}

/// `DELETE` of an object: the identifier.
pub(super) async fn delete_neighbor(_: Caller, path: ResourcePath, context: RequestContext) -> HandlerResult {
    let api = NeighborApi::of(&context);
    let list = list_name(&path, &context);
    context.write(|world, _| world.cloudflare.delete_neighbor(api.kind, &list, &path.id))?;
    Ok(wire::single(api.statuses.1, Deleted { id: &path.id }))
}
