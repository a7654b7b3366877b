//! Handlers of the users of an account.

use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::params;
use super::super::wire::{UserList, UserProfile};
use crate::domain::ibm::error;
use crate::domain::ibm::records::caller::Caller;
use crate::http::base_url::encode_component;
use crate::http::{HandlerResult, Path, Query, RequestContext, json};
use crate::spec::ApiError;

/// `GET /v2/accounts/{account_id}/users`: 200 with one page of the users.
pub(in super::super) async fn list_users(
    caller: Caller,
    Path(account): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    check_account(&caller, &account)?;
    let user_query = params::user_list(&query)?;
    context.read(|state| {
        let page = state.ibm.list_users(&account, &user_query);
        let end = user_query.window.offset.saturating_add(user_query.window.limit);
        let url = |offset: usize| page_url(&account, &query, user_query.window.limit, offset);
        let list = UserList {
            total_results: page.total,
            limit: user_query.window.limit,
            first_url: url(0),
            next_url: (end < page.total).then(|| url(end)),
            resources: page.items.into_iter().map(UserProfile::new).collect(),
        };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &list))
    })
}

/// `GET /v2/accounts/{account_id}/users/{iam_id}`: 200 with the user.
pub(in super::super) async fn get_user_profile(
    caller: Caller,
    Path((account, iam_id)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    check_account(&caller, &account)?;
    context.read(|state| {
        let user = state.ibm.user(&account, &iam_id)?;
        Ok(json(StatusCode::OK, MEDIA_TYPE, &UserProfile::new(user)))
    })
}

pub(super) fn check_account(caller: &Caller, account: &str) -> Result<(), ApiError> {
    if account.is_empty() {
        return Err(error::INVALID_PAYLOAD.with_violation("account_id", "is empty"));
    }
    caller.check_account_access(account)
}

/// Returns the path and query of the page that starts at `offset`; clients append it to the URL of the service.
///
/// `_start` comes before `limit`: cosaccess 0.1.18 cuts its value out of the link between `_start=` and the next `&`.
fn page_url(account: &str, query: &Query, limit: usize, offset: usize) -> String {
    let start = if offset == 0 { String::new() } else { format!("_start={offset}&") };
    let user_id =
        query.get_non_empty("user_id").map(|user_id| format!("&user_id={}", encode_component(user_id)));
    let user_id = user_id.unwrap_or_default();
    format!("/v2/accounts/{}/users?{start}limit={limit}{user_id}", encode_component(account))
}
