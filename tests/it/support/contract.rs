//! Holds answers against `openapi.yaml`: a known status, the documented media type, a body that fits its schema.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Reply;

/// The methods of a path item.
pub(crate) const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

/// The document of all APIs.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(access_groups_mock::openapi_document)
}

/// Fails unless the answer is one that the document allows.
///
/// A fault may give any operation any of its dialect's errors: `is_struck` says that one strikes the request.
#[track_caller]
pub(crate) fn check(method: &str, target: &str, is_struck: bool, reply: &Reply) {
    let path = without_namespace(target.split('?').next().unwrap());
    // HEAD answers as GET does unless it is documented itself, or refused by a vendor that has none.
    let is_like_get = method == "HEAD" && reply.status != 405 && operation_of(method, path).is_none();
    let documented_method = if is_like_get { "GET" } else { method };
    let Some((template, operation)) = operation_of(documented_method, path) else {
        check_failure(path, method, reply);
        return;
    };
    let documented = &operation["responses"][reply.status.to_string()];
    if documented.is_null() && (is_struck || is_of_the_control_layer(reply)) {
        check_failure(path, method, reply);
        return;
    }
    assert!(
        !documented.is_null(),
        "{} {template} answered {}, which is not documented: {}",
        method,
        reply.status,
        reply.text()
    );
    for name in documented["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        assert!(reply.headers.contains_key(name.as_str()), "{method} {template} has no header {name}");
    }
    let content = documented["content"].as_object().and_then(|content| content.iter().next());
    match content {
        Some((media_type, described)) if method != "HEAD" => {
            assert_eq!(reply.header("content-type"), media_type, "{method} {template}");
            if media_type.contains("json") {
                let reference = described["schema"]["$ref"].as_str().unwrap();
                check_schema(reference, reply);
            }
        }
        _ => assert!(reply.body.is_empty(), "{method} {template} has a body: {}", reply.text()),
    }
}

/// The path behind the prefix of a namespace, which the document does not repeat for each path.
fn without_namespace(path: &str) -> &str {
    let Some(after) = path.strip_prefix("/ns/") else { return path };
    after.find('/').map_or("/", |at| &after[at..])
}

/// Whether a fault, or a wrong control header, is the rule by which the request was refused.
fn is_of_the_control_layer(reply: &Reply) -> bool {
    let rule = reply.header("x-mock-rule");
    rule.ends_with(".faults.injected") || rule.ends_with(".control.invalid")
}

/// The path template and the operation that `method` and `path` reach.
pub(crate) fn operation_of(method: &str, path: &str) -> Option<(&'static str, &'static Value)> {
    let is_cloudflare = ["/client/v4/", "/accounts/", "/zones/"].iter().any(|start| path.starts_with(start));
    let path = path.strip_prefix("/client/v4").unwrap_or(path);
    let path = if is_cloudflare { path.strip_suffix('/').unwrap_or(path) } else { path };
    let is_legacy = path.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("/api2/"));
    let path = if is_legacy { path.to_ascii_lowercase() } else { path.to_owned() };
    // IBM's lists of service ids and profiles are good with and without a slash at their end.
    let path = match path.as_str() {
        "/v1/serviceids" => "/v1/serviceids/".to_owned(),
        "/v1/profiles/" => "/v1/profiles".to_owned(),
        _ => path,
    };
    let paths = document()["paths"].as_object().unwrap();
    let mut found: Vec<(&'static str, &'static Value)> = paths
        .iter()
        .filter(|(template, _)| fits(template, &path))
        .map(|(template, item)| (template.as_str(), item))
        .collect();
    // A literal segment goes before a capture, as in the router.
    found.sort_by_key(|(template, _)| template.matches('{').count());
    let (template, item) = *found.first()?;
    let operation = &item[method.to_lowercase()];
    operation.is_object().then_some((template, operation))
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') => {
                let suffix = wanted.split_once('}').map_or("", |(_, suffix)| suffix);
                if given.is_empty() || !given.ends_with(suffix) {
                    return false;
                }
            }
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

/// A request that reaches no operation is refused in the shape of the dialect that owns the path.
#[track_caller]
fn check_failure(path: &str, method: &str, reply: &Reply) {
    assert!(reply.status >= 400 || method == "OPTIONS", "{method} {path} is not documented");
    if method == "HEAD" || method == "OPTIONS" {
        return;
    }
    let lower = path.to_ascii_lowercase();
    let owners = [
        ("/client/v4", "Cloudflare"),
        ("/accounts", "Cloudflare"),
        ("/zones", "Cloudflare"),
        ("/v2", "Ibm"),
        ("/identity", "Ibm"),
        ("/v1/group_templates", "Ibm"),
        ("/v1/group_assignments", "Ibm"),
        ("/v1/policies", "Ibm"),
        ("/v1/serviceids", "Ibm"),
        ("/v1/profiles", "Ibm"),
        ("/v1", "Authress"),
        ("/api2", "Legacy"),
    ];
    let owner = owners.iter().find(|(prefix, _)| {
        lower.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let owner = owner.map_or("Admin", |(_, name)| name);
    check_schema(&format!("#/components/schemas/{owner}Error"), reply);
}

#[track_caller]
fn check_schema(reference: &str, reply: &Reply) {
    static VALIDATORS: Mutex<BTreeMap<String, &'static Validator>> = Mutex::new(BTreeMap::new());
    let validator = *VALIDATORS.lock().unwrap().entry(reference.to_owned()).or_insert_with(|| {
        let schema = json!({"$ref": reference, "components": document()["components"]});
        Box::leak(Box::new(jsonschema::validator_for(&schema).expect("the document's schemas are sound")))
    });
    let body = reply.json();
    let errors: Vec<String> =
        validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{} does not fit {reference}: {errors:?} in {body}", reply.call);
}
