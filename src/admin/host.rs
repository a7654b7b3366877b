//! Who may use the server's own API: by `Host`, by `Origin`, and by token.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

use subtle::ConstantTimeEq;

use super::error;
use crate::config::{AdminAccess, Config};
use crate::failure::Failure;
use crate::http::bearer::{Authorization, authorization};

/// The path that answers to every origin and without a token, so that a health check needs neither.
const HEALTH: &str = "/__admin/health";

/// The header that carries the token.
const TOKEN: &str = "x-mock-admin-token";

/// Refuses a request to `/__admin` that may not use it, before anything else is looked at.
///
/// # Errors
/// [`error::CLOSED`], [`error::FOREIGN_HOST`], [`error::FOREIGN_ORIGIN`] and [`error::NO_TOKEN`].
pub(super) fn admit(target: &Uri, headers: &HeaderMap, config: &Config) -> Result<(), Failure> {
    if !super::DIALECT.owns(target.path()) {
        return Ok(());
    }
    if config.admin == AdminAccess::Closed {
        return Err(error::CLOSED.plain().into());
    }
    let header = headers.get(HOST).and_then(|value| value.to_str().ok());
    let host = target.authority().map(|authority| authority.as_str()).or(header).unwrap_or_default();
    if !is_known(host_of(host), config) {
        return Err(error::FOREIGN_HOST.about(host).into());
    }
    if target.path() == HEALTH {
        return Ok(());
    }
    check_origin(headers, host, config)?;
    if has_token(headers, config) { Ok(()) } else { Err(error::NO_TOKEN.plain().into()) }
}

/// Refuses what a page of another origin sends.
fn check_origin(headers: &HeaderMap, host: &str, config: &Config) -> Result<(), Failure> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
    if own || config.cors.iter().any(|allowed| allowed == origin) {
        return Ok(());
    }
    Err(error::FOREIGN_ORIGIN.about(origin).into())
}

/// Whether a request has the token, or needs none because only this machine reaches the server.
fn has_token(headers: &HeaderMap, config: &Config) -> bool {
    let token = match &config.admin {
        AdminAccess::Token(token) => token,
        AdminAccess::Open => return config.address.is_none_or(|address| address.ip().is_loopback()),
        AdminAccess::Closed => return false,
    };
    let given = match (headers.get(TOKEN), authorization(headers)) {
        (Some(given), _) => given.as_bytes(),
        (None, Authorization::Bearer(given)) => given.as_bytes(),
        (None, Authorization::Missing | Authorization::Other) => return false,
    };
    // The time that this takes says nothing of the token but its length.
    given.ct_eq(token.as_bytes()).into()
}

/// The host of an authority, without its port and brackets.
fn host_of(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

fn is_known(host: &str, config: &Config) -> bool {
    let name = host.to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return true;
    }
    if let Ok(address) = name.parse::<IpAddr>()
        && (address.is_loopback() || config.address.map(|bound| bound.ip()) == Some(address))
    {
        return true;
    }
    config.allow_hosts.iter().any(|allowed| host_of(allowed).eq_ignore_ascii_case(&name) && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_the_bound_address_and_allowed_names_are_known() {
        let config = Config {
            address: Some(([192, 0, 2, 7], 4010).into()),
            allow_hosts: vec!["mock.test:4010".to_owned(), String::new()],
            ..Config::default()
        };

        for known in [
            "localhost:4010",
            "a.localhost",
            "127.0.0.1",
            "127.1.2.3:1",
            "[::1]:4010",
            "192.0.2.7:80",
            "Mock.test",
        ] {
            assert!(is_known(host_of(known), &config), "{known}");
        }
        for foreign in ["", "evil.test", "192.0.2.8", "localhost.evil.test", "[2001:db8::1]:80"] {
            assert!(!is_known(host_of(foreign), &config), "{foreign}");
        }
    }
}
