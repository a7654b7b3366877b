//! Handlers for the account groups of the ibm dialect.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{MEDIA_TYPE, RawBody, admin};
use crate::admin::admin_error::AdminError;
use crate::admin::search::deserialize_at;
use crate::http::{ApiResponse, HandlerResult, Path, RequestContext, json};

/// The body that sets the accounts of an account group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountGroupContent {
    accounts: Vec<String>,
}

/// Handles `GET /__admin/ibm/account-groups`: 200 with all account groups.
pub(in super::super) async fn list_account_groups(context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"accountGroups": admin(&context).account_groups()})))
}

/// Handles `PUT /__admin/ibm/account-groups/{account_group_id}`: 200 with the account group.
pub(in super::super) async fn put_account_group(
    Path(id): Path<String>,
    context: RequestContext,
    RawBody(bytes): RawBody,
) -> HandlerResult {
    let body: Value = crate::http::body::parse(&bytes)?;
    if !body.is_object() {
        return Err(
            AdminError::invalid("", "must be a JSON object such as {\"accounts\":[\"acct2\"]}").into()
        );
    }
    let content: AccountGroupContent = deserialize_at(&body, "")?;
    let accounts: Vec<&str> = content.accounts.iter().map(String::as_str).collect();
    let admin = admin(&context);
    admin.set_account_group(&id, &accounts)?;
    let group = admin.account_groups().into_iter().find(|group| group.id == id);
    Ok(json(StatusCode::OK, MEDIA_TYPE, &group))
}

/// Handles `DELETE /__admin/ibm/account-groups/{account_group_id}`: 204 after deleting the account group.
pub(in super::super) async fn delete_account_group(
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    admin(&context).delete_account_group(&id)?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}
