//! The error formats of the APIs, checked without a schema validator: the targets call this for every input.

use axum::http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::server::Response;
use crate::operation::is_beyond_serde_json;

/// The path prefixes of the vendors' APIs with a field that every error of the API has; all other paths are those of
/// the admin API.
const ERROR_FIELDS: [(&str, &str); 23] = [
    ("/client/v4", "success"),
    ("/accounts", "success"),
    ("/zones", "success"),
    ("/user", "success"),
    ("/identity", "errorCode"),
    ("/v2", "trace"),
    ("/v3", "trace"),
    ("/acms", "trace"),
    ("/coe", "trace"),
    ("/v1/group_templates", "trace"),
    ("/v1/group_assignments", "trace"),
    ("/v1/policies", "trace"),
    ("/v1/serviceids", "trace"),
    ("/v1/profiles", "trace"),
    ("/v1/apikeys", "trace"),
    ("/v1/serviceid_groups", "trace"),
    ("/v1/policy_templates", "trace"),
    ("/v1/enterprises", "trace"),
    ("/v1/accounts", "trace"),
    ("/v1/account-groups", "trace"),
    ("/v1", "errorId"),
    ("/api2", "Message"),
    ("", "errors"),
];

/// The fields of the errors of IBM's services, in front of which a gateway responds with a page to an unknown path.
const IBM_FIELDS: [&str; 2] = ["trace", "errorCode"];

/// Checks that a response to `method` and `path` has a JSON body, and that an error has the format of its API.
pub(super) fn check(method: &Method, path: &str, response: &Response) -> Result<(), String> {
    // A preflight of CORS has no body, and a response to HEAD has none either.
    let has_no_body = method == Method::HEAD || method == Method::OPTIONS;
    let status = response.status;
    if status.is_success() {
        let content_type = response.headers.get("content-type");
        let is_json = content_type.is_some_and(|it| it.as_bytes().starts_with(b"application/json"));
        let must_parse = is_json && !has_no_body && !is_beyond_serde_json(&response.body);
        return if must_parse { parse(response).map(drop) } else { Ok(()) };
    }
    if has_no_body && response.body.is_empty() {
        return Ok(());
    }
    if !status.is_client_error() && !status.is_server_error() {
        return Err("the status is neither a success nor an error".to_owned());
    }
    let field = error_field(path);
    if status == StatusCode::NOT_FOUND && IBM_FIELDS.contains(&field) && is_ibm_page(&response.body) {
        return Ok(());
    }
    let error = parse(response)?;
    match error.get(field) {
        Some(_) => Ok(()),
        None => Err(format!("an error without `{field}`")),
    }
}

fn parse(response: &Response) -> Result<Value, String> {
    serde_json::from_slice(&response.body).map_err(|error| format!("invalid JSON ({error})"))
}

/// Returns whether a body is the page of IBM's gateway.
fn is_ibm_page(body: &[u8]) -> bool {
    body.starts_with(b"<html>") && String::from_utf8_lossy(body).contains("404 error occurred in iam-gateway")
}

/// Returns the field that every error has on `path`, which may have one or two prefixes with the same namespace.
fn error_field(path: &str) -> &'static str {
    let path = match split_prefix(path) {
        Some((name, rest)) => match split_prefix(rest) {
            Some((second, rest)) if second == name => rest,
            Some(_) | None => rest,
        },
        None => path,
    };
    // Further slashes at the start do not change the owner of a path.
    let path = format!("/{}", path.trim_start_matches('/').to_ascii_lowercase());
    let owns = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| prefix.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    ERROR_FIELDS.iter().find(|(prefix, _)| owns(prefix)).map_or("errors", |(_, field)| field)
}

/// Splits a path with a namespace prefix into the decoded name and the path after the prefix.
fn split_prefix(path: &str) -> Option<(String, &str)> {
    let after = path.strip_prefix("/ns/")?;
    let (name, rest) = after.split_at(after.find('/').unwrap_or(after.len()));
    Some((percent_decode_str(name).decode_utf8_lossy().into_owned(), rest))
}
