//! Authentication by a bearer token: a JWT, a raw access key or an opaque string.
//!
//! The official clients either sign a JWT with the private key in their access key (`client.key.account.base64`) or
//! send the access key itself. The server has no public keys, so it does not verify signatures. In strict mode, a
//! JWT authenticates as the seeded access key identified by its `sub` and `kid`.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::app::App;
use crate::config::AuthMode;
use crate::domain::authress::error;
use crate::domain::credentials::Credential;
use crate::http::RequestContext;
use crate::http::authorization::{Authorization, authorization, claims, expiry};
use crate::spec::{ApiError, RequestError};

/// An authenticated caller with permission for the request.
#[derive(Debug)]
pub(super) struct Caller;

impl FromRequestParts<RequestContext> for Caller {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &RequestContext) -> Result<Self, RequestError> {
        let is_write = !matches!(parts.method, Method::GET | Method::HEAD);
        match app.auth_mode(parts) {
            AuthMode::Off => {}
            AuthMode::Lenient => {
                bearer_token(parts, app)?;
            }
            AuthMode::Strict => authorize(bearer_token(parts, app)?, is_write, app)?,
        }
        Ok(Self)
    }
}

/// Returns the bearer token of a request.
///
/// # Errors
/// [`error::UNAUTHORIZED`] if there is no token, if it is the string `undefined` that clients without a token send, if
/// it contains whitespace, or if it is an expired JWT.
fn bearer_token<'a>(parts: &'a Parts, app: &App) -> Result<&'a str, ApiError> {
    let Authorization::Bearer(token) = authorization(&parts.headers) else {
        return Err(error::UNAUTHORIZED.error());
    };
    // A header has no other whitespace than these.
    let has_whitespace = memchr::memchr2(b' ', b'\t', token.as_bytes()).is_some();
    if token == "undefined" || has_whitespace || is_expired(token, app) {
        return Err(error::UNAUTHORIZED.error());
    }
    Ok(token)
}

/// Returns whether `token` is a JWT whose `exp`, in seconds, is not in the future.
fn is_expired(token: &str, app: &App) -> bool {
    let expires = expiry(token).and_then(|expiry| expiry.as_f64());
    expires.is_some_and(|expires| expires <= app.timestamp() as f64)
}

/// Checks that `token` belongs to a seeded credential with read permission, or write permission if `is_write`.
///
/// # Errors
/// [`error::UNAUTHORIZED`] and [`error::FORBIDDEN`].
fn authorize(token: &str, is_write: bool, app: &App) -> Result<(), ApiError> {
    let seeded = app.credentials().find("authress", |credential| credential.secret == token);
    let credential =
        seeded.or_else(|| credential_for_jwt(token, app)).ok_or_else(|| error::UNAUTHORIZED.error())?;
    if credential.allows(None, is_write) { Ok(()) } else { Err(error::FORBIDDEN.error()) }
}

/// Returns the credential whose access key a JWT claims to be signed with.
fn credential_for_jwt(token: &str, app: &App) -> Option<Credential> {
    let claims = claims(token)?;
    let client_id = claims["sub"].as_str().or_else(|| claims["client_id"].as_str())?;
    let header = jwt_header(token)?;
    let key_id = header["kid"].as_str()?;
    app.credentials().find("authress", |credential| {
        let parts: Vec<&str> = credential.secret.split('.').collect();
        parts.len() == 4 && parts[0] == client_id && parts[1] == key_id
    })
}

fn jwt_header(token: &str) -> Option<Value> {
    let (header, _) = token.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header.trim_end_matches('=')).ok()?).ok()
}
