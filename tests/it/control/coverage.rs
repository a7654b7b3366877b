//! Coverage: every operation and rule with its evidence, and how often each was met.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::bench::{GROUPS, SEED, create, own};
use crate::support::Mock;
use crate::support::operations::operations;

fn coverage(mock: &Mock) -> Value {
    own(mock, "/__admin/coverage")
}

fn operation<'a>(coverage: &'a Value, id: &str) -> &'a Value {
    let mut all = coverage["operations"].as_array().unwrap().iter();
    all.find(|operation| operation["operation"] == id).unwrap()
}

fn refusals(coverage: &Value, id: &str) -> u64 {
    let mut all = coverage["rules"].as_array().unwrap().iter();
    all.find(|rule| rule["id"] == id).unwrap()["refusals"].as_u64().unwrap()
}

#[test]
fn every_operation_of_the_vendors_is_there_once_with_its_mark_and_source() {
    let coverage = coverage(&Mock::start());
    let vendors = operations().filter(|operation| operation.dialect() != "admin");
    let documented: BTreeSet<[String; 5]> = vendors
        .map(|operation| {
            let text = |name: &str| operation.described[name].as_str().unwrap().to_owned();
            let method = operation.method.to_uppercase();
            [text("operationId"), method, operation.path.to_owned(), text("x-evidence"), text("x-source")]
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

/// The cells of the rows of a table of docs/dialects.md, without their code marks.
fn rows(text: &str, columns: usize) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with("| `"));
    let cells = lines.map(|line| {
        let line = line.replace("\\|", "\u{1}");
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1}', "|"));
        cells.collect::<Vec<_>>()
    });
    cells.filter(|cells| cells.len() == columns).collect()
}

/// The mark of an evidence cell such as `seed [3](#ibm-3)`, and the source that its number stands for.
fn evidence(cell: &str, section: &str) -> (String, String) {
    let (mark, link) = cell.split_once(' ').unwrap();
    let number = link.trim_start_matches('[').split_once(']').unwrap().0;
    let begin = format!("{number}. <a id=");
    let line = section.lines().find(|line| line.starts_with(&begin)).unwrap();
    let source = line.split_once("</a>").unwrap().1;
    (mark.to_owned(), source.replace("<https", "https").replace('>', ""))
}

#[test]
fn the_tables_of_the_document_say_the_same() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dialects.md")).unwrap();
    let coverage = coverage(&Mock::start());
    for dialect in ["cloudflare", "ibm", "authress", "legacy"] {
        let (_, section) = text.split_once(&format!("<!-- tables: {dialect} -->")).unwrap();
        let section = section.split_once("<!-- /tables -->").unwrap().0;
        let of_dialect = |list: &str| -> Vec<Value> {
            let all = coverage[list].as_array().unwrap().iter();
            all.filter(|it| it["dialect"] == dialect).cloned().collect()
        };

        let documented: BTreeSet<Vec<String>> = rows(section, 3)
            .into_iter()
            .map(|cells| {
                let (mark, source) = evidence(&cells[2], section);
                let id = cells[0].trim_matches('`');
                vec![format!("{dialect}_{id}"), cells[1].replace('`', ""), mark, source]
            })
            .collect();
        let listed: BTreeSet<Vec<String>> = of_dialect("operations")
            .iter()
            .map(|it| {
                let text = |name: &str| it[name].as_str().unwrap().to_owned();
                let place = format!("{} {}", text("method"), text("path"));
                vec![text("operation"), place, text("evidence"), text("source").replace(['<', '>'], "")]
            })
            .collect();
        assert_eq!(listed, documented);

        let documented: BTreeSet<Vec<String>> = rows(section, 6)
            .into_iter()
            .map(|cells| {
                let (mark, source) = evidence(&cells[5], section);
                let plain = |cell: &str| cell.trim_matches('`').to_owned();
                vec![plain(&cells[0]), cells[1].clone(), plain(&cells[2]), cells[4].clone(), mark, source]
            })
            .collect();
        let listed: BTreeSet<Vec<String>> = of_dialect("rules")
            .iter()
            .map(|it| {
                let text = |name: &str| it[name].as_str().unwrap().to_owned();
                let source = text("source").replace(['<', '>'], "");
                vec![
                    text("id"),
                    it["status"].to_string(),
                    text("code"),
                    text("when"),
                    text("evidence"),
                    source,
                ]
            })
            .collect();
        assert_eq!(listed, documented);
    }
}

#[test]
fn operations_and_rules_are_counted_when_the_traffic_meets_them() {
    let mock = Mock::start();
    let before = coverage(&mock);
    assert_eq!(
        (&before["summary"]["operationsCalled"], &before["summary"]["rulesMet"]),
        (&json!(0), &json!(0))
    );

    create(&mock, "a").send().expect(201);
    create(&mock, "b").header("x-mock-namespace", "other").send().expect(201);
    mock.get(GROUPS).anonymous().send().expect(401);
    mock.get("/v2/nothing").send().expect(404);
    mock.get("/__admin/nothing").send().expect(404);

    let after = coverage(&mock);
    assert_eq!(operation(&after, "ibm_create_access_group")["calls"], 2);
    assert_eq!(operation(&after, "ibm_list_access_groups")["calls"], 1);
    assert_eq!(operation(&after, "ibm_get_access_group")["calls"], 0);
    assert_eq!(refusals(&after, "ibm.paths.no-route"), 1);
    assert_eq!(after["summary"]["operationsCalled"], 2);
    assert_eq!(after["summary"]["rulesMet"], 2);
    assert_eq!(after["summary"]["rules"], after["rules"].as_array().unwrap().len());
}

#[test]
fn the_rules_of_parts_are_counted_part_by_part() {
    let mock = Mock::seeded(SEED);
    let path = "/v2/groups/AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11/members";
    let wrong = |id: &str| json!({"iam_id": id, "type": "service"});

    mock.put(path).json(json!({"members": [wrong("a"), wrong("b")]})).send().expect(207);
    let one = json!({"members": [{"iam_id": "IBMid-x", "type": "user"}]});
    mock.put(path).json(one).fault("fail-items=418").send().expect(207);

    let coverage = coverage(&mock);
    assert_eq!(refusals(&coverage, "ibm.parts.service-id"), 2);
    assert_eq!(refusals(&coverage, "ibm.parts.injected"), 1);
}

#[test]
fn an_operation_lists_rules_that_the_coverage_knows() {
    let coverage = coverage(&Mock::start());
    let known: BTreeSet<&str> =
        coverage["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();

    for operation in coverage["operations"].as_array().unwrap() {
        for rule in operation["rules"].as_array().unwrap() {
            assert!(known.contains(rule.as_str().unwrap()), "{rule} of {operation}");
        }
    }
}
