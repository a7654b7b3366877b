//! Access control of the admin API by `Host`, by `Origin` and by token.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

use subtle::ConstantTimeEq;

use super::error;
use crate::config::{AdminAccess, Config};
use crate::http::authorization::{Authorization, authorization};
use crate::spec::RequestError;

/// The path of the health check, which requires neither an allowed origin nor a token.
const HEALTH_PATH: &str = "/__admin/health";

/// The header that contains the token.
const TOKEN_HEADER: &str = "x-mock-admin-token";

/// Rejects a request to `/__admin` without access, before any other check.
///
/// # Errors
/// [`error::ADMIN_DISABLED`], [`error::HOST_NOT_ALLOWED`], [`error::ORIGIN_NOT_ALLOWED`] and
/// [`error::TOKEN_REQUIRED`].
pub(super) fn authorize(target: &Uri, headers: &HeaderMap, config: &Config) -> Result<(), RequestError> {
    if !super::DIALECT.api.matches_path(target.path()) {
        return Ok(());
    }
    if config.admin == AdminAccess::Disabled {
        return Err(error::ADMIN_DISABLED.error().into());
    }
    let header = headers.get(HOST).and_then(|value| value.to_str().ok());
    let host = target.authority().map(|authority| authority.as_str()).or(header).unwrap_or_default();
    if !is_allowed_host(without_port(host), config) {
        return Err(error::HOST_NOT_ALLOWED.with_subject(host).into());
    }
    if target.path() == HEALTH_PATH {
        return Ok(());
    }
    check_origin(headers, host, config)?;
    if is_authorized(headers, config) { Ok(()) } else { Err(error::TOKEN_REQUIRED.error().into()) }
}

/// Rejects requests from pages of an origin that is not allowed.
fn check_origin(headers: &HeaderMap, host: &str, config: &Config) -> Result<(), RequestError> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let is_same_origin =
        origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
    if is_same_origin || config.cors.iter().any(|allowed| allowed == origin) {
        return Ok(());
    }
    Err(error::ORIGIN_NOT_ALLOWED.with_subject(origin).into())
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

/// Returns the host of an authority without its port and brackets.
fn without_port(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

/// Returns whether `host` is a loopback address, a name of it, the bound address, or an allowed host.
fn is_allowed_host(host: &str, config: &Config) -> bool {
    let name = host.to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return true;
    }
    if let Ok(address) = name.parse::<IpAddr>()
        && (address.is_loopback() || config.address.map(|bound| bound.ip()) == Some(address))
    {
        return true;
    }
    config
        .allow_hosts
        .iter()
        .any(|allowed| without_port(allowed).eq_ignore_ascii_case(&name) && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_the_bound_address_and_allowed_hosts_are_allowed() {
        let config = Config {
            address: Some(([192, 0, 2, 7], 4010).into()),
            allow_hosts: vec!["mock.test:4010".to_owned(), String::new()],
            ..Config::default()
        };

        for allowed in [
            "localhost:4010",
            "a.localhost",
            "127.0.0.1",
            "127.1.2.3:1",
            "[::1]:4010",
            "192.0.2.7:80",
            "Mock.test",
        ] {
            assert!(is_allowed_host(without_port(allowed), &config), "{allowed}");
        }
        for rejected in ["", "evil.test", "192.0.2.8", "localhost.evil.test", "[2001:db8::1]:80"] {
            assert!(!is_allowed_host(without_port(rejected), &config), "{rejected}");
        }
    }
}
