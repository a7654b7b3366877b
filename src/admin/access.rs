//! Access control of the admin API by `Host`, by `Origin` and `Sec-Fetch-Site`, and by token.

use axum::http::{HeaderMap, Uri};

use subtle::ConstantTimeEq;

use super::error;
use crate::config::{AdminAccess, Config};
use crate::console;
use crate::http::authorization::{Authorization, authorization};
use crate::http::origin::{Authority, HostName, Page, request_host};
use crate::spec::RequestError;

/// The path of the health check, which requires neither an allowed host or origin nor a token.
const HEALTH_PATH: &str = "/__admin/health";

/// The header that contains the token.
const TOKEN_HEADER: &str = "x-mock-admin-token";

/// Rejects a request to `/__admin` without access, before any other check.
///
/// # Errors
/// [`error::ADMIN_DISABLED`], [`error::HOST_NOT_ALLOWED`], [`error::ORIGIN_NOT_ALLOWED`], [`error::CROSS_SITE`],
/// [`error::TOKEN_REQUIRED`] and [`error::TOKEN_NOT_CONFIGURED`].
pub(super) fn authorize(target: &Uri, headers: &HeaderMap, config: &Config) -> Result<(), RequestError> {
    if !super::DIALECT.api.matches_path(target.path()) {
        return Ok(());
    }
    if config.admin == AdminAccess::Disabled {
        return Err(error::ADMIN_DISABLED.error().into());
    }
    if target.path() == HEALTH_PATH {
        return Ok(());
    }
    let host = request_host(target, headers)
        .map_err(|host| RequestError::from(error::HOST_NOT_ALLOWED.with_subject(host)))?;
    if !is_allowed_host(host, config) {
        return Err(error::HOST_NOT_ALLOWED.with_subject(host).into());
    }
    match Page::from_request(target, headers, config) {
        Page::None | Page::SameOrigin | Page::Allowed => {}
        Page::Foreign(origin) => return Err(error::ORIGIN_NOT_ALLOWED.with_subject(origin).into()),
        Page::CrossSite => return Err(error::CROSS_SITE.error().into()),
    }
    // The files of the console contain no data, and the page asks for the token.
    match console::matches_path(target.path()) || is_authorized(headers, config) {
        true => Ok(()),
        false if config.admin == AdminAccess::Open => Err(error::TOKEN_NOT_CONFIGURED.error().into()),
        false => Err(error::TOKEN_REQUIRED.error().into()),
    }
}

/// Returns whether a request has the token, or needs no token because the server listens only on a loopback address.
fn is_authorized(headers: &HeaderMap, config: &Config) -> bool {
    let token = match &config.admin {
        AdminAccess::Token(token) => token,
        AdminAccess::Open => return config.address.is_none_or(|address| address.ip().is_loopback()),
        AdminAccess::Disabled => return false,
    };
    let received = match (headers.get(TOKEN_HEADER), authorization(headers)) {
        (Some(received), _) => received.as_bytes(),
        (None, Authorization::Bearer(received)) => received.as_bytes(),
        (None, Authorization::Missing | Authorization::Unsupported) => return false,
    };
    // A comparison in constant time, which reveals nothing but the length of the token.
    received.ct_eq(token.as_bytes()).into()
}

/// Returns whether `host` is an IP address, a name of the loopback address, or an allowed host, with any port.
///
/// A page cannot use DNS rebinding under an IP address: its host is the address from which it was loaded.
fn is_allowed_host(host: &str, config: &Config) -> bool {
    let Some(Authority { host, .. }) = Authority::parse(host) else { return false };
    host.is_loopback()
        || matches!(&host, HostName::Address(_))
        || config
            .allow_hosts
            .iter()
            .any(|allowed| Authority::parse(allowed).is_some_and(|allowed| allowed.host == host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_names_of_loopback_and_allowed_hosts_are_allowed() {
        let allow_hosts = vec!["mock.test:4010".to_owned(), String::new()];
        let config = Config { allow_hosts, ..Config::default() };

        for allowed in [
            "localhost:4010",
            "a.localhost",
            "127.0.0.1",
            "127.1.2.3:1",
            "[::1]:4010",
            "192.0.2.7:80",
            "Mock.test",
            "localhost.",
            "[::ffff:127.0.0.1]:4010",
            "192.0.2.8",
            "[2001:db8::1]:80",
        ] {
            assert!(is_allowed_host(allowed, &config), "{allowed}");
        }
        for rejected in [
            "",
            "evil.test",
            "192.0.2.8.evil.test",
            "192.0.2",
            "localhost.evil.test",
            "[::1]evil.test",
            "user@localhost",
            ".localhost",
            "localhost:x",
        ] {
            assert!(!is_allowed_host(rejected, &config), "{rejected}");
        }
    }
}
