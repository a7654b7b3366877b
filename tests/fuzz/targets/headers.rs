//! Request headers: control headers, preconditions, credentials, and those that links and access control depend on.

use axum::http::{HeaderName, HeaderValue};

use super::server::{request, with_server};

/// The requests that an input is sent with: a read, a write with a precondition, a write, and the admin API.
const REQUESTS: [(&str, &str, &str); 7] = [
    ("GET", "/v2/groups?account_id=0a1b2c3d4e5f60718293a4b5c6d7e8f9&limit=1", ""),
    ("PATCH", "/v2/groups/AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11", r#"{"name":"n"}"#),
    ("PUT", "/v1/groups/grp_support", r#"{"name":"n","users":[],"admins":[]}"#),
    (
        "POST",
        "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups",
        r#"{"name":"n","include":[]}"#,
    ),
    ("GET", "/api2/access_groups.json", ""),
    ("GET", "/__admin/namespaces", ""),
    ("OPTIONS", "/v1/groups", ""),
];

/// The first byte selects a request, and the rest has a header in each line.
pub(super) fn request_headers(input: &[u8]) {
    let Some((number, lines)) = input.split_first() else { return };
    let (method, target, body) = REQUESTS[usize::from(*number) % REQUESTS.len()];
    let Some(mut request) = request(method, target.as_bytes(), body.as_bytes().to_vec()) else { return };
    for line in lines.split(|byte| *byte == b'\n') {
        let at = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = (&line[..at], line.get(at + 1..).unwrap_or_default());
        let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii()))
        else {
            continue;
        };
        // Injected faults have their own target.
        if name != "x-mock-fault" {
            request.headers_mut().append(name, value);
        }
    }
    with_server(|server| {
        if server.send(request).status.is_success() {
            server.check_saved_state();
        }
    });
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let lines = [
        "X-Mock-Namespace: one",
        "If-Match: \"a\", W/\"b\"",
        "If-Match: *\nIf-Unmodified-Since: Thu, 05 Mar 2026 10:00:00 GMT",
        "Content-Encoding: gzip\nContent-Type: application/json; charset=utf-8",
        "Host: example.com:80\nOrigin: http://localhost:4010\nX-Forwarded-Proto: https\nX-Forwarded-Host: mock.test",
        "Authorization: Basic YTpi\nX-Auth-Email: a@b\nX-Auth-Key: k\nX-Mock-Admin-Token: t",
        "Transaction-Id: 1\nX-Request-Id: 2\nAccept-Language: en\nContent-Length: 3\nExpect: 100-continue",
        "Access-Control-Request-Method: PUT\nAccess-Control-Request-Headers: if-match\nSec-Fetch-Site: cross-site",
    ];
    let number = 0..u8::try_from(REQUESTS.len()).unwrap_or(1);
    number.flat_map(|number| lines.iter().map(move |line| [&[number], line.as_bytes()].concat())).collect()
}

/// The first byte selects a request, and the rest is the value of `Authorization`.
pub(super) fn authorization(input: &[u8]) {
    let Some((number, value)) = input.split_first() else { return };
    let (method, target, body) = REQUESTS[usize::from(*number) % REQUESTS.len()];
    let Ok(value) = HeaderValue::from_bytes(value) else { return };
    let Some(mut request) = request(method, target.as_bytes(), body.as_bytes().to_vec()) else { return };
    request.headers_mut().insert("authorization", value);
    with_server(|server| {
        server.send(request);
    });
}

pub(super) fn authorization_seeds() -> Vec<Vec<u8>> {
    let values = [
        "Bearer any",
        "Basic YTpi",
        // Tokens with claims, and without a valid signature.
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJpYW1faWQiOiJJQk1pZC0xIiwiaWQiOiJhIiwiZXhwIjoxLCJzdWIiOiJzIn0.c2ln",
        "Bearer eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJodHRwczovL2EiLCJzdWIiOiJzIiwic2NvcGUiOiJvcGVuaWQifQ.",
    ];
    let number = 0..u8::try_from(REQUESTS.len()).unwrap_or(1);
    number.flat_map(|number| values.iter().map(move |value| [&[number], value.as_bytes()].concat())).collect()
}
