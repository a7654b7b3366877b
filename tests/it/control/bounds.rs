//! The bounds of what the server stores and computes, without their effect on memory, which the tests of the binary
//! measure.

use access_groups_mock::{Config, JournalConfig};
use serde_json::{Value, json};

use super::helpers::{GROUPS, add_faults, admin_get, admin_post, create_ibm_group};
use super::{assert_problem, create_legacy_group};
use crate::support::TestServer;

const TOO_COMPLEX: &str = "the pattern takes too much work";

/// Every bound: its name, the default limit, the unit, and what it applies to.
const BOUNDS: [(&str, u64, &str, &str); 40] = [
    ("journal-entries", 1_000, "exchanges", "namespace"),
    ("journal-body-bytes", 65_536, "bytes", "request"),
    ("journal-bytes", 4_194_304, "bytes", "namespace"),
    ("journal-total-bytes", 268_435_456, "bytes", "server"),
    ("violations", 100, "violations", "request"),
    ("stream-exchanges", 64, "exchanges", "request"),
    ("list-part-bytes", 262_144, "bytes", "request"),
    ("log-bytes", 1_048_576, "bytes", "server"),
    ("faults", 1_000, "faults", "namespace"),
    ("fault-bytes", 1_048_576, "bytes", "namespace"),
    ("fault-id-bytes", 128, "bytes", "request"),
    ("fault-header-bytes", 4_096, "bytes", "request"),
    ("fault-regex-bytes", 1_048_576, "bytes", "namespace"),
    ("regex-bytes", 65_536, "bytes", "request"),
    ("request-regex-bytes", 1_048_576, "bytes", "request"),
    ("regex-text-bytes", 65_536, "bytes", "request"),
    ("search-bytes", 65_536, "bytes", "request"),
    ("search-steps", 2_000_000_000, "steps", "request"),
    ("rate-limit-callers", 10_000, "callers", "namespace"),
    ("history", 1_000, "states", "namespace"),
    ("history-bytes", 67_108_864, "bytes", "namespace"),
    ("snapshots", 100, "snapshots", "namespace"),
    ("snapshot-bytes", 268_435_456, "bytes", "namespace"),
    ("list-cache-bytes", 4_194_304, "bytes", "server"),
    ("max-namespaces", 1_000, "namespaces", "server"),
    ("body-limit", 1_048_576, "bytes", "request"),
    ("request-timeout", 30, "seconds", "request"),
    ("fallback-bytes", 16_777_216, "bytes", "request"),
    ("drained-bytes", 16_777_216, "bytes", "request"),
    ("added-header-bytes", 1_024, "bytes", "request"),
    ("account-group-accounts", 500, "accounts", "request"),
    ("state-bytes", 2_147_483_648, "bytes", "request"),
    ("large-states", 2, "states", "server"),
    ("state-part-bytes", 262_144, "bytes", "request"),
    ("gzip-ratio", 100, "times", "request"),
    ("http1-receive-bytes", 417_792, "bytes", "connection"),
    ("http2-streams", 100, "requests", "connection"),
    ("http2-send-bytes", 65_536, "bytes", "request"),
    ("http2-receive-bytes", 1_048_576, "bytes", "connection"),
    ("http2-header-bytes", 16_384, "bytes", "request"),
];

/// Returns a number with a comma between each three digits.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

#[test]
fn every_bound_is_listed_and_documented() {
    let settings = admin_get(&TestServer::start(), "/__admin/settings");

    let bounds = settings["bounds"].as_array().unwrap();
    let listed = bounds.iter().map(|bound| {
        let text = |name: &str| bound[name].as_str().unwrap();
        (text("name"), bound["limit"].as_u64().unwrap(), text("unit"), text("scope"))
    });
    assert_eq!(listed.collect::<Vec<_>>(), BOUNDS);
    let rows = bounds.iter().zip(BOUNDS).map(|(bound, (name, limit, unit, scope))| {
        let description = bound["description"].as_str().unwrap();
        format!("| `{name}` | {} {unit} per {scope} | {description} |", with_commas(limit))
    });
    let docs = include_str!("../../../docs/admin.md");
    let table = docs.split_once("\n| bound | limit |").unwrap().1;
    let documented = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    assert_eq!(documented.collect::<Vec<_>>(), rows.collect::<Vec<_>>());
    assert_eq!(settings["journalBytesUsed"], 0);
}

#[test]
fn the_settings_show_the_configured_bounds() {
    let journal = JournalConfig { total_bytes: 123_456, ..JournalConfig::default() };
    let mock = TestServer::with_config(Config { journal, body_limit: 77, ..Config::default() }, "{}");
    mock.get(GROUPS).send().expect(200);

    let settings = admin_get(&mock, "/__admin/settings");

    let limit = |name: &str| {
        let bounds = settings["bounds"].as_array().unwrap();
        bounds.iter().find(|bound| bound["name"] == name).map(|bound| bound["limit"].clone()).unwrap()
    };
    assert_eq!((limit("journal-total-bytes"), limit("body-limit")), (json!(123_456), json!(77)));
    let used = settings["journalBytesUsed"].as_u64().unwrap();
    assert!((500..5_000).contains(&used), "{used}");
}

#[test]
fn all_journals_together_have_a_bound_and_the_least_recently_written_ones_lose_exchanges_first() {
    let journal = JournalConfig { total_bytes: 60_000, ..JournalConfig::default() };
    let mock = TestServer::with_config(Config { journal, ..Config::default() }, "{}");
    let fill = |namespace: &str| {
        for _ in 0..10 {
            create_legacy_group(&mock, &format!("/ns/{namespace}"), &"x".repeat(1_000));
        }
    };
    for namespace in ["a", "b", "c"] {
        fill(namespace);
        let used = admin_get(&mock, "/__admin/settings")["journalBytesUsed"].as_u64().unwrap();
        assert!(used <= 60_000, "{used}");
    }

    let total = |namespace: &str| {
        admin_get(&mock, &format!("/__admin/requests?namespace={namespace}"))["meta"]["total"]
            .as_u64()
            .unwrap()
    };
    assert!(total("a") < total("b"), "{} and {}", total("a"), total("b"));
    assert_eq!(total("c"), 10);
    mock.delete("/__admin/namespaces").anonymous().send().expect(204);
    assert_eq!(admin_get(&mock, "/__admin/settings")["journalBytesUsed"], 0);
}

#[test]
fn the_journal_counts_why_a_request_was_rejected() {
    let journal = JournalConfig { bytes: 40_000, ..JournalConfig::default() };
    let mock = TestServer::with_config(Config { journal, ..Config::default() }, "{}");
    let fault = json!({"effect": {"type": "status", "status": 503, "message": "m".repeat(9_000)}});
    add_faults(&mock, fault);
    for _ in 0..10 {
        mock.get(GROUPS).allow_injected_error().send().expect(503);
    }

    // Each exchange has the message in its response and in its reason.
    assert_eq!(admin_get(&mock, "/__admin/requests")["meta"]["total"], 2);
}

#[test]
fn violations_beyond_the_first_100_are_counted() {
    let mock = TestServer::start();
    let include = vec![1; 1_000];
    let group = json!({"name": "x", "include": include});
    mock.post("/accounts/a/access/groups").json(group).send().expect(400);
    let customers = vec![1; 1_000];
    mock.post("/api2/access_groups.json").json(json!({"entry": {"customers": customers}})).send().expect(400);
    let users = vec![json!({"userId": "#"}); 100];
    let authress = json!({"name": "x", "users": users, "admins": users});
    mock.post("/v1/groups").json(authress).send().expect(400);

    let requests = admin_get(&mock, "/__admin/requests");

    let requests = requests["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3);
    for (request, more) in requests.iter().zip([100, 900, 900]) {
        let id = request["id"].as_str().unwrap();
        let explanation = admin_get(&mock, &format!("/__admin/requests/{id}/explain"));
        let summary = explanation["summary"].as_str().unwrap();
        assert!(summary.ends_with(&format!(", and {more} more.")), "{summary}");
        assert_eq!(explanation["received"].as_array().unwrap().len(), 100);
    }
}

#[test]
fn faults_beyond_their_bounds_are_rejected() {
    let mock = TestServer::start();
    let message =
        |length: usize| json!({"effect": {"type": "status", "status": 503, "message": "m".repeat(length)}});
    add_faults(&mock, message(900_000));
    let title = "the request is invalid";

    let too_large = admin_post(&mock, "/__admin/faults", message(200_000));
    assert_problem(&too_large, 400, title, "the faults of a namespace have at most 1048576 bytes of JSON");
    let id = json!({"id": "i".repeat(129), "effect": {"type": "empty"}});
    assert_problem(&admin_post(&mock, "/__admin/faults", id), 400, title, "id must have at most 128 bytes");
    let header = format!("status=503; message={}", "m".repeat(4_096));
    let rejected = mock.get(GROUPS).header("x-mock-fault", &header).send();
    assert_eq!(rejected.status, 400, "{}", rejected.text());
    mock.delete("/__admin/faults").anonymous().send().expect(204);
    add_faults(&mock, message(200_000));
}

/// A regular expression with a compiled size between 16 and 64 KiB.
const LARGE: &str = "[a-z]{0,300}!";

#[test]
fn a_regular_expression_beyond_its_bound_is_422() {
    let mock = TestServer::start();
    let too_large = "(?:[a-z]{0,30}[0-9]{0,30}){0,40}";

    for path in ["find", "count", "remove", "verify"] {
        let path = format!("/__admin/requests/{path}");
        for pattern in [
            json!({"urlPattern": too_large}),
            json!({"headers": {"a": {"matches": too_large}}}),
            json!({"bodyPatterns": [{"matches": too_large}]}),
            json!({"url": "x".repeat(65 * 1024)}),
        ] {
            let response = admin_post(&mock, &path, pattern).expect(422);
            assert_eq!(response.header("x-mock-rule"), "admin.patterns.too-complex");
            assert_eq!(response.json()["errors"][0]["title"], TOO_COMPLEX);
        }
    }
    let query = mock.get("/__admin/requests?urlPathPattern=(a{0,100}){0,100}").anonymous().send().expect(422);
    assert_eq!(query.header("x-mock-rule"), "admin.patterns.too-complex");
    let fault = json!({"match": {"urlPattern": too_large}, "effect": {"type": "empty"}});
    admin_post(&mock, "/__admin/faults", fault).expect(422);
    let fault = json!({"match": {"urlPattern": LARGE}, "effect": {"type": "empty"}});
    let many = Value::Array(vec![fault; 17]);
    let detail = admin_post(&mock, "/__admin/faults", many).expect(422).json()["errors"][0]["detail"].clone();
    assert!(detail.as_str().unwrap().contains("1048576 bytes of compiled regular expressions"), "{detail}");
    assert_eq!(admin_get(&mock, "/__admin/faults"), json!({"faults": []}));
    for (count, status) in [(16, 200), (17, 422)] {
        let search = json!({"status": 201, "bodyPatterns": vec![json!({"matches": LARGE}); count]});
        assert_eq!(admin_post(&mock, "/__admin/requests/count", search).status, status, "{count}");
    }
    let small = json!({"status": 201, "bodyPatterns": vec![json!({"matches": "[a-z]+"}); 500]});
    admin_post(&mock, "/__admin/requests/count", small).expect(200);
}

#[test]
fn a_search_that_takes_too_much_work_is_422_and_further_conditions_help() {
    let mock = TestServer::start();
    for _ in 0..20 {
        create_ibm_group(&mock, &"a".repeat(60_000)).send().expect(400);
    }
    let pattern = json!({"bodyPatterns": [{"matches": LARGE}]});

    let response = admin_post(&mock, "/__admin/requests/count", pattern.clone()).expect(422);

    let detail = response.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("the pattern is too complex for the journal"), "{detail}");
    let mut narrow = pattern;
    narrow["status"] = json!(201);
    assert_eq!(admin_post(&mock, "/__admin/requests/count", narrow).expect(200).json()["count"], 0);
}

#[test]
fn a_regular_expression_is_applied_to_the_start_of_a_text() {
    let journal = JournalConfig { body_bytes: 200_000, ..JournalConfig::default() };
    let mock = TestServer::with_config(Config { journal, ..Config::default() }, "{}");
    for padding in [1_000, 70_000] {
        create_ibm_group(&mock, &format!("{}end", "x".repeat(padding))).send().expect(400);
    }
    let count = |matcher: Value| {
        let pattern = json!({"bodyPatterns": [matcher]});
        admin_post(&mock, "/__admin/requests/count", pattern).expect(200).json()["count"].clone()
    };

    assert_eq!(count(json!({"contains": "end"})), 2);
    assert_eq!(count(json!({"matches": "(?s).*end.*"})), 1);
}

#[test]
fn suggestions_for_long_paths_are_short() {
    let mock = TestServer::start();
    mock.get(&format!("/v2/{}", "x".repeat(20_000))).send().expect(404);
    mock.get(&format!("/v2{}", "/x".repeat(10_000))).send().expect(404);

    let unmatched = admin_get(&mock, "/__admin/requests/unmatched");

    for request in unmatched["requests"].as_array().unwrap() {
        let length = request["suggestions"].to_string().len();
        assert!(length < 4_000, "{length} bytes");
    }
}

#[test]
fn a_fault_that_matches_bodies_applies_to_large_and_compressed_bodies() {
    let mock = TestServer::start();
    let fault = json!({
        "match": {"bodyPatterns": [{"matchesJsonPath": {"expression": "$.name", "equalTo": "Red"}}]},
        "effect": {"type": "status", "status": 503}
    });
    add_faults(&mock, fault);
    let large = json!({"description": "x".repeat(200_000), "name": "Red"});

    mock.post(GROUPS).json(large).allow_injected_error().send().expect(503);
    mock.post(GROUPS).json(json!({"name": "Red"})).allow_injected_error().send().expect(503);
    mock.post(GROUPS).json(json!({"name": "Blue"})).send().expect(201);
}

#[test]
fn the_history_of_stale_reads_ends_with_its_fault() {
    let mock = TestServer::start();
    let stale = json!({"id": "stale", "effect": {"type": "stale-reads", "window": "1h"}});
    add_faults(&mock, stale.clone());
    create_ibm_group(&mock, "first").send().expect(201);
    let count = || {
        mock.get("/v2/groups?account_id=a&hide_public_access=true").send().expect(200).json()["total_count"]
            .clone()
    };
    assert_eq!(count(), 0);

    mock.delete("/__admin/faults/stale").anonymous().send().expect(204);
    add_faults(&mock, stale);

    assert_eq!(count(), 1, "the history starts again with the new fault");
}
