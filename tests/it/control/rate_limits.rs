//! Rate limits in each vendor's format, on the virtual clock.

use access_groups_mock::Config;
use serde_json::json;

use super::set_clock;
use crate::support::{TestRequest, TestResponse, TestServer};

/// A list of each dialect.
const LISTS: [(&str, &str); 4] = [
    ("cloudflare", "/client/v4/accounts/a/access/groups"),
    ("ibm", "/v2/groups?account_id=a"),
    ("authress", "/v1/groups"),
    ("legacy", "/api2/access_groups.json"),
];

/// Starts a server with a frozen clock and a limit of three requests in 90 s per caller for every dialect.
fn limited() -> TestServer {
    let limit = "3/90s".parse().unwrap();
    let rate_limits = LISTS.iter().map(|(dialect, _)| ((*dialect).to_owned(), limit)).collect();
    let mock = TestServer::with_config(Config { rate_limits, ..Config::default() }, "{}");
    set_clock(&mock, "", json!({"mode": "frozen", "now": "2026-01-01T00:00:00Z"}));
    mock
}

fn advance(mock: &TestServer, by: &str) {
    set_clock(mock, "", json!({"advance": by}));
}

fn send_times(mock: &TestServer, target: &str, count: usize) -> Vec<TestResponse> {
    (0..count).map(|_| mock.get(target).send()).collect()
}

fn headers(responses: &[TestResponse], name: &str) -> Vec<String> {
    responses.iter().map(|response| response.header(name).to_owned()).collect()
}

#[test]
fn a_clock_at_its_end_neither_loses_a_response_nor_starts_again() {
    let mock = limited();
    let step = json!({"mode": "stepping", "now": "9999-12-31T23:59:59Z", "step": 306_033_252_923_115_u64});
    set_clock(&mock, "", step);

    for number in 0..30 {
        let response = mock.get("/v1/groups").anonymous();
        let response = response.header("authorization", &format!("Bearer caller-{}", number / 2)).send();
        assert_eq!(response.status, 200, "{number}");
        let clock = mock.get("/__admin/clock").send().expect(200).json();
        assert_eq!(clock["now"], "9999-12-31T23:59:59.999Z", "{number}");
    }
}

#[test]
fn no_request_is_limited_by_default() {
    let mock = TestServer::start();

    for (dialect, list) in LISTS {
        for response in send_times(&mock, list, 20) {
            let response = response.expect(200);
            assert_eq!((response.header("ratelimit"), response.header("retry-after")), ("", ""), "{list}");
            // IBM always sends its headers; without a limit their values do not change.
            let remaining = if dialect == "ibm" { "999" } else { "" };
            assert_eq!(response.header("x-ratelimit-remaining"), remaining, "{list}");
        }
    }
}

#[test]
fn a_request_beyond_the_limit_is_429_in_each_vendors_format() {
    let mock = limited();

    for (dialect, list) in LISTS {
        let responses = send_times(&mock, list, 5);

        let statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
        assert_eq!(statuses, [200, 200, 200, 429, 429], "{dialect}");
        assert_eq!(headers(&responses, "retry-after"), ["", "", "", "90", "90"], "{dialect}");
        let rule = responses[3].header("x-mock-rule");
        assert!(rule.starts_with(&format!("{dialect}.")), "{rule}");
    }
}

#[test]
fn a_429_response_has_the_vendors_body() {
    let mock = limited();
    let body = |list: &str| send_times(&mock, list, 4).pop().unwrap().expect(429).json();

    let cloudflare = body(LISTS[0].1);
    let ibm = body(LISTS[1].1);
    let authress = body(LISTS[2].1);
    let legacy = body(LISTS[3].1);

    let error = json!({"code": 971, "message": "Please wait and consider throttling your request speed"});
    assert_eq!(cloudflare, json!({"success": false, "result": null, "errors": [error], "messages": []}));
    assert_eq!(ibm["status_code"], 429);
    assert_eq!(ibm["errors"][0]["code"], "too_many_requests");
    assert_eq!(
        (&authress["title"], &authress["errorCode"]),
        (&json!("Too many requests"), &json!("TooManyRequests"))
    );
    assert_eq!(legacy, json!({"Message": "The allowed number of requests has been exceeded."}));
}

#[test]
fn cloudflare_headers_count_down_on_every_response() {
    let mock = limited();
    let mut responses = send_times(&mock, "/client/v4/accounts/a/access/groups", 1);
    advance(&mock, "30s");
    // An error response counts as well.
    responses.extend(send_times(&mock, "/client/v4/accounts/a/access/groups/nobody", 1));
    advance(&mock, "500ms");
    responses.extend(send_times(&mock, "/client/v4/accounts/a/access/groups", 2));

    let statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses, [200, 404, 200, 429]);
    assert_eq!(
        headers(&responses, "ratelimit"),
        [r#""default";r=2;t=90"#, r#""default";r=1;t=60"#, r#""default";r=0;t=60"#, r#""default";r=0;t=60"#]
    );
    assert_eq!(headers(&responses, "ratelimit-policy"), [r#""default";q=3;w=90"#; 4]);
    assert_eq!(responses[3].header("retry-after"), "60");
}

#[test]
fn ibm_headers_count_down_on_every_response_of_an_operation() {
    let mock = limited();
    let mut responses = send_times(&mock, "/v2/groups?account_id=a", 2);
    responses.extend(send_times(&mock, "/v2/groups", 1));
    responses.extend(send_times(&mock, "/v2/groups?account_id=a", 1));

    let statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses, [200, 200, 400, 429]);
    assert_eq!(headers(&responses, "x-ratelimit-limit"), ["3"; 4]);
    assert_eq!(headers(&responses, "x-ratelimit-remaining"), ["2", "1", "0", "0"]);
    assert_eq!(headers(&responses, "x-ratelimit-reset"), ["1767225690"; 4]);
    let other = mock.get("/v2/groups/AccessGroupId-nobody").send().expect(404);
    assert_eq!(other.header("x-ratelimit-remaining"), "2", "each operation has its own limit");
}

#[test]
fn a_write_beyond_the_limit_has_no_effect() {
    let mock = limited();
    send_times(&mock, "/api2/access_groups.json", 3);

    mock.post("/api2/access_groups.json").json(json!({"entry": {"name": "late"}})).send().expect(429);

    advance(&mock, "90s");
    let list = mock.get("/api2/access_groups.json").send().expect(200).json();
    assert_eq!(list["entries"], json!([]));
}

#[test]
fn the_window_ends_by_the_virtual_clock() {
    let mock = limited();

    for (dialect, list) in LISTS {
        send_times(&mock, list, 3);
        advance(&mock, "89s");
        let limited = mock.get(list).send().expect(429);
        assert_eq!(limited.header("retry-after"), "1", "{dialect}");
        advance(&mock, "1s");
        mock.get(list).send().expect(200);
    }
}

#[test]
fn callers_namespaces_and_dialects_are_counted_separately() {
    let mock = limited();
    let list = "/client/v4/accounts/a/access/groups";
    send_times(&mock, list, 4).pop().unwrap().expect(429);
    let status_with_key = |call: TestRequest<'_>, key: &str| {
        call.anonymous().header("x-auth-email", "a@b.c").header("x-auth-key", key).send().status
    };

    assert_eq!(mock.get(list).header("authorization", "Bearer another").send().status, 200);
    assert_eq!(status_with_key(mock.get(list), "0123456789abcdef0123456789abcdef01234"), 200);
    assert_eq!(mock.get(&format!("/ns/other{list}")).send().status, 200);
    assert_eq!(mock.get("/v1/groups").send().status, 200);
}

#[test]
fn the_admin_api_is_not_limited_and_a_fault_reset_starts_new_windows() {
    let mock = limited();
    let list = "/v1/groups";
    send_times(&mock, list, 4).pop().unwrap().expect(429);

    for _ in 0..10 {
        mock.get("/__admin/clock").send().expect(200);
    }
    mock.post("/__admin/reset?scope=faults").send().expect(200);

    mock.get(list).send().expect(200);
}

#[test]
fn a_clock_that_is_set_back_does_not_extend_the_window() {
    let mock = limited();
    send_times(&mock, "/v1/groups", 4).pop().unwrap().expect(429);

    set_clock(&mock, "", json!({"now": "2020-01-01T00:00:00Z"}));

    mock.get("/v1/groups").send().expect(200);
}
