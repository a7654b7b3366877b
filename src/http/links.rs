//! Absolute links: built from the request, so that they lead back to wherever the client found the server.

use axum::http::{HeaderMap, HeaderValue};

/// What a request says of the place where the client found the server.
#[derive(Debug, Default)]
pub struct Place {
    host: Option<HeaderValue>,
    forwarded_host: Option<HeaderValue>,
    forwarded_proto: Option<HeaderValue>,
}

impl Place {
    /// Takes `Host`, `X-Forwarded-Host` and `X-Forwarded-Proto` from the headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name).cloned();
        Self {
            host: header("host"),
            forwarded_host: header("x-forwarded-host"),
            forwarded_proto: header("x-forwarded-proto"),
        }
    }

    /// Returns the base of absolute links, without a slash at its end.
    pub fn base_url(&self) -> String {
        let scheme = plain(self.forwarded_proto.as_ref()).unwrap_or("http");
        let host = plain(self.forwarded_host.as_ref()).or_else(|| plain(self.host.as_ref()));
        format!("{scheme}://{}", host.unwrap_or("127.0.0.1:4010"))
    }
}

/// The first value of a header, if it can stand in a URL.
fn plain(header: Option<&HeaderValue>) -> Option<&str> {
    let value = header?.to_str().ok()?;
    value.split(',').next().map(str::trim).filter(|value| is_plain(value))
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
