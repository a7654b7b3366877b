//! The journal as an HTTP Archive (HAR) and as curl commands.

use std::process::Command;

use access_groups_mock::{Config, JournalConfig};
use serde_json::{Value, json};

use super::helpers::{GROUPS, admin_get, create_ibm_group, journal_entries, send_raw};
use crate::support::TestServer;

/// Asserts that `value` has the fields that HTTP Archive 1.2 requires, with the right types, and otherwise only
/// `optional` and `_` custom fields.
#[track_caller]
fn assert_fields(value: &Value, fields: &[(&str, &str)], optional: &[&str]) {
    for (name, kind) in fields {
        let is_valid = match *kind {
            "string" => value[*name].is_string(),
            "number" => value[*name].is_number(),
            "array" => value[*name].is_array(),
            _ => value[*name].is_object(),
        };
        assert!(is_valid, "{name} is not of type {kind} in {value}");
    }
    for name in value.as_object().unwrap().keys() {
        let is_known = fields.iter().any(|(known, _)| known == name) || optional.contains(&name.as_str());
        assert!(is_known || name.starts_with('_'), "HAR 1.2 does not define {name}");
    }
}

#[test]
fn the_archive_is_valid_har_1_2() {
    let mock = TestServer::start();
    create_ibm_group(&mock, "Blüe").send().expect(201);
    mock.get("/v2/groups?account_id=a&search=name%3Aa%20b").send().expect(200);
    send_raw(&mock, "GET /v2/x HTTP/1.1\nX-Mock-Fault: disconnect", "");

    let har = admin_get(&mock, "/__admin/requests?format=har");

    assert_fields(&har, &[("log", "object")], &[]);
    let log = &har["log"];
    assert_fields(log, &[("version", "string"), ("creator", "object"), ("entries", "array")], &[]);
    assert_fields(&log["creator"], &[("name", "string"), ("version", "string")], &[]);
    assert_eq!(log["version"], "1.2");
    for entry in log["entries"].as_array().unwrap() {
        let fields = [
            ("startedDateTime", "string"),
            ("time", "number"),
            ("request", "object"),
            ("response", "object"),
            ("cache", "object"),
            ("timings", "object"),
        ];
        assert_fields(entry, &fields, &[]);
        assert!(chrono::DateTime::parse_from_rfc3339(entry["startedDateTime"].as_str().unwrap()).is_ok());
        assert_fields(
            &entry["timings"],
            &[("send", "number"), ("wait", "number"), ("receive", "number")],
            &[],
        );
        let request = [
            ("method", "string"),
            ("url", "string"),
            ("httpVersion", "string"),
            ("cookies", "array"),
            ("headers", "array"),
            ("queryString", "array"),
            ("headersSize", "number"),
            ("bodySize", "number"),
        ];
        assert_fields(&entry["request"], &request, &["postData"]);
        let response = [
            ("status", "number"),
            ("statusText", "string"),
            ("httpVersion", "string"),
            ("cookies", "array"),
            ("headers", "array"),
            ("content", "object"),
            ("redirectURL", "string"),
            ("headersSize", "number"),
            ("bodySize", "number"),
        ];
        assert_fields(&entry["response"], &response, &[]);
        assert_fields(
            &entry["response"]["content"],
            &[("size", "number"), ("mimeType", "string")],
            &["text"],
        );
        for header in entry["request"]["headers"].as_array().unwrap() {
            assert_fields(header, &[("name", "string"), ("value", "string")], &[]);
        }
    }
}

#[test]
fn the_archive_has_requests_and_responses_oldest_first() {
    let mock = TestServer::start();
    let created = create_ibm_group(&mock, "Blüe").send().expect(201);
    mock.get("/v2/groups?account_id=a&search=name%3Aa%20b").send().expect(200);
    send_raw(&mock, "GET /v2/x HTTP/1.1\nX-Mock-Fault: disconnect", "");

    let har = admin_get(&mock, "/__admin/requests?format=har");

    let [post, get, dropped] = har["log"]["entries"].as_array().unwrap().as_slice() else { panic!("{har}") };
    assert_eq!(post["request"]["url"], format!("{}{GROUPS}", mock.url()));
    let sent = json!({"mimeType": "application/json", "text": "{\"name\":\"Blüe\"}"});
    assert_eq!(post["request"]["postData"], sent);
    assert_eq!(post["response"]["status"], 201);
    assert_eq!(post["response"]["statusText"], "Created");
    assert_eq!(post["response"]["content"]["text"], created.text());
    let query = json!([{"name": "account_id", "value": "a"}, {"name": "search", "value": "name:a b"}]);
    assert_eq!(get["request"]["queryString"], query);
    assert_eq!(dropped["response"]["status"], 0);
}

/// Runs each curl command of the journal in a shell, and returns the journal before and after.
#[track_caller]
fn rerun(mock: &TestServer) -> (Vec<Value>, Vec<Value>) {
    let before = journal_entries(mock);
    let response = mock.get("/__admin/requests?format=curl").send().expect(200);
    assert_eq!(response.header("content-type"), "text/plain; charset=utf-8");
    let lines = response.text();
    assert_eq!(lines.lines().count(), before.len(), "{lines}");
    mock.delete("/__admin/requests").send().expect(200);
    for line in lines.lines() {
        let output = Command::new("sh").args(["-c", &format!("{line} -sS -o /dev/null")]).output();
        let output = match line.split_once(" #") {
            Some((command, _)) => {
                Command::new("sh").args(["-c", &format!("{command} -sS -o /dev/null")]).output()
            }
            None => output,
        };
        let output = output.unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    (before, journal_entries(mock))
}

#[test]
fn each_curl_command_repeats_its_request() {
    let mock = TestServer::start();
    create_ibm_group(&mock, "it's \"quoted\" $HOME `date` \\ Blüe\n").send().expect(201);
    mock.get("/v2/groups?account_id=a&search=[a]{b}*").send();
    mock.head(GROUPS).send().expect(200);
    mock.delete("/v2/groups/none").header("x-empty", "").send().expect(404);
    mock.post(GROUPS).body("@/etc/passwd").send().expect(400);
    mock.post(GROUPS).body(vec![0_u8, 0xff, b'\'', b'\n']).send().expect(400);
    mock.request("GET", GROUPS).body("{}").send().expect(200);
    mock.put("/api2/access_groups/9.json").body("{}").send();
    mock.get(GROUPS).header("x-mock-namespace", "other").send().expect(200);

    let (before, after) = rerun(&mock);

    assert_eq!(before.len(), after.len());
    for (first, second) in before.iter().zip(&after) {
        for name in ["method", "url", "bodyAsBase64"] {
            assert_eq!(first[name], second[name], "{name}");
        }
        assert_eq!(first["headers"]["content-type"], second["headers"]["content-type"]);
        assert_eq!(first["headers"]["x-empty"], second["headers"]["x-empty"]);
        assert_eq!(first["response"]["status"], second["response"]["status"], "{first}");
    }
    let other = admin_get(&mock, "/__admin/requests?namespace=other&format=json");
    assert_eq!(other["meta"]["total"], 1, "the namespace header is sent again");
}

#[test]
fn the_curl_command_of_a_truncated_body_says_so() {
    let journal = JournalConfig { body_bytes: 10, ..JournalConfig::default() };
    let mock = TestServer::with_config(Config { journal, ..Config::default() }, "{}");
    create_ibm_group(&mock, "Blue Team").send().expect(201);

    let lines = mock.get("/__admin/requests?format=curl").send().expect(200).text();

    assert!(lines.ends_with(" # the journal recorded only a part of the body of 20 bytes\n"), "{lines}");
}

#[test]
fn the_curl_commands_of_a_namespace_address_it() {
    let mock = TestServer::start();
    let head = "GET /ns/blue/v2/groups?account_id=a HTTP/1.1";
    send_raw(&mock, head, "");

    let lines = mock.get("/__admin/requests?format=curl&namespace=blue").send().expect(200).text();

    assert!(lines.ends_with("'http://localhost/ns/blue/v2/groups?account_id=a'\n"), "{lines}");
}
