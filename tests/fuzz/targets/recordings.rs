//! Recordings: HTTP Archives and cassettes.

use access_groups_mock::recordings::{
    AcceptedDifferences, EvidenceReport, Importer, Pseudonyms, Replay, Report, pseudonymize, read,
};
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

/// The input is a recording: it is replayed, also with pseudonyms, and every exchange is in every form of the report.
pub(super) fn replay(input: &[u8]) {
    let (mut importer, mut count) = (Importer::before_writes(Vec::new()), 0);
    let result = read("input", input, &mut |exchange| {
        count += 1;
        if let Ok(exchange) = exchange {
            importer.add(Ok(&exchange));
        }
    });
    let (Ok(()), Ok(imported)) = (result, importer.finish()) else { return };
    let app = App::new(config(), Seed::parse(&imported.json.to_string()).unwrap()).unwrap();
    let plain = Replay::against_mock(&app, Vec::new());
    let report = send_all(plain, input);
    assert_eq!(report.exchanges.len(), count, "an exchange is lost");
    let pseudonyms = Pseudonyms::new(b"key");
    send_all(Replay::against_mock(&app, Vec::new()).with_pseudonyms(pseudonyms), input);
    let totals = report.totals();
    assert_eq!(totals.equal + totals.accepted + totals.different + totals.skipped, count, "{report}");
    assert_eq!(report.is_different(), totals.different > 0, "{report}");
    assert_eq!(report.to_json()["exchanges"].as_array().unwrap().len(), count);
    report.to_junit().unwrap();
    serde_json::to_string(&EvidenceReport::new(&report)).unwrap();
    // What is written by `--write-accept` accepts all differences.
    let file = serde_json::to_string(&AcceptedDifferences::of_report(&report)).unwrap();
    let mut accepted = report;
    AcceptedDifferences::parse(&file).unwrap().apply(&mut accepted);
    assert!(!accepted.is_different() && accepted.not_occurred.is_empty(), "{accepted}\n{file}");
}

/// Sends all requests of a recording that can be read.
fn send_all(mut replay: Replay, input: &[u8]) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    read("input", input, &mut |exchange| match exchange {
        Ok(exchange) => runtime.block_on(replay.replay(Ok(&exchange))),
        Err(error) => runtime.block_on(replay.replay(Err(error))),
    })
    .unwrap();
    replay.finish()
}

/// The input is a file of accepted differences: what is accepted is written in the same form.
pub(super) fn accepted(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(accepted) = AcceptedDifferences::parse(text) else { return };
    let written = serde_json::to_string(&accepted).unwrap();
    assert_eq!(AcceptedDifferences::parse(&written).unwrap(), accepted, "{written}");
    accepted.apply(&mut Report::default());
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

/// Recordings in which responses differ in each way, and a request is skipped.
pub(super) fn replay_seeds() -> Vec<Vec<u8>> {
    let mut seeds = recording_seeds();
    let group = r#"{"groupId":"grp_1","name":"n","users":[{"userId":"u"}],"admins":[]}"#;
    for (status, headers, text) in [
        (200, "etag", group),
        (404, "retry-after", r#"{"title":"Not found","errorId":"x"}"#),
        (200, "content-type", r#"{"groups":[{"groupId":"b"},{"groupId":"a"}],"at":"2026-01-01T00:00:00Z"}"#),
        (0, "location", ""),
        (200, "vary", "text"),
    ] {
        let entry = |method: &str, path: &str| {
            serde_json::json!({
                "startedDateTime": "2026-11-29T10:00:00Z",
                "request": {"method": method, "url": format!("https://a.api.authress.io{path}"), "headers": [
                    {"name": "authorization", "value": "Bearer [redacted]"}, {"name": "content-type", "value": "application/json"}],
                    "postData": {"text": group}},
                "response": {"status": status, "headers": [{"name": headers, "value": "v"}], "content": {"text": text}}
            })
        };
        let entries = [
            entry("POST", "/v1/groups"),
            entry("GET", "/v1/groups/grp_1?cursor=c"),
            entry("PUT", "/v1/groups/grp_1"),
            entry("GET", "/other"),
        ];
        seeds.push(serde_json::json!({"log": {"entries": entries}}).to_string().into_bytes());
    }
    seeds
}

pub(super) fn accepted_seeds() -> Vec<Vec<u8>> {
    vec![
        br#"{"version":1,"accepted":[]}"#.to_vec(),
        br#"{"version":1,"accepted":[{"operation":"ibm.get_access_group","kind":"value","path":"$.a[*].b","recorded":"1","actual":"2","reason":"r"},{"operation":"x","kind":"no-response","path":"response"}]}"#.to_vec(),
    ]
}
