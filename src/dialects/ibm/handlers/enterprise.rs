//! Handlers of accounts, in account management and in enterprise management, of account groups and of enterprises.

use axum::http::StatusCode;
use serde::Serialize;

use super::super::MEDIA_TYPE;
use super::super::params::{self, ParentFilter};
use super::super::wire::{
    AccountList, AccountResource, ChildAccount, ChildGroup, Enterprise, EnterpriseList,
};
use crate::domain::ibm::enterprise::{IdPage, enterprise_id};
use crate::domain::ibm::error::neighbors as error;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::state::IbmState;
use crate::http::base_url::encode_component;
use crate::http::{HandlerResult, Path, Query, RequestContext, json};

/// `GET /coe/v2/accounts`: 200 with one page of the accounts that the caller may use.
pub(in super::super) async fn list_accounts(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let window = params::account_list(&query)?;
    context.read(|state| {
        let page = state.ibm.visible_accounts(&caller, &window);
        let next = next_id(&page)
            .map(|last| format!("/coe/v2/accounts?limit={}&_start={}", window.limit, encode_component(last)));
        let resources = page.ids.iter().map(|id| AccountResource::new(&state.ibm, id, &caller)).collect();
        let list = AccountList {
            total_results: state.ibm.visible_account_count(&caller),
            next_url: next,
            resources,
        };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &list))
    })
}

/// `GET /coe/v2/accounts/{account_id}`: 200 with the account; every account exists.
pub(in super::super) async fn get_account(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    super::users::check_account(&caller, &id)?;
    context
        .read(|state| Ok(json(StatusCode::OK, MEDIA_TYPE, &AccountResource::new(&state.ibm, &id, &caller))))
}

/// `GET /v1/enterprises`: 200 with the enterprise of the caller's account.
pub(in super::super) async fn list_enterprises(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let page = IbmState::enterprise_page(&caller, &params::enterprise_page(&query)?);
    context.read(|state| {
        let enterprises = page.ids.iter().map(|_| Enterprise::new(&state.ibm, &caller)).collect();
        Ok(enterprise_page("/v1/enterprises", &query, &page, enterprises))
    })
}

/// `GET /v1/enterprises/{enterprise_id}`: 200 with the enterprise of the caller's account.
pub(in super::super) async fn get_enterprise(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    if id != enterprise_id(&caller.account) {
        return Err(error::ENTERPRISE_NOT_FOUND.with_subject(id).into());
    }
    context.read(|state| Ok(json(StatusCode::OK, MEDIA_TYPE, &Enterprise::new(&state.ibm, &caller))))
}

/// `GET /v1/accounts`: 200 with one page of the accounts of the enterprise.
pub(in super::super) async fn list_enterprise_accounts(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let window = params::enterprise_page(&query)?;
    let filter = ParentFilter::of_accounts(&query, &enterprise_id(&caller.account));
    context.read(|state| {
        let page = match &filter {
            ParentFilter::All => state.ibm.visible_accounts(&caller, &window),
            ParentFilter::Group(group) => state.ibm.accounts_of_group(group, &caller, &window),
            ParentFilter::None => IdPage { ids: Vec::new(), has_more: false },
        };
        let accounts = page.ids.iter().map(|id| ChildAccount::new(&state.ibm, id, &caller)).collect();
        Ok(enterprise_page("/v1/accounts", &query, &page, accounts))
    })
}

/// `GET /v1/accounts/{account_id}`: 200 with the account; every account exists.
pub(in super::super) async fn get_enterprise_account(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    super::users::check_account(&caller, &id)?;
    context.read(|state| Ok(json(StatusCode::OK, MEDIA_TYPE, &ChildAccount::new(&state.ibm, &id, &caller))))
}

/// `GET /v1/account-groups`: 200 with one page of the account groups of the enterprise.
pub(in super::super) async fn list_account_groups(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let window = params::enterprise_page(&query)?;
    let filter = ParentFilter::of_account_groups(&query, &enterprise_id(&caller.account));
    context.read(|state| {
        let page = match &filter {
            ParentFilter::All => state.ibm.account_group_page(&window),
            ParentFilter::Group(_) | ParentFilter::None => IdPage { ids: Vec::new(), has_more: false },
        };
        let groups = page.ids.iter().map(|id| ChildGroup::new(&state.ibm, id, &caller)).collect();
        Ok(enterprise_page("/v1/account-groups", &query, &page, groups))
    })
}

/// `GET /v1/account-groups/{account_group_id}`: 200 with the account group.
pub(in super::super) async fn get_account_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| {
        if state.ibm.account_group(&id).is_none() {
            return Err(error::ACCOUNT_GROUP_NOT_FOUND.with_subject(id.as_str()).into());
        }
        Ok(json(StatusCode::OK, MEDIA_TYPE, &ChildGroup::new(&state.ibm, &id, &caller)))
    })
}

/// Returns the cursor of the next page, if there is one.
fn next_id(page: &IdPage) -> Option<&str> {
    page.ids.last().filter(|_| page.has_more).map(String::as_str)
}

/// Returns a page of enterprise management, whose link repeats the parameters of the request.
fn enterprise_page<T: Serialize>(
    path: &str,
    query: &Query,
    page: &IdPage,
    resources: Vec<T>,
) -> crate::http::ApiResponse {
    let next = next_id(page).map(|last| {
        let repeated = query.iter().filter(|(name, _)| *name != "next_docid");
        let pairs = repeated.chain([("next_docid", last)]);
        let pairs =
            pairs.map(|(name, value)| format!("{}={}", encode_component(name), encode_component(value)));
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    });
    json(StatusCode::OK, MEDIA_TYPE, &EnterpriseList::new(resources, next))
}
