//! The captures of the paths: whose group it is, and which.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::model::check_account;
use crate::failure::Failure;
use crate::http::Context;
use crate::http::path::capture;

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

impl FromRequestParts<Context> for Place {
    type Rejection = Failure;

    async fn from_request_parts(_: &mut Parts, context: &Context) -> Result<Self, Failure> {
        let (kind, account) = capture(context, 0)?;
        check_account(&account)?;
        let family = if kind == "zone_id" { "zones/" } else { "accounts/" };
        let (_, id) = capture(context, 1)?;
        Ok(Self { owner: [family, &account].concat(), account, id })
    }
}
