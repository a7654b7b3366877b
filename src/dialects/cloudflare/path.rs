//! Path parameters: the account or zone, and the object in it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;

use crate::domain::cloudflare::model::validate_account_id;
use crate::http::RequestContext;
use crate::http::path::extract;
use crate::spec::RequestError;

/// The path parameters of all operations.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PathParams {
    account_id: Option<String>,
    zone_id: Option<String>,
    #[serde(alias = "resource_group_id", alias = "permission_group_id")]
    group_id: String,
}

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

impl PathParams {
    /// Returns the identifier of the account or zone.
    pub(super) fn account(&self) -> &str {
        self.zone_id.as_deref().or(self.account_id.as_deref()).unwrap_or_default()
    }
}

impl FromRequestParts<RequestContext> for ResourcePath {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        let params: PathParams = extract(parts, context).await?;
        validate_account_id(params.account())?;
        let PathParams { account_id, zone_id, group_id: id } = params;
        let (collection, account) = match zone_id {
            Some(zone) => ("zones/", zone),
            None => ("accounts/", account_id.unwrap_or_default()),
        };
        Ok(Self { owner: [collection, &account].concat(), account, id })
    }
}
