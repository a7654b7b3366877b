//! The captures of the paths: whose group it is, and which.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::error;
use crate::app::App;
use crate::failure::{Failure, Refusal};
use crate::http::Path;

/// The longest account or zone identifier.
const LONGEST_ID: usize = 32;

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

impl FromRequestParts<App> for Place {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let Path(captures) = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await?;
        let mut captures = captures.into_iter();
        let (kind, account) = captures.next().unwrap_or_default();
        check_account(&account)?;
        let family = if kind == "zone_id" { "zones" } else { "accounts" };
        let id = captures.next().map(|(_, id)| id).unwrap_or_default();
        Ok(Self { owner: format!("{family}/{account}"), account, id })
    }
}

/// Any identifier works that a real one could be: up to 32 letters, digits, `_` and `-`.
///
/// # Errors
/// [`error::NO_ROUTE`], as for a path that does not exist.
pub(super) fn check_account(id: &str) -> Result<(), Refusal> {
    let sound = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if sound && !id.is_empty() && id.len() <= LONGEST_ID { Ok(()) } else { Err(error::NO_ROUTE.plain()) }
}
