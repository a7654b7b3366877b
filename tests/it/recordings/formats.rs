//! The formats of recordings: HTTP Archives of several programs, cassettes, and what is not a recording.

use std::io::Write;

use access_groups_mock::recordings::{RecordedExchange, RecordingError, read};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Reads a recording, and returns its exchanges, the errors of entries, and that of the whole recording.
fn read_all(recording: &[u8]) -> (Vec<RecordedExchange>, Vec<String>, Option<RecordingError>) {
    let (mut exchanges, mut errors) = (Vec::new(), Vec::new());
    let result = read("recording", recording, &mut |exchange| match exchange {
        Ok(exchange) => exchanges.push(exchange),
        Err(error) => errors.push(error.to_string()),
    });
    (exchanges, errors, result.err())
}

/// Reads the only exchange of a valid recording.
#[track_caller]
fn read_one(recording: &[u8]) -> RecordedExchange {
    let (mut exchanges, errors, error) = read_all(recording);
    assert!(errors.is_empty() && error.is_none() && exchanges.len() == 1, "{errors:?} {error:?}");
    exchanges.remove(0)
}

/// Returns the error of the whole recording.
#[track_caller]
fn error(recording: &str) -> String {
    read_all(recording.as_bytes()).2.unwrap().to_string()
}

fn archive(entries: &Value) -> String {
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

fn entry(content: &Value) -> Value {
    json!({"request": {"method": "GET", "url": "https://api.cloudflare.com/x", "headers": []},
        "response": {"status": 200, "headers": [], "content": content}})
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn entry_of_an_archive_is_read_with_headers_and_bodies() {
    let recording = archive(&json!([{
        "startedDateTime": "2026-11-29T10:00:00Z", "time": 1, "cache": {}, "timings": {},
        "request": {"method": "POST", "url": "https://api.cloudflare.com/x",
            "headers": [{"name": ":authority", "value": "h"}, {"name": "X-Auth-Email", "value": "a@b.c"}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [
                {"name": "grant type", "value": "a&b"}, {"name": "x", "value": "1"}]}},
        "response": {"status": 201, "headers": [{"name": "ETag", "value": "\"1\""}],
            "content": {"size": 5, "text": "aGVs\nbG8=", "encoding": "base64"}}
    }]));

    let exchange = read_one(format!("\u{feff}{recording}").as_bytes());

    assert_eq!((exchange.method.as_str(), exchange.status), ("POST", 201));
    assert_eq!(exchange.started.as_deref(), Some("2026-11-29T10:00:00Z"));
    assert_eq!(exchange.request.headers, [("x-auth-email".to_owned(), "a@b.c".to_owned())]);
    assert_eq!(exchange.request.body, b"grant%20type=a%26b&x=1");
    assert_eq!(exchange.response.header("etag"), Some("\"1\""));
    assert_eq!(exchange.response.body, b"hello");
}

#[test]
fn gzip_body_is_decompressed() {
    let text = STANDARD.encode(gzip("{\"a\":1}"));

    let exchange =
        read_one(archive(&json!([entry(&json!({"text": text, "encoding": "base64"}))])).as_bytes());

    assert_eq!(exchange.response.body, b"{\"a\":1}");
}

#[test]
fn absent_and_cut_bodies_are_marked() {
    let recording = archive(&json!([
        entry(&json!({"size": 7, "mimeType": "application/json"})),
        entry(&json!({"size": 7, "text": "{\"a", "comment": "cut: at most the first 3 bytes are recorded"})),
        entry(&json!({"size": 0})),
    ]));

    let (exchanges, _, _) = read_all(recording.as_bytes());

    let missing: Vec<Option<&str>> =
        exchanges.iter().map(|exchange| exchange.response.missing.as_deref()).collect();
    assert_eq!(
        missing,
        [
            Some("the recording does not contain the body"),
            Some("the body is cut: at most the first 3 bytes are recorded"),
            None
        ]
    );
}

#[test]
fn invalid_entry_is_an_error_with_its_place_and_the_next_ones_are_read() {
    let mut deep = entry(&json!({"text": "x"}));
    deep["response"]["content"]["text"] = (0..1000).fold(json!(1), |value, _| json!([value]));
    let mut twice = entry(&json!({"text": "x"})).to_string();
    twice.insert_str(1, "\"request\":null,");
    let entries = [
        entry(&json!({"text": "not base64!", "encoding": "base64"})).to_string(),
        entry(&json!({"text": STANDARD.encode([0x1f, 0x8b, 8, 0, 1]), "encoding": "base64"})).to_string(),
        entry(&json!({"text": "x", "encoding": "rot13"})).to_string(),
        json!({"request": {"method": "GET"}}).to_string(),
        "[1]".to_owned(),
        deep.to_string(),
        twice,
        entry(&json!({"text": "the last one"})).to_string(),
    ];
    let recording = format!("{{\"log\":{{\"entries\":[\n{}\n]}}}}", entries.join(",\n"));

    let (exchanges, errors, error) = read_all(recording.as_bytes());

    let expected = [
        "recording: entry 1 (line 2): response.content: invalid base64",
        "recording: entry 2 (line 3): response.content: invalid gzip data",
        "recording: entry 3 (line 4): response.content: the encoding must be base64, not `rot13`",
        "recording: entry 4 (line 5): invalid entry: missing field `url`",
        "recording: entry 5 (line 6): invalid entry: invalid type: sequence, expected an object",
        "recording: entry 6 (line 7): invalid entry: response.content.text: expected a string",
        "recording: entry 7 (line 8): invalid entry: ",
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for (error, expected) in errors.iter().zip(expected) {
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
    assert_eq!((exchanges.len(), exchanges[0].place.line, error), (1, Some(9), None));
}

#[test]
fn deeply_nested_and_ambiguous_bodies_are_errors_of_the_entry() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let url = "https://api.cloudflare.com/client/v4/accounts/a1/access/groups";
    let with_url = |text: &str| {
        let mut entry = entry(&json!({"text": text}));
        entry["request"]["url"] = url.into();
        entry
    };
    let recording =
        archive(&json!([with_url(&deep), with_url("{\"result\":[],\"result\":[]}"), with_url("{\"res")]));

    let unused = super::unused(&super::imported(&recording));

    assert_eq!(unused.len(), 3, "{unused:#?}");
    for (unused, expected) in
        unused.iter().zip(["recursion limit exceeded", "duplicate field `result`", "EOF while parsing"])
    {
        assert!(unused.contains("response body: ") && unused.contains(expected), "{unused}");
    }
}

#[test]
fn hostile_nesting_beside_the_entries_is_skipped() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let recording = format!("{{\"other\":{deep},\"log\":{{\"_x\":{deep},\"entries\":[]}}}}");

    let (exchanges, errors, error) = read_all(recording.as_bytes());

    assert_eq!((exchanges.len(), errors.len(), error), (0, 0, None));
}

#[test]
fn what_is_no_recording_is_an_error() {
    let whole = archive(&json!([entry(&json!({"text": "a"})), entry(&json!({"text": "b"}))]));
    for (recording, expected) in [
        (String::new(), "recording: is empty"),
        (" \n ".to_owned(), "recording: is empty"),
        ("{}".to_owned(), "neither an HTTP Archive, which has a `log`, nor a cassette"),
        ("{\"log\":[]}".to_owned(), "expected the `log` of an HTTP Archive, which is an object"),
        ("{\"log\":{}}".to_owned(), "`log` has no `entries`"),
        (
            "{\"log\":{\"entries\":{}}}".to_owned(),
            "expected the `entries` of an HTTP Archive, which is an array",
        ),
        ("{\"log\":{\"entries\":[]},\"log\":{\"entries\":[]}}".to_owned(), "duplicate field `log`"),
        ("{\"log\":{\"entries\":[],\"entries\":[]}}".to_owned(), "duplicate field `entries`"),
        (whole[..whole.len() - 30].to_owned(), "invalid JSON after entry 1: EOF while parsing"),
        (format!("{whole} x"), "trailing characters"),
        ("plain text".to_owned(), "neither JSON nor a cassette in YAML"),
        ("[1, 2]".to_owned(), "neither JSON nor a cassette in YAML"),
        (
            "interactions:\n- request: 7\n".to_owned(),
            "neither JSON nor a cassette in YAML: interactions[0].request",
        ),
    ] {
        let error = error(&recording);
        assert!(error.starts_with("recording: ") && error.contains(expected), "{error}\n{expected}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_an_error() {
    let error = read_all(b"interactions: \xff\xfe").2.unwrap();

    assert!(error.reason.starts_with("cannot be read: "), "{error}");
}

#[test]
fn cassettes_of_go_vcr_are_read() {
    // Version 1, and the additional fields of versions 2 to 4.
    let old = "---\nversion: 1\ninteractions:\n- request:\n    body: '{\"name\":\"x\"}'\n    form: {}\n    headers:\n      Content-Type:\n      - application/json\n    url: https://iam.cloud.ibm.com/v2/groups?account_id=a\n    method: POST\n  response:\n    body: '{\"id\":\"AccessGroupId-1\"}'\n    headers:\n      Etag:\n      - '\"1\"'\n    status: 201 Created\n    code: 201\n    duration: \"\"\n";
    let new = "---\nversion: 2\ninteractions:\n    - id: 0\n      request:\n        proto: HTTP/1.1\n        proto_major: 1\n        content_length: 0\n        transfer_encoding: []\n        trailer: {}\n        host: iam.cloud.ibm.com\n        remote_addr: \"\"\n        body: \"\"\n        form: {}\n        headers: {}\n        url: https://iam.cloud.ibm.com/v2/groups\n        method: GET\n      response:\n        proto: HTTP/2.0\n        uncompressed: true\n        body: |\n            {\"groups\":[]}\n        headers: {}\n        status: 200 OK\n        code: 200\n        duration: 210.5ms\n";

    let (old, new) = (read_one(old.as_bytes()), read_one(new.as_bytes()));

    assert_eq!((old.method.as_str(), old.status), ("POST", 201));
    assert_eq!(old.request.header("content-type"), Some("application/json"));
    assert_eq!(
        (old.request.body.as_slice(), old.response.body.as_slice()),
        (&b"{\"name\":\"x\"}"[..], &b"{\"id\":\"AccessGroupId-1\"}"[..])
    );
    assert_eq!((new.status, new.response.body.as_slice()), (200, &b"{\"groups\":[]}\n"[..]));
    assert_eq!(new.place.to_string(), "recording: entry 1");
}

#[test]
fn cassettes_of_vcrpy_are_read() {
    let body = STANDARD.encode(gzip("{\"groups\":[]}"));
    let yaml = format!(
        "interactions:\n- request:\n    body: null\n    headers:\n      Accept:\n      - '*/*'\n    method: GET\n    uri: https://iam.cloud.ibm.com/v2/groups\n  response:\n    body:\n      string: !!binary |\n        {body}\n    headers:\n      Content-Encoding:\n      - gzip\n    status:\n      code: 200\n      message: OK\n- request:\n    body: '!!binary is text here'\n    headers: {{}}\n    method: PUT\n    uri: https://iam.cloud.ibm.com/v2/groups/1\n  response:\n    body: {{string: '{{}}'}}\n    headers: {{X-A: b}}\n    status: {{code: 404, message: Not Found}}\nversion: 1\n"
    );
    let json = json!({"version": 1, "interactions": [
        {"request": {"body": null, "headers": {}, "method": "GET", "uri": "https://iam.cloud.ibm.com/v2/groups"},
         "response": {"body": {"string": "hi"}, "headers": {}, "status": {"code": 200, "message": "OK"}}}
    ]})
    .to_string();

    let (exchanges, errors, error) = read_all(yaml.as_bytes());

    assert_eq!((errors.len(), error), (0, None));
    let bodies: Vec<&[u8]> = exchanges.iter().map(|exchange| exchange.response.body.as_slice()).collect();
    assert_eq!(bodies, [&b"{\"groups\":[]}"[..], &b"{}"[..]]);
    assert_eq!(exchanges[1].request.body, b"!!binary is text here");
    assert_eq!((exchanges[1].status, exchanges[1].response.header("x-a")), (404, Some("b")));
    assert_eq!(read_one(json.as_bytes()).response.body, b"hi");
}

#[test]
fn invalid_base64_in_a_cassette_is_an_error_with_its_place() {
    let yaml = "interactions:\n- request: {method: GET, uri: 'https://h/x'}\n  response:\n    status: {code: 200}\n    body:\n      string: !!binary |\n        ===\n";

    let error = error(yaml);

    assert!(error.contains("interactions[0].response.body") && error.contains("invalid base64"), "{error}");
}

#[test]
fn aliases_that_multiply_are_an_error() {
    let mut yaml = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (name, before) in ('b'..='k').zip('a'..='j') {
        let list = vec![format!("*{before}"); 9].join(",");
        yaml.push_str(&format!("{name}: &{name} [{list}]\n"));
    }
    yaml.push_str("interactions: *k\n");

    assert!(error(&yaml).contains("neither JSON nor a cassette in YAML"));
}
