//! The paths in an order that also suits tools that take the first match, and runners that call them one by one.

use serde_json::{Map, Value, json};

use super::components::Components;
use super::servers;
use crate::spec::{Api, ApiSpec, Operation};

/// The order of the methods of a path: a resource is deleted after all other uses.
const METHODS: [&str; 6] = ["post", "get", "head", "put", "patch", "delete"];

/// A path with its API and its operations by method.
struct Path {
    template: &'static str,
    api: &'static ApiSpec,
    operations: Vec<(String, Value)>,
}

/// The paths; a literal path comes before a template that also fits.
#[derive(Default)]
pub(super) struct Paths(Vec<Path>);

impl Paths {
    /// Adds an operation.
    pub(super) fn insert(&mut self, api: &'static ApiSpec, operation: &Operation, described: Value) {
        let method = operation.method.as_str().to_lowercase();
        if let Some(path) = self.0.iter_mut().find(|path| path.template == operation.path) {
            path.operations.push((method, described));
            return;
        }
        let position = self.0.iter().position(|path| fits(path.template, operation.path));
        let path = Path { template: operation.path, api, operations: vec![(method, described)] };
        self.0.insert(position.unwrap_or(self.0.len()), path);
    }

    /// Returns the paths object, in which what occurs several times is in `components`.
    pub(super) fn into_value(mut self, apis: &[&Api], components: &mut Components) -> Value {
        for path in &mut self.0 {
            path.operations.sort_by_key(|(method, _)| METHODS.iter().position(|it| it == method));
            for (_, operation) in &mut path.operations {
                components.count(path.api, operation);
            }
        }
        let mut paths = Map::new();
        for Path { template, api, operations } in self.0 {
            let mut item = Map::new();
            if let Some(servers) = servers::of_paths(apis, api) {
                item.insert("servers".to_owned(), servers);
            }
            let mut operations = operations;
            for (_, operation) in &mut operations {
                components.share(api, operation);
            }
            let common = take_common_parameters(&mut operations);
            if !common.is_empty() {
                item.insert("parameters".to_owned(), common.into());
            }
            item.extend(operations);
            paths.insert(template.to_owned(), json!(item));
        }
        paths.into()
    }
}

/// Removes the parameters that all operations of a path have, and returns them.
fn take_common_parameters(operations: &mut [(String, Value)]) -> Vec<Value> {
    let parameters = |operation: &Value| operation["parameters"].as_array().cloned().unwrap_or_default();
    let Some((first, others)) = operations.split_first() else { return Vec::new() };
    let mut common = parameters(&first.1);
    common.retain(|parameter| others.iter().all(|(_, other)| parameters(other).contains(parameter)));
    for (_, operation) in operations {
        let own: Vec<Value> = parameters(operation).into_iter().filter(|it| !common.contains(it)).collect();
        match operation.as_object_mut() {
            Some(fields) if own.is_empty() => drop(fields.shift_remove("parameters")),
            Some(fields) => drop(fields.insert("parameters".to_owned(), own.into())),
            None => {}
        }
    }
    common
}

/// Returns whether `template` matches every path that `path`, another template, matches.
fn fits(template: &str, path: &str) -> bool {
    let (expected, actual) = (template.split('/'), path.split('/'));
    template.split('/').count() == path.split('/').count()
        && expected.zip(actual).all(|(expected, actual)| expected == actual || expected.starts_with('{'))
}
