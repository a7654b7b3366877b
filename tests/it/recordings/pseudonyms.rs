//! `import --pseudonymize`: seeds that can be published.

use std::collections::BTreeSet;

use access_groups_mock::AuthMode;
use access_groups_mock::recordings::pseudonymize;
use regex_lite::Regex;
use serde_json::{Value, json};

use super::{imported, journal, traffic};
use crate::support::TestServer;
use crate::support::operations::demo_server;

fn pseudonymized(seed: &Value, key: &str) -> Value {
    let mut seed = seed.clone();
    pseudonymize(&mut seed, key.as_bytes());
    seed
}

/// Returns a seed with objects of every dialect, imported from traffic.
fn seed() -> Value {
    let mock = demo_server(AuthMode::Lenient);
    for send in [traffic::cloudflare, traffic::ibm, traffic::authress, traffic::legacy] {
        for path in send(&mock) {
            mock.get(&path).send_unchecked();
        }
    }
    imported(&journal(&mock)).json
}

/// Returns the seed with each letter and digit replaced by its class.
fn form(value: &Value) -> Value {
    let form = |text: &str| -> String {
        let class = |char: char| match char {
            char if char.is_ascii_digit() || char.is_alphabetic() => 'x',
            char => char,
        };
        text.chars().map(class).collect()
    };
    match value {
        Value::String(text) => form(text).into(),
        Value::Array(items) => items.iter().map(self::form).collect::<Vec<_>>().into(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (form(name), self::form(value))).collect())
        }
        Value::Number(_) => 0.into(),
        Value::Bool(_) | Value::Null => value.clone(),
    }
}

#[test]
fn names_and_identifiers_are_replaced_and_the_seed_stays_valid() {
    let seed = seed();

    let replaced = pseudonymized(&seed, "key");

    let text = replaced.to_string();
    for original in [
        "engineers",
        "corp.example",
        "ada@",
        traffic::ACCOUNT,
        "acct9",
        "Operators",
        "900001",
        "robot",
        "always on call",
        "Shared team",
        "Writers",
        "auth0|9",
        "subscribers",
        "Wiki",
        "rec_9",
        "ro_writer",
    ] {
        assert!(seed.to_string().contains(original), "{original} is not in the seed");
        assert!(!text.contains(original), "{original} is in {text}");
    }
    for kept in
        ["crn:v1:bluemix:public:iam::::role:Viewer", "email_domain", "AccessGroupId-", "auth0|", "\"kms\""]
    {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
    // It loads, and has as many objects as before.
    let mock = TestServer::with_seed(&text);
    let count = |seed: &Value| seed["authress"]["groups"].as_array().unwrap().len();
    let groups = mock.get("/v1/groups").send().json()["groups"].as_array().unwrap().len();
    assert_eq!((count(&replaced), groups), (count(&seed), count(&seed)));
}

#[test]
fn references_stay_references() {
    let replaced = pseudonymized(&seed(), "key");

    let accounts = replaced["cloudflare"]["accounts"].as_object().unwrap();
    let account = accounts.values().find(|account| account["neighbors"]["access/apps"].is_array()).unwrap();
    let ids: BTreeSet<&str> =
        account["access_groups"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    let lists = account["neighbors"].as_object().unwrap();
    let policies =
        lists.iter().find(|(path, _)| path.ends_with("/policies") && path.contains("/apps/")).unwrap();
    let app = policies.0.split('/').nth(2).unwrap();
    assert!(ids.contains(policies.1[0]["include"][0]["group"]["id"].as_str().unwrap()), "{account}");
    assert!(
        account["neighbors"]["access/apps"].as_array().unwrap().iter().any(|it| it["id"] == app),
        "{account}"
    );
}

#[test]
fn pseudonyms_depend_only_on_the_text_and_the_key() {
    let seed = seed();

    let first = pseudonymized(&seed, "one key");

    assert_eq!(pseudonymized(&seed, "one key"), first);
    assert_ne!(pseudonymized(&seed, "another key"), first);
}

#[test]
fn pseudonyms_have_the_form_of_the_original() {
    let seed = json!({"ibm": {"accounts": {"acct1": {"groups": [{
        "id": "AccessGroupId-0a1b2c3d-1111-4222-8333-444455556666", "name": "Blue Team 7", "members": [
            {"iam_id": "IBMid-270001", "type": "user"},
            {"iam_id": "iam-ServiceId-0a1b2c3d-1111-4222-8333-444455556666", "type": "service"}]}]}}}});

    let replaced = pseudonymized(&seed, "key");

    assert_eq!(form(&replaced), form(&seed));
    let group = &replaced["ibm"]["accounts"].as_object().unwrap().values().next().unwrap()["groups"][0];
    let id =
        Regex::new("^AccessGroupId-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$").unwrap();
    assert!(id.is_match(group["id"].as_str().unwrap()), "{group}");
    assert!(
        Regex::new("^[A-Z][a-z]{3} [A-Z][a-z]{3} [0-9]$").unwrap().is_match(group["name"].as_str().unwrap())
    );
    assert_eq!(group["members"][0]["type"], "user");
    // The same identifier has the same pseudonym after another prefix.
    let service = group["members"][1]["iam_id"].as_str().unwrap().strip_prefix("iam-ServiceId-").unwrap();
    assert!(group["id"].as_str().unwrap().ends_with(service), "{group}");
}

#[test]
fn addresses_and_domains_are_those_for_documentation() {
    let rules = json!([{"email": {"email": "ada@corp.example"}}, {"email_domain": {"domain": "corp.example"}},
        {"ip": {"ip": "10.1.2.0/24"}}, {"ip": {"ip": "fd00::1/128"}}, {"geo": {"country_code": "CH"}}]);
    let seed =
        json!({"cloudflare": {"accounts": {"a1": {"access_groups": [{"name": "x", "include": rules}]}}}});

    let replaced = pseudonymized(&seed, "key");

    let account = replaced["cloudflare"]["accounts"].as_object().unwrap().values().next().unwrap();
    let include = &account["access_groups"][0]["include"];
    let domain = include[1]["email_domain"]["domain"].as_str().unwrap();
    assert!(domain.ends_with(".example.com") && !domain.contains("corp"), "{include}");
    assert!(include[0]["email"]["email"].as_str().unwrap().ends_with(&format!("@{domain}")), "{include}");
    assert!(include[2]["ip"]["ip"].as_str().unwrap().starts_with("203.0.113."), "{include}");
    assert!(include[2]["ip"]["ip"].as_str().unwrap().ends_with("/24"), "{include}");
    assert!(include[3]["ip"]["ip"].as_str().unwrap().starts_with("2001:db8::"), "{include}");
    assert_eq!(include[4]["geo"]["country_code"], "CH");
}

#[test]
fn only_identifiers_are_replaced_in_a_path() {
    let group = json!({"id": "0123456789abcdef0123456789abcdea", "name": "x",
        "teams_url": "/v2/resource_groups/0123456789abcdef0123456789abcdea/teams"});
    let seed = json!({"ibm": {"accounts": {"acct1": {"resource_groups": [group]}}}});

    let replaced = pseudonymized(&seed, "key");

    let account = replaced["ibm"]["accounts"].as_object().unwrap().values().next().unwrap();
    let group = &account["resource_groups"][0];
    let expected = format!("/v2/resource_groups/{}/teams", group["id"].as_str().unwrap());
    assert_eq!(group["teams_url"], expected.as_str());
    assert_ne!(group["id"], "0123456789abcdef0123456789abcdea");
}

#[test]
fn different_texts_have_different_pseudonyms() {
    let groups: Vec<Value> = (0..100).map(|id| json!({"id": id + 1, "name": format!("{id:02}")})).collect();
    let seed = json!({"legacy": {"access_groups": groups}});

    let replaced = pseudonymized(&seed, "key");

    let groups = replaced["legacy"]["access_groups"].as_array().unwrap();
    let names: BTreeSet<&str> = groups.iter().map(|group| group["name"].as_str().unwrap()).collect();
    let ids: BTreeSet<u64> = groups.iter().map(|group| group["id"].as_u64().unwrap()).collect();
    assert_eq!((names.len(), ids.len()), (100, 100));
    TestServer::with_seed(&replaced.to_string());
}
