//! The host and the origin of a request, parsed, and the detection of requests that a foreign web page sends.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::header::{AsHeaderName, HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

use crate::config::Config;

/// The maximum length of a host name in bytes (RFC 1035).
const MAX_NAME_BYTES: usize = 253;

/// The port of an origin without one.
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;

/// A host with an optional port, as in `Host` and in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The host.
    pub host: HostName,
    /// The port; `None` for the default one.
    pub port: Option<u16>,
}

/// A host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostName {
    /// An IP address; an IPv4-mapped IPv6 address is the IPv4 address.
    Address(IpAddr),
    /// A DNS name in lower case, without a trailing dot.
    Name(String),
}

impl Authority {
    /// Parses `HOST` or `HOST:PORT`; `None` if anything in it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, rest) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, rest) = rest.split_once(']')?;
                let address: Ipv6Addr = address.parse().ok()?;
                (HostName::Address(IpAddr::V6(address).to_canonical()), rest)
            }
            None => {
                let (host, rest) = split_name(text);
                (HostName::parse(host)?, rest)
            }
        };
        Some(Self { host, port: parse_port(rest)? })
    }

    /// Returns whether [`Authority::parse`] accepts `text`, without an allocation.
    pub fn is_valid(text: &str) -> bool {
        if text.starts_with('[') {
            return Self::parse(text).is_some();
        }
        let (host, rest) = split_name(text);
        is_name(host) && parse_port(rest).is_some()
    }

    /// Parses the origin of a web page; `None` if it is not an origin with the scheme `http` or `https`. The port is
    /// always present.
    fn parse_origin(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let default_port = match scheme {
            "http" => HTTP_PORT,
            "https" => HTTPS_PORT,
            _ => return None,
        };
        let Self { host, port } = Self::parse(authority)?;
        Some(Self { host, port: port.or(Some(default_port)) })
    }

    /// Returns whether `origin`, with its port, is an origin of this host.
    fn is_same_host(&self, origin: &Self) -> bool {
        let is_default_port = matches!(origin.port, Some(HTTP_PORT | HTTPS_PORT));
        self.host == origin.host && (self.port == origin.port || (self.port.is_none() && is_default_port))
    }
}

/// Splits `HOST` or `HOST:PORT` before the colon.
fn split_name(text: &str) -> (&str, &str) {
    text.split_at(memchr::memchr(b':', text.as_bytes()).unwrap_or(text.len()))
}

/// Parses an empty text or `:PORT`; `None` if it is malformed.
fn parse_port(text: &str) -> Option<Option<u16>> {
    match text.strip_prefix(':') {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(Some(port.parse().ok()?)),
        None if text.is_empty() => Some(None),
        Some(_) | None => None,
    }
}

/// Returns whether `text` has the form of a DNS name, as IPv4 addresses have, too.
fn is_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text).as_bytes();
    let is_valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let is_label = |label: &[u8]| !label.is_empty() && label.iter().all(is_valid);
    name.len() <= MAX_NAME_BYTES && name.split(|byte| *byte == b'.').all(is_label)
}

impl HostName {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::Address(address.into()));
        }
        is_name(text).then(|| Self::Name(text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase()))
    }

    /// Returns whether the host is a loopback address, `localhost` or a name below it.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Address(address) => address.is_loopback(),
            Self::Name(name) => name == "localhost" || name.ends_with(".localhost"),
        }
    }
}

/// Returns the text of a header; `None` if the request has it several times or not as a string, and an empty string if
/// the request does not have it.
fn single_value(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return None;
    }
    first.map_or(Some(""), |value| value.to_str().ok())
}

/// Returns the host of a request, as text: that of its URI, or of `Host`.
///
/// # Errors
/// The text of the rejected host: the request has several of them, or that of the URI differs from `Host`.
pub fn request_host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Result<&'a str, &'a str> {
    let in_uri = uri.authority().map_or("", |authority| authority.as_str());
    let Some(in_header) = single_value(headers, HOST) else {
        let first = headers.get(HOST).and_then(|value| value.to_str().ok());
        return Err(first.unwrap_or_default());
    };
    match (in_uri.is_empty(), in_header.is_empty()) {
        (true, _) => Ok(in_header),
        (false, true) => Ok(in_uri),
        (false, false) if in_uri.eq_ignore_ascii_case(in_header) => Ok(in_uri),
        (false, false) => Err(in_header),
    }
}

/// The web page that sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page<'a> {
    /// No web page, or one whose origin the browser does not reveal and that is not of another site.
    None,
    /// A page of the host of the request.
    SameOrigin,
    /// A page of another origin, which `--cors` lists.
    Allowed,
    /// A page of another origin; several or malformed origins count as one, too.
    Foreign(&'a str),
    /// A page of another site, whose origin is unknown.
    CrossSite,
}

impl<'a> Page<'a> {
    /// Returns the page that sent a request, by `Origin` and, without one, by `Sec-Fetch-Site`.
    ///
    /// `*` in the allowed origins is not considered.
    pub fn from_request(uri: &Uri, headers: &'a HeaderMap, config: &Config) -> Self {
        if !headers.contains_key(ORIGIN) {
            return match headers.get("sec-fetch-site") {
                Some(site) if site.as_bytes() == b"cross-site" => Self::CrossSite,
                Some(_) | None => Self::None,
            };
        }
        let Some(text) = single_value(headers, ORIGIN) else {
            let first = headers.get(ORIGIN).and_then(|value| value.to_str().ok());
            return Self::Foreign(first.unwrap_or_default());
        };
        if config.cors.iter().any(|allowed| allowed != "*" && allowed == text) {
            return Self::Allowed;
        }
        let host = request_host(uri, headers).ok().and_then(Authority::parse);
        match (host, Authority::parse_origin(text)) {
            (Some(host), Some(origin)) if host.is_same_host(&origin) => Self::SameOrigin,
            _ => Self::Foreign(text),
        }
    }

    /// Returns whether a request was sent by a page of another site than this machine's that may not use the server.
    ///
    /// Pages of a loopback address are those of the developer, and `--cors '*'` allows all pages.
    pub fn is_foreign(uri: &Uri, headers: &'a HeaderMap, config: &Config) -> bool {
        let is_any_allowed = config.cors.iter().any(|allowed| allowed == "*");
        match Self::from_request(uri, headers, config) {
            Self::None | Self::SameOrigin | Self::Allowed => false,
            Self::CrossSite => !is_any_allowed,
            Self::Foreign(origin) => {
                let is_loopback =
                    Authority::parse_origin(origin).is_some_and(|origin| origin.host.is_loopback());
                !is_any_allowed && !is_loopback
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_parsed_with_its_port() {
        let address = |text: &str| HostName::Address(text.parse().unwrap());
        let name = |text: &str| HostName::Name(text.to_owned());
        for (text, host, port) in [
            ("127.0.0.1", address("127.0.0.1"), None),
            ("127.0.0.1:4010", address("127.0.0.1"), Some(4010)),
            ("[::1]:4010", address("::1"), Some(4010)),
            ("[::ffff:127.0.0.1]", address("127.0.0.1"), None),
            ("Mock.Test:80", name("mock.test"), Some(80)),
            ("localhost.", name("localhost"), None),
        ] {
            assert_eq!(Authority::parse(text), Some(Authority { host, port }), "{text}");
            assert!(Authority::is_valid(text), "{text}");
        }
    }

    #[test]
    fn a_malformed_host_is_not_parsed() {
        for text in [
            "",
            ":80",
            ".localhost",
            "a..localhost",
            "localhost:",
            "localhost:x",
            "localhost:+1",
            "localhost:65536",
            "localhost:1:2",
            "user@localhost",
            "[::1",
            "[::1]evil.test",
            "[::1]:x",
            "::1",
            "[127.0.0.1]",
            "evil.test#.localhost",
            "evil.test/.localhost",
            "localhost..",
        ] {
            assert_eq!(Authority::parse(text), None, "{text}");
            assert!(!Authority::is_valid(text), "{text}");
        }
    }

    #[test]
    fn an_origin_has_a_web_scheme_and_a_port() {
        let port = |text: &str| Authority::parse_origin(text).and_then(|origin| origin.port);

        assert_eq!((port("http://a"), port("https://a"), port("http://a:1")), (Some(80), Some(443), Some(1)));
        for text in ["null", "", "foo://127.0.0.1", "http://", "http://a/", "HTTP://a", "file://"] {
            assert_eq!(Authority::parse_origin(text), None, "{text}");
        }
    }
}
