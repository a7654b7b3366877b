//! The requests that are built from the examples of the operations, and servers with the objects of these examples.

use std::path::Path;

use access_groups_mock::{AuthMode, Config};

pub(crate) use super::operation::{Operation, encode_body, operations, percent_encode};
use super::{TestRequest, TestServer};

/// Starts a server with the demo seed, which has the objects of the examples.
pub(crate) fn demo_server(auth: AuthMode) -> TestServer {
    demo_server_with_config(Config { auth, ..Config::default() })
}

/// Starts a server with `config` and the demo seed, which has the objects of the examples.
pub(crate) fn demo_server_with_config(config: Config) -> TestServer {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo.json");
    TestServer::with_config(with_tls(config), &std::fs::read_to_string(seed).unwrap())
}

/// Adds a certificate authority, created once for all tests, to the configuration.
#[cfg(feature = "tls")]
fn with_tls(config: Config) -> Config {
    static TLS: std::sync::OnceLock<access_groups_mock::Tls> = std::sync::OnceLock::new();
    let tls = TLS.get_or_init(|| access_groups_mock::Tls::new(&[""; 0]).unwrap());
    Config { tls: Some(tls.clone()), ..config }
}

/// Returns the configuration unchanged: without TLS there is no certificate authority.
#[cfg(not(feature = "tls"))]
fn with_tls(config: Config) -> Config {
    config
}

/// Creates the objects of the admin API examples and returns the id of a recorded request.
fn prepare_admin_examples(mock: &TestServer) -> String {
    mock.post("/__admin/snapshots/before").send().expect(201);
    mock.get("/__admin/clock").header("x-mock-namespace", "test-1").send();
    let fault = r#"{"effect":{"type":"status","status":503},"match":{"urlPath":"/none"}}"#;
    mock.post("/__admin/faults").body(fault).send().expect(201);
    mock.get("/v2/nothing").send().header("x-mock-request-id").to_owned()
}

/// Builds the request of an operation's examples for `target`.
pub(crate) fn example_request<'a>(
    mock: &'a TestServer,
    operation: &Operation,
    target: &str,
) -> TestRequest<'a> {
    let mut target = target.to_owned();
    // The demo seed has the account group of the examples.
    let is_seeded = operation.path.contains("{account_group_id}");
    if operation.path.starts_with("/__admin/") && operation.path.contains('{') && !is_seeded {
        let id = prepare_admin_examples(mock);
        target = target.replace(&percent_encode("00000000-0000-4000-8000-000000000000"), &id);
    }
    let mut request = mock.request(&operation.method.to_uppercase(), &target);
    for (name, example) in operation.required_parameters("header") {
        if name.eq_ignore_ascii_case("if-match") {
            // An entity tag cannot be an example because it depends on the state: read the current one.
            request = request.header(name, &entity_tag(mock, operation, &target));
        } else {
            request = request.header(name, &example);
        }
    }
    match operation.request_body() {
        Some((media_type, body)) => {
            request.body(encode_body(media_type, &body["example"])).header("content-type", media_type)
        }
        None => request,
    }
}

/// Returns the entity tag of the resource at `target`, or of the example resource if `target` does not exist.
fn entity_tag(mock: &TestServer, operation: &Operation, target: &str) -> String {
    // A path without a GET operation ends with an action: its resource is the path before the last segment.
    let is_readable = operations().any(|other| other.path == operation.path && other.method == "get");
    let resource_path = |target: &str| {
        let end = if is_readable { target.len() } else { target.rfind('/').unwrap() };
        target[..end].to_owned()
    };
    let mut response = mock.get(&resource_path(target)).send();
    if response.status != 200 {
        response = mock.get(&resource_path(&operation.target())).send().expect(200);
    }
    response.header("etag").to_owned()
}
