//! Path parameters: the account or zone, and the object in it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::cloudflare::model::validate_account_id;
use crate::http::{PathParams, RequestContext};
use crate::spec::RequestError;

/// The path parameters that identify an object of an account or zone.
const ITEM_PARAMETERS: [&str; 3] = ["group_id", "resource_group_id", "permission_group_id"];

/// The account or zone of a request path, and the identifier of an object in it.
#[derive(Debug)]
pub(super) struct ResourcePath {
    /// `accounts/<id>` or `zones/<id>`.
    pub(super) owner: String,
    /// The identifier of the account or zone.
    pub(super) account: String,
    /// The identifier of the object; empty if the path has none.
    pub(super) id: String,
}

impl FromRequestParts<RequestContext> for ResourcePath {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        let params = PathParams::from_request_parts(parts, context).await?;
        let (collection, account) = account(&params);
        validate_account_id(account)?;
        let id = ITEM_PARAMETERS.iter().find_map(|name| params.get(name)).unwrap_or_default();
        let owner = [collection, account].concat();
        Ok(Self { owner, account: account.to_owned(), id: id.to_owned() })
    }
}

/// Returns the collection of a path, `accounts/` or `zones/`, and the identifier of the account or zone.
pub(super) fn account(params: &PathParams) -> (&'static str, &str) {
    match params.get("zone_id") {
        Some(zone) => ("zones/", zone),
        None => ("accounts/", params.get("account_id").unwrap_or_default()),
    }
}
