//! Every operation of the admin API rejects query parameters that it does not have.

use access_groups_mock::AuthMode;
use serde_json::Value;

use super::helpers::{admin_get, assert_invalid};
use crate::support::TestServer;
use crate::support::operations::{demo_server, example_request, operations};

/// Returns what an ignored parameter could have changed.
fn server_state(mock: &TestServer) -> Vec<Value> {
    let step = admin_get(mock, "/__admin/clock")["step"].clone();
    let paths = ["state", "faults", "snapshots", "fidelity", "namespaces", "requests", "ibm/account-groups"];
    let mut state: Vec<Value> =
        paths.iter().map(|path| admin_get(mock, &format!("/__admin/{path}"))).collect();
    state.push(step);
    state
}

#[test]
fn an_unknown_parameter_is_rejected_by_every_admin_operation_and_changes_nothing() {
    let mock = demo_server(AuthMode::Lenient);
    let operations: Vec<_> = operations().filter(|operation| operation.dialect() == "admin").collect();
    assert!(operations.len() >= 40, "{}", operations.len());

    for operation in operations {
        let target = operation.target();
        let separator = if target.contains('?') { '&' } else { '?' };
        let request = example_request(&mock, &operation, &format!("{target}{separator}ns=x"));
        let before = server_state(&mock);

        let response = request.send();

        let known = operation.parameters().filter(|parameter| parameter["in"] == "query");
        let known: Vec<&str> = known.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        assert_invalid(&response, &format!("ns is not a parameter of this operation, which has {known}"));
        assert_eq!(server_state(&mock), before, "{}", operation.name());
    }
}

#[test]
fn an_unknown_parameter_of_a_namespace_creates_no_namespace() {
    let mock = demo_server(AuthMode::Lenient);

    let response = mock.put("/ns/new/__admin/clock?unit=s").anonymous().body(r#"{"advance":"1h"}"#).send();

    assert_invalid(&response, "unit is not a parameter of this operation, which has none");
    assert!(!admin_get(&mock, "/__admin/namespaces").to_string().contains(r#""new""#));
}
