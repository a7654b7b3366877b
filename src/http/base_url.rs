//! Absolute links: built from the request, so that they lead back to wherever the client found the server.

use std::net::SocketAddr;

use axum::extract::Request;
use axum::http::header::{HOST, HeaderName};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Uri};

/// The mark of a request that came by https, in its extensions.
#[derive(Debug, Clone, Copy)]
pub struct TlsConnection;

/// The target of a request as received, in the extensions of one that is routed at the canonical form of its path.
#[derive(Debug, Clone)]
pub struct ReceivedUri(pub Uri);

/// What a request says of the place where the client found the server.
#[derive(Debug)]
pub struct RequestOrigin {
    target: Uri,
    is_secure: bool,
    host: Option<HeaderValue>,
    forwarded_host: Option<HeaderValue>,
    forwarded_proto: Option<HeaderValue>,
}

impl RequestOrigin {
    /// Takes the target, `Host`, `X-Forwarded-Host` and `X-Forwarded-Proto` of a request, and whether it is [`TlsConnection`].
    pub fn from_request(request: &Request) -> Self {
        const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
        const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
        let header = |name: HeaderName| request.headers().get(name).cloned();
        Self {
            target: request.uri().clone(),
            is_secure: request.extensions().get::<TlsConnection>().is_some(),
            host: header(HOST),
            forwarded_host: header(FORWARDED_HOST),
            forwarded_proto: header(FORWARDED_PROTO),
        }
    }

    /// Returns the target as received.
    pub const fn uri(&self) -> &Uri {
        &self.target
    }

    /// Writes the base of absolute links, without a slash at its end; `bound` stands in where nothing names a
    /// host.
    pub fn write_base_url(&self, url: &mut String, bound: Option<SocketAddr>) {
        let scheme = first_valid(self.forwarded_proto.as_ref()).unwrap_or(if self.is_secure {
            "https"
        } else {
            "http"
        });
        let asked = first_valid(self.forwarded_host.as_ref())
            .or_else(|| self.target.authority().map(Authority::as_str).filter(|host| is_valid_in_url(host)))
            .or_else(|| first_valid(self.host.as_ref()));
        url.push_str(scheme);
        url.push_str("://");
        match (asked, bound) {
            (Some(host), _) => url.push_str(host),
            (None, Some(address)) => url.push_str(&address.to_string()),
            (None, None) => url.push_str("localhost"),
        }
    }
}

/// The first value of a header, if it can stand in a URL.
fn first_valid(header: Option<&HeaderValue>) -> Option<&str> {
    let value = header?.to_str().ok()?;
    value.split(',').next().map(str::trim).filter(|value| is_valid_in_url(value))
}

/// Whether `text` can stand in a URL as a scheme or an authority.
fn is_valid_in_url(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

/// Returns `text` as one path segment or query value: everything but unreserved characters is escaped.
pub fn encode_component(text: &str) -> impl std::fmt::Display + '_ {
    const RESERVED: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(text, RESERVED)
}
