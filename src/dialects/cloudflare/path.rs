//! Path parameters: the account or zone, and the object in it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::cloudflare::model::validate_account_id;
use crate::http::{Path, RequestContext};
use crate::spec::RequestError;

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

impl ResourcePath {
    /// Reads the parameters of a path without validating them.
    ///
    /// # Errors
    /// [`RequestError::InvalidPath`] if one is not UTF-8.
    pub(super) async fn parse(parts: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        // The operation says what the parameters are, because their names may also be those of an outer router.
        let path = context.0.operation.map_or("", |operation| operation.path);
        let (account, id) = if path.ends_with('}') {
            Path::<(String, String)>::from_request_parts(parts, context).await?.0
        } else {
            (Path::<String>::from_request_parts(parts, context).await?.0, String::new())
        };
        let collection = if path.starts_with("/zones/") { "zones/" } else { "accounts/" };
        Ok(Self { owner: [collection, &account].concat(), account, id })
    }
}

impl FromRequestParts<RequestContext> for ResourcePath {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        let path = Self::parse(parts, context).await?;
        validate_account_id(&path.account)?;
        Ok(path)
    }
}
