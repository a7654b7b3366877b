//! `FallbackUrl`: the URL of a fallback server.
//!
//! Imports nothing of this crate.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

/// The URL of a fallback server: `http://HOST[:PORT][/PATH]`.
///
/// ```
/// use access_groups_mock::FallbackUrl;
///
/// let url: FallbackUrl = "http://localhost:4020/base/".parse()?;
/// assert_eq!(url.to_string(), "http://localhost:4020/base");
/// assert!(url.is_loopback());
/// assert!("https://localhost:4020".parse::<FallbackUrl>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct FallbackUrl {
    text: Arc<str>,
    host: String,
    port: u16,
    /// The position of the path in `text`.
    path_start: usize,
}

const SCHEME: &str = "http://";

impl FallbackUrl {
    /// Returns the host name or the IP address, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the host and port as in a `Host` header.
    pub fn authority(&self) -> &str {
        &self.text[SCHEME.len()..self.path_start]
    }

    /// Returns the path that precedes the paths of requests, without a trailing slash; often empty.
    pub fn base_path(&self) -> &str {
        &self.text[self.path_start..]
    }

    /// Returns the whole URL, shared.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Returns whether the host is a loopback address or `localhost`.
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }
}

impl FromStr for FallbackUrl {
    type Err = String;

    /// Parses a URL; a trailing slash is removed.
    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || "must be a URL such as http://127.0.0.1:4020".to_owned();
        if text.starts_with("https://") {
            return Err(
                "must start with http://, because connections to fallback servers have no TLS".to_owned()
            );
        }
        let rest = text.strip_prefix(SCHEME).ok_or_else(invalid)?.trim_end_matches('/');
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = parse_authority(authority).ok_or_else(invalid)?;
        let is_path_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/@!$&'()*+,;=:%".contains(&byte);
        if !path.bytes().all(is_path_byte) {
            return Err(invalid());
        }
        Ok(Self {
            text: format!("{SCHEME}{rest}").into(),
            host,
            port,
            path_start: SCHEME.len() + authority.len(),
        })
    }
}

/// Parses `HOST` or `HOST:PORT`, in which an IPv6 address has brackets.
fn parse_authority(authority: &str) -> Option<(String, u16)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (address.parse::<Ipv6Addr>().ok()?.to_string(), port)
        }
        None => {
            let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            let is_valid = !host.is_empty() && host.bytes().all(is_name);
            // A name that consists of digits and dots would be resolved as an address in another notation.
            let is_number = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if !is_valid || (is_number && host.parse::<Ipv4Addr>().is_err()) {
                return None;
            }
            (host.to_owned(), port)
        }
    };
    let port = match port.strip_prefix(':') {
        Some(port) => port.parse().ok().filter(|port| *port != 0)?,
        None if port.is_empty() => 80,
        None => return None,
    };
    Some((host, port))
}

impl fmt::Display for FallbackUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for FallbackUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_parsed_into_its_parts() {
        for (text, host, port, authority, path) in [
            ("http://127.0.0.1:4020", "127.0.0.1", 4020, "127.0.0.1:4020", ""),
            ("http://localhost/", "localhost", 80, "localhost", ""),
            ("http://[::1]:4020/a/b/", "::1", 4020, "[::1]:4020", "/a/b"),
            ("http://prism.test:80/a", "prism.test", 80, "prism.test:80", "/a"),
        ] {
            let url: FallbackUrl = text.parse().unwrap();
            assert_eq!(
                (url.host(), url.port(), url.authority(), url.base_path()),
                (host, port, authority, path)
            );
        }
    }

    #[test]
    fn an_invalid_url_is_rejected() {
        for text in [
            "",
            "http://",
            "http:///a",
            "https://127.0.0.1",
            "ftp://127.0.0.1",
            "127.0.0.1:4020",
            "http://user@127.0.0.1",
            "http://127.0.0.1:0",
            "http://127.0.0.1:x",
            "http://127.0.0.1:70000",
            "http://127.1",
            "http://2130706433",
            "http://::1",
            "http://[::1",
            "http://[127.0.0.1]",
            "http://127.0.0.1/?a=b",
            "http://127.0.0.1/#a",
            "http://127.0.0.1/ a",
        ] {
            assert!(text.parse::<FallbackUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn loopback_addresses_and_localhost_are_loopback() {
        for (text, expected) in [
            ("http://127.9.9.9:1", true),
            ("http://[::1]:1", true),
            ("http://[::ffff:127.0.0.1]:1", true),
            ("http://LOCALHOST:1", true),
            ("http://localhost.test:1", false),
            ("http://0.0.0.0:1", false),
            ("http://192.168.0.1:1", false),
        ] {
            assert_eq!(text.parse::<FallbackUrl>().unwrap().is_loopback(), expected, "{text}");
        }
    }
}
