//! The grants of the token endpoint: what a form asks for, and the tokens that answer it.

use serde::Serialize;

use super::auth;
use super::error::token as error;
use super::jwt;
use super::model::{Caller, DEFAULT_ACCOUNT};
use super::wire;
use crate::app::App;
use crate::config::AuthMode;
use crate::credentials::Credential;
use crate::failure::Refusal;
use crate::http::Query;
use crate::store::derived_hex;

/// What all grant types but one begin with.
const GRANT_PREFIX: &str = "urn:ibm:params:oauth:grant-type:";

/// The issuer, by which the Terraform provider knows the public cloud.
const ISSUER: &str = "https://iam.cloud.ibm.com/identity";

/// How long an access token is good, in seconds.
const LIFETIME: i64 = 3600;

/// How long a refresh token is good, in seconds: 30 days.
const REFRESH_LIFETIME: i64 = 30 * 24 * 3600;

/// For whom a token is issued.
#[derive(Debug)]
struct Subject {
    caller: Caller,
    /// What the tokens say of the secret behind them.
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

/// Answers a form with tokens.
///
/// # Errors
/// [`error::PROPERTY_MISSING`], [`error::PROPERTY_INVALID`], [`error::KEY_NOT_FOUND`], and in strict mode
/// [`error::TOKEN_INVALID`].
pub(super) fn issue(form: &Query, app: &App) -> Result<wire::Token, Refusal> {
    let grant_type = required(form, "grant_type")?;
    let subject = match grant_type.strip_prefix(GRANT_PREFIX).unwrap_or(grant_type) {
        "apikey" => of_secret(form.text("apikey").ok_or_else(|| error::KEY_NOT_FOUND.plain())?, app)?,
        "cr-token" => {
            let subject = of_secret(required(form, "cr_token")?, app)?;
            subject.acting_as(profile(form)?)
        }
        "assume" => {
            let subject = of_token(required(form, "access_token")?, app)?;
            subject.acting_as(profile(form)?)
        }
        "iam-authz" => {
            let subject = of_token(required(form, "access_token")?, app)?;
            subject.acting_as(required(form, "desired_iam_id")?.to_owned())
        }
        "refresh_token" => of_refresh_token(required(form, "refresh_token")?, app)?,
        unknown => {
            let reason = format!("Validation of property 'grant_type' with value '[{unknown}]' failed.");
            return Err(error::PROPERTY_INVALID.at("", reason));
        }
    };
    Ok(subject.tokens(grant_type, form.text("scope").unwrap_or("ibm openid"), app.now().timestamp()))
}

fn required<'a>(form: &'a Query, name: &str) -> Result<&'a str, Refusal> {
    let missing = || error::PROPERTY_MISSING.at("", format!("Property '{name}' either missing or empty."));
    form.text(name).ok_or_else(missing)
}

fn of_secret(secret: &str, app: &App) -> Result<Subject, Refusal> {
    let fingerprint = jwt::fingerprint(secret);
    match auth::seeded(secret, app) {
        Some(credential) => Ok(Subject { caller: Caller::of_credential(&credential), fingerprint }),
        None if app.config().auth == AuthMode::Strict => Err(error::KEY_NOT_FOUND.plain()),
        None => Ok(Subject { caller: Caller::unknown(), fingerprint }),
    }
}

/// The subject of an access token; in strict mode one that is good here.
fn of_token(token: &str, app: &App) -> Result<Subject, Refusal> {
    if let Some((credential, claims)) = auth::issued(token, app) {
        return Ok(Subject::again(&claims, &credential));
    }
    unless_strict(token, app)
}

/// The subject of a refresh token; in strict mode one that was issued here and has not expired.
fn of_refresh_token(token: &str, app: &App) -> Result<Subject, Refusal> {
    let claims = jwt::verify(token).filter(|claims| !jwt::has_expired(claims, app.now().timestamp()));
    let refreshing = claims.filter(|claims| claims.get("typ").is_some());
    if let Some(claims) = refreshing
        && let Some(credential) = auth::credential_of(&claims, app)
    {
        return Ok(Subject::again(&claims, &credential));
    }
    unless_strict(token, app)
}

fn unless_strict(token: &str, app: &App) -> Result<Subject, Refusal> {
    if app.config().auth == AuthMode::Strict {
        return Err(error::TOKEN_INVALID.plain());
    }
    let caller = crate::http::bearer::claims(token).map_or_else(Caller::unknown, |it| Caller::of_claims(&it));
    Ok(Subject { caller, fingerprint: jwt::fingerprint(token) })
}

/// The IAM id of the trusted profile that is named by id, CRN or name.
fn profile(form: &Query) -> Result<String, Refusal> {
    if let Some(id) = form.text("profile_id") {
        return Ok(iam_id_of_profile(id));
    }
    if let Some(crn) = form.text("profile_crn") {
        return Ok(iam_id_of_profile(crn.rsplit(':').next().unwrap_or(crn)));
    }
    let name = required(form, "profile_name")
        .map_err(|_| error::PROPERTY_MISSING.at("", "Property 'profile_id' either missing or empty."))?;
    let account = form.text("account").unwrap_or(DEFAULT_ACCOUNT);
    Ok(iam_id_of_profile(&format!("Profile-{}", derived_hex(&format!("{account}/{name}")))))
}

fn iam_id_of_profile(id: &str) -> String {
    if id.starts_with("iam-") { id.to_owned() } else { format!("iam-{id}") }
}

impl Subject {
    /// The subject of a token that was issued for `credential` before.
    fn again(claims: &serde_json::Value, credential: &Credential) -> Self {
        Self { caller: Caller::of_claims(claims), fingerprint: jwt::fingerprint(&credential.secret) }
    }

    fn acting_as(mut self, iam_id: String) -> Self {
        self.caller.iam_id = iam_id;
        self
    }

    fn tokens(&self, grant_type: &str, scope: &str, now: i64) -> wire::Token {
        let iam_id = self.caller.iam_id.as_str();
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
            access_token: jwt::sign(&claims(LIFETIME, None)),
            refresh_token: jwt::sign(&claims(REFRESH_LIFETIME, Some("refresh"))),
            ims_user_id: 1,
            token_type: "Bearer",
            expires_in: LIFETIME,
            expiration: now + LIFETIME,
            scope: scope.to_owned(),
        }
    }
}
