//! The journal as an HTTP Archive and as curl lines.

use std::process::Command;

use access_groups_mock::{Config, JournalConfig};
use serde_json::{Value, json};

use super::bench::{GROUPS, create, journal, listen, own};
use crate::support::Mock;

/// Asserts that `value` has the members that HTTP Archive 1.2 asks for, each of its type, and no others but its own.
#[track_caller]
fn assert_members(value: &Value, members: &[(&str, &str)], optional: &[&str]) {
    for (name, kind) in members {
        let fits = match *kind {
            "text" => value[*name].is_string(),
            "number" => value[*name].is_number(),
            "list" => value[*name].is_array(),
            _ => value[*name].is_object(),
        };
        assert!(fits, "{name} is no {kind} in {value}");
    }
    for name in value.as_object().unwrap().keys() {
        let is_known = members.iter().any(|(known, _)| known == name) || optional.contains(&name.as_str());
        assert!(is_known || name.starts_with('_'), "{name} is none of HAR 1.2");
    }
}

#[test]
fn the_archive_is_a_valid_one_of_version_1_2() {
    let mock = Mock::start();
    create(&mock, "Blüe").send().expect(201);
    mock.get("/v2/groups?account_id=a&search=a%20b").send().expect(200);
    listen(&mock, "GET /v2/x HTTP/1.1\nX-Mock-Fault: disconnect", "");

    let har = own(&mock, "/__admin/requests?format=har");

    assert_members(&har, &[("log", "object")], &[]);
    let log = &har["log"];
    assert_members(log, &[("version", "text"), ("creator", "object"), ("entries", "list")], &[]);
    assert_members(&log["creator"], &[("name", "text"), ("version", "text")], &[]);
    assert_eq!(log["version"], "1.2");
    for entry in log["entries"].as_array().unwrap() {
        let members = [
            ("startedDateTime", "text"),
            ("time", "number"),
            ("request", "object"),
            ("response", "object"),
            ("cache", "object"),
            ("timings", "object"),
        ];
        assert_members(entry, &members, &[]);
        assert!(chrono::DateTime::parse_from_rfc3339(entry["startedDateTime"].as_str().unwrap()).is_ok());
        assert_members(
            &entry["timings"],
            &[("send", "number"), ("wait", "number"), ("receive", "number")],
            &[],
        );
        let request = [
            ("method", "text"),
            ("url", "text"),
            ("httpVersion", "text"),
            ("cookies", "list"),
            ("headers", "list"),
            ("queryString", "list"),
            ("headersSize", "number"),
            ("bodySize", "number"),
        ];
        assert_members(&entry["request"], &request, &["postData"]);
        let response = [
            ("status", "number"),
            ("statusText", "text"),
            ("httpVersion", "text"),
            ("cookies", "list"),
            ("headers", "list"),
            ("content", "object"),
            ("redirectURL", "text"),
            ("headersSize", "number"),
            ("bodySize", "number"),
        ];
        assert_members(&entry["response"], &response, &[]);
        assert_members(&entry["response"]["content"], &[("size", "number"), ("mimeType", "text")], &["text"]);
        for header in entry["request"]["headers"].as_array().unwrap() {
            assert_members(header, &[("name", "text"), ("value", "text")], &[]);
        }
    }
}

#[test]
fn the_archive_tells_what_was_sent_and_answered_the_oldest_first() {
    let mock = Mock::start();
    let answer = create(&mock, "Blüe").send().expect(201);
    mock.get("/v2/groups?account_id=a&search=a%20b").send().expect(200);
    listen(&mock, "GET /v2/x HTTP/1.1\nX-Mock-Fault: disconnect", "");

    let har = own(&mock, "/__admin/requests?format=har");

    let [post, get, lost] = har["log"]["entries"].as_array().unwrap().as_slice() else { panic!("{har}") };
    assert_eq!(post["request"]["url"], format!("{}{GROUPS}", mock.url()));
    let sent = json!({"mimeType": "application/json", "text": "{\"name\":\"Blüe\"}"});
    assert_eq!(post["request"]["postData"], sent);
    assert_eq!(post["response"]["status"], 201);
    assert_eq!(post["response"]["statusText"], "Created");
    assert_eq!(post["response"]["content"]["text"], answer.text());
    let query = json!([{"name": "account_id", "value": "a"}, {"name": "search", "value": "a b"}]);
    assert_eq!(get["request"]["queryString"], query);
    assert_eq!(lost["response"]["status"], 0);
}

/// Runs each line of the journal in a shell, and returns what the server's journal then has of each.
#[track_caller]
fn rerun(mock: &Mock) -> (Vec<Value>, Vec<Value>) {
    let before = journal(mock);
    let reply = mock.get("/__admin/requests?format=curl").send().expect(200);
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    let lines = reply.text();
    assert_eq!(lines.lines().count(), before.len(), "{lines}");
    mock.delete("/__admin/requests").send().expect(200);
    for line in lines.lines() {
        let ran = Command::new("sh").args(["-c", &format!("{line} -sS -o /dev/null")]).output();
        let ran = match line.split_once(" #") {
            Some((command, _)) => {
                Command::new("sh").args(["-c", &format!("{command} -sS -o /dev/null")]).output()
            }
            None => ran,
        };
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    (before, journal(mock))
}

#[test]
fn each_curl_line_sends_its_request_again() {
    let mock = Mock::start();
    create(&mock, "it's \"quoted\" $HOME `date` \\ Blüe\n").send().expect(201);
    mock.get("/v2/groups?account_id=a&search=[a]{b}*").send();
    mock.head(GROUPS).send().expect(200);
    mock.delete("/v2/groups/none").header("x-empty", "").send().expect(404);
    mock.post(GROUPS).body("@/etc/passwd").send().expect(400);
    mock.post(GROUPS).body(vec![0_u8, 0xff, b'\'', b'\n']).send().expect(400);
    mock.call("GET", GROUPS).body("{}").send().expect(200);
    mock.put("/api2/access_groups/9.json").body("{}").send();
    mock.get(GROUPS).header("x-mock-namespace", "other").send().expect(200);

    let (before, after) = rerun(&mock);

    assert_eq!(before.len(), after.len());
    for (one, other) in before.iter().zip(&after) {
        for name in ["method", "url", "bodyAsBase64"] {
            assert_eq!(one[name], other[name], "{name}");
        }
        assert_eq!(one["headers"]["content-type"], other["headers"]["content-type"]);
        assert_eq!(one["headers"]["x-empty"], other["headers"]["x-empty"]);
        assert_eq!(one["response"]["status"], other["response"]["status"], "{one}");
    }
    let other = own(&mock, "/__admin/requests?namespace=other&format=json");
    assert_eq!(other["meta"]["total"], 1, "the header names the namespace");
}

#[test]
fn a_body_that_was_kept_in_part_is_said_to_be_so() {
    let journal = JournalConfig { body_bytes: 10, ..JournalConfig::default() };
    let mock = Mock::with(Config { journal, ..Config::default() }, "{}");
    create(&mock, "Blue Team").send().expect(201);

    let lines = mock.get("/__admin/requests?format=curl").send().expect(200).text();

    assert!(lines.ends_with(" # the journal kept only a part of the 20 bytes of the body\n"), "{lines}");
}

#[test]
fn the_lines_of_the_namespace_lead_into_it() {
    let mock = Mock::start();
    let head = "GET /ns/blue/v2/groups?account_id=a HTTP/1.1";
    listen(&mock, head, "");

    let lines = mock.get("/__admin/requests?format=curl&namespace=blue").send().expect(200).text();

    assert!(lines.ends_with("'http://localhost/ns/blue/v2/groups?account_id=a'\n"), "{lines}");
}
