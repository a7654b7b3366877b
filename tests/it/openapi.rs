//! `openapi.yaml`: it is up to date and consistent, and its examples work.

mod served;
mod validity;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use access_groups_mock::{AuthMode, openapi_document};
use serde_json::Value;

use crate::support::contract::{document, documented_errors, rules_of, source};
use crate::support::operations::{demo_server, example_request, operations};

/// Returns the parameters of a path template, such as `id` in `/groups/{id}.json`.
fn path_parameters(path: &str) -> BTreeSet<&str> {
    path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

/// Calls `visit` with `value` and every value nested in it.
fn visit_all<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    visit(value);
    match value {
        Value::Object(fields) => fields.values().for_each(|field| visit_all(field, visit)),
        Value::Array(items) => items.iter().for_each(|item| visit_all(item, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Asserts that `example` is valid against `schema`, which may refer to the components of the document.
#[track_caller]
fn assert_valid(what: &str, schema: &Value, example: &Value) {
    let mut with_components = schema.clone();
    with_components["components"] = serde_json::json!({"schemas": document()["components"]["schemas"]});
    let validator =
        jsonschema::validator_for(&with_components).unwrap_or_else(|error| panic!("{what}: {error}"));
    let errors: Vec<String> = validator
        .iter_errors(example)
        .map(|error| format!("at `{}`: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "the example of {what} is not valid against its schema: {errors:?}");
}

#[test]
fn the_committed_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml");
    let generated = generated();

    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, generated).unwrap();
    }

    let committed = std::fs::read_to_string(&path).unwrap();
    let differing =
        committed.lines().zip(generated.lines()).find(|(committed, generated)| committed != generated);
    assert!(
        committed == generated,
        "openapi.yaml is not up to date, first at {differing:?}; run `UPDATE_EXPECT=1 cargo test openapi`"
    );
}

/// Returns the document as it is committed.
fn generated() -> &'static str {
    static YAML: OnceLock<String> = OnceLock::new();
    YAML.get_or_init(access_groups_mock::openapi_yaml)
}

/// Tools and readers get along with a large document, but no operation needs more than this on average.
#[test]
fn the_document_has_at_most_2500_bytes_for_each_operation() {
    let operations = operations().count();

    assert!(operations > 200, "{operations} operations");
    assert!(generated().len() / operations <= 2_500, "{} bytes", generated().len());
}

#[test]
fn no_schema_within_others_is_written_twice() {
    let document = openapi_document();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();

    for schema in document["components"]["schemas"].as_object().unwrap().values() {
        for keyword in schema.as_object().unwrap().values() {
            visit_all(keyword, &mut |value| {
                if value["properties"].is_object() {
                    *seen.entry(value.to_string()).or_default() += 1;
                }
            });
        }
    }

    assert!(seen.len() > 50, "{} schemas within others", seen.len());
    // A reference of 60 bytes would save little for a small schema.
    let repeated: Vec<_> = seen.iter().filter(|(json, count)| **count > 1 && json.len() > 300).collect();
    assert!(repeated.is_empty(), "{repeated:?}");
}

#[test]
fn yaml_and_json_are_equal() {
    let yaml: Value = serde_yaml_ng::from_str(generated()).unwrap();

    assert_eq!(yaml, openapi_document());
}

#[test]
fn every_operation_has_its_own_id_a_summary_a_description_a_source_and_a_success() {
    let mut ids = BTreeSet::new();
    let mut summaries = BTreeSet::new();

    for operation in operations() {
        let id = operation.definition["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "the operation id `{id}` is not unique");
        let summary = operation.definition["summary"].as_str().unwrap();
        assert!(!summary.is_empty(), "{} has no summary", operation.name());
        let is_new = summaries.insert((operation.dialect(), summary));
        assert!(is_new, "{} has the summary of another operation", operation.name());
        assert!(!summary.ends_with('.'), "the summary of {} ends with a dot", operation.name());
        let description = operation.definition["description"].as_str().unwrap_or_default();
        assert!(
            description.ends_with('.') && description != summary,
            "the description of {}",
            operation.name()
        );
        assert!(operation.success_statuses().next().is_some(), "{} documents no success", operation.name());
        let source = source(operation.definition);
        assert!(source.len() > 10, "{} has no source", operation.name());
    }
}

#[test]
fn every_reference_resolves() {
    let document = openapi_document();
    visit_all(&document, &mut |value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap_or("outside the document");
            assert!(document.pointer(pointer).is_some(), "`{reference}` does not resolve");
        }
    });
    for operation in operations() {
        let requirements = operation.definition["security"].as_array().into_iter().flatten();
        for name in requirements.flat_map(|scheme| scheme.as_object().unwrap().keys()) {
            let scheme = &document["components"]["securitySchemes"][name];
            assert!(scheme.is_object(), "{} requires the unknown security scheme `{name}`", operation.name());
        }
    }
}

#[test]
fn every_error_of_an_operation_is_in_the_error_table_of_its_dialect() {
    for operation in operations() {
        let dialect = operation.dialect();
        for (status, response) in operation.definition["responses"].as_object().unwrap() {
            for code in documented_errors(response) {
                assert_eq!(code["rule"].as_str().unwrap().split('.').next(), Some(dialect));
                assert_eq!(&code["status"].to_string(), status);
            }
        }
    }
}

#[test]
fn every_error_has_a_unique_rule_a_remediation_and_a_source() {
    let mut rules = BTreeSet::new();

    for dialect in document()["x-dialects"].as_array().unwrap() {
        for code in rules_of(dialect["name"].as_str().unwrap()) {
            let rule = code["rule"].as_str().unwrap();
            assert!(rules.insert(rule), "the rule `{rule}` is not unique");
            assert!(
                code["remediation"].as_str().unwrap().ends_with('.'),
                "the remediation of `{rule}` is not a sentence"
            );
            assert!(!code["source"].as_str().unwrap().is_empty(), "`{rule}` has no source");
        }
    }
}

#[test]
fn the_health_check_has_no_error_of_access() {
    let has = |id: &str, status: &str| {
        let operation = operations().find(|operation| operation.id() == id).unwrap();
        operation.definition["responses"].get(status).is_some()
    };

    for status in ["401", "403"] {
        assert!(has("admin_get_settings", status) && !has("admin_get_health", status), "{status}");
    }
    assert!(has("admin_get_health", "404"));
}

#[test]
fn every_component_is_used() {
    let document = openapi_document();
    let mut used = BTreeSet::new();
    visit_all(&document, &mut |value| {
        used.extend(value.get("$ref").and_then(Value::as_str));
    });

    for (kind, components) in document["components"].as_object().unwrap() {
        // Security schemes are named, and the rules of unknown paths belong to no operation.
        for name in components.as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            let is_used = used.contains(reference.as_str());
            assert!(
                is_used || ["securitySchemes", "examples"].contains(&kind.as_str()),
                "`{name}` is not used"
            );
        }
    }
}

#[test]
fn the_documented_path_parameters_are_those_of_the_path_template() {
    for operation in operations() {
        let documented: BTreeSet<&str> = operation
            .parameters()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(path_parameters(operation.path), documented, "{}", operation.name());
    }
}

#[test]
fn every_required_parameter_has_an_example_and_every_example_is_valid() {
    for operation in operations() {
        for parameter in operation.parameters() {
            let what = format!("`{}` of {}", parameter["name"].as_str().unwrap(), operation.name());
            match parameter.get("example") {
                Some(example) => assert_valid(&what, &parameter["schema"], example),
                None => assert_ne!(parameter["required"], true, "{what} has no example"),
            }
        }
    }
}

#[test]
fn no_parameter_is_documented_twice() {
    for operation in operations() {
        let mut seen = BTreeSet::new();
        for parameter in operation.parameters() {
            let name = parameter["name"].as_str().unwrap();
            let is_new = seen.insert((parameter["in"].as_str().unwrap(), name));
            assert!(is_new, "{} documents `{name}` twice", operation.name());
        }
    }
}

#[test]
fn every_body_has_a_valid_example() {
    for operation in operations() {
        let Some((_, body)) = operation.request_body() else { continue };
        let example = &body["example"];
        assert!(!example.is_null(), "the body of {} has no example", operation.name());
        let what = format!("the body of {}", operation.name());
        assert_valid(&what, &body["schema"], example);
    }
}

#[test]
fn the_examples_of_every_operation_get_its_first_success_response() {
    for operation in operations() {
        let Some(expected) = operation.success_statuses().next() else { continue };
        let mock = demo_server(AuthMode::Off);

        let response = example_request(&mock, &operation, &operation.target()).anonymous().send();

        assert_eq!(response.status, expected, "{} returned {}", operation.name(), response.text());
    }
}

#[test]
fn every_operation_documents_the_response_to_a_query_that_is_not_utf_8() {
    let mock = demo_server(AuthMode::Off);
    for operation in operations() {
        let query = operation.parameters().find(|parameter| parameter["in"] == "query");
        let Some(name) = query.and_then(|query| query["name"].as_str()) else { continue };
        let path = operation.target().split('?').next().unwrap().to_owned();

        // Sending the request validates the response against the document.
        let response = example_request(&mock, &operation, &format!("{path}?{name}=%ff")).anonymous().send();

        assert!((400..500).contains(&response.status), "{} returned {}", operation.name(), response.status);
    }
}
