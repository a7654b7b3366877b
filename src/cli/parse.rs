//! How the texts of arguments are read.

use std::net::{IpAddr, Ipv4Addr};

use access_groups_mock::store::{Clock, machine_time};
use access_groups_mock::{RateLimit, Span};
use chrono::{DateTime, TimeDelta, Utc};

/// A list from the environment may hold empty items, which mean nothing.
pub(super) fn present(items: Vec<String>) -> Vec<String> {
    items.into_iter().filter(|item| !item.is_empty()).collect()
}

pub(super) fn host(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.parse().map_err(|_| "must be an IP address or localhost".to_owned())
}

pub(super) fn public_url(text: &str) -> Result<String, String> {
    if is_url(text) {
        Ok(text.to_owned())
    } else {
        Err("must begin with http:// or https:// and a host".to_owned())
    }
}

pub(super) fn origin(text: &str) -> Result<String, String> {
    let has_path = text.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    if text.is_empty() || text == "*" || (is_url(text) && !has_path) {
        return Ok(text.to_owned());
    }
    Err("must be an origin such as http://localhost:3000, or *".to_owned())
}

/// Whether `text` is an HTTP URL of the characters that a URL has.
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_of_urls = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]@!$&'()*+,;=%".contains(&byte);
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(is_of_urls))
}

/// A filter takes any word for the name of a module, so that a mistyped level would silence the log.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_sound = |part: &str| part.contains('=') || LEVELS.contains(&part.to_ascii_lowercase().as_str());
    if text.split(',').all(is_sound) {
        Ok(text.to_owned())
    } else {
        Err(format!("must be one of {}", LEVELS.join(", ")))
    }
}

/// The clock of a deterministic server: one second with each request, from the beginning of 2026 on.
pub(super) fn deterministic_clock() -> Clock {
    const START: i64 = 1_767_225_600;
    Clock::Stepping(DateTime::from_timestamp(START, 0).unwrap_or_default(), TimeDelta::seconds(1))
}

/// Reads `system`, `frozen[@TIME]` or `stepping[@TIME][/STEP]`.
pub(super) fn clock(text: &str) -> Result<Clock, String> {
    let wrong = || {
        "must be `system`, `frozen[@TIME]` or `stepping[@TIME][/STEP]`, such as \
                    `frozen@2026-01-01T00:00:00Z` or `stepping/1s`"
            .to_owned()
    };
    let (rest, step) = match text.split_once('/') {
        Some((rest, step)) => (rest, Some(step.parse::<Span>()?)),
        None => (text, None),
    };
    let (mode, time) = match rest.split_once('@') {
        Some((mode, time)) => (mode, time.parse::<DateTime<Utc>>().map_err(|_| wrong())?),
        None => (rest, machine_time()),
    };
    match (mode, step) {
        ("system", None) if !rest.contains('@') => Ok(Clock::System),
        ("frozen", None) => Ok(Clock::Frozen(time)),
        ("stepping", step) => Ok(Clock::Stepping(time, step.map_or(TimeDelta::seconds(1), Span::delta))),
        _ => Err(wrong()),
    }
}

/// Reads a limit such as `ibm=100/1m`.
pub(super) fn rate_limit(text: &str) -> Result<(String, RateLimit), String> {
    const DIALECTS: [&str; 4] = ["cloudflare", "ibm", "authress", "legacy"];
    let (dialect, limit) = text.split_once('=').unwrap_or((text, ""));
    if !DIALECTS.contains(&dialect) {
        return Err(format!("must begin with one of {}, and `=`", DIALECTS.join(", ")));
    }
    Ok((dialect.to_owned(), limit.parse()?))
}
