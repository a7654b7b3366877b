//! Handlers of accounts, zones, the user, and what clients ask about their tokens before they use groups. All are
//! read-only.

use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::{Value, json};

use super::auth::Caller;
use super::page::{Page, ResultInfo};
use super::path::ResourcePath;
use super::wire;
use crate::domain::cloudflare::error;
use crate::domain::cloudflare::model::{CloudflareState, Owner};
use crate::domain::cloudflare::predefined;
use crate::domain::cloudflare::token_permission_groups::token_permission_groups;
use crate::http::{HandlerResult, Query, RequestContext};
use crate::spec::RequestError;
use crate::store::{PageRange, stable_hex_id};

/// The default number of accounts, zones or roles per page.
const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum number of accounts, zones or roles per page.
const MAX_PAGE_SIZE: usize = 50;

/// The creation time of every zone.
const ZONE_CREATED_ON: &str = "2020-10-13T12:42:59.660479Z";

/// The address of the user, unless the request names it.
const USER_EMAIL: &str = "user@example.com";

/// `GET /accounts`: 200 with one page of the known accounts, sorted by identifier; `name` matches exactly.
pub(super) async fn list_accounts(caller: Caller, query: Query, context: RequestContext) -> HandlerResult {
    list_owners("accounts", caller, query, context).await
}

/// `GET /zones`: 200 with one page of the known zones, sorted by identifier; `name` matches exactly.
pub(super) async fn list_zones(caller: Caller, query: Query, context: RequestContext) -> HandlerResult {
    list_owners("zones", caller, query, context).await
}

/// The filters of a list of accounts or zones.
struct OwnerFilter {
    collection: &'static str,
    name: Option<String>,
    /// The account of a zone.
    account: Option<String>,
    /// The only account or zone that the credential is valid for.
    allowed: Option<String>,
    page: Page,
}

async fn list_owners(
    collection: &'static str,
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let parameter = |name| query.get_non_empty(name).map(str::to_owned);
    let filter = OwnerFilter {
        collection,
        name: parameter("name"),
        account: parameter("account.id").filter(|_| collection == "zones"),
        allowed: caller.account,
        page: Page::from_query(&query, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    };
    context
        .read_offloaded(
            filter,
            |world, filter: &OwnerFilter| filter.scan_cost(&world.cloudflare),
            |world, filter: OwnerFilter| {
                let (objects, info) = filter.page(&world.cloudflare);
                wire::page(objects, info)
            },
        )
        .await
        .map_err(|_| RequestError::Panic)
}

impl OwnerFilter {
    const fn has_filter(&self) -> bool {
        self.name.is_some() || self.account.is_some()
    }

    fn scan_cost(&self, state: &CloudflareState) -> usize {
        match &self.allowed {
            Some(_) => 0,
            None if self.has_filter() => state.owner_count(self.collection),
            None => state.owners_sort_cost(self.collection),
        }
    }

    fn matches(&self, state: &CloudflareState, owner: &Owner) -> bool {
        self.name.as_deref().is_none_or(|name| name == owner.name())
            && self.account.as_deref().is_none_or(|account| account == &*state.account_of_zone(owner).id)
    }

    fn page(&self, state: &CloudflareState) -> (Vec<Value>, ResultInfo) {
        let everything = PageRange { offset: 0, limit: usize::MAX };
        let window = self.page.window();
        let (owners, total) = match &self.allowed {
            // A credential for one account sees only that account.
            Some(allowed) => {
                let owner = state.owner(&[self.collection, "/", allowed].concat());
                let known = owner.filter(|it| state.is_known(it) && self.matches(state, it));
                let known: Vec<Owner> = known.into_iter().collect();
                let total = known.len();
                (known.into_iter().skip(window.offset).take(window.limit).collect(), total)
            }
            None if self.has_filter() => {
                let (all, _) = state.owners(self.collection, everything);
                let found: Vec<Owner> =
                    all.into_iter().filter(|it| self.matches(state, it)).cloned().collect();
                let total = found.len();
                (found.into_iter().skip(window.offset).take(window.limit).collect::<Vec<_>>(), total)
            }
            None => {
                let (page, total) = state.owners(self.collection, window);
                (page.into_iter().cloned().collect(), total)
            }
        };
        let objects: Vec<Value> = owners.iter().map(|owner| owner_json(state, owner)).collect();
        let info = self.page.info(objects.len(), total);
        (objects, info)
    }
}

/// `GET /accounts/{account_id}` and `GET /zones/{zone_id}`: 200 with the one that the path names.
pub(super) async fn get_owner(_: Caller, path: ResourcePath, context: RequestContext) -> HandlerResult {
    context.read(|world| {
        let owner = world.cloudflare.owner(&path.owner).ok_or_else(|| error::NO_ROUTE.error())?;
        Ok(wire::single(StatusCode::OK, owner_json(&world.cloudflare, &owner)))
    })
}

fn owner_json(state: &CloudflareState, owner: &Owner) -> Value {
    if owner.collection == "accounts" {
        return json!({
            "id": owner.id,
            "name": owner.name(),
            "type": "standard",
            "settings": {"enforce_twofactor": false}
        });
    }
    let account = state.account_of_zone(owner);
    json!({
        "id": owner.id,
        "name": owner.name(),
        "status": "active",
        "paused": false,
        "type": "full",
        "development_mode": 0,
        "created_on": ZONE_CREATED_ON,
        "modified_on": ZONE_CREATED_ON,
        "meta": {"step": 2},
        "name_servers": ["ada.ns.example.com", "bob.ns.example.com"],
        "account": {"id": account.id, "name": account.name()},
        "owner": {"id": null, "name": null, "type": "organization"},
        "plan": {"id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "name": "Free Website", "legacy_id": "free"}
    })
}

/// `GET /user`: 200 with the user of the credential.
pub(super) async fn get_user(_: Caller, parts: Parts) -> HandlerResult {
    let email = parts.headers.get("x-auth-email").and_then(|value| value.to_str().ok());
    let email = email.unwrap_or(USER_EMAIL);
    let user = json!({
        "id": stable_hex_id(&format!("cloudflare/user/{email}")),
        "email": email,
        "first_name": null,
        "last_name": null,
        "username": email,
        "two_factor_authentication_enabled": false,
        "suspended": false
    });
    Ok(wire::single(StatusCode::OK, user))
}

/// `GET /user/tokens/verify` and `GET /accounts/{account_id}/tokens/verify`: 200, the token is active.
pub(super) async fn verify_token(_: Caller, _: ResourcePath) -> HandlerResult {
    let token = json!({"id": stable_hex_id("cloudflare/token"), "status": "active"});
    Ok(wire::single(StatusCode::OK, token))
}

/// `GET /user/tokens/permission_groups` and `GET /accounts/{account_id}/tokens/permission_groups`: 200 with all groups
/// that match `name` and `scope`.
pub(super) async fn list_token_permission_groups(_: Caller, _: ResourcePath, query: Query) -> HandlerResult {
    let matches = |name: &str, value: &str| query.get_non_empty(name).is_none_or(|wanted| wanted == value);
    let found = token_permission_groups()
        .filter(|group| matches("name", group.name) && matches("scope", group.scope))
        .map(|group| json!({"id": group.id, "name": group.name, "scopes": [group.scope]}));
    let groups: Vec<Value> = found.collect();
    let count = groups.len();
    Ok(wire::page(groups, Page::unpaged(count, DEFAULT_PAGE_SIZE).info(count, count)))
}

/// `GET /accounts/{account_id}/roles`: 200 with one page of the roles that every account has.
pub(super) async fn list_roles(_: Caller, _: ResourcePath, query: Query) -> HandlerResult {
    let page = Page::from_query(&query, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    let window = page.window();
    let total = predefined::roles().count();
    let roles: Vec<Value> = predefined::roles().skip(window.offset).take(window.limit).collect();
    let info = page.info(roles.len(), total);
    Ok(wire::page(roles, info))
}

/// `GET /accounts/{account_id}/roles/{role_id}`: 200 with the role.
pub(super) async fn get_role(_: Caller, path: ResourcePath) -> HandlerResult {
    let role = predefined::role(&path.id).ok_or_else(|| error::UNKNOWN_ROLE.error())?;
    Ok(wire::single(StatusCode::OK, role))
}
