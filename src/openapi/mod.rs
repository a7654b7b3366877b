//! The OpenAPI document, generated from the operations and error tables of the dialects.
//!
//! Imports `http` and `spec`. Invariant: every routed operation is documented, because the routes and the document are
//! built from the same list of operations.

mod components;
mod operation;
mod paths;
mod rules;
mod schema;
mod servers;
mod shared_schemas;
mod slice;
mod values;
mod yaml;

pub use slice::{ExampleRequest, OperationSlice, slice};
pub use yaml::to_yaml;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::spec::{Api, ApiSpec, EXAMPLE_BASE_URL, FidelityDifference};
use components::{Components, component};
use paths::Paths;
use rules::{Rules, Sources};
use values::entries;

/// The format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Json,
    Yaml,
}

/// The names of the APIs of a document, and its format.
type DocumentKey = (Vec<&'static str>, Format);

/// Returns the document of `apis` with the default base URL as text, which is generated on first use.
pub fn text(apis: &[&Api], format: Format) -> Arc<str> {
    /// The documents by their APIs and formats, of which there are few.
    static TEXTS: Mutex<BTreeMap<DocumentKey, Arc<str>>> = Mutex::new(BTreeMap::new());
    let names = apis.iter().map(|api| api.spec.name).collect();
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let text = texts.entry((names, format)).or_insert_with(|| {
        let document = document(apis);
        match format {
            Format::Json => document.to_string().into(),
            Format::Yaml => to_yaml(&document).into(),
        }
    });
    Arc::clone(text)
}

/// Returns the OpenAPI document of `apis`.
pub fn document(apis: &[&Api]) -> Value {
    let mut schemas = Map::new();
    let mut security = Map::new();
    let mut paths = Paths::default();
    let mut rules = Rules::default();
    let mut sources = Sources::default();
    for Api { spec: api, operations } in apis {
        for operation in operations {
            let described = operation::describe(api, operation, &mut rules, &mut sources);
            paths.insert(api, operation, described);
        }
        rules.add_all(api, &mut sources);
        let mut of_api = Map::new();
        for (name, mut schema) in entries((api.schemas)()) {
            schema::complete(&mut schema, api);
            of_api.insert(component(api, &name), schema);
        }
        shared_schemas::share(&mut of_api, api);
        schemas.extend(of_api);
        for (name, scheme) in entries((api.security)()) {
            security.insert(component(api, &name), scheme);
        }
    }
    let dialects: Vec<Value> = apis.iter().map(|api| describe_dialect(api.spec, &mut sources)).collect();
    let mut components = Components::default();
    let paths = paths.into_value(apis, &mut components);
    let mut all_components = json!({"securitySchemes": security, "schemas": schemas});
    components.write(&mut all_components);
    all_components["examples"] = rules.into_examples(apis);
    json!({
        "openapi": "3.1.0",
        "info": info(),
        "servers": servers::root(apis),
        "tags": tags(apis),
        "x-tagGroups": apis.iter().map(|api| json!({"name": api.spec.name, "tags": resources(api)})).collect::<Vec<_>>(),
        "x-dialects": dialects,
        "paths": paths,
        "components": all_components,
        "x-sources": sources.into_value()
    })
}

/// Replaces the base URL of the servers in `text`, which is the document as JSON or YAML.
///
/// `root_url` is that of the server, and `base_url` also has the prefix of a namespace.
pub fn with_base_url(text: &str, root_url: &str, base_url: &str) -> String {
    let escape = |url: &str| url.replace('\'', "%27").replace('"', "%22").replace('\\', "%5C");
    let namespaces = format!("{EXAMPLE_BASE_URL}/ns/");
    // The URLs of namespaces are replaced first, so that they do not get the prefix of the namespace of the request.
    let text = text.replace(&namespaces, &format!("{}/ns/", escape(root_url)));
    text.replace(EXAMPLE_BASE_URL, &escape(base_url))
}

fn info() -> Value {
    json!({
        "title": "access-groups-mock",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "A local, stateful mock server for the access-group APIs of several vendors.\n\n\
            Each error that a response can be is a rule, and each rule is an example of the response, named by its id: \
            `summary` is the condition, `description` the change that makes the request valid, and `value` the body; \
            `x-subject` is the part of its message that differs from request to request. Every rule is in \
            `components/examples`, also those of no operation. `x-evidence` is the evidence for the behavior: \
            vendor-doc, spec, observed, client or assumed; `x-source` names its source in `x-sources`.\n\n\
            `x-dialects` has what all responses of a dialect have in common: the headers besides those of the \
            response (`x-headers`), the values of `Content-Type` of successes (`x-media-types`) and errors \
            (`x-error-media-types`), unless a response has `x-media-types` of its own, and the differences between \
            `--fidelity documented` and `live` (`x-fidelity`).",
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
    })
}

/// Returns a tag for each resource of each API.
fn tags(apis: &[&Api]) -> Vec<Value> {
    let tags = apis.iter().flat_map(|api| resources(api).into_iter().map(|name| (api.spec, name)));
    tags.map(|(api, name)| {
        let resource = name.split_once(": ").map_or(name.as_str(), |(_, resource)| resource);
        json!({"name": name, "description": format!("{} {resource}.", api.display_name)})
    })
    .collect()
}

/// Returns the tags of the resources that operations of `api` have, in the order of its list.
fn resources(api: &Api) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for operation in &api.operations {
        let name = operation::tag(api.spec, operation);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns the description of an API with its differences between the document and the live service.
fn describe_dialect(api: &ApiSpec, sources: &mut Sources) -> Value {
    let mut dialect = json!({
        "name": api.name,
        "description": api.title,
        "x-headers": operation::describe_headers(api.headers),
        "x-media-types": [api.media_type],
        "x-error-media-types": operation::error_media_types(api).collect::<Vec<_>>()
    });
    if !api.fidelity.is_empty() {
        let differences = api.fidelity.iter().map(|it| describe_difference(api, it, sources));
        dialect["x-fidelity"] = differences.collect();
    }
    dialect
}

/// Returns a difference between the vendor's document and its live service.
fn describe_difference(api: &ApiSpec, difference: &FidelityDifference, sources: &mut Sources) -> Value {
    json!({
        "subject": difference.subject,
        "documented": difference.documented,
        "live": difference.live,
        "evidence": difference.evidence.to_string(),
        "x-source": sources.id(api, difference.source)
    })
}
