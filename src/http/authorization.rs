//! Bearer credentials and the claims of a JSON Web Token.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

/// The parsed `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// The header is missing or empty.
    Missing,
    /// A non-empty bearer token.
    Bearer(&'a str),
    /// Any other value, including the `Bearer` scheme without a token.
    Unsupported,
}

/// The scheme of a bearer token as nearly all clients write it; schemes are case-insensitive.
const BEARER: &str = "Bearer";

/// Parses the `Authorization` header.
pub fn authorization(headers: &HeaderMap) -> Authorization<'_> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Authorization::Missing };
    let Ok(value) = value.to_str() else { return Authorization::Unsupported };
    // The value is ASCII without control characters other than tabs.
    let value = value.trim_ascii();
    if value.is_empty() {
        return Authorization::Missing;
    }
    let scheme = value.split_at_checked(BEARER.len());
    let token = scheme.filter(|(scheme, _)| *scheme == BEARER || scheme.eq_ignore_ascii_case(BEARER));
    match token.and_then(|(_, rest)| rest.strip_prefix(' ')).map(str::trim_ascii) {
        Some(token) if !token.is_empty() => Authorization::Bearer(token),
        _ => Authorization::Unsupported,
    }
}

/// Returns the claims of a JSON Web Token without checking its signature; `None` if `token` is not one.
pub fn claims(token: &str) -> Option<Value> {
    serde_json::from_slice(&payload(token)?).ok()
}

/// Returns the `exp` claim of a JSON Web Token without checking its signature; `None` if `token` is not one or has no
/// `exp`.
pub fn expiry(token: &str) -> Option<Value> {
    #[derive(Deserialize)]
    struct Expiry {
        exp: Option<Value>,
    }
    let claims: Expiry = serde_json::from_slice(&payload(token)?).ok()?;
    claims.exp
}

/// Returns the decoded payload of a token with three dot-separated parts; `None` if it does not start with `{`.
fn payload(token: &str) -> Option<Vec<u8>> {
    let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
    let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else { return None };
    let payload = &token[first + 1..second];
    let decoded = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    decoded.trim_ascii_start().starts_with(b"{").then_some(decoded)
}
