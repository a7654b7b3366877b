//! The error matrix: the error cases of every operation, and the status and code that each returns.
//!
//! The operations come from the OpenAPI document. An operation without rows, or with a documented error that no row
//! covers, fails the tests. Each dialect has a file of rows; the ibm dialect has two more, for its related services and
//! for the neighbors of its groups.

mod admin;
mod authress;
mod cloudflare;
mod error_case;
mod explanations;
mod ibm;
mod ibm_neighbors;
mod legacy;
mod related_services;
mod timeouts;

use std::collections::BTreeSet;

use access_groups_mock::{AuthMode, Config};
use serde_json::Value;

use self::error_case::{ErrorCase, NOT_REACHABLE};
use crate::support::contract::documented_errors;
use crate::support::operations::{
    Operation, demo_server, demo_server_with_config, example_request, operations,
};
use crate::support::{TestRequest, TestResponse, TestServer};

/// An error case with the status and code of its response.
type Row = (ErrorCase, u16, &'static str);

/// Rows with the operations that they apply to.
type Rows = &'static [(&'static [&'static str], &'static [Row])];

/// The rows of all dialects.
const MATRIX: [Rows; 7] = [
    cloudflare::ROWS,
    ibm::ROWS,
    related_services::ROWS,
    ibm_neighbors::ROWS,
    authress::ROWS,
    legacy::ROWS,
    admin::ROWS,
];

/// The body limit in bytes of the servers for `LargeBody`; every example is smaller.
const BODY_LIMIT: usize = 4096;

fn all_rows() -> impl Iterator<Item = &'static (&'static [&'static str], &'static [Row])> {
    MATRIX.into_iter().flatten()
}

fn rows(operation: &Operation) -> impl Iterator<Item = &'static Row> {
    let id = operation.id();
    let groups = all_rows().filter(move |(ids, _)| ids.contains(&id));
    groups.flat_map(|(_, rows)| rows.iter())
}

#[test]
fn every_error_case_of_cloudflare_returns_its_error_and_changes_nothing() {
    check_rows(cloudflare::ROWS);
}

#[test]
fn every_error_case_of_ibm_returns_its_error_and_changes_nothing() {
    check_rows(ibm::ROWS);
}

#[test]
fn every_error_case_of_related_services_returns_its_error_and_changes_nothing() {
    check_rows(related_services::ROWS);
}

#[test]
fn every_error_case_of_ibm_neighbors_returns_its_error_and_changes_nothing() {
    check_rows(ibm_neighbors::ROWS);
}

#[test]
fn every_error_case_of_authress_returns_its_error_and_changes_nothing() {
    check_rows(authress::ROWS);
}

#[test]
fn every_error_case_of_legacy_returns_its_error_and_changes_nothing() {
    check_rows(legacy::ROWS);
}

#[test]
fn every_error_case_of_the_admin_api_returns_its_error_and_changes_nothing() {
    check_rows(admin::ROWS);
}

/// Sends the request of each row, and fails if a response has another status or code, or an error changed the state.
fn check_rows(rows: Rows) {
    let mut failures = Vec::new();
    // A server whose state is still the one that it started with serves the next row, too.
    let mut unchanged: Option<(TestServer, String)> = None;
    for (ids, rows) in rows {
        for (operation, row) in
            ids.iter().flat_map(|id| rows.iter().map(move |row| (find_operation(id), row)))
        {
            let (error_case, status, code) = row;
            // These need another server, or building their request changes the state.
            let is_shared = operation.dialect() != "admin"
                && !matches!(error_case, ErrorCase::LargeBody | ErrorCase::PredefinedGroup);
            let (mock, before) = match unchanged.take_if(|_| is_shared) {
                Some((mock, before)) => (mock, Some(before)),
                None => (server(*error_case), None),
            };
            let request = build_request(&mock, &operation, *error_case);
            let before = before.unwrap_or_else(|| complete_state(&mock));

            let response = request.send();

            let actual = (response.status, error_code(&response));
            if actual != (*status, (*code).to_owned()) {
                let name = operation.id();
                failures.push(format!(
                    "{name} {error_case:?}: {actual:?} instead of {status} {code}: {}",
                    response.text()
                ));
            }
            if response.status < 400 {
                continue;
            }
            if complete_state(&mock) != before {
                failures.push(format!("{} {error_case:?} changed the state", operation.id()));
            } else if is_shared {
                unchanged = Some((mock, before));
            }
        }
    }
    assert!(failures.is_empty(), "{} rows fail:\n{}", failures.len(), failures.join("\n"));
}

/// Returns the operation with an identifier of a row.
fn find_operation(id: &str) -> Operation {
    operations()
        .find(|operation| operation.id() == id)
        .unwrap_or_else(|| panic!("operation `{id}` does not exist"))
}

#[test]
fn every_operation_has_the_common_error_cases() {
    let mut missing = Vec::new();
    for operation in operations() {
        let has_row = |expected: ErrorCase| {
            let mut rows = rows(&operation);
            rows.any(|(error_case, ..)| *error_case == expected)
        };
        let mut required = vec![ErrorCase::WrongMethod];
        // An empty requirement is met without a credential.
        let requirements = operation.definition["security"].as_array().unwrap();
        if !requirements.is_empty() && !requirements.contains(&serde_json::json!({})) {
            required.push(ErrorCase::NoCredential);
        }
        if operation.path.contains('{') {
            required.extend([ErrorCase::EncodedSlash, ErrorCase::EmptySegment, ErrorCase::NonUtf8Segment]);
        }
        if operation.request_body().is_some() {
            required.extend([ErrorCase::Body(b""), ErrorCase::Body(b"\xff"), ErrorCase::LargeBody]);
        }
        missing.extend(
            required.into_iter().filter(|it| !has_row(*it)).map(|it| format!("{} {it:?}", operation.id())),
        );
    }
    assert!(missing.is_empty(), "rows are missing:\n{}", missing.join("\n"));
}

#[test]
fn every_documented_error_has_an_error_case() {
    let mut missing = BTreeSet::new();
    for operation in operations() {
        let covered: BTreeSet<(u16, &str)> =
            rows(&operation).map(|(_, status, code)| (*status, *code)).collect();
        for (status, response) in operation.definition["responses"].as_object().unwrap() {
            for code in documented_errors(response) {
                // A HEAD response has no body and therefore no code.
                let code = if operation.method == "head" { "" } else { code["code"].as_str().unwrap() };
                let key = (status.parse().unwrap(), code);
                let is_exempt = NOT_REACHABLE.iter().any(|(subject, status, code, _)| {
                    [operation.dialect(), operation.id()].contains(subject) && (*status, *code) == key
                });
                if !is_exempt && !covered.contains(&key) {
                    missing.insert(format!("{} {} {}", operation.id(), key.0, key.1));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no row covers:\n{}", Vec::from_iter(missing).join("\n"));
}

#[test]
fn every_row_names_a_known_operation() {
    let known: BTreeSet<&str> = operations().map(|operation| operation.id()).collect();

    for (ids, _) in all_rows() {
        for id in *ids {
            assert!(known.contains(id), "operation `{id}` does not exist");
        }
    }
}

/// Starts the server for an error case.
fn server(error_case: ErrorCase) -> TestServer {
    match error_case {
        ErrorCase::LargeBody => {
            demo_server_with_config(Config { body_limit: BODY_LIMIT, ..Config::default() })
        }
        _ => demo_server(AuthMode::Lenient),
    }
}

/// Builds the request of an error case.
fn build_request<'a>(mock: &'a TestServer, operation: &Operation, error_case: ErrorCase) -> TestRequest<'a> {
    let target = operation.target();
    match error_case {
        ErrorCase::NoCredential => example_request(mock, operation, &target).anonymous(),
        ErrorCase::WrongMethod => mock.request(other_method(operation), &target),
        ErrorCase::Id(id) => example_request(mock, operation, &with_last_parameter(operation, id)),
        ErrorCase::EncodedSlash => example_request(mock, operation, &with_last_parameter(operation, "a%2Fb")),
        ErrorCase::EmptySegment => example_request(mock, operation, &with_last_parameter(operation, "")),
        ErrorCase::NonUtf8Segment => example_request(mock, operation, &with_last_parameter(operation, "%ff")),
        ErrorCase::Query(query) => {
            let separator = if target.contains('?') { '&' } else { '?' };
            example_request(mock, operation, &format!("{target}{separator}{query}"))
        }
        ErrorCase::Target(target) => example_request(mock, operation, target),
        ErrorCase::TargetWithBody(target, body) => example_request(mock, operation, target).body(body),
        ErrorCase::NoQuery => example_request(mock, operation, target.split('?').next().unwrap()),
        ErrorCase::Body(body) => example_request(mock, operation, &target).body(body),
        ErrorCase::LargeBody => example_request(mock, operation, &target).body(vec![b' '; BODY_LIMIT + 1]),
        ErrorCase::Header(name, value) => example_request(mock, operation, &target).header(name, value),
        ErrorCase::PredefinedGroup => {
            let list = "/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups";
            let groups = mock.get(list).send().expect(200).json();
            let id = groups["result"][0]["id"].as_str().unwrap().to_owned();
            example_request(mock, operation, &with_last_parameter(operation, &id))
        }
        ErrorCase::Group(id) => example_request(mock, operation, &with_group(operation, id)),
        ErrorCase::PublicGroup => {
            example_request(mock, operation, &with_group(operation, "AccessGroupId-PublicAccess"))
        }
    }
}

/// Returns a method that the path does not support.
fn other_method(operation: &Operation) -> &'static str {
    let supported: Vec<&str> =
        operations().filter(|other| other.path == operation.path).map(|other| other.method).collect();
    let methods = ["PATCH", "PUT", "POST", "DELETE", "GET"];
    methods.into_iter().find(|method| !supported.contains(&method.to_lowercase().as_str())).unwrap()
}

/// Returns the path and query with `value` as the last path parameter.
fn with_last_parameter(operation: &Operation, value: &str) -> String {
    let start = operation.path.rfind('{').unwrap();
    let end = start + operation.path[start..].find('}').unwrap() + 1;
    let template = format!("{}{value}{}", &operation.path[..start], &operation.path[end..]);
    operation.target_for_template(&template)
}

/// Returns the path and query with `id` as the group parameter.
fn with_group(operation: &Operation, id: &str) -> String {
    operation.target_for_template(&operation.path.replace("{access_group_id}", id))
}

/// Returns the error code in a response body, or an empty string if it has none.
fn error_code(response: &TestResponse) -> String {
    if response.body.is_empty() {
        return String::new();
    }
    let body = response.json();
    let code = [&body["errors"][0]["code"], &body["errorCode"]].into_iter().find(|code| !code.is_null());
    match code {
        Some(Value::String(code)) => code.clone(),
        Some(code) => code.to_string(),
        None => String::new(),
    }
}

/// Returns the complete state, including the state of the identifier generator and the last revision.
fn complete_state(mock: &TestServer) -> String {
    mock.get("/__admin/state").send().expect(200).text()
}
