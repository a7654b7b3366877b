//! The servers of the document: the vendor's base path, with and without a namespace.

use serde_json::{Value, json};

use crate::spec::{Api, ApiSpec, EXAMPLE_BASE_URL};

/// Returns the servers of the whole document: those of its only API, or those without a base path.
pub(super) fn root(apis: &[&Api]) -> Value {
    match apis {
        [api] => of_api(api.spec),
        _ => json!([server(""), namespace_server("")]),
    }
}

/// Returns the servers of the paths of `api` in a document of several APIs; `None` if they are those of the document.
pub(super) fn of_paths(apis: &[&Api], api: &ApiSpec) -> Option<Value> {
    (apis.len() > 1 && !api.base_path.is_empty()).then(|| of_api(api))
}

fn of_api(api: &ApiSpec) -> Value {
    let mut servers = vec![server(api.base_path), namespace_server(api.base_path)];
    if !api.base_path.is_empty() {
        servers.push(server(""));
    }
    servers.into()
}

fn server(base_path: &str) -> Value {
    json!({"url": format!("{EXAMPLE_BASE_URL}{base_path}")})
}

fn namespace_server(base_path: &str) -> Value {
    json!({
        "url": format!("{EXAMPLE_BASE_URL}/ns/{{namespace}}{base_path}"),
        "variables": {"namespace": {"default": "default"}}
    })
}
