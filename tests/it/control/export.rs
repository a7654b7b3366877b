//! The journal as an HTTP Archive (HAR) and as commands of curl and PowerShell.

use std::io::Write;
use std::process::{Command, Stdio};

use access_groups_mock::{Config, JournalConfig};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
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

/// Asserts that `har` is valid for the schema of HTTP Archive 1.2 in the npm package `har-schema` 2.0.0.
#[track_caller]
fn assert_valid(har: &Value) {
    let schema: Value = serde_json::from_str(include_str!("har-schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(har).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_archive_is_valid_for_the_published_schema() {
    let mock = TestServer::start();
    create_ibm_group(&mock, "Blüe").send().expect(201);
    mock.get("/v2/groups?account_id=a&search=name%3Aa%20b").send().expect(200);
    mock.get("/api2/access_groups/4.json").send();
    send_raw(&mock, "GET /v2/x HTTP/1.1\nX-Mock-Fault: disconnect", "");

    let har = admin_get(&mock, "/__admin/requests?format=har");

    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 4);
    assert_valid(&har);
}

#[test]
fn the_archive_marks_bodies_that_are_cut_or_redacted() {
    let journal = JournalConfig { body_bytes: 40, ..JournalConfig::default() };
    let mock = TestServer::with_config(Config { journal, ..Config::default() }, "{}");
    create_ibm_group(&mock, &"x".repeat(60)).send().expect(201);

    let cut = admin_get(&mock, "/__admin/requests?format=har");
    let whole = TestServer::start();
    let form = "grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey=longer-than-its-replacement";
    let media_type = "application/x-www-form-urlencoded";
    whole.post("/identity/token").header("content-type", media_type).body(form).send();
    let redacted = admin_get(&whole, "/__admin/requests?format=har");

    assert_valid(&cut);
    let entry = &cut["log"]["entries"][0];
    assert_eq!(entry["request"]["postData"]["comment"], "cut: at most the first 40 bytes are recorded");
    assert_eq!(entry["request"]["bodySize"], 71);
    assert_eq!(entry["response"]["content"]["comment"], "cut: at most the first 40 bytes are recorded");
    assert_valid(&redacted);
    let post_data = &redacted["log"]["entries"][0]["request"]["postData"];
    assert!(post_data["text"].as_str().unwrap().ends_with("apikey=[redacted]"), "{post_data}");
    assert_eq!(post_data["comment"], "credentials are redacted");
}

#[test]
fn the_archive_has_bodies_that_are_no_text_in_base64() {
    let mock = TestServer::start();
    mock.post(GROUPS).body(vec![0_u8, 0xff, b'\'', b'\n']).send().expect(400);

    let har = admin_get(&mock, "/__admin/requests?format=har");

    assert_valid(&har);
    let post_data = &har["log"]["entries"][0]["request"]["postData"];
    assert_eq!((&post_data["text"], &post_data["_encoding"]), (&json!("AP8nCg=="), &json!("base64")));
}

#[test]
fn the_archive_has_a_compressed_request_so_that_it_can_be_sent_again() {
    let mock = TestServer::start();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(br#"{"name":"a"}"#).unwrap();
    let body = encoder.finish().unwrap();
    let request = mock.post(GROUPS).header("content-type", "application/json").body(body.clone());
    request.header("content-encoding", "gzip").send().expect(201);

    let har = admin_get(&mock, "/__admin/requests?format=har");

    assert_valid(&har);
    let request = &har["log"]["entries"][0]["request"];
    let sent = json!({"mimeType": "application/json", "text": "{\"name\":\"a\"}", "comment": "decompressed"});
    assert_eq!((&request["postData"], &request["bodySize"]), (&sent, &json!(body.len())));
    let headers = request["headers"].as_array().unwrap().iter();
    let headers: Vec<&str> = headers.map(|header| header["name"].as_str().unwrap()).collect();
    assert!(headers.contains(&"content-type"), "{headers:?}");
    assert!(!headers.contains(&"content-encoding") && !headers.contains(&"content-length"), "{headers:?}");
}

#[test]
fn the_archive_has_text_with_replacement_characters_as_text() {
    let mock = TestServer::start();
    create_ibm_group(&mock, "a\u{fffd}b").send().expect(201);

    let har = admin_get(&mock, "/__admin/requests?format=har");

    let entry = &har["log"]["entries"][0];
    assert!(entry["request"]["postData"]["text"].as_str().unwrap().contains("a\u{fffd}b"));
    assert_eq!(entry["request"]["postData"]["_encoding"], Value::Null);
    assert_eq!(entry["response"]["content"]["encoding"], Value::Null);
}

#[test]
fn the_archive_has_a_response_that_is_cut_within_a_character_in_base64() {
    let encodings = [200, 201].map(|body_bytes| {
        let journal = JournalConfig { body_bytes, ..JournalConfig::default() };
        let mock = TestServer::with_config(Config { journal, ..Config::default() }, "{}");
        let response = create_ibm_group(&mock, &"\u{fc}".repeat(100)).send().expect(201);

        let har = admin_get(&mock, "/__admin/requests?format=har");

        assert_valid(&har);
        let content = &har["log"]["entries"][0]["response"]["content"];
        let text = content["text"].as_str().unwrap();
        if content["encoding"] == "base64" {
            assert_eq!(text, STANDARD.encode(&response.body[..body_bytes]));
        } else {
            assert_eq!(text.as_bytes(), &response.body[..body_bytes]);
        }
        content["encoding"].clone()
    });

    // A character has two bytes, so that one of the two limits is within a character.
    assert!(encodings.contains(&json!("base64")) && encodings.contains(&Value::Null), "{encodings:?}");
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
        let output = Command::new("sh").args(["-c", &format!("{line} -sS -o /dev/null")]).output().unwrap();
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

    let note = ": 'the journal recorded only a part of the body of 20 bytes'; curl -X POST";
    assert!(lines.starts_with(note), "{lines}");
}

#[test]
fn the_curl_commands_of_a_namespace_address_it() {
    let mock = TestServer::start();
    let head = "GET /ns/blue/v2/groups?account_id=a HTTP/1.1";
    send_raw(&mock, head, "");

    let lines = mock.get("/__admin/requests?format=curl&namespace=blue").send().expect(200).text();

    assert!(lines.ends_with("'http://localhost/ns/blue/v2/groups?account_id=a'\n"), "{lines}");
}

/// Returns the arguments with which a shell would call `curl`, and its standard input.
fn arguments(line: &str) -> (Vec<String>, Vec<u8>) {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; printf '\\0\\0'; cat; }}\n{line}");
    let output = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    let end = output.stdout.windows(3).position(|window| window == [0; 3]).unwrap();
    let arguments = String::from_utf8(output.stdout[..end].to_vec()).unwrap();
    (arguments.split('\0').map(str::to_owned).collect(), output.stdout[end + 3..].to_vec())
}

/// Returns the command for the only request of the journal.
fn only_command(mock: &TestServer, format: &str) -> String {
    let lines = mock.get(&format!("/__admin/requests?format={format}")).anonymous().send().expect(200).text();
    lines.strip_suffix('\n').unwrap().to_owned()
}

#[test]
fn a_method_that_a_shell_would_run_is_quoted() {
    let mock = TestServer::start();
    let method = "GET`touch$IFS&pwned|x'";
    send_raw(&mock, &format!("{method} {GROUPS} HTTP/1.1"), "");

    let (arguments, _) = arguments(&only_command(&mock, "curl"));
    let powershell = only_command(&mock, "powershell");

    assert_eq!(arguments[..2], ["-X", method]);
    assert!(powershell.contains(" -CustomMethod 'GET`touch$IFS&pwned|x''' "), "{powershell}");
}

#[test]
fn a_powershell_command_has_every_part_of_the_request() {
    let mock = TestServer::start();
    let headers = "X-Team: it\u{2019}s 'blue'\nX-Tab: a\tb\nContent-Type: application/json";
    send_raw(&mock, &format!("POST {GROUPS} HTTP/1.1\n{headers}"), r#"{"name":"it's $HOME"}"#);

    let command = only_command(&mock, "powershell");

    let start = "Invoke-WebRequest -SkipHeaderValidation -SkipHttpErrorCheck -Method 'POST' \
                 -Uri 'http://localhost/v2/groups?account_id=a' -Headers @{ ";
    assert!(command.starts_with(start), "{command}");
    assert!(command.contains("'x-team' = 'it\u{2019}\u{2019}s ''blue'''"), "{command}");
    let tab = "'x-tab' = ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('YQli')))";
    assert!(command.contains(tab), "{command}");
    let end = r#" -ContentType 'application/json' -Body '{"name":"it''s $HOME"}'"#;
    assert!(command.ends_with(end), "{command}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn a_shell_calls_curl_with_every_part_of_the_request_as_it_was(
        method in "[A-Z!#$%&'*+.^_`|~-]{1,12}",
        path in "/[a-z!$&'()*+;=@`{}|~^%0-9-]{0,20}",
        name in "x-[a-z!#$&'*+.^_`|~-]{1,10}",
        value in "[ -~\t]{0,20}",
        body in prop::collection::vec(any::<u8>(), 0..30),
    ) {
        prop_assume!(!["GET", "HEAD", "CONNECT"].contains(&method.as_str()));
        thread_local!(static MOCK: TestServer = TestServer::with_config(
            Config { journal: JournalConfig { keep_secrets: true, ..JournalConfig::default() }, ..Config::default() },
            "{}",
        ));
        let value = value.trim();
        let line = MOCK.with(|mock| {
            let head = format!("{method} {path} HTTP/1.1\r\n{name}: {value}\r\nHost: it's.`x`\r\nConnection: close");
            let mut request = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
            request.extend_from_slice(&body);
            mock.delete("/__admin/requests").send().expect(200);
            mock.send_raw(&request);
            let total = admin_get(mock, "/__admin/requests")["meta"]["total"].clone();
            (total == 1).then(|| only_command(mock, "curl"))
        });
        // Some requests are rejected before they reach an API, such as a path that is no URI.
        prop_assume!(line.is_some());
        let line = line.unwrap();

        let (arguments, stdin) = arguments(&line);

        prop_assert_eq!(&arguments[..2], ["-X", &method]);
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        prop_assert!(arguments.contains(&header), "{:?}", arguments);
        prop_assert_eq!(arguments.last().unwrap(), &format!("http://it's.`x`{path}"));
        let sent = match arguments.iter().position(|argument| argument == "--data-raw") {
            Some(at) => arguments[at + 1].clone().into_bytes(),
            None => stdin,
        };
        prop_assert_eq!(sent, body);
        prop_assert!(!line.chars().any(|char| char.is_control() && char != '\n'), "{}", line);
    }
}

#[test]
fn commands_have_the_given_credential_instead_of_redacted_ones() {
    let mock = TestServer::start();
    let form = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=s3cret";
    let token = mock.post("/identity/token").anonymous();
    token.header("content-type", "application/x-www-form-urlencoded").body(form).send().expect(200);
    mock.get("/v2/groups?account_id=a&token=s3cret").header("authorization", "Bearer s3cret").send();
    let text = |target: &str| mock.get(target).anonymous().send().expect(200).text();

    let redacted = text("/__admin/requests?format=curl");
    let commands = text("/__admin/requests?format=curl&credential=a/b");
    let powershell = text("/__admin/requests?format=powershell&credential=any");

    assert!(redacted.contains("[redacted]") && !commands.contains("[redacted]"), "{commands}");
    let lines: Vec<&str> = commands.lines().collect();
    assert!(lines[0].contains("&apikey=a%2Fb'") && !lines[0].contains("only a part"), "{commands}");
    assert!(lines[1].contains("'authorization: Bearer a/b'"), "{commands}");
    assert!(lines[1].contains("&token=a%2Fb"), "{commands}");
    assert!(powershell.contains("'Bearer any'"), "{powershell}");
    let id = journal_entries(&mock)[1]["id"].as_str().unwrap().to_owned();
    let single = text(&format!("/__admin/requests/{id}?format=curl&credential=a/b"));
    assert_eq!(single.trim_end(), lines[1]);
    let summary = admin_get(&mock, &format!("/__admin/requests/{id}?format=summary"));
    assert_eq!(summary["requests"][0]["id"], id);
}
