//! Validates responses against `openapi.yaml`: status, headers, media type and body schema.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use access_groups_mock::Effect;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::TestResponse;
pub(crate) use super::operation::document;
use super::operation::{is_beyond_serde_json, string_value};

/// Returns the descriptions of the rules that are examples of a documented response.
///
/// # Panics
/// Panics if a rule is not described.
pub(crate) fn documented_errors(response: &Value) -> Vec<&'static Value> {
    let contents = response["content"].as_object().into_iter().flatten();
    // All media types of a response have the same examples.
    let examples = contents.filter_map(|(_, content)| content["examples"].as_object()).next();
    let rules = examples.into_iter().flat_map(|examples| examples.keys());
    rules
        .map(|rule| {
            let errors = all_rules().iter().find(|error| error["rule"] == **rule);
            errors.unwrap_or_else(|| panic!("the rule {rule} is not described"))
        })
        .collect()
}

/// Returns the descriptions of the rules of `dialect`, in the order of its error table.
pub(crate) fn rules_of(dialect: &str) -> impl Iterator<Item = &'static Value> {
    all_rules().iter().filter(move |error| error["rule"].as_str().unwrap().split('.').next() == Some(dialect))
}

/// Returns the descriptions of all rules: the examples that have a source.
fn all_rules() -> &'static [Value] {
    static RULES: OnceLock<Vec<Value>> = OnceLock::new();
    RULES.get_or_init(|| {
        let examples = document()["components"]["examples"].as_object().unwrap().iter();
        let described = examples.filter(|(_, example)| example.get("x-source").is_some());
        let rules = described.map(|(rule, example)| {
            let message = field(&example["value"], &["message", "title", "errorMessage", "Message"]);
            let code = field(&example["value"], &["code", "errorCode"]);
            json!({
                "rule": rule,
                "status": example["x-status"],
                "code": code,
                "message": match example["x-subject"].as_str() {
                    Some(subject) => message.replacen(subject, "{}", 1),
                    None => message
                },
                "description": example["summary"],
                "remediation": example["description"],
                "evidence": example["x-evidence"],
                "source": source(example)
            })
        });
        rules.collect()
    })
}

/// Returns the first of the fields `names` in the body of an error as text; an empty one without such a field.
fn field(body: &Value, names: &[&str]) -> String {
    let error = body.pointer("/errors/0").unwrap_or(body);
    names.iter().find_map(|name| error.get(name)).map(string_value).unwrap_or_default()
}

/// Returns the source that the `x-source` of `value` names.
pub(crate) fn source(value: &Value) -> &'static str {
    let id = value["x-source"].as_str().unwrap();
    document()["x-sources"][id].as_str().unwrap_or_else(|| panic!("the source `{id}` is not described"))
}

/// Panics unless the document allows the response.
///
/// A fault can make any operation return any error of its dialect: `allows_injected_error` is true if a fault applies
/// to the request.
#[track_caller]
pub(crate) fn check_response(
    method: &str,
    target: &str,
    allows_injected_error: bool,
    response: &TestResponse,
) {
    let path = strip_namespace(target.split('?').next().unwrap());
    // HEAD returns the same headers as GET unless it has its own operation or the vendor rejects it.
    let is_like_get = method == "HEAD" && response.status != 405 && find_operation(method, path).is_none();
    let documented_method = if is_like_get { "GET" } else { method };
    let Some((template, operation)) = find_operation(documented_method, path) else {
        check_error(path, method, response);
        return;
    };
    let documented = &operation["responses"][response.status.to_string()];
    if documented.is_null() && (allows_injected_error || is_control_error(response)) {
        check_error(path, method, response);
        return;
    }
    assert!(
        !documented.is_null(),
        "{} {template} returned the undocumented status {}: {}",
        method,
        response.status,
        response.text()
    );
    for name in documented["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        assert!(response.headers.contains_key(name.as_str()), "{method} {template} has no header {name}");
    }
    // The first media type is the default; an operation may have others.
    let media_types = || documented["content"].as_object().into_iter().flatten();
    let actual = response.header("content-type");
    let content =
        media_types().find(|(media_type, _)| *media_type == actual).or_else(|| media_types().next());
    match content {
        Some((media_type, definition)) if method != "HEAD" => {
            assert_eq!(response.header("content-type"), media_type, "{method} {template}");
            if media_type.contains("json") {
                check_schema(&definition["schema"], response);
                check_described_values(definition["schema"]["$ref"].as_str().unwrap(), response);
            }
        }
        _ => assert!(response.body.is_empty(), "{method} {template} has a body: {}", response.text()),
    }
}

/// Checks values that the document describes in words, because many generators cannot read the schemas for them.
#[track_caller]
fn check_described_values(reference: &str, response: &TestResponse) {
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else { return };
    if reference.starts_with("#/components/schemas/Cloudflare") && !body["success"].is_null() {
        assert_eq!(body["success"], response.status < 400, "{body}");
    }
    let result = &body["result"];
    for group in result.as_array().map_or(std::slice::from_ref(result), Vec::as_slice) {
        let is_default = group.get("is_default").unwrap_or(&Value::Bool(false));
        assert!(is_default.is_boolean() || *is_default == json!([]), "{body}");
    }
    if reference.ends_with("/AdminVerified") {
        assert_eq!(body["verified"], true);
    }
    if reference.ends_with("/IbmServiceId") {
        assert_eq!(body["locked"], false);
    }
    for fault in body["faults"].as_array().into_iter().flatten().filter(|fault| fault["effect"].is_object()) {
        serde_json::from_value::<Effect>(fault["effect"].clone()).unwrap();
    }
}

/// Removes the namespace prefix from a path: the document lists paths without it.
fn strip_namespace(path: &str) -> &str {
    let Some(after) = path.strip_prefix("/ns/") else { return path };
    after.find('/').map_or("/", |at| &after[at..])
}

/// Returns whether an injected fault or an invalid control header caused the error response.
fn is_control_error(response: &TestResponse) -> bool {
    let rule = response.header("x-mock-rule");
    [".faults.injected", ".control.invalid", ".fallback.failed"].iter().any(|end| rule.ends_with(end))
}

/// Returns the path template and the operation that `method` and `path` match.
pub(crate) fn find_operation(method: &str, path: &str) -> Option<(&'static str, &'static Value)> {
    let is_cloudflare =
        ["/client/v4/", "/accounts", "/zones", "/user/"].iter().any(|start| path.starts_with(start))
            || path == "/user";
    let path = path.strip_prefix("/client/v4").unwrap_or(path);
    let path = if is_cloudflare { path.strip_suffix('/').unwrap_or(path) } else { path };
    let is_legacy = path.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("/api2/"));
    let path = if is_legacy { path.to_ascii_lowercase() } else { path.to_owned() };
    // IBM's lists of service ids and profiles work with and without a trailing slash.
    let path = match path.as_str() {
        "/v1/serviceids" => "/v1/serviceids/".to_owned(),
        "/v1/profiles/" => "/v1/profiles".to_owned(),
        _ => path,
    };
    let paths = document()["paths"].as_object().unwrap();
    let mut matches: Vec<(&'static str, &'static Value)> = paths
        .iter()
        .filter(|(template, _)| template_matches(template, &path))
        .map(|(template, item)| (template.as_str(), item))
        .collect();
    // A literal segment takes precedence over a parameter, as in the router.
    matches.sort_by_key(|(template, _)| template.matches('{').count());
    let (template, item) = *matches.first()?;
    let operation = &item[method.to_lowercase()];
    operation.is_object().then_some((template, operation))
}

fn template_matches(template: &str, path: &str) -> bool {
    let (mut expected, mut actual) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), actual.next()) {
            (None, None) => return true,
            (Some(expected), Some(actual)) if expected.starts_with('{') => {
                let suffix = expected.split_once('}').map_or("", |(_, suffix)| suffix);
                if actual.is_empty() || !actual.ends_with(suffix) {
                    return false;
                }
            }
            (Some(expected), Some(actual)) if expected == actual => {}
            _ => return false,
        }
    }
}

/// Checks that a request without a documented response got an error in the format of the dialect that owns the path.
#[track_caller]
fn check_error(path: &str, method: &str, response: &TestResponse) {
    // The index and the console are for browsers, and are not part of the API.
    let is_page = path == "/" || path == "/favicon.ico" || path.starts_with("/__admin/ui");
    let is_success = response.status < 400;
    assert!(!is_success || is_page || method == "OPTIONS", "{method} {path} is not documented");
    if (is_page && is_success) || method == "HEAD" || method == "OPTIONS" {
        return;
    }
    if response.header("x-mock-rule") == "ibm.paths.not-routed" {
        assert_eq!(response.header("content-type"), "text/html");
        return;
    }
    let lower = path.to_ascii_lowercase();
    let owners = [
        ("/client/v4", "Cloudflare"),
        ("/accounts", "Cloudflare"),
        ("/zones", "Cloudflare"),
        ("/user", "Cloudflare"),
        ("/v2", "Ibm"),
        ("/v3", "Ibm"),
        ("/acms", "Ibm"),
        ("/identity", "Ibm"),
        ("/v1/group_templates", "Ibm"),
        ("/v1/group_assignments", "Ibm"),
        ("/v1/policies", "Ibm"),
        ("/v1/serviceids", "Ibm"),
        ("/v1/profiles", "Ibm"),
        ("/v1/apikeys", "Ibm"),
        ("/v1/serviceid_groups", "Ibm"),
        ("/v1/policy_templates", "Ibm"),
        ("/v1/enterprises", "Ibm"),
        ("/v1/accounts", "Ibm"),
        ("/v1/account-groups", "Ibm"),
        ("/coe", "Ibm"),
        ("/v1", "Authress"),
        ("/api2", "Legacy"),
    ];
    let owner = owners.iter().find(|(prefix, _)| {
        lower.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let owner = owner.map_or("Admin", |(_, name)| name);
    let schema = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let of_ibm = ["IbmGroupsError", "IbmIdentityError", "IbmTokenError"].map(schema);
    let schema = match owner {
        "Ibm" => json!({"oneOf": of_ibm}),
        _ => schema(&format!("{owner}Error")),
    };
    check_schema(&schema, response);
}

#[track_caller]
fn check_schema(schema: &Value, response: &TestResponse) {
    static VALIDATORS: Mutex<BTreeMap<String, &'static Validator>> = Mutex::new(BTreeMap::new());
    let validator = *VALIDATORS.lock().unwrap().entry(schema.to_string()).or_insert_with(|| {
        let mut schema = schema.clone();
        schema["components"] = json!({"schemas": document()["components"]["schemas"]});
        Box::leak(Box::new(
            jsonschema::validator_for(&schema).expect("the schemas of the document are valid"),
        ))
    });
    // Such values have no schema.
    if is_beyond_serde_json(&response.body) {
        return;
    }
    let body = response.json();
    let errors =
        validator.iter_errors(&body).map(|error| (error.instance_path().to_string(), error.to_string()));
    let errors: Vec<String> = errors
        .filter(|(path, _)| !is_within_rule(path))
        .map(|(path, error)| format!("{path}: {error}"))
        .collect();
    assert!(errors.is_empty(), "{} does not match {schema}: {errors:?} in {body}", response.request);
}

/// Returns whether a path leads into a rule of Cloudflare: its value is documented as Cloudflare does, but the default
/// `--cloudflare-rules` accepts and returns any value.
fn is_within_rule(path: &str) -> bool {
    let mut segments = path.split('/').skip_while(|it| !["include", "exclude", "require"].contains(it));
    segments.next().is_some() && segments.next().is_some_and(|it| it.parse::<usize>().is_ok())
}
