//! Faults and request patterns, as JSON and in the header `X-Mock-Fault`.

use access_groups_mock::{Fault, Pattern};

use super::server::{Server, request, takes_time, to_json, with_server};

/// The input is the value of a header `X-Mock-Fault`. A valid one has the same meaning as its JSON form, and an invalid
/// one rejects the request.
pub(super) fn header(input: &[u8]) {
    let Ok(value) = axum::http::HeaderValue::from_bytes(input) else { return };
    let faults = value.to_str().ok().and_then(|text| Fault::parse_header(text).ok());
    if let Some(faults) = &faults {
        check_json_form(faults);
        if takes_time(faults) {
            return;
        }
    }
    with_server(|server| {
        for target in ["/v1/groups", "/v2/roles?account_id=a", "/api2/access_groups.json", "/accounts/a/x"] {
            let Some(mut request) = request("GET", target.as_bytes(), Vec::new()) else { return };
            request.headers_mut().insert("x-mock-fault", value.clone());
            if faults.is_none() {
                server.send(request);
            } else {
                server.send_unchecked(request);
            }
        }
    });
}

pub(super) fn header_seeds() -> Vec<Vec<u8>> {
    let headers = [
        "status=503; retry-after=1; times=2",
        "status=429; code=C; message=M; retry-after=2",
        "delay=20ms..50ms; probability=0.5",
        "disconnect; after=1; every=2",
        "empty",
        "malformed; for=1h 30m",
        "truncate=10",
        "slow-body=2s; until=2026-03-01T12:00:00Z",
        "commit-then-fail=503",
        "fail-items=404; ids=a,b",
        "stale-reads=5s",
        "flaky",
        "outage",
    ];
    headers.iter().map(|header| header.as_bytes().to_vec()).collect()
}

/// The input is the body of `POST /__admin/faults`, or the file of `--faults`.
pub(super) fn json(input: &[u8]) {
    let Ok(faults) = Fault::parse(input) else { return };
    check_json_form(&faults);
    if takes_time(&faults) {
        return;
    }
    with_server(|server| {
        let Some(request) = request("POST", b"/__admin/faults", input.to_vec()) else { return };
        server.send(request);
        send_traffic(server);
    });
}

pub(super) fn json_seeds() -> Vec<Vec<u8>> {
    let faults = [
        r#"{"match":{"operation":"ibm_create_access_group"},"effect":{"type":"status","status":503},"schedule":{"times":2}}"#,
        r#"[{"preset":"flaky","match":{"dialect":"cloudflare"}},{"id":"a","effect":{"type":"empty"}}]"#,
        r#"{"effect":{"type":"delay","min":"1h 30m","max":2},"schedule":{"after":1,"every":2,"probability":0.5}}"#,
        r#"{"effect":{"type":"fail-items","status":404,"ids":["a"]},"schedule":{"until":"2026-03-01T12:00:00Z"}}"#,
        r#"{"effect":{"type":"stale-reads","window":"5s"},"schedule":{"for":"1m"}}"#,
        r#"{"effect":{"type":"commit-then-fail","status":500},"match":{"bodyPatterns":[{"matchesJsonPath":"$.name"}]}}"#,
    ];
    faults.iter().map(|fault| fault.as_bytes().to_vec()).collect()
}

/// The input is a request pattern, as the body of a search.
pub(super) fn pattern(input: &[u8]) {
    if let Ok(pattern) = serde_json::from_slice::<Pattern>(input) {
        let json = to_json(&pattern);
        let parsed = serde_json::from_str::<Pattern>(&json);
        assert_eq!(parsed.ok().as_ref(), Some(&pattern), "the JSON form {json} differs");
    }
    with_server(|server| {
        send_traffic(server);
        for target in ["find", "count", "verify", "remove"] {
            let target = format!("/__admin/requests/{target}");
            let Some(request) = request("POST", target.as_bytes(), input.to_vec()) else { return };
            server.send(request);
        }
    });
}

pub(super) fn pattern_seeds() -> Vec<Vec<u8>> {
    let patterns = [
        r#"{"dialect":"ibm","operation":"create_access_group","method":"POST","namespace":"*","status":"4xx","limit":3}"#,
        r#"{"urlPathPattern":"/v[12]/(groups|policies)/?.*","since":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z"}"#,
        r#"{"url":"/v2/groups?account_id=a","urlPath":"/v2/groups","urlPattern":".*account_id=\\w+","atLeast":1}"#,
        r#"{"queryParameters":{"account_id":{"equalTo":"A","caseInsensitive":true}},"headers":{"If-Match":{"absent":true}}}"#,
        r#"{"headers":{"Host":{"contains":"local","doesNotContain":"x","matches":"l.*","doesNotMatch":"y"}},"atMost":9}"#,
        r#"{"bodyPatterns":[{"equalToJson":{"name":"g"},"ignoreExtraElements":true},{"matches":"\\{.*","contains":"name"}]}"#,
        r#"{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.members[0].iam_id","equalTo":"a"}},{"equalTo":"{}"}],"count":0}"#,
    ];
    patterns.iter().map(|pattern| pattern.as_bytes().to_vec()).collect()
}

/// Sends a few requests, which patterns can match.
fn send_traffic(server: &Server) {
    let requests = [
        ("GET", "/v1/groups?limit=2", ""),
        ("POST", "/v2/groups?account_id=a", r#"{"name":"g","members":[{"iam_id":"a"}]}"#),
        ("POST", "/v2/groups?account_id=a", "\u{0}no JSON"),
        ("DELETE", "/api2/access_groups/1.json", ""),
    ];
    for (method, target, body) in requests {
        if let Some(request) = request(method, target.as_bytes(), body.as_bytes().to_vec()) {
            server.send_unchecked(request);
        }
    }
}

/// Checks that the JSON form of faults is parsed to the same faults.
fn check_json_form(faults: &[Fault]) {
    let json = to_json(&faults);
    match Fault::parse(json.as_bytes()) {
        Ok(parsed) => assert_eq!(parsed, faults, "the JSON form {json} differs"),
        Err(error) => panic!("{error} in the JSON form {json}"),
    }
}
