//! Who calls: an API token, a pair of e-mail and key, or a service key; any one is enough.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use super::error;
use crate::app::App;
use crate::config::AuthMode;
use crate::credentials::Credential;
use crate::failure::{Failure, Refusal};
use crate::http::Context;
use crate::http::bearer::{Authorization, authorization};
use crate::http::path::capture;

/// A caller who may do what the request asks for.
#[derive(Debug)]
pub(super) struct Caller;

/// A well-formed credential.
enum Presented<'a> {
    Token(&'a str),
    Key { email: &'a str, key: &'a str },
    ServiceKey(&'a str),
}

impl FromRequestParts<Context> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Context) -> Result<Self, Failure> {
        let mode = app.config().auth;
        if mode == AuthMode::Off {
            return Ok(Self);
        }
        let presented = presented(&parts.headers)?;
        if mode == AuthMode::Strict {
            let credential = known(app, &presented)?;
            let (_, account) = capture(app, 0).unwrap_or_default();
            check_right(&credential, &account, parts.method != Method::GET)?;
        }
        Ok(Self)
    }
}

fn presented(headers: &HeaderMap) -> Result<Presented<'_>, Refusal> {
    match authorization(headers) {
        Authorization::Bearer(token) if is_token(token) => return Ok(Presented::Token(token)),
        Authorization::Bearer(_) | Authorization::Other => {
            return Err(error::BAD_HEADER.at("6111", "Invalid format for Authorization header"));
        }
        Authorization::Missing => {}
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"));
    match (text("x-auth-email"), text("x-auth-key"), text("x-auth-user-service-key")) {
        (Some(email), Some(key), _) => {
            if !is_token(key) {
                return Err(error::BAD_HEADER.at("6103", "Invalid format for X-Auth-Key header"));
            }
            if !is_email(email) {
                return Err(error::BAD_HEADER.at("6102", "Invalid format for X-Auth-Email header"));
            }
            Ok(Presented::Key { email, key })
        }
        (_, _, Some(key)) if is_token(key) => Ok(Presented::ServiceKey(key)),
        _ => Err(error::MISSING_CREDENTIALS.plain()),
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

fn is_email(text: &str) -> bool {
    let halves = text.split_once('@');
    halves.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !text.contains(' '))
}

fn known(app: &App, presented: &Presented<'_>) -> Result<Credential, Refusal> {
    let find = |email: Option<&str>, secret: &str| {
        app.credentials().find("cloudflare", |credential| {
            credential.secret == secret && credential.email.as_deref() == email
        })
    };
    match presented {
        Presented::Token(secret) | Presented::ServiceKey(secret) => {
            find(None, secret).ok_or_else(|| error::UNKNOWN_TOKEN.plain())
        }
        Presented::Key { email, key } => find(Some(email), key).ok_or_else(|| error::UNKNOWN_KEY.plain()),
    }
}

fn check_right(credential: &Credential, account: &str, write: bool) -> Result<(), Refusal> {
    if credential.account.as_deref().is_some_and(|own| own != account) {
        return Err(error::FOREIGN_ACCOUNT.plain());
    }
    if credential.allows(Some(account), write) { Ok(()) } else { Err(error::NOT_PERMITTED.plain()) }
}
