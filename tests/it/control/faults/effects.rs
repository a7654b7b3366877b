//! What faults do, over real connections.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::bench::{GROUPS, SEED, VENDORS, arm, create, listen, names, own};
use crate::support::{Mock, Reply};

const CREATE: &str = "POST /v2/groups?account_id=a HTTP/1.1\nContent-Type: application/json";
const LIST: &str = "GET /v2/groups?account_id=a HTTP/1.1";

/// What the vendor `dialect` answers with `code`, `message` and `status` in its own envelope.
fn envelope(dialect: &str, reply: &Reply, code: &str, message: &str) -> Value {
    match dialect {
        "cloudflare" => json!({
            "success": false, "errors": [{"code": code.parse::<u32>().unwrap(), "message": message}],
            "messages": [], "result": null
        }),
        "ibm" => json!({
            "trace": reply.header("transaction-id"), "errors": [{"code": code, "message": message}],
            "status_code": reply.status
        }),
        "authress" => {
            json!({"title": message, "errorCode": code, "errorId": reply.header("x-request-id")})
        }
        _ => json!({ "Message": message }),
    }
}

#[test]
fn a_status_is_refused_in_each_vendors_own_words_with_its_retry_after() {
    let cases = [
        ("cloudflare", "971", "Please wait and consider throttling your request speed"),
        (
            "ibm",
            "too_many_requests",
            "Too many requests have been made within a time window. Wait before calling the API again.",
        ),
    ];
    let mock = Mock::seeded(SEED);
    for (dialect, path) in VENDORS {
        let reply = mock.get(path).fault("status=429").send().expect(429);

        assert_eq!(reply.header("retry-after"), "1", "{dialect}");
        assert_eq!(reply.header("x-mock-rule"), format!("{dialect}.limits.too-many-requests"));
        if let Some((_, code, message)) = cases.iter().find(|(name, ..)| *name == dialect) {
            assert_eq!(reply.json(), envelope(dialect, &reply, code, message));
        }
    }
    let unavailable = mock.get(GROUPS).fault("status=503").send().expect(503);
    let message = "Service Temporarily Unavailable";
    assert_eq!(unavailable.json(), envelope("ibm", &unavailable, "service_unavailable", message));
    assert_eq!(unavailable.header("retry-after"), "");
}

#[test]
fn a_status_that_a_vendor_never_sends_comes_in_its_envelope_all_the_same() {
    let mock = Mock::seeded(SEED);
    let codes = [("cloudflare", "1000"), ("ibm", "mock_fault"), ("authress", "MockFault"), ("legacy", "")];
    for ((dialect, path), (_, code)) in VENDORS.into_iter().zip(codes) {
        let reply = mock.get(path).fault("status=418").send().expect(418);

        assert_eq!(reply.header("x-mock-rule"), format!("{dialect}.faults.injected"));
        let body = reply.json();
        let expected = envelope(dialect, &reply, code, "A fault of the mock server");
        match dialect {
            "authress" => {
                assert_eq!((&body["title"], &body["errorCode"]), (&expected["title"], &expected["errorCode"]))
            }
            _ => assert_eq!(body, expected),
        }
    }
}

#[test]
fn a_status_can_have_a_code_a_message_and_a_retry_after_of_its_own() {
    let mock = Mock::seeded(SEED);
    let message = "Grüße: nächstes Jahr";
    arm(
        &mock,
        json!({"effect": {
            "type": "status", "status": 409, "code": "profile_name_conflict", "message": message, "retryAfter": 7
        }}),
    );

    let reply = mock.get(GROUPS).struck().send().expect(409);

    assert_eq!(reply.json(), envelope("ibm", &reply, "profile_name_conflict", message));
    assert_eq!(reply.header("retry-after"), "7");
    assert_eq!(reply.header("content-type"), "application/json");
}

#[test]
fn a_status_leaves_everything_as_it_was() {
    let mock = Mock::start();

    create(&mock, "a").fault("status=503").send().expect(503);

    assert_eq!(names(&mock), [""; 0]);
}

#[test]
fn a_delay_is_waited_before_the_request_is_handled_as_ever() {
    let mock = Mock::start();
    let started = Instant::now();

    create(&mock, "a").fault("delay=200ms").send().expect(201);

    assert!(started.elapsed() >= Duration::from_millis(200), "{:?}", started.elapsed());
    assert_eq!(names(&mock), ["a"]);
}

#[test]
fn a_delay_of_a_range_lies_within_it_and_is_not_always_the_same() {
    let mock = Mock::start();
    let mut waits = Vec::new();
    for _ in 0..6 {
        let started = Instant::now();
        mock.get(GROUPS).fault("delay=20ms..120ms").send().expect(200);
        waits.push(started.elapsed());
    }

    assert!(waits.iter().all(|wait| *wait >= Duration::from_millis(20)), "{waits:?}");
    let (shortest, longest) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
    assert!(*longest - *shortest > Duration::from_millis(5), "{waits:?}");
}

#[test]
fn a_disconnect_resets_the_connection_before_anything_is_done() {
    let mock = Mock::start();

    let heard = listen(&mock, &format!("{CREATE}\nX-Mock-Fault: disconnect"), r#"{"name":"a"}"#);

    assert_eq!((heard.bytes.len(), heard.end), (0, Err(ErrorKind::ConnectionReset)));
    assert_eq!(names(&mock), [""; 0]);
}

#[test]
fn an_empty_answer_closes_the_connection_before_anything_is_done() {
    let mock = Mock::start();

    let heard = listen(&mock, &format!("{CREATE}\nX-Mock-Fault: empty"), r#"{"name":"a"}"#);

    assert_eq!((heard.bytes.len(), heard.end), (0, Ok(())));
    assert_eq!(names(&mock), [""; 0]);
}

#[test]
fn a_truncated_answer_has_its_whole_head_and_the_first_part_of_its_body() {
    let mock = Mock::start();
    let whole = listen(&mock, LIST, "").parts().1;

    for (fault, length) in [("truncate", whole.len() / 2), ("truncate=10", 10), ("truncate=0", 0)] {
        let heard = listen(&mock, &format!("{LIST}\nX-Mock-Fault: {fault}"), "");

        let (head, body) = heard.parts();
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert_eq!(heard.announced(), whole.len(), "{fault}");
        assert_eq!(body, whole[..length], "{fault}");
    }
}

#[test]
fn a_truncated_answer_never_has_all_of_its_body() {
    let mock = Mock::start();

    let heard = listen(&mock, &format!("{LIST}\nX-Mock-Fault: truncate=1000000"), "");

    assert_eq!(heard.parts().1.len(), heard.announced() - 1);
}

#[test]
fn a_malformed_answer_is_whole_http_and_no_json() {
    let mock = Mock::start();

    let heard = listen(&mock, &format!("{LIST}\nX-Mock-Fault: malformed"), "");

    let (head, body) = heard.parts();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert!(head.to_lowercase().contains("content-type: application/json"), "{head}");
    assert_eq!((heard.announced(), heard.end), (body.len(), Ok(())));
    assert!(body.starts_with(b"{\"limit\":50"), "{}", String::from_utf8_lossy(&body));
    assert!(serde_json::from_slice::<Value>(&body).is_err());
}

#[test]
fn a_slow_body_takes_its_time_and_comes_whole() {
    let mock = Mock::start();
    let whole = listen(&mock, LIST, "").parts().1;
    let started = Instant::now();

    let heard = listen(&mock, &format!("{LIST}\nX-Mock-Fault: slow-body=300ms"), "");

    assert!(started.elapsed() >= Duration::from_millis(290), "{:?}", started.elapsed());
    assert_eq!((heard.parts().1, heard.announced()), (whole.clone(), whole.len()));
}

#[test]
fn an_answer_is_lost_after_its_write() {
    let mock = Mock::start();

    let heard = listen(&mock, &format!("{CREATE}\nX-Mock-Fault: commit-then-fail"), r#"{"name":"a"}"#);

    assert_eq!((heard.bytes.len(), heard.end), (0, Err(ErrorKind::ConnectionReset)));
    assert_eq!(names(&mock), ["a"]);
}

#[test]
fn an_answer_is_replaced_by_a_refusal_after_its_write() {
    let mock = Mock::start();

    let reply = create(&mock, "a").fault("commit-then-fail=503").send().expect(503);

    assert_eq!(reply.json()["errors"][0]["code"], "service_unavailable");
    assert_eq!(names(&mock), ["a"]);
    // What a client that retries must live with: the write is there twice.
    create(&mock, "a").send().expect(201);
    assert_eq!(names(&mock), ["a", "a"]);
}

#[test]
fn several_faults_strike_one_request_and_of_the_same_kind_the_first_counts() {
    let mock = Mock::start();
    arm(
        &mock,
        json!([
            {"id": "wait", "effect": {"type": "delay", "min": "60ms"}},
            {"id": "wait too", "effect": {"type": "delay", "min": 60}},
            {"id": "first", "effect": {"type": "status", "status": 503}},
            {"id": "second", "effect": {"type": "status", "status": 500}}
        ]),
    );
    let started = Instant::now();

    mock.get(GROUPS).send().expect(503);

    assert!(started.elapsed() >= Duration::from_millis(120));
    let list = own(&mock, "/__admin/requests");
    assert_eq!(list["requests"][0]["faults"], json!(["wait", "wait too", "first", "second"]));
}
