//! Authentication: an API token, an email address with its key, or a service key; any one of them is enough.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use super::path::ResourcePath;
use crate::app::App;
use crate::config::AuthMode;
use crate::domain::cloudflare::error;
use crate::domain::credentials::Credential;
use crate::http::RequestContext;
use crate::http::authorization::{Authorization, authorization};
use crate::spec::{ApiError, RequestError};

/// An authenticated caller with permission for the request.
#[derive(Debug)]
pub(super) struct Caller;

/// A well-formed credential.
enum PresentedCredential<'a> {
    Token(&'a str),
    Key { email: &'a str, key: &'a str },
    ServiceKey(&'a str),
}

impl FromRequestParts<RequestContext> for Caller {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &RequestContext) -> Result<Self, RequestError> {
        let mode = app.config().auth;
        if mode == AuthMode::Off {
            return Ok(Self);
        }
        // Only strict mode compares the account; a path that is not UTF-8 is rejected by the handler.
        let path = match mode {
            AuthMode::Strict => ResourcePath::parse(parts, app).await.ok(),
            AuthMode::Lenient | AuthMode::Off => None,
        };
        let presented = parse_headers(&parts.headers)?;
        if mode == AuthMode::Strict {
            let credential = find_credential(app, &presented)?;
            let account = path.as_ref().map_or("", |path| path.account.as_str());
            check_permission(&credential, account, parts.method != Method::GET)?;
        }
        Ok(Self)
    }
}

fn parse_headers(headers: &HeaderMap) -> Result<PresentedCredential<'_>, ApiError> {
    match authorization(headers) {
        Authorization::Bearer(token) if is_token(token) => return Ok(PresentedCredential::Token(token)),
        Authorization::Bearer(_) | Authorization::Unsupported => {
            return Err(
                error::MALFORMED_HEADER.with_violation("6111", "Invalid format for Authorization header")
            );
        }
        Authorization::Missing => {}
    }
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"));
    match (header("x-auth-email"), header("x-auth-key"), header("x-auth-user-service-key")) {
        (Some(email), Some(key), _) => {
            if !is_token(key) {
                return Err(
                    error::MALFORMED_HEADER.with_violation("6103", "Invalid format for X-Auth-Key header")
                );
            }
            if !is_email(email) {
                return Err(
                    error::MALFORMED_HEADER.with_violation("6102", "Invalid format for X-Auth-Email header")
                );
            }
            Ok(PresentedCredential::Key { email, key })
        }
        (_, _, Some(key)) if is_token(key) => Ok(PresentedCredential::ServiceKey(key)),
        _ => Err(error::MISSING_CREDENTIALS.error()),
    }
}

fn is_token(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

fn is_email(value: &str) -> bool {
    let halves = value.split_once('@');
    halves.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !value.contains(' '))
}

fn find_credential(app: &App, presented: &PresentedCredential<'_>) -> Result<Credential, ApiError> {
    let find = |email: Option<&str>, secret: &str| {
        app.credentials().find("cloudflare", |credential| {
            credential.secret == secret && credential.email.as_deref() == email
        })
    };
    match presented {
        PresentedCredential::Token(secret) | PresentedCredential::ServiceKey(secret) => {
            find(None, secret).ok_or_else(|| error::UNKNOWN_TOKEN.error())
        }
        PresentedCredential::Key { email, key } => {
            find(Some(email), key).ok_or_else(|| error::UNKNOWN_KEY.error())
        }
    }
}

fn check_permission(credential: &Credential, account: &str, write: bool) -> Result<(), ApiError> {
    if credential.account.as_deref().is_some_and(|allowed| allowed != account) {
        return Err(error::ACCOUNT_MISMATCH.error());
    }
    if credential.allows(Some(account), write) { Ok(()) } else { Err(error::NOT_PERMITTED.error()) }
}
