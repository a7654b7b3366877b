//! The operations of the OpenAPI document, for tests and for the fuzz targets.

use std::sync::OnceLock;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The methods of a path item that are operations.
pub(crate) const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

/// Returns the OpenAPI document of all APIs, in which the operations have no references besides those in schemas, and
/// the media types have their parameters.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut document = access_groups_mock::openapi_document();
        let components = document["components"].clone();
        let dialects = document["x-dialects"].clone();
        for item in document["paths"].as_object_mut().unwrap().values_mut() {
            let of_path = item.as_object_mut().unwrap().shift_remove("parameters");
            for method in METHODS {
                if let Some(operation) = item.get_mut(method) {
                    resolve_operation(operation, of_path.as_ref(), &components, &dialects);
                }
            }
        }
        document
    })
}

/// Replaces the references of an operation, and adds the parameters of its path and what its dialect says of all
/// responses.
fn resolve_operation(operation: &mut Value, of_path: Option<&Value>, components: &Value, dialects: &Value) {
    let id = operation["operationId"].as_str().unwrap();
    let name = id.split_once('_').unwrap().0;
    let dialect = dialects.as_array().unwrap().iter().find(|it| it["name"] == name).unwrap();
    let own = operation.get("parameters").cloned();
    let parameters = [of_path.cloned(), own].into_iter().flatten();
    let parameters: Vec<Value> = parameters.flat_map(|list| list.as_array().unwrap().clone()).collect();
    if !parameters.is_empty() {
        let parameters = parameters.iter().map(|parameter| resolve(parameter, components));
        operation["parameters"] = parameters.collect();
    }
    if operation.get("requestBody").is_some() {
        operation["requestBody"] = resolve(&operation["requestBody"], components);
    }
    for (status, response) in operation["responses"].as_object_mut().unwrap() {
        *response = resolve(response, components);
        let own = response["headers"].as_object().into_iter().flatten();
        let own = own.map(|(name, header)| (name.clone(), resolve(header, components)));
        let headers = dialect["x-headers"].as_object().unwrap().clone().into_iter().chain(own);
        response["headers"] = headers.collect();
        let usual = if **status < *"400" { "x-media-types" } else { "x-error-media-types" };
        if let Some(content) = response.get_mut("content") {
            let definitions = content.as_object().unwrap().iter();
            let definitions = definitions.flat_map(|(media_type, definition)| {
                let sent = sent_media_types(media_type, definition, &dialect[usual]);
                sent.into_iter().map(|it| (it, definition.clone()))
            });
            *content = Value::Object(definitions.collect());
        }
    }
}

/// Returns the values of `Content-Type` of a media type: its own, or those of its dialect.
fn sent_media_types(media_type: &str, definition: &Value, usual: &Value) -> Vec<String> {
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let own = texts(&definition["x-media-types"]);
    let usual = texts(usual).into_iter().filter(|it| it.split(';').next() == Some(media_type));
    let usual: Vec<String> = usual.collect();
    let all = [own, usual].into_iter().find(|list| !list.is_empty());
    all.unwrap_or_else(|| vec![media_type.to_owned()])
}

/// Returns the component that `value` refers to, or `value` if it is no reference.
fn resolve(value: &Value, components: &Value) -> Value {
    let Some(reference) = value["$ref"].as_str() else { return value.clone() };
    let pointer = reference.strip_prefix("#/components").unwrap();
    components.pointer(pointer).unwrap_or_else(|| panic!("`{reference}` does not resolve")).clone()
}

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
        self.id().split_once('_').unwrap().0
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

/// Returns whether JSON is valid but not readable by `serde_json`: values that were accepted are returned as they were
/// received.
pub(crate) fn is_beyond_serde_json(body: &[u8]) -> bool {
    let error =
        serde_json::from_slice::<Value>(body).err().map(|error| error.to_string()).unwrap_or_default();
    let reasons = ["hex escape", "surrogate", "number out of range", "recursion limit"];
    reasons.iter().any(|reason| error.contains(reason))
}

/// Returns a string as it is, and any other value as JSON.
pub(crate) fn string_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns `value` with everything but ASCII letters and digits percent-encoded.
pub(crate) fn percent_encode(value: &str) -> String {
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
