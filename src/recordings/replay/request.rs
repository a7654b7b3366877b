//! The request of the replay: the recorded one with the counterparts of bound values, and with another credential.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::super::bodies::parse_json;
use super::super::exchange::RecordedExchange;
use super::super::operations::RecordedOperation;
use super::bindings::{Bindings, NumberKind};
use super::volatile::Volatile;
use crate::control::redaction;
use crate::http::base_url::encode_component;
use crate::http::namespace::vendor_path;

/// The headers that belong to the connection, or that the client sets by itself.
const CONNECTION_HEADERS: [&str; 12] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The text in the place of a credential of a recording.
const REDACTED: &str = "[redacted]";

/// The credential that a request to the mock gets in the place of the recorded one; also valid as an API key.
const PLACEHOLDER: &str = "0123456789abcdef0123456789abcdef01234";

/// A request of the replay.
#[derive(Debug, Clone)]
pub(super) struct ReplayRequest {
    pub(super) method: String,
    /// The path in the API of the vendor, with the query.
    pub(super) path_and_query: String,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Bytes,
    /// The base URL of the links in the recorded response.
    pub(super) recorded_base: String,
}

/// The credentials of the requests.
#[derive(Debug, Clone, Default)]
pub(super) enum Credentials {
    /// A made-up credential of the recorded kind.
    #[default]
    Placeholder,
    /// These headers, and no recorded credential.
    Headers(Vec<(HeaderName, HeaderValue)>),
}

/// Returns the request of the replay.
///
/// # Errors
/// The reason why the request cannot be sent.
pub(super) fn build(
    exchange: &RecordedExchange,
    operation: &RecordedOperation,
    bindings: &Bindings,
    credentials: &Credentials,
) -> Result<ReplayRequest, String> {
    if let Some(reason) = &exchange.request.missing {
        return Err(format!("request: {reason}"));
    }
    let uri: Uri = exchange.url.parse().map_err(|error| format!("invalid URL: {error}"))?;
    let volatile = Volatile::of(operation.dialect());
    let path = path(vendor_path(uri.path()), operation, bindings);
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{}", self::query(query, bindings)),
        None => path,
    };
    let has_foreign_target = matches!(credentials, Credentials::Headers(_));
    if has_foreign_target && (has_credential(&exchange.request.body) || path_and_query.contains(REDACTED)) {
        return Err("the request contains a credential outside of its headers, which is not sent".to_owned());
    }
    if has_foreign_target && matches!(redaction::url(&path_and_query), Cow::Owned(_)) {
        return Err("the URL contains a credential, which is not sent".to_owned());
    }
    let scheme = uri.scheme_str().unwrap_or("http");
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let prefix = &uri.path()[..uri.path().len() - vendor_path(uri.path()).len().min(uri.path().len())];
    let mut request = ReplayRequest {
        method: exchange.method.clone(),
        path_and_query,
        headers: headers(exchange, bindings),
        body: body(&exchange.request.body, volatile, bindings),
        recorded_base: format!("{scheme}://{authority}{prefix}"),
    };
    match credentials {
        Credentials::Headers(own) => request.headers.extend(own.iter().cloned()),
        Credentials::Placeholder => {
            add_placeholder(exchange, &mut request.headers);
            // Links of the mock have the recorded host.
            for (name, value) in [("host", authority), ("x-forwarded-proto", scheme)] {
                if let Ok(value) = HeaderValue::from_str(value) {
                    request.headers.push((HeaderName::from_static(name), value));
                }
            }
        }
    }
    Ok(request)
}

/// Returns the path with the counterparts of its segments.
fn path(path: &str, operation: &RecordedOperation, bindings: &Bindings) -> String {
    let numeric_id = Volatile::of(operation.dialect())
        .has_numeric_ids
        .then(|| operation.param("id").parse::<u64>().ok())
        .flatten();
    let segments = path.split('/').map(|segment| {
        if let Some(id) = numeric_id {
            let (stem, suffix) = segment.split_once('.').unwrap_or((segment, ""));
            return match stem.parse::<u64>() {
                Ok(number) if number == id => {
                    format!("{}.{suffix}", bindings.substitute_number(NumberKind::Group, id))
                }
                _ => segment.to_owned(),
            };
        }
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        let substituted = bindings.substitute(&decoded);
        if substituted == decoded { segment.to_owned() } else { encode_component(&substituted).to_string() }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Returns the query with the counterparts of its values.
fn query(query: &str, bindings: &Bindings) -> String {
    let pairs = query.split('&').map(|pair| {
        let Some((name, value)) = pair.split_once('=') else { return pair.to_owned() };
        let spaced = value.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8_lossy();
        let substituted = bindings.substitute(&decoded);
        if substituted == decoded {
            pair.to_owned()
        } else {
            format!("{name}={}", encode_component(&substituted))
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Returns the headers with the counterparts of their values, and without credentials.
fn headers(exchange: &RecordedExchange, bindings: &Bindings) -> Vec<(HeaderName, HeaderValue)> {
    let headers = exchange.request.headers.iter().filter(|(name, _)| {
        !CONNECTION_HEADERS.contains(&name.as_str())
            && !name.starts_with("x-forwarded-")
            && !name.starts_with("x-mock-")
            && !redaction::is_credential_header(name)
    });
    let headers = headers.filter_map(|(name, value)| {
        let value = HeaderValue::from_str(&bindings.substitute(value)).ok()?;
        Some((name.parse().ok()?, value))
    });
    headers.collect()
}

/// Adds a made-up credential where the recorded request had one, or where the recorder has removed it.
///
/// A request that was rejected for its credential is sent without one.
fn add_placeholder(exchange: &RecordedExchange, headers: &mut Vec<(HeaderName, HeaderValue)>) {
    let sent: Vec<&(String, String)> = exchange
        .request
        .headers
        .iter()
        .filter(|(name, _)| redaction::is_credential_header(name) && name != "cookie")
        .collect();
    let is_rejected = matches!(exchange.status, 401 | 403);
    let mut add = |name: &str, value: String| {
        if let (Ok(name), Ok(value)) = (name.parse(), HeaderValue::from_str(&value)) {
            headers.push((name, value));
        }
    };
    for (name, value) in &sent {
        let scheme = value.split_once(' ').map(|(scheme, _)| scheme);
        match (is_rejected, scheme) {
            // The mock decides about what it gets: a made-up credential would be accepted.
            (true, _) => add(name, value.clone()),
            (false, Some(scheme)) if name.ends_with("authorization") => {
                add(name, format!("{scheme} {PLACEHOLDER}"));
            }
            (false, _) if name.ends_with("authorization") => add(name, format!("Bearer {PLACEHOLDER}")),
            (false, _) => add(name, PLACEHOLDER.to_owned()),
        }
    }
    if sent.is_empty() && !is_rejected {
        add("authorization", format!("Bearer {PLACEHOLDER}"));
    }
}

/// Returns the body with the counterparts of its texts.
fn body(body: &[u8], volatile: &Volatile, bindings: &Bindings) -> Bytes {
    if body.is_empty() {
        return Bytes::new();
    }
    match parse_json(body) {
        Ok(mut json) => {
            if substitute(&mut json, "", volatile, bindings) {
                return json.to_string().into();
            }
            // An unchanged body is sent byte by byte.
            body.to_vec().into()
        }
        Err(_) => body.to_vec().into(),
    }
}

/// Replaces the texts of a JSON value by their counterparts, and returns whether one has changed.
fn substitute(value: &mut Value, field: &str, volatile: &Volatile, bindings: &Bindings) -> bool {
    match value {
        Value::String(text) => {
            let substituted = bindings.substitute(text);
            let has_changed = substituted != *text;
            *text = substituted;
            has_changed
        }
        // `|`, because every item is replaced.
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |changed, item| changed | substitute(item, field, volatile, bindings)),
        Value::Object(fields) => fields.iter_mut().fold(false, |changed, (name, item)| {
            let kind = NumberKind::of(field, name).filter(|_| volatile.has_numeric_ids);
            let has_changed = match (kind, item.as_u64()) {
                (Some(kind), Some(id)) => {
                    *item = bindings.substitute_number(kind, id).into();
                    item.as_u64() != Some(id)
                }
                (_, _) => substitute(item, name, volatile, bindings),
            };
            changed | has_changed
        }),
        Value::Number(_) | Value::Bool(_) | Value::Null => false,
    }
}

/// Returns whether a body contains a credential.
fn has_credential(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    text.contains(REDACTED) || matches!(redaction::body(body), Cow::Owned(_))
}
