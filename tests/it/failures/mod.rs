//! The failure matrix: each operation, what can go wrong with it, and the vendor's answer.
//!
//! The operations come from the document: one without rows, or with a documented error that no row provokes,
//! fails. The rows stand in a file per dialect; `neighbors` are those of the ibm dialect.

mod admin;
mod authress;
mod cloudflare;
mod explained;
mod ibm;
mod legacy;
mod neighbors;
mod provocation;

use std::collections::BTreeSet;

use access_groups_mock::{AuthMode, Config};
use serde_json::Value;

use self::provocation::{Provocation, UNPROVOKED};
use crate::support::operations::{Operation, demo, demo_with, operations, replay};
use crate::support::{Call, Mock, Reply};

/// One thing that goes wrong: the status and code of the answer.
type Row = (Provocation, u16, &'static str);

/// Rows by the operations that have them.
type Rows = &'static [(&'static [&'static str], &'static [Row])];

/// The rows of all dialects.
const MATRIX: [Rows; 6] =
    [cloudflare::ROWS, ibm::ROWS, neighbors::ROWS, authress::ROWS, legacy::ROWS, admin::ROWS];

/// The body limit of the servers that refuse large bodies; larger than every example.
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
fn every_provocation_gets_the_vendors_answer_and_changes_nothing() {
    let mut wrong = Vec::new();
    for operation in operations() {
        for (provocation, status, code) in rows(&operation) {
            let mock = server(*provocation);
            let before = groups(&mock);

            let answer = provoke(&mock, &operation, *provocation).send();

            let got = (answer.status, code_of(&answer));
            if got != (*status, (*code).to_owned()) {
                let name = operation.id();
                wrong
                    .push(format!("{name} {provocation:?}: {got:?}, not {status} {code}: {}", answer.text()));
            }
            if answer.status >= 400 && groups(&mock) != before {
                wrong.push(format!("{} {provocation:?} changed the store", operation.id()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_operation_has_the_rows_that_all_operations_need() {
    let mut missing = Vec::new();
    for operation in operations() {
        let has = |wanted: Provocation| {
            let mut rows = rows(&operation);
            rows.any(|(provocation, ..)| *provocation == wanted)
        };
        let mut needed = vec![Provocation::WrongMethod];
        if operation.described["security"].is_array() {
            needed.push(Provocation::NoCredential);
        }
        if operation.path.contains('{') {
            needed.extend([Provocation::EncodedSlash, Provocation::EmptySegment, Provocation::BadPath]);
        }
        if operation.body().is_some() {
            needed.extend([Provocation::Body(b""), Provocation::Body(b"\xff"), Provocation::LargeBody]);
        }
        missing
            .extend(needed.into_iter().filter(|it| !has(*it)).map(|it| format!("{} {it:?}", operation.id())));
    }
    assert!(missing.is_empty(), "rows are missing:\n{}", missing.join("\n"));
}

#[test]
fn every_documented_error_is_provoked() {
    let mut missing = BTreeSet::new();
    for operation in operations() {
        let provoked: BTreeSet<(u16, &str)> =
            rows(&operation).map(|(_, status, code)| (*status, *code)).collect();
        for (status, response) in operation.described["responses"].as_object().unwrap() {
            for code in response["x-codes"].as_array().into_iter().flatten() {
                // An answer to HEAD has no body, and so no code.
                let code = if operation.method == "head" { "" } else { code["code"].as_str().unwrap() };
                let key = (status.parse().unwrap(), code);
                let known = UNPROVOKED.iter().any(|(who, status, code, _)| {
                    [operation.dialect(), operation.id()].contains(who) && (*status, *code) == key
                });
                if !known && !provoked.contains(&key) {
                    missing.insert(format!("{} {} {}", operation.id(), key.0, key.1));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no row provokes:\n{}", Vec::from_iter(missing).join("\n"));
}

#[test]
fn every_row_belongs_to_an_operation() {
    let known: BTreeSet<&str> = operations().map(|operation| operation.id()).collect();

    for (ids, _) in all_rows() {
        for id in *ids {
            assert!(known.contains(id), "there is no operation `{id}`");
        }
    }
}

fn server(provocation: Provocation) -> Mock {
    match provocation {
        Provocation::LargeBody => demo_with(Config { body_limit: BODY_LIMIT, ..Config::default() }),
        _ => demo(AuthMode::Lenient),
    }
}

fn provoke<'a>(mock: &'a Mock, operation: &Operation, provocation: Provocation) -> Call<'a> {
    let target = operation.target();
    match provocation {
        Provocation::NoCredential => replay(mock, operation, &target).anonymous(),
        Provocation::WrongMethod => mock.call(other_method(operation), &target),
        Provocation::Id(id) => replay(mock, operation, &with_last_capture(operation, id)),
        Provocation::EncodedSlash => replay(mock, operation, &with_last_capture(operation, "a%2Fb")),
        Provocation::EmptySegment => replay(mock, operation, &with_last_capture(operation, "")),
        Provocation::BadPath => replay(mock, operation, &with_last_capture(operation, "%ff")),
        Provocation::Query(query) => {
            let separator = if target.contains('?') { '&' } else { '?' };
            replay(mock, operation, &format!("{target}{separator}{query}"))
        }
        Provocation::Target(target) => replay(mock, operation, target),
        Provocation::At(target, body) => replay(mock, operation, target).body(body),
        Provocation::NoQuery => replay(mock, operation, target.split('?').next().unwrap()),
        Provocation::Body(body) => replay(mock, operation, &target).body(body),
        Provocation::LargeBody => replay(mock, operation, &target).body(vec![b' '; BODY_LIMIT + 1]),
        Provocation::Header(name, value) => replay(mock, operation, &target).header(name, value),
        Provocation::PredefinedGroup => {
            let list = "/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups";
            let groups = mock.get(list).send().expect(200).json();
            let id = groups["result"][0]["id"].as_str().unwrap().to_owned();
            replay(mock, operation, &with_last_capture(operation, &id))
        }
        Provocation::Group(id) => replay(mock, operation, &with_group(operation, id)),
        Provocation::PublicGroup => {
            replay(mock, operation, &with_group(operation, "AccessGroupId-PublicAccess"))
        }
    }
}

/// A method that the path does not take.
fn other_method(operation: &Operation) -> &'static str {
    let taken: Vec<&str> =
        operations().filter(|other| other.path == operation.path).map(|other| other.method).collect();
    let methods = ["PATCH", "PUT", "POST", "DELETE", "GET"];
    methods.into_iter().find(|method| !taken.contains(&method.to_lowercase().as_str())).unwrap()
}

/// The target with another text in the place of the last capture of the path.
fn with_last_capture(operation: &Operation, text: &str) -> String {
    let start = operation.path.rfind('{').unwrap();
    let end = start + operation.path[start..].find('}').unwrap() + 1;
    let template = format!("{}{text}{}", &operation.path[..start], &operation.path[end..]);
    operation.target_of(&template)
}

/// The target with another group than the one of the examples.
fn with_group(operation: &Operation, id: &str) -> String {
    operation.target_of(&operation.path.replace("{access_group_id}", id))
}

fn code_of(answer: &Reply) -> String {
    if answer.body.is_empty() {
        return String::new();
    }
    let body = answer.json();
    let found = [&body["errors"][0]["code"], &body["errorCode"]].into_iter().find(|code| !code.is_null());
    match found {
        Some(Value::String(code)) => code.clone(),
        Some(code) => code.to_string(),
        None => String::new(),
    }
}

/// All groups with their revisions.
fn groups(mock: &Mock) -> String {
    mock.get("/__admin/groups?limit=1000").send().expect(200).text()
}
