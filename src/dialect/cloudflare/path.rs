//! The captures of the paths: whose group it is, and which.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::model::check_account;
use crate::failure::Failure;
use crate::http::path::captures;

/// The account or zone of a path, and the identifier of an object in it.
#[derive(Debug)]
pub(super) struct Place {
    /// `accounts/<id>` or `zones/<id>`.
    pub(super) owner: String,
    /// The account's or zone's own identifier.
    pub(super) account: String,
    /// The identifier of the object; empty where the path ends before it.
    pub(super) id: String,
}

impl FromRequestParts<()> for Place {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &()) -> Result<Self, Failure> {
        let captures = captures(parts).await?;
        let mut captures = captures.iter();
        let (kind, account) = captures.next().unwrap_or_default();
        check_account(account)?;
        let family = if kind == "zone_id" { "zones/" } else { "accounts/" };
        let id = captures.next().map(|(_, id)| id.to_owned()).unwrap_or_default();
        Ok(Self { owner: [family, account].concat(), account: account.to_owned(), id })
    }
}
