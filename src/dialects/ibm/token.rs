//! The grant types of the token endpoint and the tokens that it issues.

use serde::Serialize;
use serde_json::Value;

use super::auth;
use super::jwt;
use super::wire;
use crate::app::App;
use crate::config::AuthMode;
use crate::domain::credentials::Credential;
use crate::domain::ibm::error::neighbors::API_KEY_NOT_FOUND;
use crate::domain::ibm::error::token as error;
use crate::domain::ibm::records::caller::{Caller, DEFAULT_ACCOUNT};
use crate::http::Query;
use crate::spec::ApiError;
use crate::store::stable_hex_id;

/// The prefix of all grant types except `refresh_token`.
const GRANT_PREFIX: &str = "urn:ibm:params:oauth:grant-type:";

/// The issuer; the Terraform provider recognizes the public cloud by it.
const ISSUER: &str = "https://iam.cloud.ibm.com/identity";

/// The lifetime of a refresh token, in seconds: 30 days.
const REFRESH_TOKEN_SECONDS: i64 = 30 * 24 * 3600;

/// The value of `refresh_token` for clients that get none.
const NO_REFRESH_TOKEN: &str = "not_supported";

/// The client that requests a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Client {
    /// A client with credentials, which gets a refresh token.
    Authenticated,
    /// A client without credentials, which gets no refresh token.
    Anonymous,
}

/// The subject of a token.
#[derive(Debug)]
struct Subject {
    caller: Caller,
    /// The `apikey_id` claim: the fingerprint of the secret that the tokens are issued for.
    fingerprint: String,
}

/// The claims of a token.
#[derive(Serialize)]
struct Claims<'a> {
    iam_id: &'a str,
    id: &'a str,
    realmid: &'a str,
    identifier: &'a str,
    sub: &'a str,
    email: &'a str,
    account: Account<'a>,
    apikey_id: &'a str,
    iat: i64,
    exp: i64,
    iss: &'static str,
    grant_type: &'a str,
    scope: &'a str,
    client_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<&'static str>,
}

#[derive(Serialize)]
struct Account<'a> {
    valid: bool,
    bss: &'a str,
}

/// Issues the tokens that a form requests.
///
/// # Errors
/// [`error::PROPERTY_MISSING`], [`error::PROPERTY_INVALID`], [`error::TOKEN_INVALID`], [`error::REFRESH_TOKEN_EXPIRED`],
/// and in strict mode [`error::KEY_NOT_FOUND`].
pub(super) fn issue(form: &Query, client: Client, app: &App) -> Result<wire::Token, ApiError> {
    let grant_type = required_property(form, "grant_type")?;
    let subject = match grant_type.strip_prefix(GRANT_PREFIX).unwrap_or(grant_type) {
        "apikey" => subject_from_secret(required_property(form, "apikey")?, app)?,
        "cr-token" => {
            let subject = subject_from_secret(required_property(form, "cr_token")?, app)?;
            subject.impersonating(profile_iam_id(form)?)
        }
        "assume" => {
            let subject = subject_from_access_token(required_property(form, "access_token")?, app)?;
            subject.impersonating(profile_iam_id(form)?)
        }
        "iam-authz" => {
            let subject = subject_from_access_token(required_property(form, "access_token")?, app)?;
            subject.impersonating(required_property(form, "desired_iam_id")?.to_owned())
        }
        "refresh_token" => subject_from_refresh_token(required_property(form, "refresh_token")?, app)?,
        unknown => {
            let reason = format!("Validation of property 'grant_type' with value '[{unknown}]' failed.");
            return Err(error::PROPERTY_INVALID.with_violation("", reason));
        }
    };
    let scope = form.get_non_empty("scope").unwrap_or("ibm openid");
    Ok(subject.tokens((grant_type, scope), client, app))
}

/// Returns the caller that an API key stands for, and the fingerprint of the key.
///
/// # Errors
/// In strict mode [`API_KEY_NOT_FOUND`].
pub(super) fn api_key_owner(secret: &str, app: &App) -> Result<(Caller, String), ApiError> {
    let subject = subject_from_secret(secret, app).map_err(|_| API_KEY_NOT_FOUND.error())?;
    Ok((subject.caller, subject.fingerprint))
}

fn required_property<'a>(form: &'a Query, name: &str) -> Result<&'a str, ApiError> {
    let missing =
        || error::PROPERTY_MISSING.with_violation("", format!("Property '{name}' either missing or empty."));
    form.get_non_empty(name).ok_or_else(missing)
}

/// Returns the subject of an API key or compute resource token; in strict mode only of a seeded one.
fn subject_from_secret(secret: &str, app: &App) -> Result<Subject, ApiError> {
    let fingerprint = jwt::fingerprint(secret);
    match auth::credential_by_secret(secret, app) {
        Some(credential) => Ok(Subject { caller: Caller::from_credential(&credential), fingerprint }),
        None if app.config().auth == AuthMode::Strict => Err(error::KEY_NOT_FOUND.error()),
        None => Ok(Subject { caller: Caller::anonymous(), fingerprint }),
    }
}

/// Returns the subject of an access token, which is not a refresh token; in strict mode only of a valid one that was issued
/// by this server.
fn subject_from_access_token(token: &str, app: &App) -> Result<Subject, ApiError> {
    if let Some((credential, claims)) = auth::verify_access_token(token, app) {
        return Ok(Subject::from_issued_claims(&claims, &credential));
    }
    if jwt::is_refresh_token(token) {
        return Err(error::TOKEN_INVALID.error());
    }
    subject_unless_strict(token, app)
}

/// Returns the subject of a refresh token that this server issued and that has not expired, in every mode; in strict mode
/// only if its credential is seeded.
fn subject_from_refresh_token(token: &str, app: &App) -> Result<Subject, ApiError> {
    let claims = jwt::verify(token).filter(jwt::is_refresh_claims);
    let claims = claims.ok_or_else(|| error::TOKEN_INVALID.error())?;
    if jwt::has_expired(&claims, app.now().timestamp()) {
        return Err(error::REFRESH_TOKEN_EXPIRED.error());
    }
    match auth::credential_for_claims(&claims, app) {
        Some(credential) => Ok(Subject::from_issued_claims(&claims, &credential)),
        None if app.config().auth == AuthMode::Strict => Err(error::TOKEN_INVALID.error()),
        None => {
            let fingerprint = claims.get("apikey_id").and_then(Value::as_str).unwrap_or_default().to_owned();
            Ok(Subject { caller: Caller::from_claims(&claims), fingerprint })
        }
    }
}

/// Returns the subject of an unverified token.
///
/// # Errors
/// [`error::TOKEN_INVALID`] in strict mode.
fn subject_unless_strict(token: &str, app: &App) -> Result<Subject, ApiError> {
    if app.config().auth == AuthMode::Strict {
        return Err(error::TOKEN_INVALID.error());
    }
    let caller = crate::http::authorization::claims(token)
        .map_or_else(Caller::anonymous, |claims| Caller::from_claims(&claims));
    Ok(Subject { caller, fingerprint: jwt::fingerprint(token) })
}

/// Returns the IAM id of the trusted profile that the form identifies by id, CRN or name.
fn profile_iam_id(form: &Query) -> Result<String, ApiError> {
    if let Some(id) = form.get_non_empty("profile_id") {
        return Ok(iam_id_from_profile_id(id));
    }
    if let Some(crn) = form.get_non_empty("profile_crn") {
        return Ok(iam_id_from_profile_id(crn.rsplit(':').next().unwrap_or(crn)));
    }
    let name = required_property(form, "profile_name").map_err(|_| {
        error::PROPERTY_MISSING.with_violation("", "Property 'profile_id' either missing or empty.")
    })?;
    let account = form.get_non_empty("account").unwrap_or(DEFAULT_ACCOUNT);
    Ok(iam_id_from_profile_id(&format!("Profile-{}", stable_hex_id(&format!("{account}/{name}")))))
}

fn iam_id_from_profile_id(id: &str) -> String {
    if id.starts_with("iam-") { id.to_owned() } else { format!("iam-{id}") }
}

impl Subject {
    /// Returns the subject of a token that was issued for `credential` before.
    fn from_issued_claims(claims: &Value, credential: &Credential) -> Self {
        Self { caller: Caller::from_claims(claims), fingerprint: jwt::fingerprint(&credential.secret) }
    }

    fn impersonating(mut self, iam_id: String) -> Self {
        self.caller.iam_id = iam_id.into();
        self
    }

    fn tokens(&self, (grant_type, scope): (&str, &str), client: Client, app: &App) -> wire::Token {
        let now = app.now().timestamp();
        let lifetime = if app.is_clock_behind() { jwt::LONG_LIFETIME } else { jwt::ACCESS_TOKEN_LIFETIME };
        let iam_id = &*self.caller.iam_id;
        let (realm, identifier) = iam_id.split_once('-').unwrap_or(("iam", iam_id));
        let email = format!("{identifier}@example.com");
        let claims = |lifetime: i64, typ: Option<&'static str>| Claims {
            iam_id,
            id: iam_id,
            realmid: realm,
            identifier,
            sub: &email,
            email: &email,
            account: Account { valid: true, bss: &self.caller.account },
            apikey_id: &self.fingerprint,
            iat: now,
            exp: now + lifetime,
            iss: ISSUER,
            grant_type,
            scope,
            client_id: "default",
            typ,
        };
        wire::Token {
            access_token: jwt::sign(&claims(lifetime, None)),
            refresh_token: match client {
                Client::Authenticated => jwt::sign(&claims(REFRESH_TOKEN_SECONDS, Some(jwt::REFRESH_TYPE))),
                Client::Anonymous => NO_REFRESH_TOKEN.to_owned(),
            },
            ims_user_id: 1,
            token_type: "Bearer",
            expires_in: jwt::ACCESS_TOKEN_LIFETIME,
            expiration: now + lifetime,
            scope: scope.to_owned(),
        }
    }
}
