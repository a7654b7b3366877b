//! Signed tokens: JSON Web Tokens with HS256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;

use crate::http::bearer::claims;
use crate::store::derived_hex;

/// The server's own key. It is a constant, so that tokens outlive a restart and a reset of the store. It keeps
/// tests honest and nobody out: who has seen one token can sign another for the same credential.
const KEY: &[u8] = b"access-groups-mock: the signing key of the ibm dialect";

/// The header of every token: `{"alg":"HS256","typ":"JWT","kid":"access-groups-mock"}`.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT","kid":"access-groups-mock"}"#;

/// Returns a signed token with `claims`.
pub(super) fn sign(claims: &impl Serialize) -> String {
    let claims = serde_json::to_vec(claims).expect("claims have text keys and no failing parts");
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let signature = keyed(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Returns the claims of a token that this server signed, whether it has expired or not.
pub(super) fn verify(token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    keyed(signed).verify_slice(&signature).ok()?;
    claims(token)
}

/// Whether the claims say that their token has expired at `now`, in seconds since 1970.
pub(super) fn has_expired(claims: &Value, now: i64) -> bool {
    let Some(expiry) = claims.get("exp") else { return false };
    let whole = expiry.as_i64();
    // A fraction of a second or a number beyond 64 bits is compared as a floating-point number.
    let rough = || expiry.as_f64().map(|seconds| seconds <= now as f64);
    whole.map(|seconds| seconds <= now).or_else(rough).unwrap_or(true)
}

/// Returns what a token says of the secret that it was issued for.
pub(super) fn fingerprint(secret: &str) -> String {
    format!("ApiKey-{}", derived_hex(secret))
}

fn keyed(signed: &str) -> Hmac<Sha256> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(KEY).expect("HMAC takes keys of every length");
    hmac.update(signed.as_bytes());
    hmac
}
