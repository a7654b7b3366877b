//! Bearer credentials and the claims of a JSON Web Token.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

/// What the `Authorization` header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// There is no such header, or it is empty.
    Missing,
    /// A bearer token that is not empty.
    Bearer(&'a str),
    /// Anything else, also a bearer without a token.
    Unsupported,
}

/// Reads the `Authorization` header.
pub fn authorization(headers: &HeaderMap) -> Authorization<'_> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Authorization::Missing };
    let Ok(text) = value.to_str() else { return Authorization::Unsupported };
    let text = text.trim();
    if text.is_empty() {
        return Authorization::Missing;
    }
    let token = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match token.map(|(_, token)| token.trim()) {
        Some(token) if !token.is_empty() => Authorization::Bearer(token),
        _ => Authorization::Unsupported,
    }
}

/// Returns the claims of a three-part token without checking its signature; `None` when it is no such token.
pub fn claims(token: &str) -> Option<Value> {
    serde_json::from_slice(&payload(token)?).ok()
}

/// Returns the claim `exp` of a token like [`claims`]; `None` when it is no such token, or has no such claim.
pub fn expiry(token: &str) -> Option<Value> {
    #[derive(Deserialize)]
    struct Expiring {
        exp: Option<Value>,
    }
    let claims: Expiring = serde_json::from_slice(&payload(token)?).ok()?;
    claims.exp
}

/// The text between the points of a three-part token, which must begin an object.
fn payload(token: &str) -> Option<Vec<u8>> {
    let mut parts = token.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let decoded = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    decoded.trim_ascii_start().starts_with(b"{").then_some(decoded)
}
