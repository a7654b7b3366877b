//! Lists of groups, which are cached until the next write: a cached one is never shown in the place of another.

use access_groups_mock::{AuthMode, Config, Fidelity};
use serde_json::{Value, json};

use super::helpers::{GROUPS, VENDORS, create_ibm_group, ibm_group_names, journal_entries};
use super::{DEMO_SEED, create_legacy_group, legacy_group_names, set_clock};
use crate::support::TestServer;

const CLOUDFLARE: &str = "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups";

/// The body that creates a group of a dialect, and the path to its identifier in the response.
fn new_group(dialect: &str) -> (Value, &'static str) {
    match dialect {
        "cloudflare" => (json!({"name": "new", "include": [{"everyone": {}}]}), "/result/id"),
        "ibm" => (json!({"name": "new"}), "/id"),
        "authress" => (json!({"name": "new", "users": [], "admins": []}), "/groupId"),
        _ => (json!({"entry": {"name": "new"}}), "/entry/id"),
    }
}

/// Returns what `read` returns each of three times: after a write, the second list is cached, and the third one is read
/// from the cache.
#[track_caller]
fn repeated<T: PartialEq + std::fmt::Debug>(read: impl Fn() -> T) -> T {
    let [first, second, third] = [(); 3].map(|()| read());
    assert_eq!(first, second);
    assert_eq!(first, third);
    first
}

/// Returns the body of a list that is requested three times.
#[track_caller]
fn list(mock: &TestServer, path: &str) -> String {
    let read = || {
        let list = mock.get(path).send().expect(200);
        (list.text(), ["content-type", "content-length"].map(|name| list.header(name).to_owned()))
    };
    repeated(read).0
}

/// Returns the names of the groups of the legacy dialect under `prefix`, which are requested three times.
#[track_caller]
fn legacy_names(mock: &TestServer, prefix: &str) -> Vec<String> {
    repeated(|| legacy_group_names(mock, prefix))
}

#[test]
fn every_write_is_in_the_next_list() {
    let mock = TestServer::with_seed(DEMO_SEED);
    for (dialect, path) in VENDORS {
        let seeded = list(&mock, path);
        let (body, pointer) = new_group(dialect);

        let created = mock.post(path).json(body).send().expect(201).json();

        assert!(list(&mock, path).contains("\"new\""), "{dialect}");
        let id = created.pointer(pointer).unwrap();
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let (stem, _) = path.split_once('?').unwrap_or((path, ""));
        let item = match stem.strip_suffix(".json") {
            Some(stem) => format!("{stem}/{id}.json"),
            None => format!("{stem}/{id}"),
        };
        assert!((200..300).contains(&mock.delete(&item).send().status));
        assert_eq!(list(&mock, path), seeded, "{dialect}");
    }
}

#[test]
fn snapshots_states_and_resets_replace_the_lists() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let seeded = legacy_names(&mock, "");
    mock.post("/__admin/snapshots/before").send().expect(201);
    let state = mock.get("/__admin/state").send().expect(200).text();
    let write = || {
        create_legacy_group(&mock, "", "new");
        assert_eq!(legacy_names(&mock, "").last().unwrap(), "new");
    };

    write();
    mock.post("/__admin/snapshots/before/restore").send().expect(200);
    assert_eq!(legacy_names(&mock, ""), seeded);
    write();
    mock.put("/__admin/state").body(state).send().expect(200);
    assert_eq!(legacy_names(&mock, ""), seeded);
    write();
    mock.post("/__admin/reset").send().expect(200);
    assert_eq!(legacy_names(&mock, ""), seeded);
}

#[test]
fn a_namespace_has_its_own_lists_also_if_it_is_created_again() {
    let mock = TestServer::start();
    create_legacy_group(&mock, "/ns/a", "first");
    create_legacy_group(&mock, "/ns/b", "other");
    assert_eq!(legacy_names(&mock, "/ns/a"), ["first"]);
    assert_eq!(legacy_names(&mock, "/ns/b"), ["other"]);
    assert_eq!(legacy_names(&mock, ""), [""; 0]);

    mock.delete("/__admin/namespaces/a").send().expect(204);
    create_legacy_group(&mock, "/ns/a", "again");

    assert_eq!(legacy_names(&mock, "/ns/a"), ["again"]);
}

#[test]
fn links_and_queries_have_their_own_lists() {
    let mock = TestServer::start();
    for name in ["a", "b"] {
        create_ibm_group(&mock, name).send().expect(201);
    }
    let page = |query: &str, host: &str| {
        let request = mock.get(&format!("{GROUPS}&hide_public_access=true{query}"));
        request.header("x-forwarded-host", host).send().expect(200).json()
    };

    for _ in 0..3 {
        for (query, names) in [("&sort=name", ["a", "b"]), ("&sort=-name", ["b", "a"])] {
            for host in ["one.test", "two.test"] {
                let list = page(query, host);
                let groups = list["groups"].as_array().unwrap();
                assert_eq!([&groups[0]["name"], &groups[1]["name"]], names);
                assert!(groups[0]["href"].as_str().unwrap().starts_with(&format!("http://{host}/v2/")));
                assert!(list["first"]["href"].as_str().unwrap().starts_with(&format!("http://{host}/v2/")));
            }
        }
    }
}

#[test]
fn the_fidelity_changes_the_list() {
    let mock = TestServer::start();
    mock.post(CLOUDFLARE).json(new_group("cloudflare").0).send().expect(201);
    let has_field = || {
        let first = mock.get(CLOUDFLARE).send().expect(200).json()["result"][0].clone();
        first.get("is_default").is_some()
    };

    for (fidelity, expected) in [("documented", true), ("live", false), ("documented", true)] {
        mock.put("/__admin/fidelity").json(json!({ "fidelity": fidelity })).send().expect(200);
        assert_eq!(repeated(has_field), expected, "{fidelity}");
    }
}

#[test]
fn a_caller_that_may_not_read_does_not_get_the_list_of_another_one() {
    let seed = json!({
        "cloudflare": {"accounts": {"023e105f4ecef8ad9ca31a8372d0c353": {"access_groups": [
            {"name": "secret", "include": [{"everyone": {}}]}
        ]}}},
        "credentials": [
            {"dialect": "cloudflare", "secret": "viewer", "role": "viewer"},
            {"dialect": "cloudflare", "secret": "none", "role": "none"}
        ]
    });
    let config = Config { auth: AuthMode::Strict, fidelity: Fidelity::Live, ..Config::default() };
    let mock = TestServer::with_config(config, &seed.to_string());
    let groups = |token: &str| {
        let request = mock.get(CLOUDFLARE).header("authorization", &format!("Bearer {token}"));
        request.send().json()["result"].as_array().map_or(0, Vec::len)
    };

    for _ in 0..2 {
        assert_eq!((repeated(|| groups("viewer")), repeated(|| groups("none"))), (1, 0));
    }
}

#[test]
fn a_stale_read_is_neither_cached_nor_answered_from_the_cache() {
    let mock = TestServer::start();
    set_clock(&mock, "", json!({"mode": "frozen", "now": "2026-01-01T00:00:00Z"}));
    let stale_names = || {
        let request = mock.get("/v2/groups?account_id=a&hide_public_access=true");
        let list = request.fault("stale-reads=10s").send().expect(200).json();
        list["groups"].as_array().unwrap().len()
    };
    assert_eq!((repeated(stale_names), repeated(|| ibm_group_names(&mock))), (0, vec![]));
    create_ibm_group(&mock, "a").send().expect(201);

    assert_eq!(repeated(|| ibm_group_names(&mock)), ["a"]);
    assert_eq!(repeated(stale_names), 0);
    assert_eq!(repeated(|| ibm_group_names(&mock)), ["a"]);
    set_clock(&mock, "", json!({"advance": "10s"}));
    assert_eq!(stale_names(), 1);
}

#[test]
fn a_cached_list_is_recorded_and_has_no_body_for_head() {
    let mock = TestServer::start();
    let users: Vec<Value> = (0..100).map(|number| json!({"userId": format!("user-{number:030}")})).collect();
    let group = json!({"name": "a", "users": users, "admins": []});
    mock.post("/v1/groups").json(group).send().expect(201);
    let body = list(&mock, "/v1/groups");

    let head = mock.head("/v1/groups").send().expect(200);

    assert_eq!((head.text(), head.header("content-length")), (String::new(), &*body.len().to_string()));
    let bodies: Vec<Value> =
        journal_entries(&mock).iter().map(|entry| entry["response"]["body"].clone()).collect();
    assert_eq!(bodies[1..], [json!(body), json!(body), json!(body), json!("")]);
}
