//! The components: headers, and the responses, parameters and request bodies that would take more bytes where they occur.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::values::entries;
use crate::spec::ApiSpec;

/// The fields of an operation whose values can be components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Responses,
    Parameters,
    RequestBodies,
    Headers,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Responses, Self::Parameters, Self::RequestBodies, Self::Headers];

    const fn name(self) -> &'static str {
        match self {
            Self::Responses => "responses",
            Self::Parameters => "parameters",
            Self::RequestBodies => "requestBodies",
            Self::Headers => "headers",
        }
    }
}

/// The components besides schemas and examples.
#[derive(Default)]
pub(super) struct Components {
    /// The number of occurrences of each value as JSON, per API.
    counts: BTreeMap<(Kind, &'static str, String), usize>,
    /// The names of the components by API and value.
    names: BTreeMap<(Kind, &'static str, String), String>,
    components: BTreeMap<Kind, Map<String, Value>>,
}

impl Components {
    /// Makes the headers of an operation components, and counts its responses, parameters and request body.
    pub(super) fn count(&mut self, api: &ApiSpec, operation: &mut Value) {
        for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
            for (name, header) in
                response.get_mut("headers").and_then(Value::as_object_mut).into_iter().flatten()
            {
                *header = self.reference(Kind::Headers, api, &pascal_case(name), header.take());
            }
            self.add(Kind::Responses, api, response);
        }
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            self.add(Kind::Parameters, api, parameter);
        }
        if let Some(body) = operation.get("requestBody") {
            self.add(Kind::RequestBodies, api, body);
        }
    }

    fn add(&mut self, kind: Kind, api: &ApiSpec, value: &Value) {
        *self.counts.entry((kind, api.name, value.to_string())).or_default() += 1;
    }

    /// Replaces values with references where the document becomes smaller by it.
    pub(super) fn share(&mut self, api: &ApiSpec, operation: &mut Value) {
        for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
            let name = status.clone();
            self.share_value(Kind::Responses, api, &name, response);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            let reference = body["content"].as_object().and_then(|content| content.values().next());
            let schema = reference.and_then(|it| it["schema"]["$ref"].as_str()).unwrap_or_default();
            let prefix = component(api, "");
            let name = schema.rsplit('/').next().and_then(|name| name.strip_prefix(&prefix));
            let name = format!("{}Body", name.unwrap_or_default());
            self.share_value(Kind::RequestBodies, api, &name, body);
        }
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = format!("{}Param", pascal_case(parameter["name"].as_str().unwrap_or_default()));
            self.share_value(Kind::Parameters, api, &name, parameter);
        }
    }

    fn share_value(&mut self, kind: Kind, api: &ApiSpec, name: &str, value: &mut Value) {
        let key = (kind, api.name, value.to_string());
        let count = self.counts.get(&key).copied().unwrap_or_default();
        if saved_bytes(kind.name(), &component(api, name), key.2.len(), count) > 0 {
            *value = self.reference(kind, api, name, value.take());
        }
    }

    /// Returns a reference to the component with this value; a number distinguishes those with the same name.
    fn reference(&mut self, kind: Kind, api: &ApiSpec, name: &str, value: Value) -> Value {
        let key = (kind, api.name, value.to_string());
        if let Some(name) = self.names.get(&key) {
            return reference(kind.name(), name);
        }
        let components = self.components.entry(kind).or_default();
        let first = component(api, name);
        let mut unique = first.clone();
        for number in 2.. {
            if !components.contains_key(&unique) {
                break;
            }
            unique = format!("{first}_{number}");
        }
        components.insert(unique.clone(), value);
        let reference = reference(kind.name(), &unique);
        self.names.insert(key, unique);
        reference
    }

    /// Adds the components to the components object.
    pub(super) fn write(mut self, components: &mut Value) {
        for kind in Kind::ALL {
            if let Some(values) = self.components.remove(&kind) {
                components[kind.name()] = values.into();
            }
        }
    }
}

/// Returns the name of a component: the capitalized name of the API, followed by the capitalized `name`.
pub(super) fn component(api: &ApiSpec, name: &str) -> String {
    capitalize(api.name) + &capitalize(name)
}

/// Returns the number of bytes that a component saves for a value of `length` bytes that occurs `count` times; a negative
/// number if the references to it would take more than the value.
pub(super) fn saved_bytes(kind: &str, name: &str, length: usize, count: usize) -> isize {
    let of_reference = reference(kind, name).to_string().len();
    let without = length.saturating_mul(count);
    let with = of_reference.saturating_mul(count) + length + name.len();
    without.cast_signed() - with.cast_signed()
}

/// Returns a reference to a component.
pub(super) fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// Returns `content` with media types without parameters as keys, which is what clients compare. `x-media-types` lists
/// those that the server sends, if they are others than `usual`.
pub(super) fn without_media_type_parameters(content: Value, usual: &[&str]) -> Value {
    let essence = |media_type: &str| media_type.split(';').next().unwrap_or_default().to_owned();
    let mut result: Map<String, Value> = Map::new();
    let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (media_type, definition) in entries(content) {
        let key = essence(&media_type);
        sent.entry(key.clone()).or_default().push(media_type);
        result.entry(key).or_insert(definition);
    }
    for (key, definition) in &mut result {
        let sent = sent.remove(key).unwrap_or_default();
        let usual: Vec<&str> = usual.iter().copied().filter(|it| essence(it) == *key).collect();
        let usual = if usual.is_empty() { vec![key.as_str()] } else { usual };
        if sent != usual {
            definition["x-media-types"] = sent.into();
        }
    }
    result.into()
}

fn capitalize(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

pub(super) fn pascal_case(name: &str) -> String {
    name.split(|it: char| !it.is_ascii_alphanumeric()).map(capitalize).collect()
}
