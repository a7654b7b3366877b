//! The operations of `openapi.yaml` and the requests that are built from their examples.

use std::path::Path;

use access_groups_mock::{AuthMode, Config};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::contract::{METHODS, document};
use super::{TestRequest, TestServer};

/// An operation of the OpenAPI document.
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) definition: &'static Value,
}

impl Operation {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// Returns the operation id, which starts with the dialect.
    pub(crate) fn id(&self) -> &'static str {
        self.definition["operationId"].as_str().unwrap()
    }

    /// Returns the dialect of the operation.
    pub(crate) fn dialect(&self) -> &'static str {
        self.definition["tags"][0].as_str().unwrap()
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.definition["parameters"].as_array().into_iter().flatten()
    }

    /// Returns the required parameters in `location` (`path`, `query` or `header`) with their examples as strings.
    pub(crate) fn required_parameters(&self, location: &str) -> Vec<(&'static str, String)> {
        let required = self.parameters().filter(|it| it["in"] == location && it["required"] == true);
        required.map(|it| (it["name"].as_str().unwrap(), string_value(&it["example"]))).collect()
    }

    pub(crate) fn request_body(&self) -> Option<(&'static str, &'static Value)> {
        let content = self.definition["requestBody"]["content"].as_object()?;
        content.iter().next().map(|(media_type, definition)| (media_type.as_str(), definition))
    }

    pub(crate) fn success_statuses(&self) -> impl Iterator<Item = u16> {
        let statuses = self.definition["responses"].as_object().unwrap().keys();
        statuses.map(|status| status.parse().unwrap()).filter(|status| (200..300).contains(status))
    }

    /// Returns the path and query with the examples of the path and query parameters.
    pub(crate) fn target(&self) -> String {
        self.target_for_template(self.path)
    }

    /// Returns the path and query for a path template in which some parameters may already be filled in.
    pub(crate) fn target_for_template(&self, template: &str) -> String {
        let mut target = template.to_owned();
        for (name, example) in self.required_parameters("path") {
            target = target.replace(&format!("{{{name}}}"), &percent_encode(&example));
        }
        let examples = self.parameters().filter(|it| it["in"] == "query" && it.get("example").is_some());
        let examples = examples.map(|it| (it["name"].as_str().unwrap(), string_value(&it["example"])));
        for (number, (name, example)) in examples.enumerate() {
            let separator = if number == 0 { '?' } else { '&' };
            target = format!("{target}{separator}{name}={}", percent_encode(&example));
        }
        target
    }
}

pub(crate) fn operations() -> impl Iterator<Item = Operation> {
    let paths = document()["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let methods = METHODS.into_iter().filter(|method| item[*method].is_object());
        methods.map(|method| Operation { method, path, definition: &item[method] })
    })
}

fn string_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn percent_encode(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
}

/// Returns a body of `media_type`: the fields of a form, or JSON.
pub(crate) fn encode_body(media_type: &str, body: &Value) -> String {
    if media_type != "application/x-www-form-urlencoded" {
        return body.to_string();
    }
    let fields = body.as_object().unwrap().iter();
    let pairs = fields
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(&string_value(value))));
    pairs.collect::<Vec<_>>().join("&")
}

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
