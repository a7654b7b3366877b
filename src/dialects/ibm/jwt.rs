//! JSON Web Tokens signed with HS256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac_sha256::HMAC;
use serde::Serialize;
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::http::authorization::claims;
use crate::store::stable_hex_id;

/// The signing key. It is a constant, so that tokens stay valid after a restart and a reset of the store. It is not
/// secret: it lets tests detect invalid tokens, but it does not protect anything.
const SIGNING_KEY: &[u8] = b"access-groups-mock: the signing key of the ibm dialect";

/// The header of every token: `{"alg":"HS256","typ":"JWT","kid":"access-groups-mock"}`.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT","kid":"access-groups-mock"}"#;

/// The lifetime of an access token, in seconds.
pub(super) const ACCESS_TOKEN_LIFETIME: i64 = 3600;

/// The difference of `exp` and `iat`, in seconds, of an access token that is issued while the clock of the mock is behind
/// that of the machine: a century. Clients compare `exp` with the clock of the machine, and would request a new token
/// before every call. It does not depend on the time, so that the tokens of a deterministic server stay the same.
pub(super) const LONG_LIFETIME: i64 = 36_525 * 24 * 3600;

/// The `typ` claim of a refresh token.
pub(super) const REFRESH_TYPE: &str = "refresh";

/// Returns whether these are the claims of a refresh token.
pub(super) fn is_refresh_claims(claims: &Value) -> bool {
    claims.get("typ").and_then(Value::as_str) == Some(REFRESH_TYPE)
}

/// Returns whether a token is a refresh token of this server, even if it has expired.
pub(super) fn is_refresh_token(token: &str) -> bool {
    verify(token).is_some_and(|claims| is_refresh_claims(&claims))
}

/// Returns a signed token with `claims`.
pub(super) fn sign(claims: &impl Serialize) -> String {
    let claims = serde_json::to_vec(claims).expect("claims have string keys and infallible fields");
    let signing_input = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let signature = HMAC::mac(&signing_input, SIGNING_KEY);
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Returns the claims of a token that this server signed, even if it has expired.
pub(super) fn verify(token: &str) -> Option<Value> {
    let (signing_input, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let expected = HMAC::mac(signing_input, SIGNING_KEY);
    let is_valid: bool = expected.ct_eq(&signature).into();
    if is_valid { claims(token) } else { None }
}

/// Returns whether a token with these claims has expired at `now`, in seconds since the Unix epoch.
///
/// A token without `exp` never expires; one whose `exp` is not a number has always expired. One with
/// [`LONG_LIFETIME`] has the usual lifetime for this server.
pub(super) fn has_expired(claims: &Value, now: i64) -> bool {
    let Some(expiry) = claims.get("exp") else { return false };
    if let (Some(expiry), Some(issued)) = (expiry.as_i64(), claims.get("iat").and_then(Value::as_i64)) {
        let lifetime = expiry.saturating_sub(issued);
        let lifetime = if lifetime == LONG_LIFETIME { ACCESS_TOKEN_LIFETIME } else { lifetime };
        return issued.saturating_add(lifetime) <= now;
    }
    let integer = expiry.as_i64();
    // Fractions of a second and numbers outside 64 bits are compared as floating-point numbers.
    let float = || expiry.as_f64().map(|seconds| seconds <= now as f64);
    integer.map(|seconds| seconds <= now).or_else(float).unwrap_or(true)
}

/// Returns the `apikey_id` claim of tokens issued for `secret`; the secret cannot be read from it.
pub(super) fn fingerprint(secret: &str) -> String {
    format!("ApiKey-{}", stable_hex_id(secret))
}
