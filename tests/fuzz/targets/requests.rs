//! Request targets: paths and queries.

use super::server::{request, with_server};
use crate::operation::operations;

/// The methods that the first byte of an input selects.
const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PURGE"];

/// The first byte selects the method, and the rest is the request target.
pub(super) fn path(input: &[u8]) {
    let Some((method, target)) = input.split_first() else { return };
    let method = METHODS[usize::from(*method) % METHODS.len()];
    let body = if matches!(method, "GET" | "HEAD") { Vec::new() } else { b"{}".to_vec() };
    let Some(request) = request(method, target, body) else { return };
    with_server(|server| {
        if server.send(request).status.is_success() {
            server.check_saved_state();
        }
    });
}

pub(super) fn path_seeds() -> Vec<Vec<u8>> {
    let examples = operations().flat_map(|operation| {
        let method = METHODS.iter().position(|it| it.eq_ignore_ascii_case(operation.method)).unwrap_or(0);
        let method = u8::try_from(method).unwrap_or(0);
        ["", "/ns/one", "/ns/one/ns/one", "/client/v4"].map(|prefix| {
            let mut seed = vec![method];
            seed.extend_from_slice(prefix.as_bytes());
            seed.extend_from_slice(operation.target().as_bytes());
            seed
        })
    });
    examples.collect()
}

/// The first byte selects an operation that reads, and the rest is the query.
pub(super) fn query(input: &[u8]) {
    let reads: Vec<_> = operations().filter(|operation| operation.method == "get").collect();
    let Some((number, query)) = input.split_first() else { return };
    let target = reads[usize::from(*number) % reads.len()].target();
    let path = target.split('?').next().unwrap_or_default();
    let target = [path.as_bytes(), b"?", query].concat();
    let Some(request) = request("GET", &target, Vec::new()) else { return };
    with_server(|server| {
        server.send(request);
    });
}

pub(super) fn query_seeds() -> Vec<Vec<u8>> {
    let reads = operations().filter(|operation| operation.method == "get");
    let queries = reads.zip(0_u8..).map(|(operation, number)| {
        let mut pairs = Vec::new();
        for parameter in operation.parameters().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let example = parameter.get("example").map(crate::operation::string_value);
            pairs.push(format!("{name}={}", example.unwrap_or_else(|| "1".to_owned())));
        }
        [&[number], pairs.join("&").as_bytes()].concat()
    });
    queries.collect()
}
