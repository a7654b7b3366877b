//! Which `Host` may use the server's own API.

use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};

use super::error;
use crate::config::Config;
use crate::failure::Failure;

/// Refuses a request to `/__admin` whose host is neither loopback nor the bound address nor allowed.
///
/// # Errors
/// [`error::FOREIGN_HOST`], before anything else is looked at.
pub(super) fn admit(target: &Uri, headers: &HeaderMap, config: &Config) -> Result<(), Failure> {
    if super::DIALECT.owns(target.path()).is_none() {
        return Ok(());
    }
    let header = headers.get(HOST).and_then(|value| value.to_str().ok());
    let host = target.authority().map(|authority| authority.as_str()).or(header).unwrap_or_default();
    if is_known(host_of(host), config) { Ok(()) } else { Err(error::FOREIGN_HOST.about(host).into()) }
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
