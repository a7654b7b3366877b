//! The journal: the recorded data of every exchange, its limits, and its search.

use std::io::Write;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use access_groups_mock::{Config, JournalConfig};
use serde_json::{Value, json};

use super::helpers::{
    GROUPS, admin_get, admin_post, assert_invalid, create_ibm_group, journal_entries, only_journal_entry,
    send_raw,
};
use crate::support::TestServer;

fn with_journal(journal: JournalConfig) -> TestServer {
    TestServer::with_config(Config { journal, ..Config::default() }, "{}")
}

fn urls(mock: &TestServer, query: &str) -> Vec<String> {
    let list = admin_get(mock, &format!("/__admin/requests?{query}"));
    let requests = list["requests"].as_array().unwrap().iter();
    requests.map(|it| it["request"]["url"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_exchange_is_recorded_before_its_response_arrives() {
    let mock = TestServer::start();
    for count in 1..=20 {
        mock.get(GROUPS).send().expect(200);

        assert_eq!(admin_get(&mock, "/__admin/requests")["meta"]["total"], count);
    }
}

#[test]
fn an_exchange_has_all_wiremock_fields_of_request_and_response() {
    let mock = TestServer::start();
    mock.put("/__admin/clock")
        .json(json!({"mode": "frozen", "now": "2026-01-02T03:04:05.678Z"}))
        .send()
        .expect(200);
    let body = r#"{"name":"Blue Team"}"#;
    let created = mock
        .post(GROUPS)
        .body(body)
        .header("content-type", "application/json")
        .header("x-team", "blue")
        .send()
        .expect(201);

    let list = admin_get(&mock, "/__admin/requests");

    assert_eq!((&list["meta"], &list["requestJournalDisabled"]), (&json!({"total": 1}), &json!(false)));
    let exchange = &list["requests"][0];
    assert_eq!(exchange["namespace"], "default");
    assert_eq!(exchange["dialect"], "ibm");
    assert_eq!(exchange["operation"], "ibm_create_access_group");
    assert_eq!(exchange["wasMatched"], true);
    assert_eq!((&exchange["rule"], &exchange["faults"]), (&Value::Null, &json!([])));
    assert!(exchange["timing"]["totalTime"].as_f64().unwrap() > 0.0);
    let request = &exchange["request"];
    assert_eq!((&request["method"], &request["url"]), (&json!("POST"), &json!(GROUPS)));
    assert_eq!(request["absoluteUrl"], format!("{}{GROUPS}", mock.url()));
    assert_eq!(request["headers"]["x-team"], "blue");
    assert_eq!((&request["body"], &request["bodyBytes"]), (&json!(body), &json!(body.len())));
    assert_eq!(request["bodyAsBase64"], "eyJuYW1lIjoiQmx1ZSBUZWFtIn0=");
    assert_eq!(request["loggedDate"], 1_767_323_045_678_i64);
    assert_eq!(request["loggedDateString"], "2026-01-02T03:04:05.678Z");
    let response = &exchange["response"];
    assert_eq!((&response["status"], &response["body"]), (&json!(201), &json!(created.text())));
    assert_eq!(response["headers"]["etag"], created.header("etag"));
    assert_eq!(response["bodyBytes"], created.body.len());
    let one = admin_get(&mock, &format!("/__admin/requests/{}", exchange["id"].as_str().unwrap()));
    assert_eq!(&one, exchange);
}

#[test]
fn an_exchange_has_the_content_length_of_its_response() {
    let mock = TestServer::start();
    create_ibm_group(&mock, "a").send().expect(201);
    let item =
        format!("/v2/groups/{}", admin_get(&mock, "/__admin/groups")["groups"][0]["id"].as_str().unwrap());

    for (request, status, has_length) in [
        (mock.get(&item), 200, true),
        (mock.get("/v2/groups/none"), 404, true),
        (mock.head(&item), 200, true),
        (mock.head("/v2/groups/none"), 404, false),
        (mock.get("/v2/groups"), 400, true),
        (mock.delete(&item), 204, false),
    ] {
        let response = request.send().expect(status);

        let exchange = &admin_get(&mock, "/__admin/requests")["requests"][0];
        let length = response.header("content-length");
        assert_eq!(!length.is_empty(), has_length, "{status}: {length}");
        assert_eq!(exchange["response"]["headers"]["content-length"].as_str().unwrap_or_default(), length);
    }
}

#[test]
fn found_requests_have_the_fields_that_wiremock_clients_read() {
    let mock = TestServer::start();
    mock.get("/v2/groups?account_id=a&limit=1").send().expect(200);

    let found = only_journal_entry(&mock);

    assert_eq!(found["url"], "/v2/groups?account_id=a&limit=1");
    assert_eq!(found["method"], "GET");
    for name in ["absoluteUrl", "headers", "body", "bodyAsBase64", "loggedDate", "loggedDateString"] {
        assert_eq!(found[name], found["request"][name], "{name}");
    }
    let count = admin_post(&mock, "/__admin/requests/count", json!({"method": "GET"})).expect(200);
    assert_eq!(count.json(), json!({"count": 1, "requestJournalDisabled": false}));
    assert_eq!(mock.delete("/__admin/requests").send().expect(200).json(), json!({}));
    assert_eq!(journal_entries(&mock), [Value::Null; 0]);
}

#[test]
fn exchanges_are_recorded_for_every_kind_of_ending() {
    let mock = TestServer::start();
    for fault in ["disconnect", "empty", "commit-then-fail", "truncate=3", "malformed", "slow-body=1ms"] {
        send_raw(&mock, &format!("GET {GROUPS} HTTP/1.1\nX-Mock-Fault: {fault}"), "");
    }
    mock.get("/v2/nothing").send().expect(404);
    mock.patch(GROUPS).send().expect(405);
    mock.get("/nothing").send().expect(404);

    let journal = journal_entries(&mock);

    let status = |exchange: &Value| exchange["response"]["status"].as_u64();
    let statuses: Vec<_> = journal.iter().map(status).collect();
    let ok = Some(200);
    assert_eq!(statuses, [None, None, None, ok, ok, ok, Some(404), Some(405), Some(404)]);
    // The whole response is recorded even where only a part of it was sent.
    assert_eq!(journal[3]["response"]["body"], journal[5]["response"]["body"]);
    assert_eq!(journal[0]["faults"], json!(["X-Mock-Fault"]));
}

#[test]
fn a_request_of_a_disconnected_client_is_recorded_without_a_response() {
    let mock = TestServer::start();
    let mut stream = mock.connect();
    let head =
        "GET /v2/groups HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\nX-Mock-Fault: delay=1m\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Both).unwrap();

    let started = Instant::now();
    while journal_entries(&mock).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(10), "the exchange is not recorded");
        std::thread::sleep(Duration::from_millis(5));
    }

    let exchange = only_journal_entry(&mock);
    assert_eq!((&exchange["url"], &exchange["response"]), (&json!("/v2/groups"), &Value::Null));
    assert_eq!(exchange["faults"], json!(["X-Mock-Fault"]));
}

#[test]
fn the_received_part_of_an_aborted_body_is_recorded() {
    let mock = TestServer::start();
    let mut stream = mock.connect();
    let head = "POST /v2/groups?account_id=a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\nContent-Length: 100\r\n\r\n";
    stream.write_all(format!("{head}{{\"name\":\"a").as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();

    let started = Instant::now();
    while journal_entries(&mock).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(10), "the exchange is not recorded");
        std::thread::sleep(Duration::from_millis(5));
    }

    let exchange = only_journal_entry(&mock);
    assert_eq!((&exchange["body"], &exchange["bodyBytes"]), (&json!("{\"name\":\"a"), &json!(10)));
}

#[test]
fn binary_bodies_are_recorded_in_base64() {
    let mock = TestServer::start();

    mock.post(GROUPS).body(vec![0_u8, 0xff, 0xfe, b'"']).send().expect(400);

    let exchange = only_journal_entry(&mock);
    assert_eq!((&exchange["bodyAsBase64"], &exchange["bodyBytes"]), (&json!("AP/+Ig=="), &json!(4)));
}

#[test]
fn only_the_most_recent_exchanges_are_kept() {
    let mock = with_journal(JournalConfig { entries: 3, ..JournalConfig::default() });
    for limit in 1..=5 {
        mock.get(&format!("/v2/groups?account_id=a&limit={limit}")).send().expect(200);
    }

    assert_eq!(
        urls(&mock, ""),
        [
            "/v2/groups?account_id=a&limit=5",
            "/v2/groups?account_id=a&limit=4",
            "/v2/groups?account_id=a&limit=3"
        ]
    );
}

#[test]
fn a_long_body_is_truncated_and_recorded_with_its_full_length() {
    let mock = with_journal(JournalConfig { body_bytes: 10, ..JournalConfig::default() });

    let response = create_ibm_group(&mock, "Blue Team").send().expect(201);

    let exchange = only_journal_entry(&mock);
    assert_eq!((&exchange["body"], &exchange["bodyBytes"]), (&json!("{\"name\":\"B"), &json!(20)));
    assert_eq!(exchange["response"]["body"], response.text()[..10]);
    assert_eq!(exchange["response"]["bodyBytes"], response.body.len());
}

#[test]
fn a_response_body_of_any_length_is_recorded_up_to_the_limit() {
    let mock = with_journal(JournalConfig { body_bytes: 5_000, ..JournalConfig::default() });
    for number in 0..30 {
        create_ibm_group(&mock, &format!("group {number}")).send().expect(201);
    }

    for (limit, lengths) in [(1, 1..2_048), (10, 2_048..5_000), (30, 5_000..50_000)] {
        let response = mock.get(&format!("/v2/groups?account_id=a&limit={limit}")).send().expect(200);

        let journal = journal_entries(&mock);
        let exchange = journal.last().unwrap();
        assert!(lengths.contains(&response.body.len()), "{} bytes", response.body.len());
        assert_eq!(exchange["response"]["body"], response.text()[..response.body.len().min(5_000)]);
        assert_eq!(exchange["response"]["bodyBytes"], response.body.len());
    }
}

#[test]
fn all_exchanges_together_stay_below_the_byte_limit() {
    let mock = with_journal(JournalConfig { bytes: 64 * 1024, ..JournalConfig::default() });
    for _ in 0..40 {
        create_ibm_group(&mock, &"x".repeat(5_000)).send();
    }

    let journal = journal_entries(&mock);

    assert!((3..=12).contains(&journal.len()), "{}", journal.len());
}

#[test]
fn a_journal_without_entries_is_reported_as_disabled() {
    let mock = with_journal(JournalConfig { entries: 0, ..JournalConfig::default() });
    mock.get(GROUPS).send().expect(200);

    let list = admin_get(&mock, "/__admin/requests");

    assert_eq!(list, json!({"requests": [], "meta": {"total": 0}, "requestJournalDisabled": true}));
    let count = admin_post(&mock, "/__admin/requests/count", json!({})).expect(200);
    assert_eq!(count.json(), json!({"count": 0, "requestJournalDisabled": true}));
}

#[test]
fn each_namespace_has_its_own_journal_with_its_own_limits() {
    let mock = with_journal(JournalConfig { entries: 2, ..JournalConfig::default() });
    for namespace in ["one", "two"] {
        for limit in 1..=3 {
            let path = format!("/v2/groups?account_id=a&limit={limit}");
            mock.get(&path).header("x-mock-namespace", namespace).send().expect(200);
        }
    }

    assert_eq!(urls(&mock, ""), [""; 0]);
    assert_eq!(
        urls(&mock, "namespace=one"),
        ["/v2/groups?account_id=a&limit=3", "/v2/groups?account_id=a&limit=2"]
    );
    assert_eq!(urls(&mock, "namespace=*").len(), 4);
    mock.delete("/__admin/requests").header("x-mock-namespace", "one").send().expect(200);
    assert_eq!(urls(&mock, "namespace=one"), [""; 0]);
    assert_eq!(urls(&mock, "namespace=two").len(), 2);
}

#[test]
fn credentials_in_headers_are_redacted() {
    let mock = TestServer::start();
    mock.get("/accounts/a/access/groups").header("authorization", "Bearer geheim").send();
    mock.get("/accounts/a/access/groups")
        .anonymous()
        .header("x-auth-email", "ada@example.com")
        .header("x-auth-key", "geheim")
        .header("cookie", "session=geheim")
        .send();
    mock.get(GROUPS).header("authorization", "geheim").send();

    let journal = journal_entries(&mock);

    assert!(!json!(journal).to_string().contains("geheim"));
    assert_eq!(journal[0]["headers"]["authorization"], "Bearer [redacted]");
    assert_eq!(journal[1]["headers"]["x-auth-key"], "[redacted]");
    assert_eq!(journal[1]["headers"]["x-auth-email"], "ada@example.com");
    assert_eq!(journal[1]["headers"]["cookie"], "[redacted]");
    assert_eq!(journal[2]["headers"]["authorization"], "[redacted]");
}

/// Requests a token with the key `geheim`, and returns the exchange and the token.
fn token(mock: &TestServer) -> (Value, String) {
    let form =
        "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=geheim&response_type=cloud_iam";
    let call = mock.post("/identity/token").anonymous().body(form);
    let response = call.header("content-type", "application/x-www-form-urlencoded").send().expect(200);
    (only_journal_entry(mock), response.json()["access_token"].as_str().unwrap().to_owned())
}

#[test]
fn ibm_token_credentials_are_redacted_in_request_and_response() {
    let (exchange, token) = token(&TestServer::start());

    let json = exchange.to_string();
    assert!(!json.contains("geheim") && !json.contains(&token), "{json}");
    let form = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=[redacted]&response_type=cloud_iam";
    assert_eq!(exchange["body"], form);
    let response: Value = serde_json::from_str(exchange["response"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&response["access_token"], &response["refresh_token"]),
        (&json!("[redacted]"), &json!("[redacted]"))
    );
    assert_eq!(response["token_type"], "Bearer");
}

#[test]
fn credentials_are_kept_when_configured() {
    let (exchange, token) =
        token(&with_journal(JournalConfig { keep_secrets: true, ..JournalConfig::default() }));

    assert!(exchange["body"].as_str().unwrap().contains("apikey=geheim"));
    assert!(exchange["response"]["body"].as_str().unwrap().contains(&token));
}

#[test]
fn the_list_is_filtered_by_each_parameter() {
    let mock = TestServer::start();
    let set_time = |time: &str| {
        mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": time})).send().expect(200);
    };
    set_time("2026-01-01T00:00:00Z");
    mock.get("/v2/groups?account_id=a&limit=1").send().expect(200);
    set_time("2026-01-01T00:00:01Z");
    mock.get("/v2/groups/unknown").send().expect(404);
    set_time("2026-01-01T00:00:02Z");
    create_ibm_group(&mock, "a").send().expect(201);
    mock.get("/v1/groups").send().expect(200);
    let (list, one, made, foreign) =
        ("/v2/groups?account_id=a&limit=1", "/v2/groups/unknown", GROUPS, "/v1/groups");

    assert_eq!(urls(&mock, ""), [foreign, made, one, list]);
    assert_eq!(urls(&mock, "dialect=ibm"), [made, one, list]);
    assert_eq!(urls(&mock, "operation=ibm_get_access_group"), [one]);
    assert_eq!(urls(&mock, "operation=list_access_groups"), [list]);
    assert_eq!(urls(&mock, "method=post"), [made]);
    assert_eq!(urls(&mock, "urlPath=/v2/groups"), [made, list]);
    assert_eq!(urls(&mock, "urlPathPattern=/v2/groups/.%2B"), [one]);
    assert_eq!(urls(&mock, "status=404"), [one]);
    assert_eq!(urls(&mock, "status=2xx"), [foreign, made, list]);
    assert_eq!(urls(&mock, "since=2026-01-01T00:00:01Z"), [foreign, made, one]);
    assert_eq!(urls(&mock, "until=2026-01-01T00:00:01Z"), [list]);
    assert_eq!(urls(&mock, "limit=2"), [foreign, made]);
    assert_eq!(urls(&mock, "dialect=ibm&status=2xx&limit=1"), [made]);
    assert_eq!(urls(&mock, "limit=0"), [""; 0]);
}

#[test]
fn an_invalid_filter_is_rejected_with_the_expected_values() {
    let mock = TestServer::start();
    for (query, detail) in [
        (
            "ns=a",
            "ns is not a parameter of this operation, which has dialect, operation, namespace, method, url, urlPattern, urlPath, \
                urlPathPattern, status, since, until, limit, format, credential",
        ),
        ("status=abc", "status `abc` must be a status such as 404, or a class such as `4xx`"),
        ("format=xml", "format `xml` must be one of json, summary, har, curl, powershell"),
        ("dialect=ibn", "dialect `ibn` must be one of cloudflare, ibm, authress, legacy, admin"),
        ("limit=many", "limit invalid type: string \"many\", expected usize"),
    ] {
        let response = mock.get(&format!("/__admin/requests?{query}")).send().expect(400);
        assert_invalid(&response, detail);
    }
    let since = mock.get("/__admin/requests?since=yesterday").send().expect(400);
    assert!(since.json()["errors"][0]["detail"].as_str().unwrap().starts_with("since "));
}

#[test]
fn requests_are_removed_by_pattern() {
    let mock = TestServer::start();
    mock.get(GROUPS).send().expect(200);
    mock.get("/v1/groups").send().expect(200);

    let removed = admin_post(&mock, "/__admin/requests/remove", json!({"dialect": "ibm"})).expect(200).json();

    assert_eq!(removed["requests"][0]["request"]["url"], GROUPS);
    assert_eq!(urls(&mock, ""), ["/v1/groups"]);
}

#[test]
fn unmatched_requests_have_suggestions() {
    let mock = TestServer::start();
    mock.get(GROUPS).send().expect(200);
    mock.get("/v2/group?x=1").send().expect(404);
    mock.patch("/v1/groups").send();

    let unmatched = admin_get(&mock, "/__admin/requests/unmatched");

    let list = unmatched["requests"].as_array().unwrap();
    assert_eq!(list.iter().map(|it| &it["url"]).collect::<Vec<_>>(), ["/v1/groups", "/v2/group?x=1"]);
    assert_eq!(
        list[1]["suggestions"][0],
        json!({
            "operation": "ibm_list_access_groups", "method": "GET", "path": "/v2/groups",
            "difference": "segment 2 is `group` instead of `groups`"
        })
    );
    assert_eq!(list[1]["suggestions"].as_array().unwrap().len(), 3);
    assert_eq!(list[0]["suggestions"][0]["operation"], "authress_get_groups");
    assert_eq!(
        admin_get(&mock, "/__admin/requests/unmatched?dialect=ibm")["requests"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn an_unknown_request_is_404() {
    let mock = TestServer::start();
    for path in ["/__admin/requests/x", "/__admin/requests/8b8e2d4e-0000-4000-8000-000000000000/explain"] {
        let response = mock.get(path).send().expect(404);
        assert_eq!(response.header("x-mock-rule"), "admin.resources.not-found");
    }
}
