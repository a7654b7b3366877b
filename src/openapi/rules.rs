//! The rules as examples of responses, and the sources that they and the operations refer to.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::reference;
use crate::spec::{Api, ApiError, ApiSpec, ErrorCode};

/// The examples by name. A rule whose body differs between services has several, of which the first has its id as the
/// name and contains its description.
#[derive(Default)]
pub(super) struct Rules {
    examples: Map<String, Value>,
    names: BTreeMap<(&'static str, String), String>,
}

/// The sources by id, in the order of their first use.
#[derive(Default)]
pub(super) struct Sources {
    sources: Map<String, Value>,
    ids: BTreeMap<(&'static str, &'static str), String>,
}

impl Rules {
    /// Returns a reference to the example of a rule in a response to `path`.
    pub(super) fn reference(
        &mut self,
        api: &ApiSpec,
        error: &'static ErrorCode,
        path: &str,
        sources: &mut Sources,
    ) -> Value {
        let value = (api.error_example)(&example_error(error), path);
        let key = (error.id, value.to_string());
        if let Some(name) = self.names.get(&key) {
            return reference("examples", name);
        }
        let others = self.names.keys().filter(|(id, _)| *id == error.id).count();
        let (name, example) = match others {
            0 => (error.id.to_owned(), describe(api, error, &value, sources)),
            _ => (
                format!("{}.{}", error.id, others + 1),
                json!({"summary": error.description, "description": error.remediation, "value": value}),
            ),
        };
        self.examples.insert(name.clone(), example);
        let reference = reference("examples", &name);
        self.names.insert(key, name);
        reference
    }

    /// Adds the rules that no operation refers to, such as those of unknown paths.
    pub(super) fn add_all(&mut self, api: &ApiSpec, sources: &mut Sources) {
        for error in api.errors {
            if !self.examples.contains_key(error.id) {
                self.reference(api, error, "", sources);
            }
        }
    }

    /// Returns the examples by name, in the order of the error tables of `apis`.
    pub(super) fn into_examples(mut self, apis: &[&Api]) -> Value {
        let mut ordered = Map::new();
        for error in apis.iter().flat_map(|api| api.spec.errors) {
            let others = (2..).map(|number| format!("{}.{number}", error.id));
            for name in std::iter::once(error.id.to_owned()).chain(others) {
                let Some(example) = self.examples.shift_remove(&name) else { break };
                ordered.insert(name, example);
            }
        }
        ordered.into()
    }
}

/// The subjects of the examples by the part of the message that tells their kind.
const SUBJECTS: [(&str, &str); 10] = [
    ("{} bytes", "1048576"),
    ("method {}", "PATCH"),
    ("method '{}'", "PATCH"),
    ("updated at {}", "Fri, 02 Jan 2026 03:04:05 GMT"),
    ("Version {}", "1"),
    ("media type '{}'", "text/plain"),
    ("URI '{}'", "http://127.0.0.1:4010/api2/unknown.json"),
    ("route to {}", "/accounts/unknown"),
    ("path `{}`", "/unknown"),
    ("InvalidRequest: {}", "request.body.name must be string"),
];

/// Returns an error of the rule with a subject that fits its message.
fn example_error(error: &'static ErrorCode) -> ApiError {
    error.with_subject(example_subject(error))
}

fn example_subject(error: &ErrorCode) -> &'static str {
    let subject = SUBJECTS.iter().find(|(part, _)| error.message.contains(part));
    subject.map_or("example", |(_, subject)| *subject)
}

/// Returns the example object of a rule.
fn describe(api: &ApiSpec, error: &ErrorCode, value: &Value, sources: &mut Sources) -> Value {
    let mut example = json!({
        "summary": error.description,
        "description": error.remediation,
        "value": value,
        "x-status": error.status,
    });
    if error.message.contains("{}") {
        example["x-subject"] = example_subject(error).into();
    }
    example["x-evidence"] = error.evidence.to_string().into();
    example["x-source"] = sources.id(api, error.source).into();
    example
}

impl Sources {
    /// Returns the id of a source, such as `ibm-3`.
    pub(super) fn id(&mut self, api: &ApiSpec, source: &'static str) -> String {
        if let Some(id) = self.ids.get(&(api.name, source)) {
            return id.clone();
        }
        let number = self.ids.keys().filter(|(name, _)| *name == api.name).count() + 1;
        let id = format!("{}-{number}", api.name);
        self.ids.insert((api.name, source), id.clone());
        self.sources.insert(id.clone(), source.into());
        id
    }

    /// Returns the sources by id.
    pub(super) fn into_value(self) -> Value {
        self.sources.into()
    }
}
