//! Schemas that occur several times within others become components, so that they are described once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::components::{component, pascal_case, reference, saved_bytes};
use crate::spec::ApiSpec;

/// The number of bytes that a component has to save: less is not worth a name.
const MIN_SAVED_BYTES: isize = 150;

/// The occurrences of a schema within others.
struct Occurrences {
    count: usize,
    /// The name of the field that has the schema first.
    field: String,
}

/// The schemas by their JSON; the longest one, which contains others, is first.
type Candidates = BTreeMap<(Reverse<usize>, String), Occurrences>;

/// Replaces schemas that occur several times within `schemas`, those of `api`, with references to new components.
pub(super) fn share(schemas: &mut Map<String, Value>, api: &ApiSpec) {
    let mut candidates = Candidates::new();
    for (name, schema) in schemas.iter() {
        visit(schema, name.strip_prefix(&component(api, "")).unwrap_or(name), &mut |field, inner| {
            let json = inner.to_string();
            let occurrences = candidates
                .entry((Reverse(json.len()), json))
                .or_insert_with(|| Occurrences { count: 0, field: field.to_owned() });
            occurrences.count += 1;
        });
    }
    let names = choose(candidates, schemas, api);
    for schema in schemas.values_mut() {
        replace_inner(schema, &names);
    }
    let shared = names.iter().map(|(json, name)| {
        let mut schema = serde_json::from_str(json).expect("the JSON of a value is valid");
        replace_inner(&mut schema, &names);
        (name.clone(), schema)
    });
    let mut shared: Vec<(String, Value)> = shared.collect();
    shared.sort_by(|(first, _), (second, _)| first.cmp(second));
    schemas.extend(shared);
}

/// Returns the names of the new components by their JSON.
fn choose(
    mut candidates: Candidates,
    schemas: &Map<String, Value>,
    api: &ApiSpec,
) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    while let Some(((_, json), Occurrences { count, field })) = candidates.pop_first() {
        let name = unique_name(&component(api, &pascal_case(&field)), schemas, &names);
        if saved_bytes("schemas", &name, json.len(), count) < MIN_SAVED_BYTES {
            continue;
        }
        // What is within the component occurs only once in all of its places.
        let schema: Value = serde_json::from_str(&json).expect("the JSON of a value is valid");
        visit(&schema, "", &mut |_, inner| {
            let inner = inner.to_string();
            if let Some(occurrences) = candidates.get_mut(&(Reverse(inner.len()), inner)) {
                occurrences.count -= count - 1;
            }
        });
        names.insert(json, name);
    }
    names
}

/// Returns `name`, with a number if there is a component with this name.
fn unique_name(name: &str, schemas: &Map<String, Value>, names: &BTreeMap<String, String>) -> String {
    let is_free = |name: &String| !schemas.contains_key(name) && !names.values().any(|it| it == name);
    let others = (2..).map(|number| format!("{name}_{number}"));
    let mut all = std::iter::once(name.to_owned()).chain(others);
    all.find(is_free).expect("there are more numbers than schemas")
}

/// Calls `visit_inner` with every schema within `schema` that is no reference, and the name of its field.
fn visit(schema: &Value, field: &str, visit_inner: &mut impl FnMut(&str, &Value)) {
    for (name, inner) in inner_schemas(schema, field) {
        if inner.get("$ref").is_none() {
            visit_inner(&name, inner);
            visit(inner, &name, visit_inner);
        }
    }
}

/// Returns the schemas directly within `schema`, with the names of their fields; an item has that of its list.
fn inner_schemas<'a>(schema: &'a Value, field: &str) -> Vec<(String, &'a Value)> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let properties = properties.map(|(name, inner)| (name.clone(), inner));
    let items = ["items", "additionalProperties"].iter().filter_map(|keyword| schema.get(keyword));
    let items = items.filter(|inner| inner.is_object()).map(|inner| (format!("{field}_item"), inner));
    let alternatives = ["oneOf", "anyOf", "allOf"].iter().filter_map(|keyword| schema[keyword].as_array());
    let alternatives = alternatives.flatten().map(|inner| (field.to_owned(), inner));
    properties.chain(items).chain(alternatives).collect()
}

/// Replaces the schemas within `schema` that have a name with references.
fn replace_inner(schema: &mut Value, names: &BTreeMap<String, String>) {
    let Some(keywords) = schema.as_object_mut() else { return };
    for (keyword, value) in keywords {
        let inner: Vec<&mut Value> = match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values_mut().collect(),
            ("items" | "additionalProperties", value) => vec![value],
            ("oneOf" | "anyOf" | "allOf", Value::Array(alternatives)) => alternatives.iter_mut().collect(),
            _ => Vec::new(),
        };
        for schema in inner {
            match names.get(&schema.to_string()) {
                Some(name) => *schema = reference("schemas", name),
                None => replace_inner(schema, names),
            }
        }
    }
}
