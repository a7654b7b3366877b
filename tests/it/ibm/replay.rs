//! The examples of the document against the demo seed.

use serde_json::Value;

use super::demo;
use crate::support::contract::{METHODS, document};

#[test]
fn every_example_of_the_document_succeeds_on_the_demo_seed() {
    for (path, item) in document()["paths"].as_object().unwrap() {
        for method in METHODS {
            let operation = &item[method];
            if operation["tags"][0] != "ibm" {
                continue;
            }
            let mock = demo();
            let mut target = path.clone();
            let mut query = Vec::new();
            let mut headers = Vec::new();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let Some(example) = example_of(parameter) else { continue };
                match parameter["in"].as_str().unwrap() {
                    "path" => target = target.replace(&format!("{{{name}}}"), &example),
                    "query" => query.push(format!("{name}={example}")),
                    _ => headers.push((name, example)),
                }
            }
            if !query.is_empty() {
                target = format!("{target}?{}", query.join("&"));
            }
            let mut call = mock.call(&method.to_uppercase(), &target);
            for (name, example) in headers {
                call = call.header(name, &example);
            }
            for (_, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                let example = &content["example"];
                call = call.body(example.as_str().map_or_else(|| example.to_string(), str::to_owned));
            }

            let reply = call.send();

            let first = operation["responses"].as_object().unwrap().keys().next().unwrap();
            assert_eq!(&reply.status.to_string(), first, "{method} {target}: {}", reply.text());
        }
    }
}

fn example_of(parameter: &Value) -> Option<String> {
    let example = &parameter["example"];
    match example {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
