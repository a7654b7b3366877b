//! `replay`: recordings are sent again, and the responses are compared.

use access_groups_mock::recordings::{AcceptedDifferences, EvidenceReport, Replay, Report};
use access_groups_mock::{App, AuthMode, Config, Seed};
use serde_json::{Value, json};

use super::{journal, traffic};
use crate::support::TestServer;
use crate::support::operations::demo_server;

/// Replays a recording against a mock that is seeded by the recording itself.
fn replay(recording: &str) -> Report {
    replay_with(recording, Config::default())
}

fn replay_with(recording: &str, config: Config) -> Report {
    let seed = super::initial_seed(recording);
    let app = App::new(config, Seed::parse(&seed.to_string()).unwrap()).unwrap();
    let mut replay = Replay::against_mock(&app, Vec::new());
    super::send_all(&mut replay, recording);
    replay.finish()
}

/// Records the traffic of a dialect, with reads of its objects, and errors.
fn record(send: fn(&TestServer) -> Vec<String>, mock: &TestServer) -> String {
    for path in send(mock) {
        mock.get(&path).send_unchecked();
    }
    journal(mock)
}

/// Replays the traffic of a dialect, and expects no differences.
#[track_caller]
fn replay_is_equal(send: fn(&TestServer) -> Vec<String>) {
    let recording = record(send, &demo_server(AuthMode::Lenient));

    let report = replay(&recording);

    assert!(!report.is_different(), "{report}");
    let totals = report.totals();
    assert_eq!((totals.skipped, totals.equal), (0, report.exchanges.len()), "{report}");
    assert!(totals.equal > 5, "{report}");
}

#[test]
fn replay_of_cloudflare_is_equal() {
    replay_is_equal(traffic::cloudflare);
}

#[test]
fn replay_of_ibm_is_equal() {
    replay_is_equal(traffic::ibm);
}

#[test]
fn replay_of_authress_is_equal() {
    replay_is_equal(traffic::authress);
}

#[test]
fn replay_of_legacy_is_equal() {
    replay_is_equal(traffic::legacy);
}

/// A recording of Authress with one response changed by `change`: a creation, a list, or the reading of a group that
/// does not exist.
fn changed(request: &str, change: impl FnOnce(&mut Value)) -> String {
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[
            {"groupId":"grp_1","name":"One","users":[{"userId":"a"},{"userId":"b"}],"admins":[],"tags":{"env":"test"}},
            {"groupId":"grp_2","name":"Two","users":[],"admins":[]}]}}"#,
    );
    mock.get("/v1/groups").send().expect(200);
    mock.get("/v1/groups/grp_9").send().expect(404);
    mock.post("/v1/groups").json(json!({"name": "Three", "users": [], "admins": []})).send().expect(201);
    let mut recording: Value = serde_json::from_str(&journal(&mock)).unwrap();
    let entries = recording["log"]["entries"].as_array_mut().unwrap();
    let (method, path) = request.split_once(' ').unwrap();
    let is_requested = |entry: &&mut Value| {
        entry["request"]["method"] == method && entry["request"]["url"].as_str().unwrap().ends_with(path)
    };
    change(&mut entries.iter_mut().find(is_requested).unwrap()["response"]);
    recording.to_string()
}

/// Changes the JSON body of a response.
fn change_body(response: &mut Value, change: impl FnOnce(&mut Value)) {
    let mut body: Value = serde_json::from_str(response["content"]["text"].as_str().unwrap()).unwrap();
    change(&mut body);
    response["content"]["text"] = body.to_string().into();
}

fn change_header(response: &mut Value, name: &str, value: Option<&str>) {
    let headers = response["headers"].as_array_mut().unwrap();
    headers.retain(|header| header["name"] != name);
    if let Some(value) = value {
        headers.push(json!({"name": name, "value": value}));
    }
}

/// Returns all differences of a recording with a change.
fn differences(request: &str, change: impl FnOnce(&mut Value)) -> Vec<String> {
    // The seed is that of the recording without the change.
    let report = replay_with_seed(&changed(request, change), &changed(request, |_| {}));
    report.exchanges.iter().flat_map(|exchange| &exchange.differences).map(ToString::to_string).collect()
}

fn replay_with_seed(recording: &str, seed: &str) -> Report {
    let seed = super::initial_seed(seed);
    let app = App::new(Config::default(), Seed::parse(&seed.to_string()).unwrap()).unwrap();
    let mut replay = Replay::against_mock(&app, Vec::new());
    super::send_all(&mut replay, recording);
    replay.finish()
}

#[test]
fn unchanged_recording_has_no_differences() {
    assert_eq!(differences("GET /v1/groups", |_| {}), [""; 0]);
}

#[test]
fn other_status_is_found() {
    let found = differences("GET /v1/groups/grp_9", |response| response["status"] = 403.into());

    assert_eq!(found, ["status status: recorded 403, replayed 404"]);
}

#[test]
fn other_header_is_found() {
    let found = differences("GET /v1/groups", |response| {
        change_header(response, "cache-control", Some("max-age=7"));
    });

    assert_eq!(found, ["header header cache-control: recorded max-age=7, replayed no-store"]);
}

#[test]
fn missing_and_additional_headers_are_found() {
    let found = differences("GET /v1/groups", |response| {
        change_header(response, "vary", None);
        change_header(response, "retry-after", Some("7"));
    });

    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], "missing header retry-after: recorded 7");
    assert!(found[1].starts_with("additional header vary: replayed "), "{found:?}");
}

#[test]
fn other_media_type_is_found() {
    let found = differences("GET /v1/groups", |response| {
        change_header(response, "content-type", Some("application/json; charset=latin1"));
    });

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("media-type header content-type: recorded application/json; charset=latin1")
    );
}

#[test]
fn other_type_is_found() {
    let found = differences("GET /v1/groups", |response| {
        change_body(response, |body| body["groups"][0]["name"] = 7.into());
    });

    assert_eq!(found, ["type $.groups[0].name: recorded number, replayed string"]);
}

#[test]
fn missing_and_additional_fields_are_found() {
    let found = differences("GET /v1/groups", |response| {
        change_body(response, |body| {
            body["groups"][0]["capacity"] = 9.into();
            body["groups"][1].as_object_mut().unwrap().remove("admins");
        });
    });

    assert_eq!(
        found,
        ["missing $.groups[0].capacity: recorded 9", "additional $.groups[1].admins: replayed []"]
    );
}

#[test]
fn missing_and_additional_items_are_found() {
    let more = differences("GET /v1/groups", |response| {
        change_body(response, |body| {
            body["groups"][0]["users"].as_array_mut().unwrap().push(json!({"userId": "c"}));
        });
    });
    let fewer = differences("GET /v1/groups", |response| {
        change_body(response, |body| drop(body["groups"][0]["users"].as_array_mut().unwrap().pop()));
    });

    assert_eq!(more, [r#"missing $.groups[0].users[2]: recorded {"userId":"c"}"#]);
    assert_eq!(fewer, [r#"additional $.groups[0].users[1]: replayed {"userId":"b"}"#]);
}

#[test]
fn other_value_is_found() {
    let found = differences("POST /v1/groups", |response| {
        change_body(response, |body| body["name"] = "Four".into());
    });

    assert_eq!(found, [r#"value $.name: recorded "Four", replayed "Three""#]);
}

#[test]
fn other_order_is_found() {
    let found = differences("GET /v1/groups", |response| {
        change_body(response, |body| body["groups"][0]["users"].as_array_mut().unwrap().reverse());
    });

    assert_eq!(found, [r#"order $.groups[0].users: recorded "b", "a", replayed "a", "b""#]);
}

/// The identifiers of two groups of the same name.
const SEEDED: [&str; 2] = [
    "AccessGroupId-77777777-7777-4777-8777-777777777777",
    "AccessGroupId-88888888-8888-4888-8888-888888888888",
];

/// Returns a recording of a list with two groups of the same name, and the position of a third one, if it is created before.
fn groups_of_the_same_name(created_at: Option<usize>, reversed: bool) -> String {
    let groups = SEEDED.map(|id| json!({"id": id, "name": "Team"}));
    let mock = TestServer::with_seed(&json!({"ibm": {"accounts": {"a": {"groups": groups}}}}).to_string());
    if created_at.is_some() {
        mock.post("/v2/groups?account_id=a").json(json!({"name": "Team"})).send().expect(201);
    }
    mock.get("/v2/groups?account_id=a&hide_public_access=true").send().expect(200);
    let mut recording: Value = serde_json::from_str(&journal(&mock)).unwrap();
    let list = recording["log"]["entries"].as_array_mut().unwrap().last_mut().unwrap();
    change_body(&mut list["response"], |body| {
        let groups = body["groups"].as_array_mut().unwrap();
        let is_created = |group: &Value| !SEEDED.iter().any(|id| group["id"] == *id);
        let position = groups.iter().position(is_created);
        let created = position.map(|position| groups.remove(position));
        if reversed {
            groups.reverse();
        }
        if let (Some(created), Some(position)) = (created, created_at) {
            groups.insert(position, created);
        }
    });
    recording.to_string()
}

#[test]
fn place_of_a_drawn_identifier_is_not_compared_among_groups_of_the_same_name() {
    for position in 0..3 {
        let report = replay(&groups_of_the_same_name(Some(position), false));

        assert!(!report.is_different(), "{position}: {report}");
    }
}

#[test]
fn other_order_of_seeded_groups_of_the_same_name_is_found() {
    let report = replay(&groups_of_the_same_name(None, true));

    assert!(report.to_string().contains("order $.groups: recorded"), "{report}");
}

#[test]
fn identifier_that_is_not_what_was_created_is_found() {
    let mock = TestServer::start();
    let created = mock.post("/v1/groups").json(json!({"name": "x", "users": [], "admins": []})).send().json();
    let id = created["groupId"].as_str().unwrap();
    mock.get(&format!("/v1/groups/{id}")).send().expect(200);
    let mut recording: Value = serde_json::from_str(&journal(&mock)).unwrap();
    let response = &mut recording["log"]["entries"][1]["response"];
    let other = id.chars().rev().collect::<String>();
    change_body(response, |body| body["groupId"] = other.as_str().into());

    let report = replay(&recording.to_string());

    let found: Vec<&str> =
        report.exchanges[1].differences.iter().map(|difference| difference.path.as_str()).collect();
    assert_eq!(found, ["$.groupId"], "{report}");
}

#[test]
fn rule_and_evidence_of_a_difference_are_named() {
    let recording = changed("GET /v1/groups/grp_9", |response| {
        change_body(response, |body| body["title"] = "Another title".into());
    });

    let report = replay(&recording);

    let text = report.to_string();
    assert!(text.contains("  rule authress.groups.unknown-id ("), "{text}");
    assert!(text.contains("value $.title: recorded \"Another title\""), "{text}");
    assert!(text.ends_with("3 exchanges: 2 equal, 1 different\n"), "{text}");
    assert!(text.contains("\n  authress.create_group: 1 equal, 0 different\n"), "{text}");
}

#[test]
fn request_outside_of_the_apis_is_skipped_and_listed() {
    let recording = json!({"log": {"entries": [
        {"request": {"method": "GET", "url": "https://example.org/favicon.ico"}, "response": {"status": 200}},
        {"request": {"method": "GET"}, "response": {"status": 200}}
    ]}});

    let report = replay(&recording.to_string());

    assert_eq!((report.totals().skipped, report.is_different()), (2, false));
    let text = report.to_string();
    assert!(
        text.starts_with(
            "skipped recording: entry 1 (line 1): GET https://example.org/favicon.ico: no operation"
        ),
        "{text}"
    );
    assert!(
        text.contains("skipped recording: entry 2 (line 1): : invalid entry: missing field `url`"),
        "{text}"
    );
}

#[test]
fn difference_of_the_live_service_is_found_and_gone_with_its_fidelity() {
    let live = Config { fidelity: access_groups_mock::Fidelity::Live, ..Config::default() };
    let mock = TestServer::with_config(live.clone(), "{}");
    mock.get("/client/v4/accounts/a1/access/groups").send();
    mock.post("/client/v4/accounts/a1/access/groups")
        .json(json!({"name": "x", "include": [{"everyone": {}}]}))
        .send();
    let recording = journal(&mock);

    let documented = replay(&recording);
    let same = replay_with(&recording, live);

    assert!(documented.to_string().contains("additional $.result.is_default: replayed []"), "{documented}");
    assert!(!same.is_different(), "{same}");
}

#[test]
fn accepted_differences_are_no_differences() {
    let recording = changed("GET /v1/groups", |response| {
        change_body(response, |body| {
            body["groups"][0]["capacity"] = 9.into();
            body["groups"][1]["capacity"] = 9.into();
        });
    });
    let mut report = replay(&recording);
    let file = serde_json::to_value(AcceptedDifferences::of_report(&report)).unwrap();

    AcceptedDifferences::parse(&file.to_string()).unwrap().apply(&mut report);

    let expected = json!({"version": 1, "accepted": [
        {"operation": "authress.get_groups", "kind": "missing", "path": "$.groups[*].capacity"}]});
    assert_eq!(file, expected);
    assert!(!report.is_different() && report.totals().accepted == 1, "{report}");
    let mut other = replay(&changed("GET /v1/groups/grp_9", |response| response["status"] = 410.into()));
    AcceptedDifferences::parse(&file.to_string()).unwrap().apply(&mut other);
    assert!(other.is_different(), "{other}");
    assert!(
        other.to_string().contains("accepted, but did not occur: authress.get_groups missing"),
        "{other}"
    );
}

#[test]
fn invalid_file_of_accepted_differences_is_an_error() {
    for (file, expected) in [
        ("{}", "missing field `version`"),
        (r#"{"version":2,"accepted":[]}"#, "version: must be 1, not 2"),
        (r#"{"version":1,"accepted":[{"operation":"x","kind":"odd","path":"$"}]}"#, "unknown variant `odd`"),
        (r#"{"version":1,"accepted":[],"more":1}"#, "unknown field `more`"),
    ] {
        let error = AcceptedDifferences::parse(file).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn report_as_json_and_junit_has_every_exchange() {
    let recording = changed("GET /v1/groups/grp_9", |response| response["status"] = 410.into());

    let report = replay(&recording);

    let json = report.to_json();
    assert_eq!(json["totals"], json!({"equal": 2, "accepted": 0, "different": 1, "skipped": 0}));
    assert_eq!(json["byOperation"]["authress.get_group"]["different"], 1);
    assert_eq!(
        json["exchanges"][1]["differences"][0],
        json!(
        {"kind": "status", "path": "status", "recorded": "410", "actual": "404", "isAccepted": false})
    );
    let junit = report.to_junit().unwrap();
    assert!(junit.contains(r#"tests="3""#) && junit.contains(r#"failures="1""#), "{junit}");
    assert!(junit.contains(r#"classname="authress.get_group""#), "{junit}");
    assert!(junit.contains(r#"<failure message="status status: recorded 410, replayed 404""#), "{junit}");
}

#[test]
fn evidence_has_what_is_confirmed_and_contradicted_without_values() {
    let recording = changed("GET /v1/groups", |response| {
        change_body(response, |body| body["groups"][0]["name"] = "Secret project".into());
    });
    // The seed has the changed name: without it, nothing is contradicted.
    let report = replay_with_seed(&recording, &changed("GET /v1/groups", |_| {}));

    let evidence = serde_json::to_value(EvidenceReport::new(&report)).unwrap();

    let find = |list: &str, id: &str| {
        evidence[list].as_array().unwrap().iter().find(|it| it["id"] == id).cloned().unwrap_or_default()
    };
    let list = find("operations", "authress.get_groups");
    assert_eq!((&list["confirmed"], &list["contradicted"]), (&json!(0), &json!(1)), "{evidence}");
    assert_eq!(list["differences"], json!(["value $.groups[0].name"]));
    let rule = find("rules", "authress.groups.unknown-id");
    assert_eq!((&rule["confirmed"], &rule["contradicted"]), (&json!(1), &json!(0)), "{evidence}");
    assert_eq!(rule["date"].as_str().unwrap().len(), "2026-11-29".len(), "{evidence}");
    assert!(!evidence.to_string().contains("Secret project"), "{evidence}");
}

#[test]
fn requests_without_recorded_credentials_are_accepted_except_where_they_were_rejected() {
    let mock = TestServer::start();
    mock.get("/v1/groups").send().expect(200);
    mock.get("/v1/groups").anonymous().send().expect(401);
    mock.get("/client/v4/accounts/a1/access/groups")
        .anonymous()
        .header("x-auth-email", "a@b.ch")
        .header("x-auth-key", "0123456789abcdef0123456789abcdef01234")
        .send()
        .expect(200);
    mock.post("/identity/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=secret")
        .anonymous()
        .send()
        .expect(200);
    let mut recording: Value = serde_json::from_str(&journal(&mock)).unwrap();
    // A browser leaves the credentials out.
    change_header(&mut recording["log"]["entries"][0]["request"], "authorization", None);

    let report = replay(&recording.to_string());

    assert_eq!(report.totals().equal, 4, "{report}");
}
