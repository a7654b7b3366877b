//! The base URL of absolute links, built from the request so that the links work for the client that receives them.

use std::net::SocketAddr;

use axum::extract::Request;
use axum::http::{HeaderValue, Uri};

use super::origin::Authority;

/// The maximum length of a base URL with forwarded prefixes, in bytes; further prefixes are ignored.
const MAX_BASE_URL_BYTES: usize = 1024;

/// A request extension that marks a request received over TLS.
#[derive(Debug, Clone, Copy)]
pub struct TlsConnection;

/// A request extension with the URI as received, set when the path was replaced by its canonical form.
#[derive(Debug, Clone)]
pub struct ReceivedUri(pub Uri);

/// The parts of a request from which the base URL of links is built, besides its headers.
#[derive(Debug)]
pub struct RequestOrigin {
    uri: Uri,
    is_secure: bool,
}

/// The headers of a request from which the base URL of links is built.
#[derive(Debug, Default)]
pub struct ForwardingHeaders {
    host: Option<HeaderValue>,
    /// Those of a proxy; boxed, because most requests have none.
    proxy: Option<Box<ProxyHeaders>>,
}

#[derive(Debug, Default)]
struct ProxyHeaders {
    host: Option<HeaderValue>,
    proto: Option<HeaderValue>,
    /// The values of `X-Forwarded-Prefix`, the outermost proxy first.
    prefixes: Vec<HeaderValue>,
}

impl ForwardingHeaders {
    /// Adds a header, unless it is none of them.
    pub(super) fn add(&mut self, name: &str, value: &HeaderValue) {
        let header = match name {
            "host" => &mut self.host,
            "x-forwarded-host" => &mut self.proxy.get_or_insert_default().host,
            "x-forwarded-proto" => &mut self.proxy.get_or_insert_default().proto,
            "x-forwarded-prefix" => {
                return self.proxy.get_or_insert_default().prefixes.push(value.clone());
            }
            _ => return,
        };
        // The first value counts.
        header.get_or_insert_with(|| value.clone());
    }
}

impl RequestOrigin {
    /// Copies the URI of a request, and whether it was received over TLS.
    pub fn from_request(request: &Request) -> Self {
        Self { uri: request.uri().clone(), is_secure: request.extensions().get::<TlsConnection>().is_some() }
    }

    /// Returns the URI as received.
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns whether the request was received over TLS.
    pub const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Appends the base URL to `url`, without a trailing slash.
    ///
    /// The scheme is that of `X-Forwarded-Proto` if it is `http` or `https`, else that of the connection.
    /// The host is that of `X-Forwarded-Host`, the request URI or `Host`, in this order, else `address`, else
    /// `localhost`.
    /// The path is that of `X-Forwarded-Prefix`: each proxy that removes the start of the path adds it there.
    pub fn write_base_url(&self, headers: &ForwardingHeaders, url: &mut String, address: Option<SocketAddr>) {
        let proxy = headers.proxy.as_deref();
        let scheme = match first_value(proxy.and_then(|proxy| proxy.proto.as_ref())) {
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
            Some(scheme) if scheme.eq_ignore_ascii_case("http") => "http",
            Some(_) | None if self.is_secure => "https",
            Some(_) | None => "http",
        };
        let in_uri = self.uri.authority().map(|authority| authority.as_str());
        let host = first_host(proxy.and_then(|proxy| proxy.host.as_ref()))
            .or_else(|| in_uri.filter(|host| Authority::is_valid(host)))
            .or_else(|| first_host(headers.host.as_ref()));
        url.push_str(scheme);
        url.push_str("://");
        match (host, address) {
            (Some(host), _) => url.push_str(host),
            (None, Some(address)) => url.push_str(&address.to_string()),
            (None, None) => url.push_str("localhost"),
        }
        let prefixes = proxy.map_or(&[][..], |proxy| &proxy.prefixes);
        let prefixes = prefixes.iter().filter_map(|value| value.to_str().ok());
        for prefix in prefixes.flat_map(|value| value.split(',')).filter_map(parse_prefix) {
            if url.len() + prefix.len() <= MAX_BASE_URL_BYTES {
                url.push_str(prefix);
            }
        }
    }
}

/// Returns a path prefix without a trailing slash; `None` if it is not an absolute path, or could be read as something
/// else in a URL.
fn parse_prefix(text: &str) -> Option<&str> {
    let prefix = text.trim().trim_end_matches('/');
    let is_segment = |segment: &str| {
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=:@".contains(&byte);
        !segment.is_empty() && !matches!(segment, "." | "..") && segment.bytes().all(is_valid)
    };
    prefix.strip_prefix('/')?.split('/').all(is_segment).then_some(prefix)
}

/// Returns the first of the comma-separated values of a header.
fn first_value(header: Option<&HeaderValue>) -> Option<&str> {
    let values = header?.to_str().ok()?;
    Some(values[..memchr::memchr(b',', values.as_bytes()).unwrap_or(values.len())].trim())
}

/// Returns the first of the comma-separated values of a header, if it is a host with an optional port.
fn first_host(header: Option<&HeaderValue>) -> Option<&str> {
    first_value(header).filter(|value| Authority::is_valid(value))
}

/// Percent-encodes `value` for a path segment or query value: all characters except the unreserved ones (RFC 3986).
pub fn encode_component(value: &str) -> impl std::fmt::Display + '_ {
    const RESERVED: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(value, RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_an_absolute_path_without_a_trailing_slash() {
        for (text, prefix) in
            [("/mock", "/mock"), (" /mock/ ", "/mock"), ("/a/b-c_d~%20", "/a/b-c_d~%20"), ("/a/b//", "/a/b")]
        {
            assert_eq!(parse_prefix(text), Some(prefix), "{text}");
        }
        for text in [
            "",
            "/",
            "//",
            "mock",
            "//evil.test",
            "/a//b",
            "/..",
            "/a/../b",
            "/a?b",
            "/a#b",
            "/a b",
            "/ä",
            "\\a",
        ] {
            assert_eq!(parse_prefix(text), None, "{text}");
        }
    }
}
