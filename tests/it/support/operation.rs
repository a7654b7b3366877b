//! The operations of the OpenAPI document, for tests and for the fuzz targets.

use std::sync::OnceLock;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The methods of a path item that are operations.
pub(crate) const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

/// Returns the OpenAPI document of all APIs.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(access_groups_mock::openapi_document)
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
