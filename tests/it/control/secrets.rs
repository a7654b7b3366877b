//! Credentials: the forms in which clients send them, and the outputs in which none of them may appear.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::helpers::{admin_get, admin_post};
use crate::support::TestServer;

/// The credential that each request contains.
const SECRET: &str = "geheim";

/// The name of a form of a credential, the header lines of its request, and the body.
type Form = (String, String, Vec<u8>);

/// Returns the requests with a credential in a header.
fn headers() -> Vec<Form> {
    let mut forms = Vec::new();
    for name in [
        "CF-Access-Client-Secret",
        "X-Api-Key",
        "IAM-ApiKey",
        "X-Auth-Token",
        "X-IBM-Client-Secret",
        "X-Access-Token",
        "X-Auth-Key",
        "X-Auth-User-Service-Key",
        "Cookie",
        "Proxy-Authorization",
        "X-Mock-Admin-Token",
        "X-Amz-Security-Token",
        "Cf-Access-Jwt-Assertion",
        "Ocp-Apim-Subscription-Key",
        "apikey",
        "Authorization",
    ] {
        forms.push((name.to_owned(), format!("{name}: {SECRET}"), Vec::new()));
    }
    for value in
        ["Bearer geheim", "Basic geheim", "geheim x", "geheim geheim", "Token geheim", "bearer  geheim"]
    {
        forms.push((value.to_owned(), format!("Authorization: {value}"), Vec::new()));
    }
    for value in [
        "Referer: https://h/x?a=1&token=geheim",
        "Referer: https://user:geheim@h/x",
        "Link: <https://h/?access_token=geheim>; rel=next",
        "X-Forwarded-Url: /x?apikey=geheim",
        "Content-Type: text/plain;token=geheim",
    ] {
        forms.push((value.to_owned(), value.to_owned(), Vec::new()));
    }
    forms
}

/// Returns the requests with a credential in the body.
fn bodies() -> Vec<Form> {
    let mut forms = Vec::new();
    for name in
        ["%61pikey", "APIKEY", "apikey", "passcode", "code", "password", "refresh_token", "client_secret"]
    {
        let body = format!("grant_type=x&{name}={SECRET}&response_type=cloud_iam");
        let header = "Content-Type: application/x-www-form-urlencoded".to_owned();
        forms.push((format!("form {name}"), header, body.into_bytes()));
    }
    for field in [
        r#""apiKey":"geheim""#,
        r#""apikey" : "geheim""#,
        r#""api_key":"geheim""#,
        r#""API-KEY":"geheim""#,
        r#""clientSecret":"geheim""#,
        r#""Password":"geheim""#,
        r#""token":"geheim""#,
        r#""passcode":"geheim""#,
        r#""\u0061pikey":"geheim""#,
        r#""secrets":["a","geheim"]"#,
        r#""secret":{"value":["geheim"]}"#,
        r#""a":{"b":[{"access_token":"geheim"}]}"#,
        r#""text":"{\"apikey\":\"geheim\"}""#,
        r#""header":"Bearer geheim""#,
        r#""next":"https://h/x?token=geheim""#,
        r#""password":"a\"geheim""#,
        // The body is not JSON, and is cut off in a credential.
        r#""password":"geheim"#,
    ] {
        let header = "Content-Type: application/json".to_owned();
        let end = if field.ends_with("geheim") { "" } else { "}" };
        forms.push((format!("json {field}"), header, format!("{{{field}{end}").into_bytes()));
    }
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\ngeheim\r\n--b--\r\n";
    let header = "Content-Type: multipart/form-data; boundary=b".to_owned();
    forms.push(("multipart".to_owned(), header, multipart.into()));
    for (name, text) in [("gzip form", "apikey=geheim"), ("gzip json", r#"{"password":"geheim"}"#)] {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        forms.push((name.to_owned(), "Content-Encoding: gzip".to_owned(), encoder.finish().unwrap()));
    }
    forms
}

/// The targets with a credential.
const TARGETS: [&str; 8] = [
    "/v2/groups?apikey=geheim",
    "/v2/groups?access_token=geheim&limit=x",
    "/v2/groups?a=b&token=geheim",
    "/v2/groups?%74oken=geheim",
    "/v2/groups?next=https%3A%2F%2Fh%3Ftoken%3Dgeheim",
    "/v2/group;apikey=geheim/x",
    "/api2/access_groups.json?code=geheim",
    "http://user:geheim@localhost/v2/groups",
];

/// Sends a POST request to `target`, which some vendor rejects or no route matches.
fn send(mock: &TestServer, target: &str, header: &str, body: &[u8]) {
    let length = body.len();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    mock.send_raw(&[head.as_bytes(), body].concat());
}

/// Returns everything that shows the exchanges of the journal.
fn outputs(mock: &TestServer) -> Vec<(String, String)> {
    let mut outputs = Vec::new();
    for format in ["json", "har", "curl", "powershell"] {
        let path = format!("/__admin/requests?format={format}");
        outputs.push((path.clone(), mock.get(&path).anonymous().send().expect(200).text()));
    }
    let list = admin_get(mock, "/__admin/requests");
    let exchange = &list["requests"][0];
    let body = STANDARD.decode(exchange["request"]["bodyAsBase64"].as_str().unwrap()).unwrap();
    outputs.push(("bodyAsBase64".to_owned(), String::from_utf8_lossy(&body).into_owned()));
    let id = exchange["id"].as_str().unwrap();
    for path in [format!("/__admin/requests/{id}"), format!("/__admin/requests/{id}/explain")] {
        outputs.push((path.clone(), mock.get(&path).anonymous().send().expect(200).text()));
    }
    outputs.push(("unmatched".to_owned(), admin_get(mock, "/__admin/requests/unmatched").to_string()));
    let search = json!({
        "count": 7, "bodyPatterns": [{"contains": "x"}], "headers": {"authorization": {"equalTo": "x"}}
    });
    outputs
        .push(("verify".to_owned(), admin_post(mock, "/__admin/requests/verify", search).expect(422).text()));
    outputs
}

#[test]
fn no_output_shows_a_credential_in_any_form() {
    let mock = TestServer::start();
    let mut failures = Vec::new();
    let forms = [headers(), bodies()].concat();
    let forms = forms.into_iter().map(|(name, header, body)| (name, "/identity/token", header, body));
    let targets =
        TARGETS.iter().map(|target| ((*target).to_owned(), *target, "X-A: b".to_owned(), Vec::new()));
    for (name, target, header, body) in forms.chain(targets) {
        send(&mock, target, &header, &body);
        // Responses without a route have suggestions, and those of other vendors other messages.
        send(&mock, &target.replace("/identity/token", "/v2/group"), &header, &body);
        send(&mock, &target.replace("/identity/token", "/api2/access_groups.json"), &header, &body);

        for (output, text) in outputs(&mock) {
            if text.contains(SECRET) {
                failures.push(format!("{name}: {output}: {text}"));
            }
        }
        assert_eq!(admin_get(&mock, "/__admin/requests")["meta"]["total"], 3, "{name}");
        mock.delete("/__admin/requests").send().expect(200);
    }
    assert!(failures.is_empty(), "{} outputs:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn explanations_show_no_credential_that_a_message_quotes() {
    let mock = TestServer::start();

    for path in ["/v1/groups/apikey=geheim", "/v2/groups/token=geheim"] {
        let id = mock.get(path).send().expect(404).header("x-mock-request-id").to_owned();
        let explanation = admin_get(&mock, &format!("/__admin/requests/{id}/explain")).to_string();
        assert!(explanation.contains("[redacted]") && !explanation.contains(SECRET), "{explanation}");
    }
}

#[test]
fn the_live_stream_shows_no_credential() {
    let mock = TestServer::start();
    let mut stream = mock.connect();
    let head =
        "GET /__admin/requests/stream?limit=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut received = vec![0; 4096];
    let read = std::io::Read::read(&mut stream, &mut received).unwrap();
    assert!(read > 0);

    send(&mock, "/identity/token?token=geheim", "X-Api-Key: geheim", b"apikey=geheim");
    let mut events = String::new();
    std::io::Read::read_to_string(&mut stream, &mut events).unwrap();

    assert!(events.contains("[redacted]") && !events.contains(SECRET), "{events}");
}

#[test]
fn what_is_no_credential_is_shown() {
    let mock = TestServer::start();
    let body = r#"{"name":"a","include":[{"service_token":{"token_id":"x"}},{"any_valid_service_token":{}}],"code":7}"#;
    let header = "Authorization: Bearer t\r\nX-Auth-Email: a@b\r\nUser-Agent: x/1 (key=value)";
    send(&mock, "/accounts/a/access/groups?page=2&grant_type=apikey", header, body.as_bytes());

    let exchange = admin_get(&mock, "/__admin/requests")["requests"][0].clone();

    assert_eq!(exchange["request"]["body"], body);
    assert_eq!(exchange["request"]["url"], "/accounts/a/access/groups?page=2&grant_type=apikey");
    assert_eq!(exchange["request"]["headers"]["x-auth-email"], "a@b");
    let response: Value = serde_json::from_str(exchange["response"]["body"].as_str().unwrap()).unwrap();
    assert!(response["errors"][0]["code"].is_number() || response["success"] == true, "{response}");
}
