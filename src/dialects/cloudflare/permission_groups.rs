//! Handlers of permission groups, which clients look up together with resource groups. They are read-only: the
//! predefined ones of every account and those of the seed file.

use axum::http::StatusCode;
use serde::Serialize;

use super::auth::Caller;
use super::page::Page;
use super::path::ResourcePath;
use super::wire;
use crate::domain::cloudflare::predefined::{PredefinedPermissionGroup, SCOPES, permission_groups};
use crate::domain::cloudflare::{error, model};
use crate::http::{HandlerResult, Query, RequestContext};

/// The default number of groups per page.
const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum number of groups per page.
const MAX_PAGE_SIZE: usize = 50;

/// The creation time of the permission groups, in the format of the real service.
const CREATED_ON: &str = "2020-10-13T12:42:59.660479Z";

/// A permission group in a response.
#[derive(Serialize)]
struct PermissionGroup<'a> {
    id: String,
    name: &'a str,
    status: &'static str,
    meta: Meta<'a>,
    created_on: &'static str,
    modified_on: &'static str,
}

#[derive(Serialize)]
struct Meta<'a> {
    description: &'a str,
    editable: &'static str,
    label: &'a str,
    scopes: &'a str,
}

impl<'a> PermissionGroup<'a> {
    fn from_model(group: &'a model::PermissionGroup) -> Self {
        let meta = Meta {
            description: &group.description,
            editable: "false",
            label: &group.label,
            scopes: &group.scopes,
        };
        Self::new(group.id.to_string(), &group.name, meta)
    }

    fn predefined(id: &str, group: &'a PredefinedPermissionGroup) -> Self {
        let PredefinedPermissionGroup { name, label, description, .. } = group;
        Self::new(id.to_owned(), name, Meta { description, editable: "false", label, scopes: SCOPES })
    }

    const fn new(id: String, name: &'a str, meta: Meta<'a>) -> Self {
        Self { id, name, status: "V", meta, created_on: CREATED_ON, modified_on: CREATED_ON }
    }
}

/// Returns all permission groups of an account, the seeded ones first.
fn all_groups<'a>(
    state: &'a model::CloudflareState,
    account: &str,
) -> impl Iterator<Item = PermissionGroup<'a>> {
    let seeded = state.permission_groups(account).map(PermissionGroup::from_model);
    seeded.chain(permission_groups().map(|(id, group)| PermissionGroup::predefined(id, group)))
}

/// `GET /accounts/{account_id}/iam/permission_groups`: 200 with one page.
pub(super) async fn list_permission_groups(
    _: Caller,
    path: ResourcePath,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let page = Page::from_query(&query, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    let matches = |name: &str, value: &str| query.get_non_empty(name).is_none_or(|wanted| wanted == value);
    Ok(context.read(|world| {
        let groups = all_groups(&world.cloudflare, &path.account);
        let mut groups: Vec<_> = groups
            .filter(|group| {
                matches("id", &group.id) && matches("name", group.name) && matches("label", group.meta.label)
            })
            .collect();
        let total = groups.len();
        let window = page.window();
        groups.drain(..window.offset.min(total));
        groups.truncate(window.limit);
        let info = page.info(groups.len(), total).without_total_pages();
        wire::page(groups, info)
    }))
}

/// `GET /accounts/{account_id}/iam/permission_groups/{permission_group_id}`: 200 with the group.
pub(super) async fn get_permission_group(
    _: Caller,
    path: ResourcePath,
    context: RequestContext,
) -> HandlerResult {
    context.read(|world| {
        let seeded =
            world.cloudflare.permission_group(&path.account, &path.id).map(PermissionGroup::from_model);
        let group =
            seeded.or_else(|| all_groups(&world.cloudflare, &path.account).find(|group| group.id == path.id));
        let group = group.ok_or_else(|| error::UNKNOWN_PERMISSION_GROUP.error())?;
        Ok(wire::single(StatusCode::OK, group))
    })
}
