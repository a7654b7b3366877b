//! Absolute links: built from the request, so that they lead back to wherever the client found the server.

use axum::http::HeaderMap;
use axum::http::header::HOST;

/// Returns the base of absolute links: `public_url`, or what `X-Forwarded-Proto`, `X-Forwarded-Host` and
/// `Host` say; never with a slash at its end.
pub fn base_url(public_url: Option<&str>, headers: &HeaderMap) -> String {
    if let Some(url) = public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let first_of = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        value.split(',').next().map(str::trim).filter(|value| is_plain(value))
    };
    let scheme = first_of("x-forwarded-proto").unwrap_or("http");
    let host = first_of("x-forwarded-host").or_else(|| first_of(HOST.as_str())).unwrap_or("127.0.0.1:4010");
    format!("{scheme}://{host}")
}

/// Whether `text` can stand in a URL as a scheme or an authority.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

/// Returns `text` as one path segment or query value: everything but unreserved characters is escaped.
pub fn escape(text: &str) -> impl std::fmt::Display + '_ {
    const RESERVED: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(text, RESERVED)
}
