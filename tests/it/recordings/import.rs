//! `import`: a seed from recordings.

use access_groups_mock::AuthMode;
use serde_json::{Value, json};

use super::{imported, journal, read_back, traffic, unused};
use crate::support::TestServer;
use crate::support::operations::demo_server;

/// Records the traffic of a dialect and reads of its objects, imports the recording, and compares what a server with
/// the seed returns.
#[track_caller]
fn import_returns_what_was_recorded(send: fn(&TestServer) -> Vec<String>) {
    let recorded = demo_server(AuthMode::Lenient);
    let paths = send(&recorded);
    let expected: Vec<Value> = paths.iter().map(|path| read_back(&recorded, path)).collect();

    let seed = imported(&journal(&recorded));

    assert_eq!(unused(&seed), [""; 0]);
    let restored = TestServer::with_seed(&seed.json.to_string());
    for (path, expected) in paths.iter().zip(expected) {
        assert_eq!(read_back(&restored, path), expected, "{path}");
    }
}

#[test]
fn imported_seed_of_cloudflare_returns_the_recorded_responses() {
    import_returns_what_was_recorded(traffic::cloudflare);
}

#[test]
fn imported_seed_of_ibm_returns_the_recorded_responses() {
    import_returns_what_was_recorded(traffic::ibm);
}

#[test]
fn imported_seed_of_authress_returns_the_recorded_responses() {
    import_returns_what_was_recorded(traffic::authress);
}

#[test]
fn imported_seed_of_legacy_returns_the_recorded_responses() {
    import_returns_what_was_recorded(traffic::legacy);
}

/// An HTTP Archive of exchanges: method, URL, status and the JSON of the response.
fn archive(exchanges: &[(&str, &str, u16, Value)]) -> String {
    let entries = exchanges.iter().map(|(method, url, status, body)| {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        json!({
            "request": {"method": method, "url": url, "headers": []},
            "response": {"status": status, "headers": [], "content": {"size": text.len(), "text": text}}
        })
    });
    json!({"log": {"version": "1.2", "entries": entries.collect::<Vec<_>>()}}).to_string()
}

const GROUPS: &str = "https://api.cloudflare.com/client/v4/accounts/a1/access/groups";

fn access_group(id: &str, name: &str) -> Value {
    json!({"id": id, "uid": id, "name": name, "include": [{"everyone": {}}], "exclude": [], "require": []})
}

#[expect(clippy::needless_pass_by_value, reason = "callers can pass `json!` directly")]
fn result(value: Value) -> Value {
    json!({"success": true, "errors": [], "messages": [], "result": value})
}

/// Returns the names of the Access groups of the account in the seed.
fn names(seed: &Value) -> Vec<&str> {
    let groups = seed["cloudflare"]["accounts"]["a1"]["access_groups"].as_array();
    groups.into_iter().flatten().map(|group| group["name"].as_str().unwrap()).collect()
}

#[test]
fn later_responses_win_and_deletions_delete() {
    let (first, second) = (format!("{GROUPS}/g1"), format!("{GROUPS}/g2"));
    let seed = imported(&archive(&[
        ("GET", &first, 200, result(access_group("g1", "Old name"))),
        ("GET", &second, 200, result(access_group("g2", "Deleted"))),
        ("PUT", &first, 200, result(access_group("g1", "New name"))),
        ("PUT", &first, 400, json!({"success": false, "errors": [{"code": 12130}], "result": null})),
        ("DELETE", &second, 202, result(json!({"id": "g2"}))),
    ]));

    assert_eq!(names(&seed.json), ["New name"]);
    assert_eq!(unused(&seed), [""; 0]);
}

#[test]
fn object_that_is_not_found_any_more_is_not_imported() {
    let group = format!("{GROUPS}/g1");
    let seed = imported(&archive(&[
        ("GET", &group, 200, result(access_group("g1", "Gone"))),
        ("GET", &group, 404, json!({"success": false, "errors": [{"code": 12135}], "result": null})),
    ]));

    assert_eq!(names(&seed.json), [""; 0]);
}

#[test]
fn pages_are_joined_in_the_order_of_the_list() {
    let seed = imported(&archive(&[
        ("GET", &format!("{GROUPS}/g2"), 200, result(access_group("g2", "Second"))),
        (
            "GET",
            &format!("{GROUPS}?page=1&per_page=2"),
            200,
            result(json!([access_group("g1", "First"), access_group("g2", "Second")])),
        ),
        ("GET", &format!("{GROUPS}?page=2&per_page=2"), 200, result(json!([access_group("g3", "Third")]))),
    ]));

    assert_eq!(names(&seed.json), ["First", "Second", "Third"]);
}

#[test]
fn verbose_and_short_forms_complete_each_other() {
    let template =
        json!({"id": "t1", "version": "1", "name": "Shared", "account_id": "acct1", "committed": false});
    let mut verbose = template.clone();
    verbose["group"] = json!({"name": "Team"});
    let mut committed = template;
    committed["committed"] = true.into();
    let list = "https://iam.cloud.ibm.com/v1/group_templates?account_id=acct1";
    let page = |item: Value| json!({"limit": 50, "offset": 0, "total_count": 1, "group_templates": [item]});

    let seed = imported(&archive(&[
        ("GET", &format!("{list}&verbose=true"), 200, page(verbose)),
        ("GET", list, 200, page(committed)),
    ]));

    let imported = &seed.json["ibm"]["accounts"]["acct1"]["templates"][0];
    assert_eq!((&imported["group"]["name"], &imported["committed"]), (&json!("Team"), &json!(true)));
}

#[test]
fn what_cannot_be_used_is_listed_with_place_and_reason() {
    let recording = archive(&[
        ("GET", "https://example.org/index.html", 200, Value::Null),
        ("GET", "https://api.cloudflare.com/client/v4/accounts/a1/workers/scripts", 200, result(json!([]))),
        ("GET", "https://mock.corp.example/v1/groups", 200, json!({"groups": []})),
        ("GET", GROUPS, 200, result(json!([{"name": "without id"}]))),
        (
            "GET",
            GROUPS,
            200,
            result(json!([access_group("g1", "Kept"), {"id": "g2", "name": "No rules", "include": 7}])),
        ),
        (
            "GET",
            "https://iam.cloud.ibm.com/v2/groups/g9/members",
            200,
            json!({"members": [
            {"iam_id": "IBMid-1", "type": "user", "membership_type": "static"}]}),
        ),
        ("POST", GROUPS, 0, Value::Null),
    ]);

    let seed = imported(&recording);

    let listed = unused(&seed);
    let expected = [
        "recording: entry 1 (line 1): no operation of this server has GET /index.html",
        "recording: entry 2 (line 1): no operation of this server has GET /client/v4/accounts/a1/workers/scripts",
        "recording: entry 3 (line 1): the host mock.corp.example is not one of the vendor's; `--host mock.corp.example` includes it",
        "recording: entry 4 (line 1): an Access group without `id`",
        "recording: entry 7 (line 1): the recording has no response",
        "recording: entry 6 (line 1): the group `g9` of these members or rules is not shown",
        "recording: entry 5 (line 1): cloudflare.accounts.a1.access_groups[1].include",
    ];
    assert_eq!(listed.len(), expected.len(), "{listed:#?}");
    for (listed, expected) in listed.iter().zip(expected) {
        assert!(listed.starts_with(expected), "{listed}\n{expected}");
    }
    assert_eq!(names(&seed.json), ["Kept"]);
}

#[test]
fn unknown_field_is_listed_once_and_left_out() {
    let mut group = access_group("g1", "New field");
    group["approvers"] = json!(["someone"]);

    let seed = imported(&archive(&[
        ("GET", GROUPS, 200, result(json!([group]))),
        ("GET", &format!("{GROUPS}/g1"), 200, result(group)),
    ]));

    let reason =
        "recording: entry 1 (line 1): the field `approvers` of an Access group has no place in a seed";
    assert_eq!(unused(&seed), [reason]);
    assert_eq!(names(&seed.json), ["New field"]);
}

#[test]
fn credentials_do_not_reach_the_seed() {
    let provider = json!({"id": "p1", "name": "Login", "type": "oidc",
        "config": {"client_id": "c1", "client_secret": "hunter2"}});
    let providers = "https://api.cloudflare.com/client/v4/accounts/a1/access/identity_providers";
    let token = json!({"access_token": "eyJhbGciOiJIUzI1NiJ9.secret.token", "refresh_token": "hunter3"});

    let seed = imported(&archive(&[
        ("GET", providers, 200, result(json!([provider]))),
        ("POST", "https://iam.cloud.ibm.com/identity/token?apikey=hunter4", 200, token),
    ]));

    let text = seed.json.to_string();
    assert!(text.contains("\"client_id\":\"c1\""), "{text}");
    assert!(!text.contains("hunter") && !text.contains("secret.token"), "{text}");
}
