//! Parsers of argument values.

use std::net::{IpAddr, Ipv4Addr};

use access_groups_mock::store::{ClockSetting, system_now};
use access_groups_mock::{Dialect, FallbackUrl, HumanDuration, RateLimit};
use chrono::{DateTime, TimeDelta, Utc};

/// Reads a token from a file, without whitespace at its ends.
pub(super) fn token_file(path: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    match text.trim() {
        "" => Err("the file has no token".to_owned()),
        token => Ok(token.to_owned()),
    }
}

/// Returns the items without empty ones, which an environment variable can contain.
pub(super) fn non_empty(items: Vec<String>) -> Vec<String> {
    items.into_iter().filter(|item| !item.is_empty()).collect()
}

/// Parses the value of a switch, which an environment variable contains.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("must be 1, true, yes or on, or 0, false, no or off".to_owned()),
    }
}

/// Parses an IP address or `localhost`.
pub(super) fn host(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.parse().map_err(|_| "must be an IP address or localhost".to_owned())
}

/// Parses a public URL.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    if is_url(text) {
        Ok(text.to_owned())
    } else {
        Err("must start with http:// or https://, followed by a host".to_owned())
    }
}

/// Parses the URL of a running server, and removes trailing slashes.
pub(super) fn server_url(text: &str) -> Result<String, String> {
    public_url(text).map(|url| url.trim_end_matches('/').to_owned())
}

/// Parses an origin, `*` or an empty string.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let has_path = text.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    if text.is_empty() || text == "*" || (is_url(text) && !has_path) {
        return Ok(text.to_owned());
    }
    Err("must be an origin such as http://localhost:3000, or *".to_owned())
}

/// Returns whether `text` is an HTTP URL that contains only valid URL characters.
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_url_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]@!$&'()*+,;=%".contains(&byte);
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(is_url_byte))
}

/// Parses a log filter, and rejects unknown levels, which the filter would interpret as module names.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_valid = |part: &str| part.contains('=') || LEVELS.contains(&part.to_ascii_lowercase().as_str());
    if text.split(',').all(is_valid) {
        Ok(text.to_owned())
    } else {
        Err(format!("must be one of {}", LEVELS.join(", ")))
    }
}

/// Returns the clock of a deterministic server: it starts at 2026-01-01 and advances by one second with each request.
pub(super) fn deterministic_clock() -> ClockSetting {
    const START: i64 = 1_767_225_600;
    ClockSetting::Stepping(DateTime::from_timestamp(START, 0).unwrap_or_default(), TimeDelta::seconds(1))
}

/// Parses `system`, `frozen[@TIME]` or `stepping[@TIME][/STEP]`.
pub(super) fn clock(text: &str) -> Result<ClockSetting, String> {
    let invalid = || {
        "must be `system`, `frozen[@TIME]` or `stepping[@TIME][/STEP]`, such as \
                    `frozen@2026-01-01T00:00:00Z` or `stepping/1s`"
            .to_owned()
    };
    let (rest, step) = match text.split_once('/') {
        Some((rest, step)) => (rest, Some(step.parse::<HumanDuration>()?)),
        None => (text, None),
    };
    let (mode, time) = match rest.split_once('@') {
        Some((mode, time)) => (mode, time.parse::<DateTime<Utc>>().map_err(|_| invalid())?),
        None => (rest, system_now()),
    };
    match (mode, step) {
        ("system", None) if !rest.contains('@') => Ok(ClockSetting::System),
        ("frozen", None) => Ok(ClockSetting::Frozen(time)),
        ("stepping", step) => {
            Ok(ClockSetting::Stepping(time, step.map_or(TimeDelta::seconds(1), HumanDuration::time_delta)))
        }
        _ => Err(invalid()),
    }
}

/// Parses the URL of a fallback server, such as `http://127.0.0.1:4020`, with an optional dialect before it, such as
/// `ibm=http://127.0.0.1:4020`.
pub(super) fn fallback(text: &str) -> Result<(Option<Dialect>, FallbackUrl), String> {
    match text.split_once('=').filter(|(name, _)| !name.contains(':')) {
        None => Ok((None, text.parse()?)),
        Some((name, url)) => {
            let dialect =
                dialect(name).ok_or_else(|| format!("`{name}` must be one of {}", dialect_names()))?;
            Ok((Some(dialect), url.parse()?))
        }
    }
}

/// Parses a rate limit such as `ibm=100/1m`.
pub(super) fn rate_limit(text: &str) -> Result<(String, RateLimit), String> {
    let (name, limit) = text.split_once('=').unwrap_or((text, ""));
    if dialect(name).is_none() {
        return Err(format!("must start with one of {}, followed by `=`", dialect_names()));
    }
    Ok((name.to_owned(), limit.parse()?))
}

/// Returns the dialect `name`.
fn dialect(name: &str) -> Option<Dialect> {
    Dialect::ALL.iter().copied().find(|dialect| dialect.name() == name)
}

fn dialect_names() -> String {
    let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
    names.join(", ")
}
