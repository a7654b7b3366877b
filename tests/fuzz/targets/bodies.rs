//! Request bodies of every operation that has one: plain, and compressed with gzip.

use std::io::Write;

use axum::body::Body;
use axum::http::Request;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::server::{Server, request, with_server};
use crate::operation::{Operation, encode_body, operations};

pub(super) fn cloudflare(input: &[u8]) {
    send_body("cloudflare", input);
}

pub(super) fn cloudflare_seeds() -> Vec<Vec<u8>> {
    seeds("cloudflare")
}

pub(super) fn ibm(input: &[u8]) {
    send_body("ibm", input);
}

pub(super) fn ibm_seeds() -> Vec<Vec<u8>> {
    seeds("ibm")
}

pub(super) fn authress(input: &[u8]) {
    send_body("authress", input);
}

pub(super) fn authress_seeds() -> Vec<Vec<u8>> {
    seeds("authress")
}

pub(super) fn legacy(input: &[u8]) {
    send_body("legacy", input);
}

pub(super) fn legacy_seeds() -> Vec<Vec<u8>> {
    seeds("legacy")
}

pub(super) fn admin(input: &[u8]) {
    send_body("admin", input);
}

pub(super) fn admin_seeds() -> Vec<Vec<u8>> {
    seeds("admin")
}

/// The first byte selects the operation, and the rest is a body that is declared as gzip.
pub(super) fn gzip(input: &[u8]) {
    let Some((number, body)) = input.split_first() else { return };
    let operations = operations_with_body("");
    let operation = &operations[usize::from(*number) % operations.len()];
    with_server(|server| {
        let Some(mut request) = body_request(server, operation, body.to_vec()) else { return };
        request.headers_mut().insert("content-encoding", axum::http::HeaderValue::from_static("gzip"));
        if server.send(request).status.is_success() {
            server.check_saved_state();
        }
    });
}

pub(super) fn gzip_seeds() -> Vec<Vec<u8>> {
    let compressed = seeds("").into_iter().filter_map(|seed| {
        let mut encoder = GzEncoder::new(vec![seed[0]], Compression::fast());
        encoder.write_all(&seed[1..]).ok()?;
        encoder.finish().ok()
    });
    compressed.collect()
}

/// The first byte selects an operation of the dialect with a body, and the rest is the body.
fn send_body(dialect: &str, input: &[u8]) {
    let Some((number, body)) = input.split_first() else { return };
    let operations = operations_with_body(dialect);
    let operation = &operations[usize::from(*number) % operations.len()];
    with_server(|server| {
        let Some(request) = body_request(server, operation, body.to_vec()) else { return };
        if server.send(request).status.is_success() {
            server.check_saved_state();
        }
    });
}

/// Returns the request of an operation for its example object, with the current entity tag if one is required.
fn body_request(server: &Server, operation: &Operation, body: Vec<u8>) -> Option<Request<Body>> {
    let target = operation.target();
    let mut built = request(&operation.method.to_uppercase(), target.as_bytes(), body)?;
    for (name, example) in operation.required_parameters("header") {
        let mut value = example.parse().ok();
        if name.eq_ignore_ascii_case("if-match") {
            let current = server.send_unchecked(request("GET", target.as_bytes(), Vec::new())?);
            value = current.headers.get("etag").cloned().or(value);
        }
        let name = axum::http::HeaderName::try_from(name).ok()?;
        built.headers_mut().insert(name, value?);
    }
    if let Some((media_type, _)) = operation.request_body() {
        built.headers_mut().insert("content-type", media_type.parse().ok()?);
    }
    Some(built)
}

/// Returns the operations with a body of `dialect`, or of all dialects if it is empty.
fn operations_with_body(dialect: &str) -> Vec<Operation> {
    let is_selected = |operation: &Operation| dialect.is_empty() || operation.dialect() == dialect;
    operations().filter(|operation| is_selected(operation) && operation.request_body().is_some()).collect()
}

fn seeds(dialect: &str) -> Vec<Vec<u8>> {
    let operations = operations_with_body(dialect).into_iter().zip(0_u8..);
    let examples = operations.filter_map(|(operation, number)| {
        let (media_type, body) = operation.request_body()?;
        Some([&[number], encode_body(media_type, &body["example"]).as_bytes()].concat())
    });
    examples.collect()
}
