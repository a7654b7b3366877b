//! Every error response of the matrix has the documented rule and an explanation with its evidence and source.

use access_groups_mock::Config;
use serde_json::Value;

use super::{BODY_LIMIT, build_request, error_code, rows};
use crate::support::contract::{documented_errors, rules_of};
use crate::support::operations::{Operation, demo_server_with_config, operations};
use crate::support::{TestResponse, TestServer};

/// Returns the rules documented for an error: those of the operation, or else those of its dialect.
fn documented_rules(operation: &Operation, dialect: &str, response: &TestResponse) -> Vec<Value> {
    let code = error_code(response);
    let matches = |it: &&Value| {
        it["status"].as_u64().is_none_or(|status| status == u64::from(response.status))
            && (response.body.is_empty() || it["code"] == *code)
    };
    let of_operation = documented_errors(&operation.definition["responses"][response.status.to_string()]);
    let of_operation: Vec<Value> = of_operation.into_iter().filter(|it| matches(it)).cloned().collect();
    if !of_operation.is_empty() && response.status != 405 && response.status != 404 {
        return of_operation;
    }
    rules_of(dialect).filter(matches).cloned().collect()
}

/// Returns the differences between the explanation of an error response and the documented rule.
fn explanation_errors(mock: &TestServer, operation: &Operation, response: &TestResponse) -> Vec<String> {
    let rule = response.header("x-mock-rule");
    // An invalid path may belong to another dialect or to none.
    let dialect = rule.split('.').next().unwrap();
    let Some(documented) =
        documented_rules(operation, dialect, response).into_iter().find(|it| it["rule"] == *rule)
    else {
        return vec![format!(
            "the rule `{rule}` is not documented for {} {}",
            response.status,
            error_code(response)
        )];
    };
    let mut errors = Vec::new();
    let hint = response.header("x-mock-hint");
    // Header values are ASCII.
    if !hint.starts_with(&documented["remediation"].as_str().unwrap().replace('…', "...")) {
        errors.push(format!("the hint is `{hint}`"));
    }
    let id = response.header("x-mock-request-id");
    if operation.dialect() == "admin" {
        return errors;
    }
    let explained = mock.get(&format!("/__admin/requests/{id}/explain")).send().expect(200).json();
    for name in ["code", "message", "description", "remediation", "evidence", "source"] {
        if explained["rule"][name] != documented[name] {
            errors.push(format!(
                "{name} is {} and documented as {}",
                explained["rule"][name], documented[name]
            ));
        }
    }
    if explained["rule"]["id"] != *rule || explained["remediation"] != documented["remediation"] {
        errors.push(format!("the rule is {}", explained["rule"]));
    }
    let summary = explained["summary"].as_str().unwrap();
    if !summary.contains(&format!(" was rejected with {} by {rule}: ", response.status))
        || summary.contains("..")
    {
        errors.push(format!("the summary is `{summary}`"));
    }
    errors
}

#[test]
fn every_error_response_has_the_documented_rule_and_explanation() {
    let mut failures = Vec::new();
    for operation in operations() {
        let config = Config { explain: true, body_limit: BODY_LIMIT, ..Config::default() };
        let mock = demo_server_with_config(config);
        for (error_case, ..) in rows(&operation) {
            let response = build_request(&mock, &operation, *error_case).send();

            if response.status < 400 {
                continue;
            }
            let errors = explanation_errors(&mock, &operation, &response);
            failures.extend(errors.into_iter().map(|it| format!("{} {error_case:?}: {it}", operation.id())));
        }
    }
    assert!(failures.is_empty(), "{} explanations are wrong:\n{}", failures.len(), failures.join("\n"));
}
