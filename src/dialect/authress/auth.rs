//! Who calls: a bearer token, which is a JWT, a raw access key or anything opaque.
//!
//! The official clients either sign a JWT with the private key inside their access key
//! (`client.key.account.base64`), or send that key as it is. The server has no public keys: signatures are
//! not verified. In strict mode a JWT stands for the seeded access key that its `sub` and `kid` name.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::error;
use crate::app::App;
use crate::config::AuthMode;
use crate::credentials::Credential;
use crate::failure::{Failure, Refusal};
use crate::http::Context;
use crate::http::bearer::{Authorization, authorization, claims, expiry};

/// A caller who may do what the request asks for.
#[derive(Debug)]
pub(super) struct Caller;

impl FromRequestParts<Context> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Context) -> Result<Self, Failure> {
        let is_write = !matches!(parts.method, Method::GET | Method::HEAD);
        match app.config().auth {
            AuthMode::Off => {}
            AuthMode::Lenient => {
                token_of(parts, app)?;
            }
            AuthMode::Strict => admit(token_of(parts, app)?, is_write, app)?,
        }
        Ok(Self)
    }
}

/// Returns the token of a request.
///
/// # Errors
/// [`error::UNAUTHORIZED`] when there is none, when it is the `undefined` of a client without a token, when
/// it has a blank inside, and when it is a JWT whose time is over.
fn token_of<'a>(parts: &'a Parts, app: &App) -> Result<&'a str, Refusal> {
    let Authorization::Bearer(token) = authorization(&parts.headers) else {
        return Err(error::UNAUTHORIZED.plain());
    };
    if token == "undefined" || token.contains(char::is_whitespace) || is_expired(token, app) {
        return Err(error::UNAUTHORIZED.plain());
    }
    Ok(token)
}

/// Whether `token` is a JWT whose `exp`, in seconds, is not in the future.
fn is_expired(token: &str, app: &App) -> bool {
    let expires = expiry(token).and_then(|expiry| expiry.as_f64());
    expires.is_some_and(|expires| expires <= app.now().timestamp() as f64)
}

/// Lets a seeded credential through that may read, or write when `is_write`.
fn admit(token: &str, is_write: bool, app: &App) -> Result<(), Refusal> {
    let seeded = app.credentials().find("authress", |credential| credential.secret == token);
    let credential = seeded.or_else(|| signer_of(token, app)).ok_or_else(|| error::UNAUTHORIZED.plain())?;
    if credential.allows(None, is_write) { Ok(()) } else { Err(error::FORBIDDEN.plain()) }
}

/// Returns the credential whose access key a JWT says to be made with.
fn signer_of(token: &str, app: &App) -> Option<Credential> {
    let claims = claims(token)?;
    let client_id = claims["sub"].as_str().or_else(|| claims["client_id"].as_str())?;
    let header = header_of(token)?;
    let key_id = header["kid"].as_str()?;
    app.credentials().find("authress", |credential| {
        let parts: Vec<&str> = credential.secret.split('.').collect();
        parts.len() == 4 && parts[0] == client_id && parts[1] == key_id
    })
}

fn header_of(token: &str) -> Option<Value> {
    let (header, _) = token.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header.trim_end_matches('=')).ok()?).ok()
}
