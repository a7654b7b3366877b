//! Handlers of IAM resource groups.

use axum::extract::Request;
use axum::http::StatusCode;

use super::auth::Caller;
use super::page::Page;
use super::path::ResourcePath;
use super::wire::{self, Deleted, ResourceGroup};
use crate::http::{HandlerResult, Query, RawFields, RequestContext, body};
use crate::spec::RequestError;
use crate::store::PageRange;

/// The default number of groups per page, if the request asks for a page.
const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum number of groups per page.
const MAX_PAGE_SIZE: usize = 50;

/// `GET /accounts/{account_id}/iam/resource_groups`: 200 with all groups, or with the requested page.
pub(super) async fn list_resource_groups(
    _: Caller,
    path: ResourcePath,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let is_paged = query.get_non_empty("page").is_some() || query.get_non_empty("per_page").is_some();
    let requested_page = is_paged.then(|| Page::from_query(&query, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE));
    let window = requested_page.map_or(PageRange { offset: 0, limit: usize::MAX }, Page::window);
    let parameter = |name| query.get_non_empty(name).map(str::to_owned);
    let filter = (parameter("id"), parameter("name"));
    let config = context.config().cloudflare;
    context
        .read_offloaded(
            (path, filter),
            move |world, (path, (id, name)): &(ResourcePath, (Option<String>, Option<String>))| {
                let filter = (id.as_deref(), name.as_deref());
                world.cloudflare.resource_groups_scan_cost(&path.account, filter, is_paged)
            },
            move |world, (path, (id, name)): (ResourcePath, (Option<String>, Option<String>))| {
                let filter = (id.as_deref(), name.as_deref());
                world.cloudflare.with_resource_groups(&path.account, filter, window, |groups, total| {
                    let info = requested_page
                        .unwrap_or_else(|| Page::unpaged(total, DEFAULT_PAGE_SIZE))
                        .info(groups.len(), total);
                    wire::page(
                        groups.into_iter().map(|group| ResourceGroup::new(group, config)).collect(),
                        info,
                    )
                })
            },
        )
        .await
        .map_err(|_| RequestError::Panic)
}

/// `POST /accounts/{account_id}/iam/resource_groups`: 200 with the new group.
pub(super) async fn create_resource_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    let (name, scope) = body::parse::<RawFields<'_>>(&bytes)?.into_new_resource_group()?;
    let group = context
        .write(|world, tx| world.cloudflare.create_resource_group(&path.account, &name, scope, tx).clone());
    Ok(wire::single(StatusCode::OK, ResourceGroup::new(&group, context.config().cloudflare)))
}

/// `GET /accounts/{account_id}/iam/resource_groups/{resource_group_id}`: 200 with the group.
pub(super) async fn get_resource_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    let config = context.config().cloudflare;
    let response = context.read(|world| {
        world.cloudflare.with_resource_group(&path.account, &path.id, |group| {
            wire::single(StatusCode::OK, ResourceGroup::new(group, config))
        })
    });
    Ok(response?)
}

/// `PUT /accounts/{account_id}/iam/resource_groups/{resource_group_id}`: 200 with the changed group.
///
/// Absent fields keep their values.
pub(super) async fn update_resource_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    let update = body::parse::<RawFields<'_>>(&bytes)?.parse_resource_group_update()?;
    let group = context.write(|world, tx| {
        world.cloudflare.update_resource_group(&path.account, &path.id, update, tx).cloned()
    })?;
    Ok(wire::single(StatusCode::OK, ResourceGroup::new(&group, context.config().cloudflare)))
}

/// `DELETE /accounts/{account_id}/iam/resource_groups/{resource_group_id}`: 200 with the identifier.
pub(super) async fn delete_resource_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    context.write(|world, _| world.cloudflare.delete_resource_group(&path.account, &path.id))?;
    Ok(wire::single(StatusCode::OK, Deleted { id: &path.id }))
}
