//! The response body of the token endpoint.

use serde::Serialize;

/// The response body of the token endpoint. `expires_in` is in seconds, `expiration` in seconds since the Unix epoch.
#[derive(Debug, Serialize)]
pub(in super::super) struct Token {
    pub(in super::super) access_token: String,
    pub(in super::super) refresh_token: String,
    pub(in super::super) ims_user_id: u64,
    pub(in super::super) token_type: &'static str,
    pub(in super::super) expires_in: i64,
    pub(in super::super) expiration: i64,
    pub(in super::super) scope: String,
}
