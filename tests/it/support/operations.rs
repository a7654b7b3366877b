//! The operations of `openapi.yaml`, and the calls that their examples make.

use std::path::Path;

use access_groups_mock::{AuthMode, Config};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::contract::{METHODS, document};
use super::{Call, Mock};

/// An operation of the document.
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) described: &'static Value,
}

impl Operation {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// The operation's id, with its dialect in front.
    pub(crate) fn id(&self) -> &'static str {
        self.described["operationId"].as_str().unwrap()
    }

    /// The dialect that it belongs to.
    pub(crate) fn dialect(&self) -> &'static str {
        self.described["tags"][0].as_str().unwrap()
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.described["parameters"].as_array().into_iter().flatten()
    }

    /// The parameters in `place` that a request must have, with their examples as text.
    pub(crate) fn required(&self, place: &str) -> Vec<(&'static str, String)> {
        let asked = self.parameters().filter(|it| it["in"] == place && it["required"] == true);
        asked.map(|it| (it["name"].as_str().unwrap(), text_of(&it["example"]))).collect()
    }

    pub(crate) fn body(&self) -> Option<(&'static str, &'static Value)> {
        let content = self.described["requestBody"]["content"].as_object()?;
        content.iter().next().map(|(media_type, described)| (media_type.as_str(), described))
    }

    pub(crate) fn successes(&self) -> impl Iterator<Item = u16> {
        let statuses = self.described["responses"].as_object().unwrap().keys();
        statuses.map(|status| status.parse().unwrap()).filter(|status| (200..300).contains(status))
    }

    /// The path with the examples of its captures and of its query parameters.
    pub(crate) fn target(&self) -> String {
        self.target_of(self.path)
    }

    /// The target for a path template of which some captures may be filled in already.
    pub(crate) fn target_of(&self, template: &str) -> String {
        let mut target = template.to_owned();
        for (name, example) in self.required("path") {
            target = target.replace(&format!("{{{name}}}"), &escaped(&example));
        }
        let examples = self.parameters().filter(|it| it["in"] == "query" && it.get("example").is_some());
        let examples = examples.map(|it| (it["name"].as_str().unwrap(), text_of(&it["example"])));
        for (number, (name, example)) in examples.enumerate() {
            let separator = if number == 0 { '?' } else { '&' };
            target = format!("{target}{separator}{name}={}", escaped(&example));
        }
        target
    }
}

pub(crate) fn operations() -> impl Iterator<Item = Operation> {
    let paths = document()["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let present = METHODS.into_iter().filter(|method| item[*method].is_object());
        present.map(|method| Operation { method, path, described: &item[method] })
    })
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A server with the objects that the examples speak of.
pub(crate) fn demo(auth: AuthMode) -> Mock {
    demo_with(Config { auth, ..Config::default() })
}

/// A server with `config` and the objects that the examples speak of.
pub(crate) fn demo_with(config: Config) -> Mock {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo.json");
    Mock::with(with_tls(config), &std::fs::read_to_string(seed).unwrap())
}

/// The settings with a certificate authority, made once for all tests.
#[cfg(feature = "tls")]
fn with_tls(config: Config) -> Config {
    static TLS: std::sync::OnceLock<access_groups_mock::Tls> = std::sync::OnceLock::new();
    let tls = TLS.get_or_init(|| access_groups_mock::Tls::new(&[""; 0]).unwrap());
    Config { tls: Some(tls.clone()), ..config }
}

/// The settings as they are: without TLS there is no certificate authority.
#[cfg(not(feature = "tls"))]
fn with_tls(config: Config) -> Config {
    config
}

/// Puts the things into a server that the examples of its own API speak of, and returns the id of a request.
fn prepare(mock: &Mock) -> String {
    mock.post("/__admin/snapshots/before").send().expect(201);
    mock.get("/__admin/health").header("x-mock-namespace", "test-1").send();
    let fault = r#"{"effect":{"type":"status","status":503},"match":{"urlPath":"/none"}}"#;
    mock.post("/__admin/faults").body(fault).send().expect(201);
    mock.get("/v2/nothing").send().header("x-mock-request-id").to_owned()
}

/// The call that the examples of an operation make on `target`.
pub(crate) fn replay<'a>(mock: &'a Mock, operation: &Operation, target: &str) -> Call<'a> {
    let mut target = target.to_owned();
    if operation.path.starts_with("/__admin/") && operation.path.contains('{') {
        let id = prepare(mock);
        target = target.replace(&escaped("00000000-0000-4000-8000-000000000000"), &id);
    }
    let mut call = mock.call(&operation.method.to_uppercase(), &target);
    for (name, example) in operation.required("header") {
        if name.eq_ignore_ascii_case("if-match") {
            // The value of the moment cannot be an example: it is what a reader was told.
            call = call.header(name, &entity_tag(mock, operation, &target));
        } else {
            call = call.header(name, &example);
        }
    }
    match operation.body() {
        Some((media_type, body)) => call.body(text_of(&body["example"])).header("content-type", media_type),
        None => call,
    }
}

/// The entity tag of what `target` changes, or else of what the examples change.
fn entity_tag(mock: &Mock, operation: &Operation, target: &str) -> String {
    // An action is the last segment of its path, and is not itself there to be read.
    let is_read = operations().any(|other| other.path == operation.path && other.method == "get");
    let readable = |target: &str| {
        let end = if is_read { target.len() } else { target.rfind('/').unwrap() };
        target[..end].to_owned()
    };
    let read = mock.get(&readable(target)).send();
    let read =
        if read.status == 200 { read } else { mock.get(&readable(&operation.target())).send().expect(200) };
    read.header("etag").to_owned()
}
