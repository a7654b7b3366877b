//! Handlers of Access groups, shared by accounts and zones.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use futures_util::FutureExt;

use super::auth::Caller;
use super::page::Page;
use super::path::ResourcePath;
use super::wire::{self, AccessGroup, Deleted};
use crate::app::list_cache::ListKey;
use crate::config::Fidelity;
use crate::domain::cloudflare::error;
use crate::domain::cloudflare::model::{AccessGroupContent, AccessGroupFilter};
use crate::http::{HandlerResult, Query, RawFields, RequestContext, body};
use crate::spec::{ApiError, RequestError};

/// The default and maximum number of groups per page.
pub(super) const MAX_PAGE_SIZE: usize = 1000;

/// The numbers of groups per page that the live service accepts.
const PAGE_SIZES: [u64; 8] = [1, 5, 10, 20, 25, 50, 100, 1000];

/// The body of a create or replace request.
pub(super) struct AccessGroupBody(AccessGroupContent);

impl FromRequest<RequestContext> for AccessGroupBody {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        let rules = context.config().cloudflare.rules;
        body::read_body(context, request)
            .map(move |bytes| Ok(Self(body::parse::<RawFields<'_>>(&bytes?)?.into_access_group(rules)?)))
    }
}

/// `GET /{accounts|zones}/{id}/access/groups`: 200 with one page in creation order.
pub(super) async fn list_access_groups(
    caller: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    let key = match context.cached_list() {
        Ok(list) if caller.may_read => return Ok(list.into()),
        Ok(_) => ListKey::none(),
        Err(key) => key,
    };
    let query = Query::received(&context)?;
    if context.fidelity() == Fidelity::Live {
        check_page_size(&query)?;
    }
    let page = Page::from_query(&query, MAX_PAGE_SIZE, MAX_PAGE_SIZE);
    if !caller.may_read {
        return Ok(wire::page::<AccessGroup<'_>>(Vec::new(), page.info(0, 0)));
    }
    let search = query.get_non_empty("search").map(str::to_lowercase);
    let filter = AccessGroupFilter { name: query.get_non_empty("name").map(str::to_owned), search };
    let is_default = wire::is_default_shape(&context);
    context
        .read_list(
            key,
            (path.owner, filter),
            |world, (owner, filter): &(String, AccessGroupFilter)| {
                world.cloudflare.access_groups_scan_cost(owner, filter)
            },
            move |world, (owner, filter): (String, AccessGroupFilter)| {
                let (groups, total) = world.cloudflare.access_groups(&owner, &filter, page.window());
                let info = page.info(groups.len(), total);
                let groups: Vec<_> =
                    groups.into_iter().map(|group| AccessGroup::cached(group, is_default)).collect();
                wire::access_group_page(&groups, info)
            },
        )
        .await
        .map_or(Err(RequestError::Panic), |list| Ok(list.into()))
}

/// Returns an error for a page size that the live service does not accept. Zero and an absent size mean the default.
pub(super) fn check_page_size(query: &Query) -> Result<(), ApiError> {
    let size = query.get_non_empty("per_page").and_then(|size| size.parse::<u64>().ok());
    if size.is_none_or(|size| size == 0 || PAGE_SIZES.contains(&size)) {
        return Ok(());
    }
    Err(error::INVALID_PAGE_SIZE.error())
}

/// `POST /{accounts|zones}/{id}/access/groups`: 201 with the new group.
pub(super) async fn create_access_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    AccessGroupBody(content): AccessGroupBody,
) -> HandlerResult {
    let group =
        context.write(|world, tx| world.cloudflare.create_access_group(&path.owner, content, tx).clone());
    Ok(wire::single(StatusCode::CREATED, AccessGroup::new(&group, wire::is_default_shape(&context))))
}

/// `GET /{accounts|zones}/{id}/access/groups/{group_id}`: 200 with the group.
pub(super) async fn get_access_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    context.read(|world| {
        let group = world.cloudflare.access_group(&path.owner, &path.id)?;
        Ok(wire::access_group(&AccessGroup::cached(group, wire::is_default_shape(&context))))
    })
}

/// `PUT /{accounts|zones}/{id}/access/groups/{group_id}`: 200 with the replaced group.
pub(super) async fn replace_access_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    AccessGroupBody(content): AccessGroupBody,
) -> HandlerResult {
    let group = context.write(|world, tx| {
        world.cloudflare.replace_access_group(&path.owner, &path.id, content, tx).cloned()
    })?;
    Ok(wire::single(StatusCode::OK, AccessGroup::new(&group, wire::is_default_shape(&context))))
}

/// `DELETE /{accounts|zones}/{id}/access/groups/{group_id}`: 202 with the identifier.
pub(super) async fn delete_access_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    context.write(|world, _| world.cloudflare.delete_access_group(&path.owner, &path.id))?;
    Ok(wire::single(StatusCode::ACCEPTED, Deleted { id: &path.id }))
}
