//! Coverage: every operation and rule with its evidence level and its number of calls or hits.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::helpers::{DEMO_SEED, GROUPS, admin_get, create_ibm_group};
use crate::support::TestServer;
use crate::support::contract::source;
use crate::support::operations::operations;

fn coverage(mock: &TestServer) -> Value {
    admin_get(mock, "/__admin/coverage")
}

fn operation<'a>(coverage: &'a Value, id: &str) -> &'a Value {
    let mut all = coverage["operations"].as_array().unwrap().iter();
    all.find(|operation| operation["operation"] == id).unwrap()
}

fn hits(coverage: &Value, id: &str) -> u64 {
    let mut all = coverage["rules"].as_array().unwrap().iter();
    all.find(|rule| rule["id"] == id).unwrap()["hits"].as_u64().unwrap()
}

#[test]
fn every_vendor_operation_is_listed_once_with_its_evidence_level_and_source() {
    let coverage = coverage(&TestServer::start());
    let vendors = operations().filter(|operation| operation.dialect() != "admin");
    let documented: BTreeSet<[String; 5]> = vendors
        .map(|operation| {
            let string = |name: &str| operation.definition[name].as_str().unwrap().to_owned();
            let method = operation.method.to_uppercase();
            let path = operation.path.to_owned();
            [
                string("operationId"),
                method,
                path,
                string("x-evidence"),
                source(operation.definition).to_owned(),
            ]
        })
        .collect();

    let listed = coverage["operations"].as_array().unwrap();

    assert_eq!(
        (listed.len(), &coverage["summary"]["operations"]),
        (documented.len(), &json!(documented.len()))
    );
    for operation in listed {
        let row = ["operation", "method", "path", "evidence", "source"];
        let row = row.map(|name| operation[name].as_str().unwrap().to_owned());
        assert!(documented.contains(&row), "{row:?}");
    }
}

/// Returns the rows with `columns` cells of a table of docs/dialects.md.
fn rows(section: &str, columns: usize) -> Vec<Vec<String>> {
    let lines = section.lines().filter(|line| line.starts_with("| `"));
    let cells = lines.map(|line| {
        let line = line.replace("\\|", "\u{1}");
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1}', "|"));
        cells.collect::<Vec<_>>()
    });
    cells.filter(|cells| cells.len() == columns).collect()
}

/// Returns the evidence level of a cell such as `assumed [3](#ibm-3)`, and the source that its number refers to.
fn evidence(cell: &str, section: &str) -> (String, String) {
    let (level, link) = cell.rsplit_once(' ').unwrap();
    let number = link.trim_start_matches('[').split_once(']').unwrap().0;
    let prefix = format!("{number}. <a id=");
    let line = section.lines().find(|line| line.starts_with(&prefix)).unwrap();
    let source = line.split_once("</a>").unwrap().1;
    (level.to_owned(), source.replace("<https", "https").replace('>', ""))
}

/// Returns the tables of each dialect in docs/dialects.md.
fn tables_by_dialect() -> [(&'static str, String); 4] {
    let document =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dialects.md")).unwrap();
    ["cloudflare", "ibm", "authress", "legacy"].map(|dialect| {
        let (_, section) = document.split_once(&format!("<!-- tables:{dialect} -->")).unwrap();
        (dialect, section.split_once("<!-- /tables -->").unwrap().0.to_owned())
    })
}

/// Returns the operations or rules of `dialect` in a coverage report.
fn dialect_items(coverage: &Value, list: &str, dialect: &str) -> Vec<Value> {
    let all = coverage[list].as_array().unwrap().iter();
    all.filter(|it| it["dialect"] == dialect).cloned().collect()
}

#[test]
fn the_operation_tables_of_the_document_match_the_coverage() {
    let coverage = coverage(&TestServer::start());
    for (dialect, section) in tables_by_dialect() {
        let documented: BTreeSet<Vec<String>> = rows(&section, 3)
            .into_iter()
            .map(|cells| {
                let (level, source) = evidence(&cells[2], &section);
                let id = cells[0].trim_matches('`');
                vec![format!("{dialect}_{id}"), cells[1].replace('`', ""), level, source]
            })
            .collect();
        let listed: BTreeSet<Vec<String>> = dialect_items(&coverage, "operations", dialect)
            .iter()
            .map(|it| {
                let string = |name: &str| it[name].as_str().unwrap().to_owned();
                let endpoint = format!("{} {}", string("method"), string("path"));
                vec![
                    string("operation"),
                    endpoint,
                    string("evidence"),
                    string("source").replace(['<', '>'], ""),
                ]
            })
            .collect();
        assert_eq!(listed, documented);
    }
}

#[test]
fn the_rule_tables_of_the_document_match_the_coverage() {
    let coverage = coverage(&TestServer::start());
    for (dialect, section) in tables_by_dialect() {
        let documented: BTreeSet<Vec<String>> = rows(&section, 6)
            .into_iter()
            .map(|cells| {
                let (level, source) = evidence(&cells[5], &section);
                let without_backticks = |cell: &str| cell.trim_matches('`').to_owned();
                vec![
                    without_backticks(&cells[0]),
                    cells[1].clone(),
                    without_backticks(&cells[2]),
                    cells[4].clone(),
                    level,
                    source,
                ]
            })
            .collect();
        let listed: BTreeSet<Vec<String>> = dialect_items(&coverage, "rules", dialect)
            .iter()
            .map(|it| {
                let string = |name: &str| it[name].as_str().unwrap().to_owned();
                let source = string("source").replace(['<', '>'], "");
                vec![
                    string("id"),
                    it["status"].to_string(),
                    string("code"),
                    string("description"),
                    string("evidence"),
                    source,
                ]
            })
            .collect();
        assert_eq!(listed, documented);
    }
}

#[test]
fn called_operations_and_hit_rules_are_counted() {
    let mock = TestServer::start();
    let before = coverage(&mock);
    assert_eq!(
        (&before["summary"]["operationsCalled"], &before["summary"]["rulesHit"]),
        (&json!(0), &json!(0))
    );

    create_ibm_group(&mock, "a").send().expect(201);
    create_ibm_group(&mock, "b").header("x-mock-namespace", "other").send().expect(201);
    mock.get(GROUPS).anonymous().send().expect(401);
    mock.get("/v2/nothing").send().expect(404);
    mock.get("/__admin/nothing").send().expect(404);

    let after = coverage(&mock);
    assert_eq!(operation(&after, "ibm_create_access_group")["calls"], 2);
    assert_eq!(operation(&after, "ibm_list_access_groups")["calls"], 1);
    assert_eq!(operation(&after, "ibm_get_access_group")["calls"], 0);
    assert_eq!(hits(&after, "ibm.paths.not-routed"), 1);
    assert_eq!(after["summary"]["operationsCalled"], 2);
    assert_eq!(after["summary"]["rulesHit"], 2);
    assert_eq!(after["summary"]["rules"], after["rules"].as_array().unwrap().len());
}

#[test]
fn rules_of_bulk_items_are_counted_per_item() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let path = "/v2/groups/AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11/members";
    let invalid_member = |id: &str| json!({"iam_id": id, "type": "service"});

    mock.put(path).json(json!({"members": [invalid_member("a"), invalid_member("b")]})).send().expect(207);
    let one = json!({"members": [{"iam_id": "IBMid-x", "type": "user"}]});
    mock.put(path).json(one).fault("fail-items=418").send().expect(207);

    let coverage = coverage(&mock);
    assert_eq!(hits(&coverage, "ibm.bulk-items.service-id"), 2);
    assert_eq!(hits(&coverage, "ibm.bulk-items.injected"), 1);
}

#[test]
fn every_rule_of_an_operation_is_in_the_coverage() {
    let coverage = coverage(&TestServer::start());
    let known: BTreeSet<&str> =
        coverage["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();

    for operation in coverage["operations"].as_array().unwrap() {
        for rule in operation["rules"].as_array().unwrap() {
            assert!(known.contains(rule.as_str().unwrap()), "{rule} of {operation}");
        }
    }
}

#[test]
fn observed_and_client_evidence_has_a_date_a_confidence_and_a_link() {
    let coverage = coverage(&TestServer::start());
    let all = [&coverage["operations"], &coverage["rules"]].into_iter().flat_map(|it| it.as_array().unwrap());
    let mut observations = 0;

    for entry in all {
        let evidence = entry["evidence"].as_str().unwrap();
        let is_observation = ["observed", "observed, sibling", "client"].contains(&evidence);
        observations += usize::from(is_observation);
        if !is_observation {
            assert_eq!((&entry["date"], &entry["confidence"]), (&Value::Null, &Value::Null), "{entry}");
            continue;
        }
        let date = entry["date"].as_str().unwrap();
        let parts: Vec<&str> = date.split('-').collect();
        let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let lengths: Vec<usize> = parts.iter().copied().map(str::len).collect();
        assert!(parts.iter().all(is_number) && [4, 2, 2].starts_with(&lengths), "{entry}");
        assert!(("2015"..="2026").contains(&parts[0]), "{entry}");
        assert!(["high", "medium", "low"].contains(&entry["confidence"].as_str().unwrap()), "{entry}");
        assert!(entry["source"].as_str().unwrap().contains("https://"), "{entry}");
    }

    assert!(observations > 10, "{observations}");
}
