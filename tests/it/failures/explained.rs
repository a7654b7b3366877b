//! Every refusal of the matrix explains itself: by the rule of the documented error, and by where it is known from.

use access_groups_mock::Config;
use serde_json::Value;

use super::{BODY_LIMIT, code_of, provoke, rows};
use crate::support::contract::document;
use crate::support::operations::{Operation, demo_with, operations};
use crate::support::{Mock, Reply};

/// The rules that may send an error: those of the operation, or of its dialect where the operation lists none.
fn documented(operation: &Operation, dialect: &str, reply: &Reply) -> Vec<Value> {
    let code = code_of(reply);
    let fits = |it: &&Value| {
        it["status"].as_u64().is_none_or(|status| status == u64::from(reply.status))
            && (reply.body.is_empty() || it["code"] == *code)
    };
    let of_operation = operation.described["responses"][reply.status.to_string()]["x-codes"].as_array();
    let of_operation: Vec<Value> = of_operation.into_iter().flatten().filter(fits).cloned().collect();
    if !of_operation.is_empty() && reply.status != 405 && reply.status != 404 {
        return of_operation;
    }
    let tags = document()["tags"].as_array().unwrap();
    let tag = tags.iter().find(|tag| tag["name"] == dialect).unwrap();
    tag["x-codes"].as_array().unwrap().iter().filter(fits).cloned().collect()
}

/// What is wrong with how a refusal explains itself.
fn mistakes(mock: &Mock, operation: &Operation, reply: &Reply) -> Vec<String> {
    let rule = reply.header("x-mock-rule");
    // A path that is spoiled may be another dialect's, or nobody's.
    let dialect = rule.split('.').next().unwrap();
    let Some(documented) = documented(operation, dialect, reply).into_iter().find(|it| it["rule"] == *rule)
    else {
        return vec![format!("the rule `{rule}` is not the one of {} {}", reply.status, code_of(reply))];
    };
    let mut mistakes = Vec::new();
    let hint = reply.header("x-mock-hint");
    if !hint.starts_with(documented["remedy"].as_str().unwrap()) {
        mistakes.push(format!("the hint is `{hint}`"));
    }
    let id = reply.header("x-mock-request-id");
    if operation.dialect() == "admin" {
        return mistakes;
    }
    let explained = mock.get(&format!("/__admin/requests/{id}/explain")).send().expect(200).json();
    for name in ["code", "message", "when", "remedy", "evidence", "source"] {
        if explained["rule"][name] != documented[name] {
            mistakes.push(format!(
                "{name} is {} and documented as {}",
                explained["rule"][name], documented[name]
            ));
        }
    }
    if explained["rule"]["id"] != *rule || explained["remedy"] != documented["remedy"] {
        mistakes.push(format!("the rule is {}", explained["rule"]));
    }
    let summary = explained["summary"].as_str().unwrap();
    if !summary.contains(&format!(" was refused with {} by {rule}: ", reply.status)) || summary.contains("..")
    {
        mistakes.push(format!("the summary is `{summary}`"));
    }
    mistakes
}

#[test]
fn every_refusal_carries_the_rule_of_its_error_and_is_explained_by_it() {
    let mut wrong = Vec::new();
    for operation in operations() {
        let config = Config { explain: true, body_limit: BODY_LIMIT, ..Config::default() };
        let mock = demo_with(config);
        for (provocation, ..) in rows(&operation) {
            let reply = provoke(&mock, &operation, *provocation).send();

            if reply.status < 400 {
                continue;
            }
            let mistakes = mistakes(&mock, &operation, &reply);
            wrong.extend(mistakes.into_iter().map(|it| format!("{} {provocation:?}: {it}", operation.id())));
        }
    }
    assert!(wrong.is_empty(), "{} refusals:\n{}", wrong.len(), wrong.join("\n"));
}
