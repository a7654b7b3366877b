//! Authentication: an API token, an email address with its key, or a service key; any one of them is enough.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use super::path::ResourcePath;
use crate::app::App;
use crate::config::{AuthMode, Fidelity};
use crate::domain::cloudflare::error;
use crate::domain::credentials::Credential;
use crate::http::RequestContext;
use crate::http::authorization::{Authorization, authorization};
use crate::spec::{ApiError, ErrorCode, Operation, RequestError, Violation};

/// An authenticated caller with permission for the request.
#[derive(Debug)]
pub(super) struct Caller {
    /// Whether the caller may read; the live service returns empty lists to one who may not.
    pub(super) may_read: bool,
    /// The only account or zone that the credential is valid for, if it is not valid for all.
    pub(super) account: Option<String>,
}

impl Caller {
    /// A caller whose credential is not compared with those of the seed.
    const UNRESTRICTED: Self = Self { may_read: true, account: None };
}

/// A well-formed credential.
enum PresentedCredential<'a> {
    Token(&'a str),
    Key { email: &'a str, key: &'a str },
    ServiceKey(&'a str),
}

impl FromRequestParts<RequestContext> for Caller {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &RequestContext) -> Result<Self, RequestError> {
        let mode = app.auth_mode(parts);
        if mode == AuthMode::Off {
            return Ok(Self::UNRESTRICTED);
        }
        // Only strict mode compares the account; a path that is not UTF-8 is rejected by the handler.
        let path = match mode {
            AuthMode::Strict => ResourcePath::parse(parts, app).await.ok(),
            AuthMode::Lenient | AuthMode::Off => None,
        };
        let presented = parse_headers(&parts.headers, app.fidelity())?;
        if mode != AuthMode::Strict {
            return Ok(Self::UNRESTRICTED);
        }
        let credential = find_credential(app, &presented)?;
        let account = path.as_ref().map_or("", |path| path.account.as_str());
        Ok(check_permission(&credential, account, app)?)
    }
}

fn parse_headers(headers: &HeaderMap, fidelity: Fidelity) -> Result<PresentedCredential<'_>, ApiError> {
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
            let malformed = [
                (!is_email(email)).then(|| Violation::new("6102", "Invalid format for X-Auth-Email header")),
                (!is_token(key)).then(|| Violation::new("6103", "Invalid format for X-Auth-Key header")),
            ];
            let malformed: Vec<Violation> = malformed.into_iter().flatten().collect();
            if malformed.is_empty() {
                return Ok(PresentedCredential::Key { email, key });
            }
            Err(error::MALFORMED_HEADER.with_violations(malformed))
        }
        (_, _, Some(key)) if is_token(key) => Ok(PresentedCredential::ServiceKey(key)),
        (Some(_), None, None) if fidelity == Fidelity::Live => Err(error::MISSING_KEY.error()),
        (None, Some(_), None) if fidelity == Fidelity::Live => Err(error::MISSING_EMAIL.error()),
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

/// Returns whether an error about credentials can be the response to a request with the credential in `headers`: an
/// unknown key only if there is a key, a missing credential only if there is none, and a missing permission as in
/// [`check_permission`]. All other errors can.
pub(super) fn applies_to(error: &ErrorCode, headers: &HeaderMap, operation: Option<&Operation>) -> bool {
    let has = |name: &str| headers.contains_key(name);
    let has_token = has("authorization");
    let has_key = !has_token && has("x-auth-email") && has("x-auth-key");
    let has_credential = has_token || has_key || has("x-auth-user-service-key");
    let is_access = operation.is_some_and(|operation| is_access(operation.path));
    match error.id {
        id if id == error::UNKNOWN_KEY.id => has_key,
        id if id == error::MISSING_CREDENTIALS.id => !has_credential,
        id if id == error::MISSING_KEY.id => !has_credential && has("x-auth-email"),
        id if id == error::MISSING_EMAIL.id => !has_credential && has("x-auth-key"),
        id if id == error::ACCESS_NOT_PERMITTED.id || id == error::WRITE_NOT_PERMITTED.id => is_access,
        id if id == error::NOT_PERMITTED.id => !is_access,
        _ => true,
    }
}

/// Returns whether the Access service responds to an operation with this path.
fn is_access(path: &str) -> bool {
    path.contains("/access/")
}

/// Checks the role of a known credential; without the right, the two services behind the gateway respond differently.
fn check_permission(
    credential: &Credential,
    account: &str,
    context: &RequestContext,
) -> Result<Caller, ApiError> {
    // A path without an account shows only what belongs to the account of the credential.
    let account = Some(account).filter(|account| !account.is_empty());
    if credential.account.as_deref().zip(account).is_some_and(|(allowed, account)| allowed != account) {
        return Err(error::ACCOUNT_MISMATCH.error());
    }
    let is_write = context.0.method != Method::GET;
    if credential.allows(account, is_write) {
        return Ok(Caller { may_read: true, account: credential.account.clone() });
    }
    let path = context.0.operation.map_or("", |operation| operation.path);
    if !is_access(path) {
        return Err(error::NOT_PERMITTED.error());
    }
    let is_list = !is_write && !path.ends_with('}');
    match context.fidelity() {
        Fidelity::Live if is_list => Ok(Caller { may_read: false, account: None }),
        Fidelity::Live if is_write && credential.allows(account, false) => {
            Err(error::WRITE_NOT_PERMITTED.error())
        }
        Fidelity::Live | Fidelity::Documented => Err(error::ACCESS_NOT_PERMITTED.error()),
    }
}
