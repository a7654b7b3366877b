//! Recordings: HTTP Archives and cassettes.

use access_groups_mock::recordings::{Importer, pseudonymize, read};
use access_groups_mock::{App, Seed};

use super::server::config;

/// The input is a recording: what can be read of it gives a seed that a server accepts, also with pseudonyms.
pub(super) fn recording(input: &[u8]) {
    for mut importer in [Importer::new(Vec::new()), Importer::before_writes(Vec::new())] {
        let _ = read("input", input, &mut |exchange| match exchange {
            Ok(exchange) => importer.add(Ok(&exchange)),
            Err(error) => importer.add(Err(error)),
        });
        let Ok(mut imported) = importer.finish() else { continue };
        check(&imported.json.to_string());
        pseudonymize(&mut imported.json, b"key");
        // Pseudonyms have the form of the original, but the original may be valid for another reason.
        let _ = Seed::parse(&imported.json.to_string());
    }
}

fn check(json: &str) {
    let seed = Seed::parse(json).unwrap_or_else(|error| panic!("{error} in the imported seed {json}"));
    if let Err(error) = App::new(config(), seed) {
        panic!("{error} in the imported seed {json}");
    }
}

/// The method, the URL and the response body of exchanges with each service.
const EXCHANGES: [(&str, &str, &str); 9] = [
    (
        "GET",
        "https://api.cloudflare.com/client/v4/accounts/a1/access/groups",
        r#"{"result":[{"id":"g1","name":"n","include":[{"everyone":{}}]}]}"#,
    ),
    (
        "POST",
        "https://api.cloudflare.com/client/v4/accounts/a1/access/apps",
        r#"{"result":{"id":"p1","name":"n"}}"#,
    ),
    (
        "GET",
        "https://iam.cloud.ibm.com/v2/groups?account_id=a1",
        r#"{"groups":[{"id":"AccessGroupId-1","name":"n"}]}"#,
    ),
    (
        "GET",
        "https://iam.cloud.ibm.com/v2/groups/AccessGroupId-1/members",
        r#"{"members":[{"iam_id":"IBMid-1","type":"user"}]}"#,
    ),
    (
        "PUT",
        "https://iam.cloud.ibm.com/v2/groups/AccessGroupId-1/members",
        r#"{"members":[{"iam_id":"IBMid-2","type":"user","status_code":200}]}"#,
    ),
    (
        "GET",
        "https://iam.cloud.ibm.com/v1/group_templates?account_id=a1",
        r#"{"group_templates":[{"id":"t","version":"1","name":"n","group":{"name":"g"}}]}"#,
    ),
    (
        "GET",
        "https://a.api.authress.io/v1/groups",
        r#"{"groups":[{"groupId":"g","name":"n","users":[],"admins":[]}]}"#,
    ),
    ("DELETE", "http://127.0.0.1:4010/api2/access_groups/4.json", ""),
    (
        "GET",
        "http://127.0.0.1:4010/ns/t/api2/access_groups.json",
        r#"{"entries":[{"id":4,"name":"n","valid":1}]}"#,
    ),
];

pub(super) fn recording_seeds() -> Vec<Vec<u8>> {
    let entries: Vec<serde_json::Value> = EXCHANGES
        .iter()
        .map(|(method, url, text)| {
            serde_json::json!({
                "request": {"method": method, "url": url, "headers": [], "postData": {"text": "{}"}},
                "response": {"status": 200, "headers": [], "content": {"text": text}}
            })
        })
        .collect();
    let archive =
        |entries: &[serde_json::Value]| serde_json::json!({"log": {"entries": entries}}).to_string();
    let mut seeds = vec![archive(&entries).into_bytes()];
    seeds.extend(entries.iter().map(|entry| archive(std::slice::from_ref(entry)).into_bytes()));
    seeds.push(
        b"interactions:\n- request:\n    body: ''\n    headers: {}\n    method: GET\n    uri: https://a.api.authress.io/v1/groups/g\n  response:\n    body:\n      string: !!binary |\n        e30=\n    headers: {}\n    status: {code: 200, message: OK}\nversion: 1\n"
            .to_vec(),
    );
    seeds
}
