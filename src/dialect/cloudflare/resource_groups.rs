//! The handlers of IAM resource groups.

use axum::extract::Request;
use axum::http::StatusCode;

use super::auth::Caller;
use super::members::Members;
use super::page::Page;
use super::path::Place;
use super::wire::{self, Deleted, ResourceGroup};
use crate::failure::Failure;
use crate::http::{Answer, Context, Query, body};
use crate::store::Window;

/// The number of groups on a page, where pages are asked for.
const PAGE_LENGTH: usize = 20;
/// The greatest number of groups on a page.
const GREATEST_PAGE_LENGTH: usize = 50;

/// `GET /accounts/{account_id}/iam/resource_groups`: 200 with all groups, or with the page that is asked for.
pub(super) async fn list_resource_groups(_: Caller, place: Place, query: Query, context: Context) -> Answer {
    let is_paged = query.text("page").is_some() || query.text("per_page").is_some();
    let asked = is_paged.then(|| Page::of(&query, PAGE_LENGTH, GREATEST_PAGE_LENGTH));
    let window = asked.map_or(Window { offset: 0, limit: usize::MAX }, Page::window);
    let text = |name| query.text(name).map(str::to_owned);
    let filter = (text("id"), text("name"));
    let config = context.config().cloudflare;
    context
        .read_many(
            (place, filter),
            move |world, (place, (id, name)): &(Place, (Option<String>, Option<String>))| {
                let filter = (id.as_deref(), name.as_deref());
                world.cloudflare.cost_of_resource_groups(&place.account, filter, is_paged)
            },
            move |world, (place, (id, name)): (Place, (Option<String>, Option<String>))| {
                let filter = (id.as_deref(), name.as_deref());
                world.cloudflare.with_resource_groups(&place.account, filter, window, |groups, total| {
                    let info =
                        asked.unwrap_or_else(|| Page::whole(total, PAGE_LENGTH)).info(groups.len(), total);
                    wire::page(
                        groups.into_iter().map(|group| ResourceGroup::of(group, config)).collect(),
                        info,
                    )
                })
            },
        )
        .await
        .map_err(|_| Failure::Panic)
}

/// `POST /accounts/{account_id}/iam/resource_groups`: 200 with the new group.
pub(super) async fn create_resource_group(
    _: Caller,
    place: Place,
    context: Context,
    request: Request,
) -> Answer {
    let bytes = body::read(&context, request).await?;
    let (name, scope) = Members::parse(&bytes)?.into_new_resource_group()?;
    let group = context
        .write(|world, tx| world.cloudflare.create_resource_group(&place.account, &name, scope, tx).clone());
    Ok(wire::one(StatusCode::OK, ResourceGroup::of(&group, context.config().cloudflare)))
}

/// `GET /accounts/{account_id}/iam/resource_groups/{resource_group_id}`: 200 with the group.
pub(super) async fn get_resource_group(_: Caller, place: Place, context: Context) -> Answer {
    let config = context.config().cloudflare;
    let reply = context.read(|world| {
        world.cloudflare.with_resource_group(&place.account, &place.id, |group| {
            wire::one(StatusCode::OK, ResourceGroup::of(group, config))
        })
    });
    Ok(reply?)
}

/// `PUT /accounts/{account_id}/iam/resource_groups/{resource_group_id}`: 200 with the changed group.
///
/// Members that are absent keep their value.
pub(super) async fn update_resource_group(
    _: Caller,
    place: Place,
    context: Context,
    request: Request,
) -> Answer {
    let bytes = body::read(&context, request).await?;
    let change = Members::parse(&bytes)?.resource_group()?;
    let group = context.write(|world, tx| {
        world.cloudflare.update_resource_group(&place.account, &place.id, change, tx).cloned()
    })?;
    Ok(wire::one(StatusCode::OK, ResourceGroup::of(&group, context.config().cloudflare)))
}

/// `DELETE /accounts/{account_id}/iam/resource_groups/{resource_group_id}`: 200 with the identifier.
pub(super) async fn delete_resource_group(_: Caller, place: Place, context: Context) -> Answer {
    context.write(|world, _| world.cloudflare.delete_resource_group(&place.account, &place.id))?;
    Ok(wire::one(StatusCode::OK, Deleted { id: &place.id }))
}
