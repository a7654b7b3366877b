//! Handlers of the members of user groups, which are added and replaced as arrays of identifiers.

use axum::extract::Request;
use axum::http::StatusCode;
use serde_json::value::RawValue;

use super::auth::Caller;
use super::page::Page;
use super::path::ResourcePath;
use super::wire;
use crate::domain::cloudflare::error::IAM_INVALID;
use crate::domain::cloudflare::user_group_members::parse_member_ids;
use crate::http::{HandlerResult, Query, RawFields, RequestContext, body};
use crate::spec::RequestError;

/// The default number of members per page.
const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum number of members per page.
const MAX_PAGE_SIZE: usize = 50;

/// `GET /accounts/{account_id}/iam/user_groups/{user_group_id}/members`: 200 with one page in the order of addition.
pub(super) async fn list_user_group_members(
    _: Caller,
    path: ResourcePath,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let page = Page::from_query(&query, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    context.read(|world| {
        let (members, total) =
            world.cloudflare.user_group_members(&path.account, &path.parent, page.window())?;
        let info = page.info(members.len(), total);
        Ok(wire::page(members, info))
    })
}

/// `POST` to the members: 200 with the added members.
pub(super) async fn add_user_group_members(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    set_members(path, context, request, false).await
}

/// `PUT` of the members: 200 with all members after the replacement.
pub(super) async fn replace_user_group_members(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    set_members(path, context, request, true).await
}

async fn set_members(
    path: ResourcePath,
    context: RequestContext,
    request: Request,
    replaces_all: bool,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    let items: Vec<RawFields<'_>> = body::parse(&bytes).map_err(|error| match error {
        RequestError::InvalidData(violation) if violation.path.is_empty() => {
            IAM_INVALID.with_violation("body", "must be an array").into()
        }
        other => other,
    })?;
    let ids = parse_member_ids(&items)?;
    let members = context.write(|world, tx| {
        let (account, group) = (path.account.as_str(), path.parent.as_str());
        world.cloudflare.set_user_group_members((account, group), &ids, replaces_all, tx)
    })?;
    let info = Page::unpaged(members.len(), DEFAULT_PAGE_SIZE).info(members.len(), members.len());
    Ok(wire::page(members, info))
}

/// `GET …/members/{member_id}`: 200 with the member.
pub(super) async fn get_user_group_member(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    context.read(|world| {
        let member: &RawValue = world.cloudflare.user_group_member(&path.account, &path.parent, &path.id)?;
        Ok(wire::single(StatusCode::OK, member))
    })
}

/// `DELETE …/members/{member_id}`: 200 with the removed member.
pub(super) async fn remove_user_group_member(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    let member = context
        .write(|world, _| world.cloudflare.remove_user_group_member(&path.account, &path.parent, &path.id))?;
    Ok(wire::single(StatusCode::OK, member))
}
