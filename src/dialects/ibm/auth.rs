//! Authentication: IAM accepts bearer tokens, which are JSON Web Tokens, and Basic credentials from some clients.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use serde_json::Value;

use super::jwt;
use crate::app::App;
use crate::config::AuthMode;
use crate::domain::credentials::Credential;
use crate::domain::ibm::error;
use crate::domain::ibm::records::caller::{Caller, DEFAULT_ACCOUNT, DEFAULT_IAM_ID};
use crate::http::authorization::{Authorization, authorization, claims};
use crate::http::{Query, RequestContext};
use crate::spec::{ApiError, RequestError};

impl FromRequestParts<RequestContext> for Caller {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &RequestContext) -> Result<Self, RequestError> {
        match app.auth_mode(parts) {
            AuthMode::Off => Ok(caller_without_auth(&parts.headers, app)),
            AuthMode::Lenient => Ok(authenticate_leniently(&parts.headers, app)?),
            AuthMode::Strict => Ok(authenticate_strictly(parts, app)?),
        }
    }
}

/// Returns the caller identified by the credential, or the anonymous caller. No credential is rejected.
fn caller_without_auth(headers: &HeaderMap, app: &App) -> Caller {
    match authorization(headers) {
        Authorization::Bearer(token) => caller_from_token(token, claims(token).as_ref(), app),
        Authorization::Missing | Authorization::Unsupported => Caller::anonymous(),
    }
}

/// Returns the caller identified by the claims of a token, or by the seeded credential with `token` as its secret.
fn caller_from_token(token: &str, claims: Option<&Value>, app: &App) -> Caller {
    match claims {
        Some(claims) => Caller::from_claims(claims),
        None => {
            credential_by_secret(token, app).as_ref().map_or_else(Caller::anonymous, Caller::from_credential)
        }
    }
}

/// Returns the caller of a request with any unexpired bearer token that is not a refresh token of this server, or with any
/// Basic credential.
///
/// # Errors
/// [`error::INVALID_TOKEN`].
fn authenticate_leniently(headers: &HeaderMap, app: &App) -> Result<Caller, ApiError> {
    match authorization(headers) {
        Authorization::Bearer(token) => {
            let claims = claims(token);
            let has_expired = |claims: &Value| jwt::has_expired(claims, app.timestamp());
            let is_refresh_token =
                || claims.as_ref().is_some_and(jwt::is_refresh_claims) && jwt::is_refresh_token(token);
            if claims.as_ref().is_some_and(has_expired) || is_refresh_token() {
                return Err(error::INVALID_TOKEN.error());
            }
            Ok(caller_from_token(token, claims.as_ref(), app))
        }
        Authorization::Unsupported if is_basic(headers) => Ok(Caller::anonymous()),
        Authorization::Unsupported | Authorization::Missing => Err(error::INVALID_TOKEN.error()),
    }
}

/// Returns the caller of a seeded credential, or of a token that was issued for one.
///
/// # Errors
/// [`error::INVALID_TOKEN`], and [`error::FORBIDDEN`] if the credential does not allow the account or the method.
fn authenticate_strictly(parts: &Parts, app: &App) -> Result<Caller, ApiError> {
    let Authorization::Bearer(token) = authorization(&parts.headers) else {
        return Err(error::INVALID_TOKEN.error());
    };
    let (credential, mut caller) = if let Some(credential) = credential_by_secret(token, app) {
        let caller = Caller::from_credential(&credential);
        (credential, caller)
    } else {
        let (credential, claims) =
            verify_access_token(token, app).ok_or_else(|| error::INVALID_TOKEN.error())?;
        (credential, Caller::from_claims(&claims))
    };
    let query = Query::parse(parts.uri.query().unwrap_or_default()).unwrap_or_default();
    let is_write = parts.method != Method::GET && parts.method != Method::HEAD;
    if !credential.allows(query.get_non_empty("account_id"), is_write) {
        return Err(error::FORBIDDEN.error());
    }
    caller.restricted_to.clone_from(&credential.account);
    Ok(caller)
}

/// Returns the credential for which this server issued the access token, and the claims of the token; `None` if the
/// token is invalid, has expired or is a refresh token.
pub(super) fn verify_access_token(token: &str, app: &App) -> Option<(Credential, Value)> {
    let claims = jwt::verify(token).filter(|claims| !jwt::has_expired(claims, app.timestamp()))?;
    if jwt::is_refresh_claims(&claims) {
        return None;
    }
    Some((credential_for_claims(&claims, app)?, claims))
}

/// Returns the seeded credential named by `apikey_id` in the claims.
pub(super) fn credential_for_claims(claims: &Value, app: &App) -> Option<Credential> {
    let fingerprint = claims.get("apikey_id")?.as_str()?;
    app.credentials().find("ibm", |credential| jwt::fingerprint(&credential.secret) == fingerprint)
}

/// Returns the seeded credential with `secret`.
pub(super) fn credential_by_secret(secret: &str, app: &App) -> Option<Credential> {
    app.credentials().find("ibm", |credential| credential.secret == secret)
}

/// Returns whether `Authorization` holds non-empty Basic credentials.
pub(super) fn is_basic(headers: &HeaderMap) -> bool {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scheme = value.trim().split_once(' ');
    scheme.is_some_and(|(scheme, rest)| scheme.eq_ignore_ascii_case("basic") && !rest.trim().is_empty())
}

impl Caller {
    /// Returns the caller of a request that identifies nobody: the default IAM id in the default account.
    pub(super) fn anonymous() -> Self {
        Self { iam_id: DEFAULT_IAM_ID.into(), account: DEFAULT_ACCOUNT.into(), restricted_to: None }
    }

    /// Returns the caller identified by the claims of a token: `iam_id` or `id`, and `account.bss`.
    pub(super) fn from_claims(claims: &Value) -> Self {
        let string = |pointer: &str| {
            let value = claims.pointer(pointer).and_then(Value::as_str);
            value.filter(|value| !value.is_empty()).map(|value| value.to_owned().into())
        };
        Self {
            iam_id: string("/iam_id").or_else(|| string("/id")).unwrap_or(DEFAULT_IAM_ID.into()),
            account: string("/account/bss").unwrap_or(DEFAULT_ACCOUNT.into()),
            restricted_to: None,
        }
    }

    /// Returns the caller that uses a seeded credential.
    pub(super) fn from_credential(credential: &Credential) -> Self {
        let default = Self::anonymous();
        Self {
            iam_id: credential.iam_id.clone().map_or(default.iam_id, Into::into),
            account: credential.account.clone().map_or(default.account, Into::into),
            restricted_to: None,
        }
    }
}
