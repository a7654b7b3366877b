//! The permission groups, which clients look up beside resource groups: read only, a few in every account and
//! those of the seed.

use axum::http::StatusCode;
use serde::Serialize;

use super::auth::Caller;
use super::page::Page;
use super::path::Place;
use super::predefined::{PERMISSION_GROUPS, id_of};
use super::{error, model, wire};
use crate::http::{Answer, Context, Query};

/// The default and the greatest number of groups on a page.
const PAGE_LENGTH: usize = 20;
const GREATEST_PAGE_LENGTH: usize = 50;

/// When the permission groups of every account came into being, in the notation of the real ones.
const SINCE: &str = "2020-10-13T12:42:59.660479Z";

/// A permission group as answered.
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
    fn of(group: &'a model::PermissionGroup) -> Self {
        let meta = Meta {
            description: &group.description,
            editable: "false",
            label: &group.label,
            scopes: &group.scopes,
        };
        Self::new(group.id.to_string(), &group.name, meta)
    }

    fn everywhere((name, label, scopes): (&'a str, &'a str, &'a str)) -> Self {
        Self::new(id_of(label), name, Meta { description: name, editable: "false", label, scopes })
    }

    const fn new(id: String, name: &'a str, meta: Meta<'a>) -> Self {
        Self { id, name, status: "V", meta, created_on: SINCE, modified_on: SINCE }
    }
}

/// Returns all permission groups of an account: the seeded ones first.
fn all<'a>(state: &'a model::State, account: &str) -> impl Iterator<Item = PermissionGroup<'a>> {
    let seeded = state.permission_groups(account).map(PermissionGroup::of);
    seeded.chain(PERMISSION_GROUPS.into_iter().map(PermissionGroup::everywhere))
}

/// `GET /accounts/{account_id}/iam/permission_groups`: 200 with one page.
pub(super) async fn list_permission_groups(
    _: Caller,
    place: Place,
    query: Query,
    context: Context,
) -> Answer {
    let page = Page::of(&query, PAGE_LENGTH, GREATEST_PAGE_LENGTH);
    let is = |name: &str, value: &str| query.text(name).is_none_or(|wanted| wanted == value);
    Ok(context.read(|world| {
        let groups = all(&world.cloudflare, &place.account);
        let mut groups: Vec<_> = groups
            .filter(|group| is("id", &group.id) && is("name", group.name) && is("label", group.meta.label))
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
pub(super) async fn get_permission_group(_: Caller, place: Place, context: Context) -> Answer {
    context.read(|world| {
        let seeded = world.cloudflare.permission_group(&place.account, &place.id).map(PermissionGroup::of);
        let group =
            seeded.or_else(|| all(&world.cloudflare, &place.account).find(|group| group.id == place.id));
        let group = group.ok_or_else(|| error::UNKNOWN_PERMISSION_GROUP.plain())?;
        Ok(wire::one(StatusCode::OK, group))
    })
}
